"""Deaths that look like a violation (D01) and are none: the month, heirs, arrears, registers."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import month_start, working_days
from streams.district.lives import Stage, life
from streams.district.lives.after_death import register_death, stop
from streams.district.payments import PENSION_DAY
from streams.district.people import FUNERAL, RESIDENT, SURVIVOR


@life("look_alike", "D01", rate=6)
def paid_for_the_month_of_death(stage: Stage) -> None:
    """The pension of the month of death is due; it is paid after the death."""
    person = stage.pensioner()
    died_on = stage.day(60).replace(day=stage.rng.randint(2, PENSION_DAY - 2))
    register_death(stage, person, died_on)
    stop(stage, person, died_on + stage.days(8, 14), died_on)


@life("look_alike", "D01", rate=3)
def funeral_grant_to_the_heirs(stage: Stage) -> None:
    """Funeral grant and survivors' money go out under the dead person's number after the death."""
    person, died_on = stage.pensioner(), stage.day(120)
    register_death(stage, person, died_on)
    stop(stage, person, died_on + stage.days(5, 12), died_on)
    for scheme, later in ((FUNERAL, 1), (SURVIVOR, 2)):
        month = month_start(died_on, later)
        number = stage.numbers.serial("SZ")
        stage.payment(
            person, month, month.replace(day=20), fen=1_860_000, benefit_no=number, scheme=scheme
        )


@life("look_alike", "D01", rate=3)
def arrears_for_months_before_death(stage: Stage) -> None:
    """Paid after the death, for months before it."""
    person, died_on = stage.pensioner(), stage.day(150, after_start=130)
    register_death(stage, person, died_on)
    stop(stage, person, died_on + stage.days(5, 12), died_on)
    for back in (2, 1):
        stage.payment(person, month_start(died_on, -back), died_on + timedelta(35))


@life("look_alike", "D01", rate=2)
def cancelled_before_the_next_payment(stage: Stage) -> None:
    person, month = stage.pensioner(), month_start(stage.day(90))
    register = register_death(stage, person, month.replace(day=16), entered=month.replace(day=18))
    register.change(
        month.replace(day=18), entered=month.replace(day=22), cxbz="1", note="correction"
    )


@life("look_alike", "D01", rate=2)
def registers_differ_by_a_month(stage: Stage) -> None:
    """The clinic's paper says the end of a month, the police the next one: the police count."""
    person, month = stage.pensioner(), month_start(stage.day(90))
    died_on = month.replace(day=2)
    stage.open(
        "health-death",
        died_on,
        entered=died_on + timedelta(4),
        zmbh=stage.numbers.serial("SW-"),
        sfzh=person.number,
        xm=person.name,
        swsj=f"{month - timedelta(1)} 23:40:00",
        swyy="I21",
        zfbz="N",
    )
    register_death(stage, person, died_on, entered=died_on + timedelta(2))
    stop(stage, person, died_on + timedelta(9), died_on)


@life("look_alike", "D01", rate=2)
def stopped_on_the_last_day_of_grace(stage: Stage) -> None:
    person, died_on = stage.pensioner(), stage.day(150)
    register_death(stage, person, died_on)
    stage.pay(person).last = month_start(died_on)
    due = working_days(died_on, 20) + timedelta(25)
    stage.pension(person).change(due, dytzrq=due.isoformat())


@life("look_alike", "D01", rate=2)
def small_pension_stopped_and_settled(stage: Stage) -> None:
    """A resident's pension is stopped in time and the balance of the account paid to the heirs."""
    person = stage.take("resident_pensioner")
    died_on = stage.day(100).replace(day=3)
    register_death(stage, person, died_on)
    stop(stage, person, died_on + timedelta(9), died_on)
    if person.pension == RESIDENT:
        month = month_start(died_on, 1)
        stage.payment(
            person,
            month,
            month.replace(day=12),
            fen=350_000,
            benefit_no=stage.numbers.serial("SZ"),
            scheme=FUNERAL,
        )
