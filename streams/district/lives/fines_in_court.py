"""Applications for enforcement (D21) that a court leaves lying, or does not carry out."""

from __future__ import annotations

from datetime import date

from streams.district.calendar import rolled, working_days
from streams.district.lives import Stage, life
from streams.district.lives.fined_case import DAY, Fined, months_after, working
from streams.district.places import AGENCIES


def _before_the_court(stage: Stage, room: int) -> tuple[Fined, date, str]:
    """Applied for in time and received by the court."""
    case = Fined(stage, stage.day(300 + room))
    on = working(months_after(case.served, 7))
    case.apply(on)
    number = stage.numbers.court("行审", on.year)
    case.court("received", on, number)
    return case, on, number


def _missing(stage: Stage, due: date) -> date:
    return max(due + DAY, stage.script.complete("court-review-step", due))


def _court_key(number: str, rule: str) -> str:
    return f"{AGENCIES['court'].code}/{number}/{rule}"


@life("planted", "D21", rate=2)
def accepted_late(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 60)
    holds = _missing(stage, working_days(on, 5))
    accepted = case.court("accepted", holds + stage.days(3, 10), number)
    begun = date.fromisoformat(str(accepted.row["fsrq"]))
    case.court("ruled", working_days(begun, 3), number)
    case.pay(working_days(begun, 6))
    steps = (holds, "holds"), (accepted.known, "cured")
    case.expect("court_accept", *steps, key=_court_key(number, "court_accept"))


@life("planted", "D21", rate=1)
def never_accepted(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 60)
    holds = _missing(stage, working_days(on, 5))
    case.expect("court_accept", (holds, "holds"), key=_court_key(number, "court_accept"))


@life("planted", "D21", rate=2)
def never_ruled_on(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 60)
    accepted = working_days(on, 4)
    case.court("accepted", accepted, number)
    holds = _missing(stage, working_days(accepted, 7))
    case.expect("court_rule", (holds, "holds"), key=_court_key(number, "court_rule"))


@life("planted", "D21", rate=1)
def ruled_on_late_after_a_hearing(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 100)
    accepted = working_days(on, 2)
    case.court("accepted", accepted, number)
    case.court("hearing", working_days(accepted, 3), number)
    holds = _missing(stage, rolled(accepted + 30 * DAY))
    ruled = case.court("ruled", holds + stage.days(3, 10), number)
    case.pay(date.fromisoformat(str(ruled.row["fsrq"])) + 5 * DAY)
    steps = (holds, "holds"), (ruled.known, "cured")
    case.expect("court_rule", *steps, key=_court_key(number, "court_rule"))


@life("planted", "D21", rate=2)
def ruled_and_not_carried_out(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 240)
    accepted = working_days(on, 2)
    case.court("accepted", accepted, number)
    ruled = working_days(accepted, 5)
    case.court("ruled", ruled, number)
    due = rolled(months_after(ruled, 6))
    feeds = ("court-review-step", "finance-fine", "court-receipt")
    holds = max(due + DAY, *(stage.script.complete(feed, due) for feed in feeds))
    case.expect("not_carried_out", (holds, "holds"), key=_court_key(number, "execution"))


@life("look_alike", "D21", rate=4)
def applied_for_in_time_and_enforced(stage: Stage) -> None:
    case, on, number = _before_the_court(stage, 60)
    accepted = working_days(on, 5)
    case.court("accepted", accepted, number)
    ruled = working_days(accepted, 7)
    case.court("ruled", ruled, number)
    case.court("executed", ruled + stage.days(10, 40), number)
