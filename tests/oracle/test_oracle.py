"""The detectors agree with SQL that was written from the law.

To add the oracle of a model, add ``<id of the model>.sql`` here, and nothing else: it is compared
on a district, on every case of the model, and on dense records of the themes that play the model.
Its rows are those of :class:`tests.oracle.oracle.Alert`; its tables stand in ``macros.sql``. It
says what the law says under the rows of the card as they are shipped: rules that are off by default
are left out, and so are those that its first line does not name (``-- Rules: one another``), where
it has one; cases that override a parameter are passed over.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from detectors.framework.ruleset import RuleSet
from detectors.framework.suite import Suite
from schemas import Coverage, Record, Rules
from streams.district import District
from tests.oracle.models import Rows, alerts
from tests.oracle.moment import CATALOGUE, Moment, tables_of
from tests.oracle.oracle import ORACLES, Oracle, dumped, told_of, write_tables
from tests.proof.theme import Theme
from tests.proof.themes import THEMES
from tests.proof.themes.two_numbers import identity

every_model = pytest.mark.parametrize("model", ORACLES)


@pytest.fixture(
    scope="module",
    params=[(11, 20_000, 1.0), (12, 2_000, 0.6)],
    ids=["twenty-thousand-people", "half-way-through"],
)
def moment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    seed, people, share = request.param
    return Moment(District(seed, people, dirty=False), tmp_path_factory.mktemp("tables"), share)


@pytest.mark.slow
@every_model
def test_model_and_oracle_agree(moment: Moment, model: str) -> None:
    """``make catalogue`` compares them on its far bigger district."""
    both = moment.compare(model)
    assert [dumped(alert) for alert in sorted(both.only_oracle, key=str)] == []
    assert [dumped(alert) for alert in sorted(both.only_model, key=str)] == []
    assert len(both.agreed) >= max(1, moment.people // 6_000), "too few alerts to mean anything"


@every_model
def test_oracle_agrees_on_every_case_of_the_model(model: str, tmp_path: Path) -> None:
    """The cases stand on the boundary days that a district seldom hits."""
    suite = Suite(CATALOGUE.model(model))
    reads, rules = suite.model.detector.reads, told_of(model)
    oracle, wrong = Oracle(), []
    for case in suite.cases:
        if case.grants is not None or case.overrides:
            continue  # the oracle sees everything, under the rules as they are shipped
        for moment, rows in case.moments():
            coverage = [
                Coverage(kind.__name__, kind.__name__, moment.since, moment.covered)
                for kind in reads
                if moment.covered is not None
            ]
            write_tables(rows, tmp_path)
            oracle.fill(tmp_path, moment.as_of, coverage, case.lists)
            told = {
                alert
                for dossier in suite.stand.dossiers(case, rows)
                for alert in alerts(dossier, suite.stand.said(case, moment, dossier))
                if alert.rule in rules or not rules
            }
            found = oracle.active(model)
            wrong += [f"{case.name} {moment.as_of}: {dumped(a)}" for a in told ^ found]
    assert wrong == []


def played(theme: Theme, model: str) -> bool:
    """Whether the theme is dense enough for one model (no mixture is), each person one number."""
    renumbers = any(draw is identity for _, draw in theme.draws)
    return model in ORACLES and len(theme.models) == 1 and not renumbers


@pytest.mark.parametrize(
    ("theme", "model"),
    [(theme, model) for theme in THEMES for model in theme.models if played(theme, model)],
    ids=lambda value: getattr(value, "name", value),
)
def test_model_and_oracle_agree_on_dense_records(theme: Theme, model: str, tmp_path: Path) -> None:
    """So few people and papers that nearly every record matters, far from what is usual."""
    grants = CATALOGUE.model(model).card.permissions
    rules = Rules(number=1, hash="", grants=grants, lists=dict(theme.lists))
    ruleset, oracle = RuleSet(theme.catalogue, rules), Oracle()
    wrong, alerts_told = [], 0
    for seed in range(DRAWN):
        rng = Random(f"{theme.name}/{model}/{seed}")
        as_of = theme.since + (theme.until - theme.since) * rng.random()
        rows = drawn(theme, rng, as_of)
        coverage = theme.statements(rng, as_of - timedelta(days=rng.choice((0, 1, 20))), 0)
        world = Rows(rows, ruleset)
        tables = tables_of(model)
        write_tables((row for row in world.all if type(row) in tables), tmp_path)
        oracle.fill(tmp_path, as_of, coverage, theme.lists)
        told, found = set(world.told(model, as_of, coverage)), oracle.active(model)
        alerts_told += len(told)
        wrong += [f"{seed} {as_of} model: {dumped(a)}" for a in sorted(told - found, key=str)]
        wrong += [f"{seed} {as_of} oracle: {dumped(a)}" for a in sorted(found - told, key=str)]
    assert alerts_told >= DRAWN // 6, "too few alerts to mean anything"
    assert wrong == []


#: Worlds of dense records for each theme.
DRAWN = 60


def drawn(theme: Theme, rng: Random, as_of: date) -> tuple[Record, ...]:
    """Records of a theme, of several with one key the last; nothing that has not happened yet."""
    rows = [theme.draw(rng) for _ in range(rng.randint(6, theme.length))]
    latest = {(row.source.feed, row.source.key): row for row in rows}
    return tuple(row for row in latest.values() if row.day <= as_of)
