"""The layout and the habits that keep it readable, checked on the source itself."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from schemas.errors import DongjianError

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "schemas": set(),
    "detectors": {"schemas"},
    "streams": {"schemas", "detectors"},
}
# What moves bytes, reads clocks or waits has no place where the rules are.
PLUMBING = {"aiokafka", "asyncio", "click", "faust", "kafka", "mode", "prometheus_client", "redis"}
PLUMBING |= {"rich", "socket", "subprocess", "time", "uvloop"}
LONGEST_MODULE = 300
VAGUE_NAMES = {"utils", "util", "helpers", "common", "manager", "misc"}
# A folder of somebody's machine: right there and wrong everywhere else.
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:home|root|work|tmp|Users)/\w")


def modules_of(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_packages(path: Path) -> set[str]:
    """The top-level names of all imports, those inside functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


OURS = modules_of(*MAY_IMPORT)
WRITTEN = [*OURS, *modules_of("tests", "deploy")]
PACKAGES = [path for path in OURS if path.name == "__init__.py"]

own_module = pytest.mark.parametrize("path", OURS, ids=name_of)
written_module = pytest.mark.parametrize("path", WRITTEN, ids=name_of)


@own_module
def test_dependencies_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    foreign = {*MAY_IMPORT, "tests", "deploy"} - MAY_IMPORT[package] - {package}
    assert imported_packages(path) & foreign == set()


@pytest.mark.parametrize("path", modules_of("schemas", "detectors"), ids=name_of)
def test_rules_and_words_know_no_plumbing(path: Path) -> None:
    assert imported_packages(path) & PLUMBING == set()


@own_module
def test_a_module_is_one_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    assert path.stem not in VAGUE_NAMES


@written_module
def test_a_module_begins_by_saying_what_it_is(path: Path) -> None:
    source = path.read_text()
    assert source.startswith('"""')
    assert ast.get_docstring(ast.parse(source))


@written_module
def test_no_module_names_a_folder_of_one_machine(path: Path) -> None:
    assert MACHINE_PATH.findall(path.read_text()) == []


@pytest.mark.parametrize("path", PACKAGES, ids=name_of)
def test_all_lists_every_public_name_in_order(path: Path) -> None:
    tree = ast.parse(path.read_text())
    if not (listed := _listed(tree)):
        return
    public = {name for name in _bound(tree) if not name.startswith("_")} - {"annotations"}
    assert public - _imported_for_use(tree) <= set(listed)
    package = importlib.import_module(".".join(path.relative_to(ROOT).parts[:-1]))
    assert [name for name in listed if not hasattr(package, name)] == []
    assert listed == sorted(listed, key=_order)


def test_every_error_has_the_one_root_and_stands_in_its_tree() -> None:
    drawn = (ROOT / "schemas" / "errors.py").read_text().split('"""')[1]
    errors = importlib.import_module("schemas.errors")
    for name, thing in vars(errors).items():
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert issubclass(thing, DongjianError), name
            assert re.search(rf"\b{name}\b", drawn), (
                f"{name} is not in the tree of schemas/errors.py"
            )


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that ruff keeps (RUF022)."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _listed(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
                assert node.value is not None
                return list(ast.literal_eval(node.value))
    return []


def _bound(tree: ast.Module) -> set[str]:
    """The names that the module binds at its top level."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def _imported_for_use(tree: ast.Module) -> set[str]:
    """Names that the module imports and uses itself: no part of what it offers."""
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return imported & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
