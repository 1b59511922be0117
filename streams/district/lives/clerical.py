"""What clerks get wrong so that a row cannot be read at all, and put right later."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import month_end, month_start
from streams.district.lives import Stage, life
from streams.district.lives.after_death import register_death, run_day, stop
from streams.district.lives.driving import stop_driver


@life("planted", "D01", rate=2)
def correction_that_cannot_be_read(stage: Stage) -> None:
    """The entry behind an alert is changed to a day that does not exist, and then put right: the
    alert is withdrawn as unreadable and comes back."""
    person, died_on = stage.pensioner(), stage.day(330)
    register = register_death(stage, person, died_on)
    last = month_start(died_on, 7)
    stop(stage, person, month_end(last), last)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    lost_on = holds + stage.days(20, 50)
    lost = register.change(died_on, entered=lost_on, swrq=f"{died_on:%Y}0230", note="bad_date")
    back = register.change(
        died_on, entered=lost_on + stage.days(8, 20), swrq=f"{died_on:%Y%m%d}", note="correction"
    )
    steps = ((holds, "holds"), (lost, ""), (back, "holds"))
    stage.expect("D01", "paid_after_death", person, person.pension_no, *steps)


@life("ordinary", rate=3)
def entered_with_a_day_that_does_not_exist(stage: Stage) -> None:
    person, died_on = stage.take("pedestrian"), stage.day(60)
    register = register_death(stage, person, died_on, swrq=f"{died_on:%Y}1131", note="bad_date")
    register.change(
        died_on, entered=died_on + stage.days(15, 25), swrq=f"{died_on:%Y%m%d}", note="correction"
    )


@life("ordinary", rate=3)
def entered_with_a_wrong_check_digit(stage: Stage) -> None:
    person, died_on = stage.take("pedestrian"), stage.day(60)
    wrong = person.number[:-1] + ("0" if person.number[-1] != "0" else "1")
    register = register_death(stage, person, died_on, gmsfhm=wrong, note="bad_identity")
    register.change(
        died_on, entered=died_on + stage.days(15, 25), gmsfhm=person.number, note="correction"
    )


@life("ordinary", rate=3)
def vehicle_of_an_unknown_kind(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    check = stop_driver(stage, person, on, 5, vehicle="7", note="unknown_code")
    check.change(on, entered=on + timedelta(12), cllx="1", note="correction")
