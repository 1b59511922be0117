"""``dongjian models``: what is shown of a model, how it is checked, and how one is begun."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

import streams.cli.models as module
from detectors.framework.packs import same_name
from detectors.framework.registry import Catalogue, Model, discover
from detectors.framework.suite import CHECKS
from schemas.errors import CardError
from streams.cli import main

CATALOGUE = discover(packs=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def altered(model: Model, **parts: object) -> Model:
    return replace(model, card=msgspec.structs.replace(model.card, **parts))


def with_only(monkeypatch: pytest.MonkeyPatch, *models: Model) -> None:
    monkeypatch.setattr(module, "discover", lambda: Catalogue(models))


def test_every_model_is_listed_with_both_titles_its_rules_and_its_origin() -> None:
    done = run("list")
    assert done.exit_code == 0
    said = "".join(done.stdout.split())
    for model in CATALOGUE.models:
        assert model.id in said
    for model in CATALOGUE.models[:3]:
        assert all(rule in done.stdout for rule in model.card.rules)
        assert all(kind.__name__ in done.stdout for kind in model.detector.reads)
        assert all(name in done.stdout for name in model.card.permissions)


def test_the_list_counts_the_legal_parameters_that_nobody_read_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = CATALOGUE.model("D01")
    with_only(monkeypatch, model)
    assert "0 of 2" in run("list").stdout
    rows = dict(model.card.parameters)
    rows["notice"] = (msgspec.structs.replace(rows["notice"][0], verified=False),)
    with_only(monkeypatch, altered(model, parameters=rows))
    assert "1 of 2" in run("list").stdout


@pytest.mark.parametrize("name", [model.id for model in CATALOGUE.models])
def test_the_whole_card_is_shown(name: str) -> None:
    model = CATALOGUE.model(name)
    done = run("show", name)
    assert done.exit_code == 0, done.output
    said = "".join(done.stdout.replace("│", "").split())

    def shown(text: str) -> bool:
        return "".join(text.split()) in said

    card = model.card
    for words in (card.title, card.detects, card.supervises, *card.excuses.values()):
        assert shown(words.zh)
        assert shown(words.en)
    for lists in (card.misses, card.false_positives):
        assert all(shown(text) for text in (*lists.zh, *lists.en))
    for rows in card.parameters.values():
        for row in rows:
            assert shown(row.basis)
            assert shown(row.quote)
            assert all(shown(id) for id in row.articles)
            assert shown(str(row.in_force_from))
    for step in card.respond.values():
        assert shown(step.zh)
        assert shown(step.en)
    for languages in card.texts.values():
        for text in languages.values():
            assert all(shown(part) for part in (text.title, text.done_late, *text.facts))
            assert all(shown(line) for line in text.sum.splitlines())
    assert all(shown(law) for law in card.references.laws)


def test_a_model_is_found_by_id_in_any_case_and_by_its_module() -> None:
    by = [run("show", name).stdout for name in ("D01", "d01", "benefits_after_death")]
    assert by[0] == by[1] == by[2] != ""
    done = run("show", "D99")
    assert done.exit_code == 1
    assert "no model 'D99'; there are D01" in done.output


def test_what_is_not_verified_and_what_is_no_law_says_so() -> None:
    said = run("show", "D02").stdout
    assert "paid_while_held" in said
    assert "依据未核对 unverified: " in said
    lines = said.splitlines()
    (partial,) = (line for line in lines if line.strip().startswith("partial_months ="))
    assert "产品设定 product setting" in partial
    (stopped,) = (line for line in lines if line.strip().startswith("stopped ="))
    assert "未核对 unverified" in stopped


def test_a_rule_whose_parameter_has_no_value_is_shown_as_off_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = CATALOGUE.model("D01")
    assert "off by default" not in run("show", "D01").stdout
    rows = dict(model.card.parameters)
    rows["notice"] = (msgspec.structs.replace(rows["notice"][0], value=None),)
    # The basis of a rule is what the cases show under the card's own law.
    monkeypatch.setattr("streams.console.models.Suite", lambda _: _Basis())
    with_only(monkeypatch, altered(model, parameters=rows))
    (line,) = (line for line in run("show", "D01").stdout.splitlines() if "off by" in line)
    assert "stop_overdue" in line
    assert "notice has no value" in line


class _Basis:
    def basis(self) -> dict[str, tuple[str, ...]]:
        return {"paid_after_death": ("last_payable_month",), "stop_overdue": ("notice", "stop")}


def test_a_good_model_passes_and_each_check_is_named() -> None:
    done = run("test", "d01")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("✔") == len(CHECKS)
    assert "1 model, 0 problems" in done.stdout


def test_a_model_that_breaks_its_contract_fails_with_its_problems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = CATALOGUE.model("D01")
    rows = dict(model.card.parameters)
    rows["notice"] = (msgspec.structs.replace(rows["notice"][0], verified=False),)
    with_only(monkeypatch, altered(model, parameters=rows))
    done = run("test", "D01")
    assert done.exit_code == 1
    assert "✘ Every legal row names its article" in done.stdout
    assert "parameters.notice[0].verified: False, but social_insurance_handling.25" in done.stdout
    assert "1 model, 1 problem\n" in done.stdout


def test_a_model_without_readable_cases_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = replace(CATALOGUE.model("D01"), path=tmp_path / "gone.py")
    with_only(monkeypatch, model)
    done = run("test", "D01")
    assert done.exit_code == 1
    assert "✘ The cases can be read." in done.stdout


def test_a_test_of_nothing_is_wrong_usage() -> None:
    assert run("test").exit_code == 2
    assert run("test", "D01", "--pack", "x").exit_code == 2
    done = run("test", "--pack", "no-such-pack")
    assert done.exit_code == 1
    assert "no-such-pack brings no model; there are models of dongjian" in done.output


def test_the_articles_are_listed_with_the_models_that_rest_on_them() -> None:
    done = run("articles")
    assert done.exit_code == 0, done.output
    (line,) = (x for x in done.stdout.splitlines() if "public_security_2012.99.decide" in x)
    assert "D03" in line
    unused = run("articles", "--unused").stdout
    assert "public_security_2012.99.decide" not in unused
    assert unused.count("\n") < done.stdout.count("\n")


# ---- a new one


def test_a_new_pack_is_a_distribution_whose_model_keeps_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "Hill-Models"
    done = run("new", "paid_too_late", "--pack", str(place))
    assert done.exit_code == 0, done.output
    assert f"wrote {place / 'hill_models' / 'paid_too_late.toml'}" in done.stdout
    assert "next: pip install" in done.stdout
    project = tomllib.loads((place / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == same_name("Hill-Models")
    assert project["entry-points"]["dongjian.detectors"] == {"hill_models": "hill_models"}
    assert (place / "tests" / "test_models.py").is_file()
    monkeypatch.syspath_prepend(str(place))
    (model,) = discover(("hill_models",), packs=False).models
    assert (model.id, model.card.rules) == ("X01", ("paid_too_late",))
    with_only(monkeypatch, model)
    assert run("test", "paid_too_late").exit_code == 0


def test_a_second_model_goes_into_the_pack_that_is_there(tmp_path: Path) -> None:
    place = tmp_path / "pack"
    assert run("new", "one_model", "--pack", str(place)).exit_code == 0
    before = (place / "pyproject.toml").read_bytes()
    done = run("new", "another_model", "--id", "Y7", "--pack", str(place))
    assert done.exit_code == 0, done.output
    assert (place / "pyproject.toml").read_bytes() == before
    assert 'id = "Y7"' in (place / "pack" / "another_model.toml").read_text("utf-8")


def test_nothing_is_overwritten_and_then_nothing_is_written(tmp_path: Path) -> None:
    place = tmp_path / "pack"
    assert run("new", "one_model", "--pack", str(place)).exit_code == 0
    (place / "pack" / "one_model.py").unlink()
    done = run("new", "one_model", "--pack", str(place))
    assert done.exit_code != 0
    assert "exists already, nothing was written" in done.output
    assert not (place / "pack" / "one_model.py").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Big-Name",), "no name of a module"),
        (("class",), "no name of a module"),
        (("x" * 41,), "longer than 40"),
        (("benefits",), "a word of the model itself"),
        (("fine", "--id", "D01"), "--id: D01 is taken"),
        (("fine", "--id", "7"), "a letter first"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    done = run("new", *arguments, "--pack", str(tmp_path / "pack"))
    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize("folder", ["schemas", "2025", "x y"])
def test_a_folder_that_gives_no_name_of_a_package_is_refused(folder: str, tmp_path: Path) -> None:
    done = run("new", "fine_model", "--pack", str(tmp_path / folder))
    assert done.exit_code == 2
    assert "name DIR otherwise" in done.output


def test_a_project_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    done = run("new", "fine_model", "--pack", str(tmp_path))
    assert done.exit_code == 2
    assert "declares no one package under the entry point dongjian.detectors" in done.output


def test_a_model_of_our_own_is_written_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "detectors"
    checkout.mkdir()
    monkeypatch.setattr("streams.starter.detectors.__path__", [str(checkout)])
    done = run("new", "fine_model")
    assert done.exit_code == 2
    assert "is no checkout of dongjian: say --pack DIR" in done.output
    (tmp_path / "pyproject.toml").write_text("")
    done = run("new", "fine_model")
    assert done.exit_code == 0, done.output
    written = ["fine_model.cases.toml", "fine_model.py", "fine_model.toml"]
    assert sorted(path.name for path in checkout.iterdir()) == written


# ---- what is found


def test_an_entry_point_that_names_a_lone_module_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lone_model.py").write_text('"""Alone."""')
    info = tmp_path / "lone-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lone\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dongjian.detectors]\nlone = lone_model\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CardError, match="lone: entry point lone = lone_model is no package"):
        discover()
