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

_MOTOR, _NON_MOTOR = "1", "2"


def stop_driver(
    stage: Stage,
    person: Person,
    on: date,
    bac: int | None,
    *,
    vehicle: str = _MOTOR,
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


def _overdue(stage: Stage, feed: str, due: date) -> date:
    return max(due + timedelta(1), stage.script.complete(feed, due))


def _revocation_due(on: date) -> date:
    return rolled(rolled(on + DECIDE) + TOLERANCE)


def _kept(stage: Stage, person: Person, check: Paper, on: date) -> date:
    """Plant the alert for a licence that is not revoked; returns the day on which it holds."""
    holds = max(check.known, _overdue(stage, "traffic-licence", _revocation_due(on)))
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
    holds = max(check.known, _overdue(stage, "traffic-licence", _revocation_due(on)))
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
    holds = max(check.known, _overdue(stage, "traffic-licence", _revocation_due(on)))
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
    holds = max(check.known, _overdue(stage, "traffic-licence", _revocation_due(on)))
    known = check.change(on, entered=holds + stage.days(10, 50), jjhl=18, note="correction")
    stage.expect(
        "D11",
        "drunk_not_revoked",
        person,
        f"{check.row['jcbh']}/revoke",
        (holds, "holds"),
        (known, ""),
    )


def _order(stage: Stage, person: Person, on: date, kind: str = "1") -> Paper:
    years = {"1": 3, "2": 2, "3": 3}[kind]
    return stage.open(
        "police-drug-order",
        on,
        jdbh=stage.numbers.next("潮公社戒决" if kind == "1" else "潮公强戒决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        jdlx=kind,
        jdrq=on.isoformat(),
        bdrq=(on + timedelta(5)).isoformat() if kind != "2" else None,
        dqrq=(on + timedelta(years * 365)).isoformat(),
    )


@life("planted", "D11", rate=3)
def drug_order_and_still_licensed(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    order = _order(stage, person, on, stage.rng.choice("12"))
    holds = max(order.known, _overdue(stage, "traffic-licence", rolled(on + TOLERANCE)))
    stage.expect(
        "D11", "drug_not_cancelled", person, f"{order.row['jdbh']}/cancel", (holds, "holds")
    )


@life("planted", "D11", rate=2)
def cancelled_late_after_a_drug_order(stage: Stage) -> None:
    """Only the product's tolerance was missed: the alert ends."""
    person, on = stage.take("driver"), stage.day(240)
    order = _order(stage, person, on)
    holds = max(order.known, _overdue(stage, "traffic-licence", rolled(on + TOLERANCE)))
    ended = end_licence(stage, person, holds + stage.days(20, 80), "C")
    stage.expect(
        "D11",
        "drug_not_cancelled",
        person,
        f"{order.row['jdbh']}/cancel",
        (holds, "holds"),
        (ended.known, ""),
    )


def _new_licence(stage: Stage, person: Person, on: date) -> Paper:
    return stage.open(
        "traffic-licence",
        on,
        dabh=f"3798{person.index:08d}",
        gmsfhm=person.number,
        xm=person.name,
        zjcx="C1",
        clrq=on.isoformat(),
        yxqz=(on + timedelta(6 * 365)).isoformat(),
        zt="A",
    )


def _revoked_before_the_window(stage: Stage, person: Person, days: int) -> None:
    """Drunk, and revoked in time, ``days`` before the first day: both rows are in the snapshot."""
    act = stage.script.window.since - timedelta(days)
    stop_driver(stage, person, act, 130)
    end_licence(stage, person, act + timedelta(5))


@life("planted", "D11", rate=2)
def licensed_again_too_soon(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    _revoked_before_the_window(stage, person, 150)
    paper = _new_licence(stage, person, on)
    stage.expect(
        "D11", "reissued_too_soon", person, f"{paper.row['dabh']}/reissue", (paper.known, "holds")
    )


@life("planted", "D11", rate=2)
def licensed_again_too_soon_and_withdrawn(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(180)
    _revoked_before_the_window(stage, person, 150)
    paper = _new_licence(stage, person, on)
    holds = paper.known
    withdrawn = on + stage.days(40, 120)
    known = paper.change(withdrawn, zt="D", ztrq=withdrawn.isoformat())
    stage.expect(
        "D11",
        "reissued_too_soon",
        person,
        f"{paper.row['dabh']}/reissue",
        (holds, "holds"),
        (known, "cured"),
    )


@life("planted", "D11", rate=3)
def certificate_kept_after_revocation(stage: Stage) -> None:
    person, on = stage.take("carrier"), stage.day(120)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    revoked_on = on + stage.days(2, 5)
    licence = end_licence(stage, person, revoked_on)
    due = rolled(revoked_on + TOLERANCE)
    holds = max(licence.known, _overdue(stage, "transport-certificate", due))
    stage.expect("D11", "occupation", person, f"{person.certificate}/licence", (holds, "holds"))


@life("planted", "D11", rate=2)
def certificate_cancelled_late(stage: Stage) -> None:
    person, on = stage.take("carrier"), stage.day(250)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    revoked_on = on + stage.days(2, 5)
    licence = end_licence(stage, person, revoked_on)
    due = rolled(revoked_on + TOLERANCE)
    holds = max(licence.known, _overdue(stage, "transport-certificate", due))
    ended = holds + stage.days(20, 90)
    known = stage.certificate(person).change(ended, zt="2", zxrq=ended.isoformat())
    stage.expect(
        "D11", "occupation", person, f"{person.certificate}/licence", (holds, "holds"), (known, "")
    )


@life("planted", "D11", rate=3)
def drove_while_revoked(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(200)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    licence = end_licence(stage, person, on + stage.days(2, 5))
    again = on + stage.days(40, 150)
    check = stop_driver(stage, person, again, None)
    holds = max(check.known, licence.known)
    stage.expect("D11", "drove_revoked", person, f"{check.row['jcbh']}/drove", (holds, "holds"))


# ---- near to it, and lawful


@life("look_alike", "D11", rate=6)
def drink_below_eighty_for_the_first_time(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(20, 79))
    fine_driver(stage, person, on)


@life("look_alike", "D11", rate=3)
def drunk_on_a_bicycle(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(90, 220), vehicle=_NON_MOTOR)


@life("look_alike", "D11", rate=3)
def drunk_without_a_licence(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), stage.day(60)
    stop_driver(stage, person, on, stage.rng.randint(90, 220))


@life("look_alike", "D11", rate=5)
def revoked_in_time(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    stop_driver(stage, person, on, stage.rng.randint(82, 240))
    end_licence(stage, person, on + stage.days(2, 6))


@life("look_alike", "D11", rate=2)
def drug_order_annulled(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    order = _order(stage, person, on)
    annulled = on + timedelta(15)
    order.change(annulled, cxrq=annulled.isoformat())


@life("look_alike", "D11", rate=2)
def cancelled_in_time_after_a_drug_order(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(90)
    _order(stage, person, on, "2")
    end_licence(stage, person, on + stage.days(5, 20), "C")


@life("look_alike", "D11", rate=2)
def drug_order_without_a_licence(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), stage.day(60)
    _order(stage, person, on)


@life("look_alike", "D11", rate=2)
def licensed_again_after_the_ban(stage: Stage) -> None:
    """Revoked six years ago; the ban of five years is over."""
    person, on = stage.take("driver"), stage.day(60)
    _revoked_before_the_window(stage, person, 6 * 365)
    _new_licence(stage, person, on)


@life("look_alike", "D11", rate=2)
def certificate_struck_off_in_time(stage: Stage) -> None:
    """The list of certificates is a list of present state: the row simply goes."""
    person, on = stage.take("carrier"), stage.day(120)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    revoked_on = on + stage.days(2, 5)
    end_licence(stage, person, revoked_on)
    stage.certificate(person).delete(revoked_on + stage.days(6, 20), note="ends")


@life("look_alike", "D11", rate=2)
def cycled_while_revoked(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(200)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    end_licence(stage, person, on + stage.days(2, 5))
    stop_driver(stage, person, on + stage.days(40, 150), None, vehicle=_NON_MOTOR)
