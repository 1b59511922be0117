"""The verdict sees what is missing, what is too much, and what has the wrong status."""

from __future__ import annotations

import functools

import msgspec

from schemas.alert import Cause, Kind, Status, Transition
from schemas.subject import Tokens
from streams.demo.verdict import Verdict, judge
from streams.district import District, Expected

TOKENS = Tokens("a secret of the tests")


@functools.cache
def district() -> District:
    return District(seed=5, people=300)


def alert_of(expected: Expected, status: str) -> Transition:
    return Transition(
        alert=f"{expected.model}{expected.obligation}{expected.number[-4:]}",
        revision=1,
        kind=Kind.RAISED,
        status=Status(status),
        model=expected.model,
        rule=expected.rule,
        subject=expected.subject(TOKENS.subject),
        obligation=expected.obligation_in(TOKENS.subject),
        at_ms=0,
        cause=Cause(0, 0, "put"),
    )


def all_planted() -> list[Transition]:
    until = district().window.until
    standing = district().truth.standing(until)
    return [alert_of(one, one.status(until)) for one in standing if one.settled(until)]


def verdict(alerts: list[Transition]) -> Verdict:
    return judge(district(), alerts, TOKENS, district().window.until)


def test_what_was_planted_is_right_and_nothing_else_is() -> None:
    found = verdict(all_planted())
    total = found.total()
    assert found.right
    assert total.planted == total.found > 20
    assert (total.precision, total.recall) == (1.0, 1.0)
    assert total.gone > 5, "alerts that were to go again"


def test_a_clue_about_an_agency_counts_others_and_is_not_judged() -> None:
    alerts = all_planted()
    alerts.append(msgspec.structs.replace(alerts[0], model="类案", subject="agency:1"))
    assert verdict(alerts).right


def test_a_planted_alert_that_is_not_found_is_missing() -> None:
    alerts = all_planted()
    lost = alerts.pop()
    found = verdict(alerts)
    assert not found.right
    assert [one.rule for one in found.total().missing] == [lost.rule]
    assert found.total().recall < 1.0 == found.total().precision


def test_an_alert_that_nobody_planted_is_false() -> None:
    alerts = all_planted()
    alerts.append(msgspec.structs.replace(alerts[0], subject="person:nobody", alert="other"))
    found = verdict(alerts)
    assert not found.right
    assert [one.alert for one in found.total().false] == ["other"]
    assert found.total().precision < 1.0 == found.total().recall


def test_a_second_alert_on_the_same_subject_is_false_too() -> None:
    alerts = all_planted()
    alerts.append(msgspec.structs.replace(alerts[0], alert="second", obligation="second"))
    assert len(verdict(alerts).total().false) == 1


def test_the_right_alert_with_the_wrong_status_is_not_found() -> None:
    alerts = all_planted()
    holds = next(n for n, one in enumerate(alerts) if one.status is Status.HOLDS)
    alerts[holds] = msgspec.structs.replace(alerts[holds], status=Status.CURED)
    found = verdict(alerts)
    assert not found.right
    assert [status for _, status in found.total().wrong] == ["cured"]


def test_an_alert_that_was_withdrawn_does_not_stand() -> None:
    alerts = all_planted()
    alerts[0] = msgspec.structs.replace(alerts[0], status=Status.WITHDRAWN)
    assert len(verdict(alerts).total().missing) == 1
