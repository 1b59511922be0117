"""Deaths and benefits (D01): paid on, paid back, cancelled, mistaken, stopped late, and lawful."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import (
    month_end,
    month_start,
    months_between,
    rolled,
    same_day,
    working_days,
)
from streams.district.lives import Stage, life
from streams.district.payments import ALLOWANCE_DAY, PENSION_DAY
from streams.district.people import Person
from streams.district.rows import yuan
from streams.district.script import Paper

REGULATION = date(2023, 12, 1)  # 社会保险经办条例: before it the family had no term
STOP_TOLERANCE = timedelta(30)  # product term: an agency stops a benefit after notice of 20 wd


def register_death(
    stage: Stage,
    person: Person,
    died_on: date,
    *,
    entered: date | None = None,
    note: str = "",
    **columns: object,
) -> Paper:
    """The police cancel a dead person's household entry."""
    row: dict[str, object] = {
        "zxbh": stage.numbers.serial("ZX-"),
        "gmsfhm": person.number,
        "xm": person.name,
        "swrq": f"{died_on:%Y%m%d}",
        "swyy": "疾病",
        "cxbz": "0",
        "djsj": f"{entered or died_on + timedelta(3)} 10:15:00",
    }
    day = entered or died_on + stage.days(2, 8)
    return stage.open("police-death", died_on, entered=day, note=note, **{**row, **columns})


def cremate(stage: Stage, person: Person, died_on: date, number: str = "") -> Paper:
    """The crematorium's entry, by whoever's number the family handed in."""
    return stage.open(
        "civil-cremation",
        died_on,
        hhbh=stage.numbers.serial("HH-"),
        szsfzh=number or person.number,
        szxm=person.name,
        swrq=died_on.isoformat(),
        hhrq=(died_on + timedelta(2)).isoformat(),
    )


def stop(stage: Stage, person: Person, on: date, last: date, entered: date | None = None) -> date:
    """The pension stops: no payment after the month ``last``; returns when that is known."""
    stage.pay(person).last = month_start(last)
    return stage.pension(person).change(on, entered=entered, dytzrq=on.isoformat())


def run_day(month: date) -> date:
    return month.replace(day=PENSION_DAY)


# ---- planted


@life("planted", "D01", rate=6)
def paid_for_months_after_death(stage: Stage) -> None:
    """The registration is in time, nobody tells the bureau; payments stop when it finds out."""
    person, died_on = stage.pensioner(), stage.day(430)
    months = stage.rng.randint(3, 11)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, months)
    stop(stage, person, month_end(last), last)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    stage.expect("D01", "paid_after_death", person, person.pension_no, (holds, "holds"))


@life("planted", "D01", rate=2)
def paid_for_more_than_a_year_after_death(stage: Stage) -> None:
    person, died_on = stage.pensioner(), stage.day(480)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, stage.rng.randint(13, 15))
    stop(stage, person, month_end(last), last)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    stage.expect("D01", "paid_after_death", person, person.pension_no, (holds, "holds"))


@life("planted", "D01", rate=3)
def death_registered_months_late(stage: Stage) -> None:
    """The death comes in after the payments: one alert with all months, on that day."""
    person, died_on = stage.pensioner(), stage.day(300)
    entered = died_on + stage.days(120, 200)
    register = register_death(stage, person, died_on, entered=entered, note="late")
    stop(stage, person, entered + timedelta(3), month_start(entered))
    stage.expect("D01", "paid_after_death", person, person.pension_no, (register.known, "holds"))


@life("planted", "D01", rate=4)
def paid_after_death_and_given_back(stage: Stage) -> None:
    """The family gives everything back: cured, and the lateness stays told."""
    person, died_on = stage.pensioner(), stage.day(330)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, stage.rng.randint(2, 6))
    stop(stage, person, month_end(last), last)
    months = months_between(month_start(died_on, 1), last)
    back_on = month_end(last) + stage.days(10, 60)
    refund = stage.refund(person, person.pension_no, back_on, stage.paid_fen(person, months))
    holds = max(register.known, run_day(months[0]))
    steps = ((holds, "holds"), (refund.known, "cured"))
    stage.expect("D01", "paid_after_death", person, person.pension_no, *steps)


@life("planted", "D01", rate=2)
def paid_after_death_and_half_given_back(stage: Stage) -> None:
    person, died_on = stage.pensioner(), stage.day(330)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, 6)
    stop(stage, person, month_end(last), last)
    months = months_between(month_start(died_on, 1), last)
    stage.refund(
        person,
        person.pension_no,
        month_end(last) + timedelta(20),
        stage.paid_fen(person, months) // 2,
    )
    holds = max(register.known, run_day(months[0]))
    stage.expect("D01", "paid_after_death", person, person.pension_no, (holds, "holds"))


@life("planted", "D01", rate=2)
def returned_by_the_bank(stage: Stage) -> None:
    """The account is closed: the bank sends the payments back one by one."""
    person, died_on = stage.pensioner(), stage.day(200)
    register = register_death(stage, person, died_on)
    months = months_between(month_start(died_on, 1), month_start(died_on, 2))
    papers = [stage.payment(person, month, run_day(month)) for month in months]
    stop(stage, person, month_end(months[-1]), months[-1])
    known = died_on
    for paper in papers:
        on = month_end(months[-1]) + stage.days(5, 25)
        known = max(known, paper.change(on, thrq=on.isoformat()))
    steps = ((max(register.known, run_day(months[0])), "holds"), (known, "cured"))
    stage.expect("D01", "paid_after_death", person, person.pension_no, *steps)


@life("planted", "D01", rate=2)
def old_age_allowance_paid_after_death(stage: Stage) -> None:
    """Civil affairs pays the allowance on; only the crematorium has entered the death."""
    person, died_on = stage.take("aged"), stage.day(300)
    entry = cremate(stage, person, died_on)
    last = month_start(died_on, stage.rng.randint(2, 8))
    stage.script.plan_of(person.allowance_no).last = last
    on = month_end(last)
    stage.allowance(person).change(on, tzrq=on.isoformat())
    holds = max(entry.known, month_start(died_on, 1).replace(day=ALLOWANCE_DAY))
    stage.expect("D01", "paid_after_death", person, person.allowance_no, (holds, "holds"))


@life("planted", "D01", rate=3)
def pension_not_stopped_in_term(stage: Stage) -> None:
    """Payments end with the month of death, for the yearly proof of life is missing; the benefit
    itself is never stopped."""
    person, died_on = stage.pensioner(), stage.day(150, not_before=REGULATION)
    register_death(stage, person, died_on)
    stage.pay(person).last = month_start(died_on)
    due = rolled(working_days(died_on, 20) + STOP_TOLERANCE)
    holds = max(due + timedelta(1), stage.script.complete("hrss-benefit", due))
    stage.expect("D01", "stop_overdue", person, f"{person.pension_no}/stop", (holds, "holds"))


@life("planted", "D01", rate=2)
def pension_stopped_late(stage: Stage) -> None:
    """Stopped long after the tolerance: the alert ends, for only a product term was missed."""
    person, died_on = stage.pensioner(), stage.day(260, not_before=REGULATION)
    register_death(stage, person, died_on)
    stage.pay(person).last = month_start(died_on)
    due = rolled(working_days(died_on, 20) + STOP_TOLERANCE)
    stopped_on = due + stage.days(40, 90)
    known = stage.pension(person).change(stopped_on, dytzrq=stopped_on.isoformat())
    holds = max(due + timedelta(1), stage.script.complete("hrss-benefit", due))
    steps = ((holds, "holds"), (known, ""))
    stage.expect("D01", "stop_overdue", person, f"{person.pension_no}/stop", *steps)


@life("planted", "D01", rate=3)
def death_cancelled(stage: Stage) -> None:
    """The entry was a mistake and is cancelled months later: the alert is withdrawn."""
    person, died_on = stage.pensioner(), stage.day(200)
    register = register_death(stage, person, died_on)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    gone = register.change(holds + stage.days(20, 80), cxbz="1", note="correction")
    steps = ((holds, "holds"), (gone, ""))
    stage.expect("D01", "paid_after_death", person, person.pension_no, *steps)


@life("planted", "D01", rate=2)
def day_of_death_corrected(stage: Stage) -> None:
    """Entered four months too early; with the right day every payment was due."""
    person, died_on = stage.pensioner(), stage.day(260)
    wrong = same_day(died_on, -4)
    if wrong < stage.script.window.since:
        wrong = stage.script.window.since
        died_on = same_day(wrong, 4)
    entered = died_on + stage.days(2, 5)
    register = register_death(stage, person, wrong, entered=entered)
    stop(stage, person, died_on + timedelta(6), died_on)
    gone = register.change(
        entered, entered=entered + stage.days(15, 50), swrq=f"{died_on:%Y%m%d}", note="correction"
    )
    steps = ((register_known(stage, entered), "holds"), (gone, ""))
    stage.expect("D01", "paid_after_death", person, person.pension_no, *steps)


def register_known(stage: Stage, entered: date) -> date:
    """When a police entry of a day reaches the topic (the branch's connector never stands)."""
    return max(entered, stage.script.window.since)


@life("planted", "D01", rate=3)
def cremated_under_a_living_persons_number(stage: Stage) -> None:
    """A wrong identity number, put right later: the entry moves from the living to the dead."""
    dead, living, died_on = stage.pensioner(), stage.pensioner(), stage.day(240)
    entry = cremate(stage, dead, died_on, living.number)
    last = month_start(died_on, 4)
    stop(stage, dead, month_end(last), last)
    holds = max(entry.known, run_day(month_start(died_on, 1)))
    moved = entry.change(
        died_on, entered=holds + stage.days(30, 80), szsfzh=dead.number, note="moved"
    )
    stage.expect(
        "D01", "paid_after_death", living, living.pension_no, (holds, "holds"), (moved, "")
    )
    stage.expect("D01", "paid_after_death", dead, dead.pension_no, (moved, "holds"))


@life("planted", "D01", rate=2)
def entry_of_death_deleted(stage: Stage) -> None:
    """The crematorium deletes an entry that was made twice under wrong numbers."""
    person, died_on = stage.pensioner(), stage.day(200)
    entry = cremate(stage, person, died_on)
    holds = max(entry.known, run_day(month_start(died_on, 1)))
    gone = entry.delete(died_on, entered=holds + stage.days(20, 60), note="deleted")
    stage.expect("D01", "paid_after_death", person, person.pension_no, (holds, "holds"), (gone, ""))


@life("planted", "D01", rate=2)
def old_age_allowance_given_back(stage: Stage) -> None:
    """The heirs give the allowance back to civil affairs."""
    person, died_on = stage.take("aged"), stage.day(220)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, 3)
    stage.script.plan_of(person.allowance_no).last = last
    on = month_end(last)
    stage.allowance(person).change(on, tzrq=on.isoformat())
    back_on = on + stage.days(10, 50)
    refund = stage.open(
        "civil-refund",
        back_on,
        tkbh=stage.numbers.serial("MZTK-"),
        dybh=person.allowance_no,
        sfzh=person.number,
        tkrq=back_on.isoformat(),
        je=yuan(3 * person.allowance_fen),
    )
    holds = max(register.known, month_start(died_on, 1).replace(day=ALLOWANCE_DAY))
    steps = ((holds, "holds"), (refund.known, "cured"))
    stage.expect("D01", "paid_after_death", person, person.allowance_no, *steps)
