"""Licences after drink, drugs and revocation (D11): kept, lost late, had again, and lawful."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.event import at_ms, local_text
from streams.district.lives import Stage, life
from streams.district.people import Person
from streams.district.rows import yuan
from streams.district.script import Paper

DECIDE = timedelta(7)  # 公安部令157 art. 51: the decision follows within seven days
TOLERANCE = timedelta(30)  # product terms after which an open licence or certificate is told

MOTOR, NON_MOTOR = "1", "2"


def stop_driver(
    stage: Stage,
    person: Person,
    on: date,
    bac: int | None,
    *,
    vehicle: str = MOTOR,
    commercial: bool = False,
    note: str = "",
) -> Paper:
    """A driver is stopped, and dealt with on the same day."""
    return stage.open(
        "traffic-check",
        on,
        note=note,
        jcbh=stage.numbers.serial("JC"),
        gmsfhm=person.number,
        xm=person.name,
        jcsj=local_text(at_ms(on, 20 * 3600 + stage.rng.randrange(10_000))),
        jjhl=bac,
        cllx=vehicle,
        yyfl="1" if commercial else "0",
        sgzz="0",
        zsty="0",
        clrq=on.isoformat(),
    )


def end_licence(stage: Stage, person: Person, on: date, how: str = "B") -> Paper:
    """The base licence is revoked (B), cancelled (C) or withdrawn (D)."""
    paper = stage.licence(person)
    paper.change(on, zt=how, ztrq=on.isoformat())
    return paper


def fine_driver(stage: Stage, person: Person, act: date, code: str = "1602") -> Paper:
    on = act + timedelta(4)
    return stage.open(
        "traffic-penalty",
        on,
        jdsbh=stage.numbers.next("潮公交决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        wfdm=code,
        cflb="罚款,暂扣许可证件",
        fkje=yuan(150_000),
        wfrq=act.isoformat(),
        larq=act.isoformat(),
        jdrq=on.isoformat(),
        sdrq=on.isoformat(),
    )


def overdue(stage: Stage, feed: str, due: date) -> date:
    return max(due + timedelta(1), stage.script.complete(feed, due))


def _revocation_due(on: date) -> date:
    return rolled(rolled(on + DECIDE) + TOLERANCE)


def _kept(stage: Stage, person: Person, check: Paper, on: date) -> date:
    """Plant the alert for a licence that is not revoked; returns the day on which it holds."""
    holds = max(check.known, overdue(stage, "traffic-licence", _revocation_due(on)))
    stage.expect(
        "D11", "drunk_not_revoked", person, f"{check.row['jcbh']}/revoke", (holds, "holds")
    )
    return holds


# ---- planted


@life("planted", "D11", rate=5)
def drunk_and_still_licensed(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    _kept(stage, person, stop_driver(stage, person, on, stage.rng.randint(82, 240)), on)


@life("planted", "D11", rate=2)
def commercial_drink_and_still_licensed(stage: Stage) -> None:
    """Behind the wheel of a bus or cab 20 mg are enough; the certificate stands and falls later."""
    person, on = stage.take("driver"), stage.day(90)
    check = stop_driver(stage, person, on, stage.rng.randint(25, 70), commercial=True)
    _kept(stage, person, check, on)


@life("planted", "D11", rate=2)
def drink_again_and_still_licensed(stage: Stage) -> None:
    """Punished for drink-driving, and again within the year."""
    person, first = stage.take("driver"), stage.day(330)
    stop_driver(stage, person, first, 45)
    fine_driver(stage, person, first)
    again = first + stage.days(90, 220)
    _kept(stage, person, stop_driver(stage, person, again, stage.rng.randint(22, 70)), again)


@life("planted", "D11", rate=3)
def revoked_late(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(240)
    check = stop_driver(stage, person, on, stage.rng.randint(82, 240))
    holds = max(check.known, overdue(stage, "traffic-licence", _revocation_due(on)))
    revoked = end_licence(stage, person, holds + stage.days(20, 80))
    stage.expect(
        "D11",
        "drunk_not_revoked",
        person,
        f"{check.row['jcbh']}/revoke",
        (holds, "holds"),
        (revoked.known, "cured"),
    )


@life("planted", "D11", rate=2)
def blood_test_set_aside(stage: Stage) -> None:
    """The analysis is annulled months later: withdrawn as excused."""
    person, on = stage.take("driver"), stage.day(180)
    check = stop_driver(stage, person, on, 91)
    holds = max(check.known, overdue(stage, "traffic-licence", _revocation_due(on)))
    annulled = holds + stage.days(10, 50)
    known = check.change(annulled, cxrq=annulled.isoformat())
    stage.expect(
        "D11",
        "drunk_not_revoked",
        person,
        f"{check.row['jcbh']}/revoke",
        (holds, "holds"),
        (known, ""),
    )


@life("planted", "D11", rate=2)
def blood_value_corrected(stage: Stage) -> None:
    """Entered as 108, was 18: the alert is withdrawn because the record was wrong."""
    person, on = stage.take("driver"), stage.day(180)
    check = stop_driver(stage, person, on, 108)
    holds = max(check.known, overdue(stage, "traffic-licence", _revocation_due(on)))
    known = check.change(on, entered=holds + stage.days(10, 50), jjhl=18, note="correction")
    stage.expect(
        "D11",
        "drunk_not_revoked",
        person,
        f"{check.row['jcbh']}/revoke",
        (holds, "holds"),
        (known, ""),
    )


# ---- near to it, and lawful


@life("look_alike", "D11", rate=6)
def drink_below_eighty_for_the_first_time(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(20, 79))
    fine_driver(stage, person, on)


@life("look_alike", "D11", rate=3)
def drunk_on_a_bicycle(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(90, 220), vehicle=NON_MOTOR)


@life("look_alike", "D11", rate=3)
def drunk_without_a_licence(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(90, 220))


@life("look_alike", "D11", rate=5)
def revoked_in_time(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    stop_driver(stage, person, on, stage.rng.randint(82, 240))
    end_licence(stage, person, on + stage.days(2, 6))
