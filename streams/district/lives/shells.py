"""Shell companies (D13): named in judgments, asleep, revoked, being dissolved."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import (
    month_end,
    month_start,
    months_between,
    rolled,
    same_day,
)
from streams.district.lives import NoRoom, Stage, life
from streams.district.organisations import Organisation
from streams.district.script import Paper

ALIVE = timedelta(60)  # product term, from the judgment's effect
LAW = date(2024, 7, 1)  # 公司法: publication, liquidators, striking off after three years
EVENTS, ENTRIES, ACTIVITY = "market-company-event", "market-company", "tax-activity"
SUSPENDED, REVOKED, CANCELLED = "40", "51", "52"
DISSOLVED, LIQUIDATORS, PUBLISHED = "61", "62", "63"


def _known(stage: Stage, due: date, *feeds: str) -> date:
    complete = [stage.script.complete(feed, due) for feed in feeds]
    return max(due + timedelta(1), *complete)


def half_year(day: date) -> date:
    """Six months on; from the last day of a month to the last of another."""
    return month_end(month_start(day, 6)) if day == month_end(day) else same_day(day, 6)


def asleep(stage: Stage, last_sign: date) -> date:
    """The day on which it is known that nothing was done for six months."""
    return _known(stage, half_year(last_sign), ACTIVITY, EVENTS)


# ---- named in a judgment


def named(stage: Stage) -> tuple[Organisation, Paper, Paper, date]:
    """A company whose account a swindler used: it, its entry, the judgment, the day of effect."""
    company, person, pronounced = stage.company(), stage.adult(), stage.day(170)
    entry = stage.entry(company)
    effective = pronounced + timedelta(11)
    judgment = stage.open(
        "court-judgment",
        effective,
        ah=stage.numbers.court("刑初", pronounced.year),
        sfzh=person.number,
        xm=person.name,
        zm="287-2",
        pjjg="1",
        xz="07",
        xprq=pronounced.isoformat(),
        sxrq=effective.isoformat(),
        sadw=company.number,
    )
    return company, entry, judgment, effective


def strike_off(stage: Stage, company: Organisation, entry: Paper, on: date) -> date:
    """Struck off, by its entry and by an event; the day on which the first of both is known."""
    event = stage.company_event(company, CANCELLED, on)
    return min(event.known, entry.change(on, zt="3", ztrq=on.isoformat()))


@life("planted", "D13", rate=1)
def a_company_used_for_fraud(stage: Stage) -> None:
    company, _, judgment, effective = named(stage)
    holds = max(judgment.known, _known(stage, rolled(effective + ALIVE), EVENTS))
    stage.expect("D13", "convicted_alive", company, "", (holds, "holds"))


@life("planted", "D13", rate=1)
def a_company_used_for_fraud_that_goes(stage: Stage) -> None:
    company, entry, judgment, effective = named(stage)
    holds = max(judgment.known, _known(stage, rolled(effective + ALIVE), EVENTS))
    on = holds + stage.days(15, 50)
    stage.filing(company).last = month_start(on, -1)
    gone = strike_off(stage, company, entry, on)
    stage.expect("D13", "convicted_alive", company, "", (holds, "holds"), (gone, ""))


@life("look_alike", "D13", rate=1)
def a_company_used_for_fraud_and_struck_off(stage: Stage) -> None:
    company, entry, _, effective = named(stage)
    on = effective + stage.days(5, 40)
    stage.filing(company).last = month_start(on, -1)
    strike_off(stage, company, entry, on)


# ---- asleep


def _stops(stage: Stage, room: int) -> tuple[Organisation, Paper, date]:
    """A company, its entry, and the first month of which it declares and reports no more."""
    company, month = stage.company(), month_start(stage.day(room), 1)
    entry = stage.entry(company)
    years = range(stage.script.window.since.year, stage.script.window.until.year + 1)
    stage.filing(company).no_reports.update(y for y in years if y >= month.year)
    return company, entry, month


@life("planted", "D13", rate=2)
def a_company_fallsasleep(stage: Stage) -> None:
    company, _, month = _stops(stage, 330)
    stage.filing(company).last = month_start(month, -1)
    stage.expect(
        "D13", "dormant", company, "dormant", (asleep(stage, month - timedelta(1)), "holds")
    )


@life("planted", "D13", rate=2)
def a_company_declares_zeros(stage: Stage) -> None:
    company, _, month = _stops(stage, 330)
    stage.filing(company).idle.update(months_between(month, stage.script.window.until))
    stage.expect(
        "D13", "dormant", company, "dormant", (asleep(stage, month - timedelta(1)), "holds")
    )


@life("planted", "D13", rate=2)
def a_company_wakes_up(stage: Stage) -> None:
    """Ten months of nothing, and then it trades as before: no fault is left."""
    company, _, month = _stops(stage, 420)
    again = month_start(month, 10)
    stage.filing(company).gaps.update(months_between(month, again - timedelta(1)))
    woken = month_start(again, 1).replace(day=15)  # the day on which the month is declared
    steps = ((asleep(stage, month - timedelta(1)), "holds"), (woken, ""))
    stage.expect("D13", "dormant", company, "dormant", *steps)


@life("look_alike", "D13", rate=2)
def a_company_suspends_business(stage: Stage) -> None:
    """歇业, filed for ten months; then it opens again."""
    company, entry, month = _stops(stage, 360)
    again = month_start(month, 10)
    stage.filing(company).gaps.update(months_between(month, again - timedelta(1)))
    stage.company_event(company, SUSPENDED, month, again + timedelta(20))
    entry.change(month, zt="5", ztrq=month.isoformat())
    entry.change(again, zt="1", ztrq=again.isoformat())


@life("look_alike", "D13", rate=4)
def a_company_rests_for_a_season(stage: Stage) -> None:
    company, _, month = _stops(stage, 200)
    stage.filing(company).gaps.update(months_between(month, month_start(month, 3)))


# ---- revoked, and dissolved


def revoked_long_ago(stage: Stage) -> tuple[Organisation, Paper, Paper, date]:
    """Revoked before the window, so that the three years end in it: and the day they do."""
    window = stage.script.window
    ends = stage.day(120, not_before=max(LAW, window.since))
    on = same_day(ends, -36)
    if on >= window.since:
        raise NoRoom("the revocation must lie before the window")
    company = stage.new_company(on - timedelta(900))
    entry = stage.register(company, files=False, zt="2", ztrq=on.isoformat())
    event = stage.company_event(company, REVOKED, on)
    return company, entry, event, same_day(on, 36)


@life("planted", "D13", rate=2)
def revoked_and_left(stage: Stage) -> None:
    company, _, event, due = revoked_long_ago(stage)
    holds = _known(stage, due, EVENTS, ENTRIES)
    stage.expect("D13", "revoked_3y", company, f"{event.record_key}/deregister", (holds, "holds"))


@life("planted", "D13", rate=1)
def revoked_and_struck_off_late(stage: Stage) -> None:
    company, entry, event, due = revoked_long_ago(stage)
    holds = _known(stage, due, EVENTS, ENTRIES)
    gone = strike_off(stage, company, entry, holds + stage.days(15, 40))
    steps = ((holds, "holds"), (gone, ""))
    stage.expect("D13", "revoked_3y", company, f"{event.record_key}/deregister", *steps)


@life("look_alike", "D13", rate=2)
def revoked_and_struck_off(stage: Stage) -> None:
    company, entry, _, due = revoked_long_ago(stage)
    strike_off(stage, company, entry, due - stage.days(10, 60))


def dissolved(stage: Stage) -> tuple[Organisation, Paper, date]:
    company, on = stage.company(), stage.day(110, not_before=LAW)
    stage.entry(company)
    return company, stage.company_event(company, DISSOLVED, on), on


@life("planted", "D13", rate=1)
def dissolved_and_nothing_done(stage: Stage) -> None:
    company, event, on = dissolved(stage)
    for days, step in ((10, "publish"), (15, "group")):
        holds = _known(stage, rolled(on + timedelta(days)), EVENTS)
        stage.expect("D13", "dissolution", company, f"{event.record_key}/{step}", (holds, "holds"))


@life("planted", "D13", rate=1)
def dissolved_and_published_late(stage: Stage) -> None:
    company, event, on = dissolved(stage)
    stage.company_event(company, LIQUIDATORS, on + timedelta(9))
    holds = _known(stage, rolled(on + timedelta(10)), EVENTS)
    late = stage.company_event(company, PUBLISHED, holds + stage.days(12, 40)).known
    steps = ((holds, "holds"), (late, "cured"))
    stage.expect("D13", "dissolution", company, f"{event.record_key}/publish", *steps)


@life("look_alike", "D13", rate=2)
def dissolved_in_order(stage: Stage) -> None:
    company, _, on = dissolved(stage)
    stage.company_event(company, PUBLISHED, on + timedelta(6))
    stage.company_event(company, LIQUIDATORS, on + timedelta(12))
