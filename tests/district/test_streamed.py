"""The dirty messages of the district through intake and engine, day by day, against the truth.

The real registry reads the bytes, the real engine the changes; only the log between is a list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

import pytest

from schemas.alert import Kind, Reason, Transition
from schemas.subject import Tokens
from streams.district import District
from tests.catalogue.chosen import with_lives
from tests.catalogue.monitor import Monitor

TOKENS = Tokens("a secret of the tests")


@dataclass
class Run:
    """What was told until now, and what of it stands."""

    district: District
    ledger: list[Transition] = field(default_factory=list)
    standing: dict[tuple[str, str, str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.monitor = Monitor(self.district, TOKENS, self._told, with_lives(), partitions=2)

    def _told(self, t: Transition) -> None:
        self.ledger.append(t)
        name = (t.model, t.rule, t.subject, t.obligation)
        self.standing.pop(name, None)
        if t.status.active:
            self.standing[name] = t.status.value


@pytest.fixture(scope="module")
def run() -> Run:
    district = District(seed=11, people=700)
    done = Run(district)
    for day, events in groupby(district.events(), key=lambda event: event.day):
        done.monitor.day(day, events)
        for score in district.truth.score(done.standing, TOKENS.subject, day):
            assert (score.missed, score.wrong_status, score.false) == ((), (), ()), day
    return done


def test_on_every_day_what_is_planted_stands_and_nothing_else(run: Run) -> None:
    """Compared day by day while the fixture runs; at the end nothing is left to settle."""
    scores = run.district.truth.score(run.standing, TOKENS.subject, run.district.window.until)
    assert {score.model for score in scores} == set(run.district.truth.models())
    assert sum(score.found for score in scores) > 30
    assert all(score.precision == score.recall == 1.0 for score in scores)


def test_nothing_was_ever_told_that_was_not_planted(run: Run) -> None:
    planted = {(x.model, x.rule, x.subject(TOKENS.subject)) for x in run.district.truth}
    told = {(t.model, t.rule, t.subject) for t in run.ledger if t.kind is Kind.RAISED}
    assert told == planted


def test_alerts_lived_through_every_transition_that_a_district_knows(run: Run) -> None:
    kinds = Counter(transition.kind for transition in run.ledger)
    for kind in (Kind.RAISED, Kind.UPDATED, Kind.CURED, Kind.LAPSED, Kind.WITHDRAWN, Kind.REOPENED):
        assert kinds[kind], kind
    reasons = {t.reason for t in run.ledger if t.kind is Kind.WITHDRAWN}
    assert reasons >= {Reason.SOURCE, Reason.EXEMPT, Reason.UNREADABLE}


def test_the_dirt_was_met_and_dropped(run: Run) -> None:
    for label in ("changed", "removed", "ended", "expired", "unchanged", "resent", "quarantined"):
        assert run.monitor.labels[label], label
