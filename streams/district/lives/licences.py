"""Licences after drugs and revocation (D11): kept, had again, driven without, and lawful."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.driving import NON_MOTOR, TOLERANCE, end_licence, overdue, stop_driver
from streams.district.people import Person
from streams.district.script import Paper


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
    holds = max(order.known, overdue(stage, "traffic-licence", rolled(on + TOLERANCE)))
    stage.expect(
        "D11", "drug_not_cancelled", person, f"{order.row['jdbh']}/cancel", (holds, "holds")
    )


@life("planted", "D11", rate=2)
def cancelled_late_after_a_drug_order(stage: Stage) -> None:
    """Only the product's tolerance was missed: the alert ends."""
    person, on = stage.take("driver"), stage.day(240)
    order = _order(stage, person, on)
    holds = max(order.known, overdue(stage, "traffic-licence", rolled(on + TOLERANCE)))
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
    holds = max(licence.known, overdue(stage, "transport-certificate", due))
    stage.expect("D11", "occupation", person, f"{person.certificate}/licence", (holds, "holds"))


@life("planted", "D11", rate=2)
def certificate_cancelled_late(stage: Stage) -> None:
    person, on = stage.take("carrier"), stage.day(250)
    stop_driver(stage, person, on, stage.rng.randint(82, 200))
    revoked_on = on + stage.days(2, 5)
    licence = end_licence(stage, person, revoked_on)
    due = rolled(revoked_on + TOLERANCE)
    holds = max(licence.known, overdue(stage, "transport-certificate", due))
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
    stop_driver(stage, person, on + stage.days(40, 150), None, vehicle=NON_MOTOR)
