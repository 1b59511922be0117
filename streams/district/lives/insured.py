"""Medical insurance (D16): accidents, awards, the dead, the held, and cards on loan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from schemas.identifiers import credit_number
from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.after_death import register_death
from streams.district.lives.justice import hold, police_case
from streams.district.people import Person
from streams.district.places import REGION
from streams.district.rows import yuan
from streams.district.script import Paper

RECOURSE = timedelta(90)  # product term, from the settlement
HOSPITAL, OTHER_HOSPITAL = (credit_number("12", REGION, number) for number in (55_401, 55_402))
INJURIES = ("S06.000", "S22.300", "S72.000", "T14.000")


def settle(
    stage: Stage,
    person: Person,
    kind: str,
    since: date,
    until: date | None = None,
    *,
    fen: int = 0,
    at: str = HOSPITAL,
    diagnoses: str = "I63.900",
    **columns: Any,
) -> Paper:
    """The fund settles a stay (``21``), a visit (``11``) or a purchase (``41``) on its last day."""
    paid = fen or stage.rng.randint(2_000, 30_000) * 100
    row: dict[str, Any] = {
        "jslsh": stage.numbers.serial("JS-"),
        "sfzh": person.number,
        "xm": person.name,
        "jgdm": at,
        "jgmc": "望潮区人民医院",
        "yllb": kind,
        "ryrq": since.isoformat(),
        "cyrq": until.isoformat() if until else None,
        "jsrq": (until or since).isoformat(),
        "zddm": diagnoses,
        "zfy": yuan(paid * 3 // 2),
        "tczf": yuan(paid),
        "jzd": REGION,
    }
    return stage.open("medical-settlement", until or since, **{**row, **columns})


def hurt(stage: Stage, person: Person, on: date, kind: str = "10", **columns: Any) -> Paper:
    """An accident (``10``), an assault (``20``) or a fall (``50``), as the police have it."""
    row: dict[str, Any] = {
        "jqbh": stage.numbers.serial("JQ-"),
        "sfzh": person.number,
        "xm": person.name,
        "js": "1",
        "fsrq": on.isoformat(),
        "jqlb": kind,
        "shcd": "4",
        "zrbl": 0,
        "zrrbm": "0",
    }
    return stage.open("police-incident", on, **{**row, **columns})


def give_back(stage: Stage, person: Person, paid: Paper, on: date, fen: int) -> Paper:
    return stage.open(
        "medical-refund",
        on,
        thpzh=stage.numbers.serial("TH-"),
        jslsh=paid.row["jslsh"],
        sfzh=person.number,
        thrq=on.isoformat(),
        thje=yuan(fen),
    )


def pursue(stage: Stage, person: Person, paid: Paper, on: date) -> Paper:
    """The agency takes recourse against who is liable."""
    return stage.open(
        "medical-recourse",
        on,
        zcxh=stage.numbers.serial("ZC-"),
        jslsh=paid.row["jslsh"],
        sfzh=person.number,
        lcdm="01",
        fsrq=on.isoformat(),
    )


def awarded(stage: Stage, person: Person, filed: date, closed: date, **columns: Any) -> Paper:
    """A suit over an accident that the person wins, with what the treatment cost set apart."""
    suit = stage.open(
        "court-civil",
        filed,
        ah=stage.numbers.court("民初", filed.year),
        ay="机动车交通事故责任纠纷",
        larq=filed.isoformat(),
        ssbd=yuan(12_000_000),
        yg=person.number,
        ygmc=person.name,
        bg=stage.adult().number,
    )
    told = {"jarq": closed.isoformat(), "jafs": "01", "sxrq": f"{closed + timedelta(16)}"}
    suit.change(closed, **{**told, **columns})
    return suit


def injured(stage: Stage, **columns: Any) -> tuple[Person, Paper, Paper, date]:
    """Hurt by another and treated at the fund's cost: person, incident, settlement, last day."""
    person, on = stage.adult(), stage.day(260)
    incident = hurt(stage, person, on, stage.rng.choice(("10", "20")), **columns)
    until = on + stage.days(8, 25)
    paid = settle(
        stage, person, "21", on + stage.days(0, 2), until, diagnoses=stage.rng.choice(INJURIES)
    )
    return person, incident, paid, until


def _overdue(stage: Stage, settled: date) -> date:
    """The day on which it is known that no recourse was taken."""
    due = rolled(settled + RECOURSE)
    return max(due + timedelta(1), stage.script.complete("medical-recourse", due))


# ---- planted


@life("planted", "D16", rate=2)
def no_recourse_taken(stage: Stage) -> None:
    person, _, paid, until = injured(stage)
    holds = _overdue(stage, until)
    stage.expect("D16", "third_party", person, f"{paid.record_key}/third_party", (holds, "holds"))


@life("planted", "D16", rate=2)
def recourse_taken_late(stage: Stage) -> None:
    """After a term of the product's own making: the clue ends, and nothing is left of it."""
    person, _, paid, until = injured(stage)
    holds = _overdue(stage, until)
    late = pursue(stage, person, paid, holds + stage.days(15, 60)).known
    steps = ((holds, "holds"), (late, ""))
    stage.expect("D16", "third_party", person, f"{paid.record_key}/third_party", *steps)


@life("planted", "D16", rate=3)
def compensated_and_paid_by_the_fund(stage: Stage) -> None:
    """Whoever was liable pays the victim, who keeps what the fund paid too; later it comes back."""
    person, incident, paid, until = injured(stage)
    fen = int(str(paid.row["tczf"]).replace(".", ""))
    on = until + stage.days(15, 45)
    holds = incident.change(on, pcje=yuan(fen * 2), pcrq=on.isoformat())
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.5:
        steps.append((give_back(stage, person, paid, on + stage.days(40, 90), fen).known, "cured"))
    stage.expect("D16", "third_party", person, f"{paid.record_key}/third_party", *steps)


@life("planted", "D16", rate=2)
def awarded_what_the_fund_paid(stage: Stage) -> None:
    """The court gives the victim the cost of a treatment that the fund had borne."""
    person, since = stage.adult(), stage.day(330)
    until = since + stage.days(8, 25)
    paid = settle(stage, person, "21", since, until, diagnoses="S72.000", fen=2_400_000)
    closed = until + stage.days(90, 160)
    suit = awarded(
        stage,
        person,
        until + timedelta(40),
        closed,
        ylksrq=since.isoformat(),
        yljsrq=until.isoformat(),
        ylje=yuan(3_000_000),
    )
    steps = [(suit.known, "holds")]
    if stage.rng.random() < 0.5:
        on = closed + stage.days(40, 90)
        steps.append((give_back(stage, person, paid, on, 2_400_000).known, "cured"))
    stage.expect("D16", "awarded_twice", person, f"{paid.record_key}/awarded", *steps)


@life("planted", "D16", rate=1)
def awarded_and_never_given_back(stage: Stage) -> None:
    """Only the part of the cost that the award covers is due back, and not all of that came."""
    person, since = stage.adult(), stage.day(330)
    until = since + stage.days(8, 25)
    paid = settle(stage, person, "21", since, until, diagnoses="S22.300", fen=2_400_000)
    closed = until + stage.days(90, 160)
    suit = awarded(
        stage,
        person,
        until + timedelta(40),
        closed,
        ylksrq=f"{until - timedelta(3)}",
        yljsrq=f"{until + timedelta(60)}",
        ylje=yuan(900_000),
    )
    give_back(stage, person, paid, closed + stage.days(30, 60), 400_000)
    steps = ((suit.known, "holds"),)
    stage.expect("D16", "awarded_twice", person, f"{paid.record_key}/awarded", *steps)


@life("planted", "D16", rate=2)
def treated_after_death(stage: Stage) -> None:
    """The family goes on using the card."""
    person, died_on = stage.adult(), stage.day(150)
    register = register_death(stage, person, died_on)
    for days in (20, 45):
        paid = settle(stage, person, "41", died_on + timedelta(days), fen=18_000)
        known = max(paid.known, register.known)
        stage.expect(
            "D16", "after_death", person, f"{paid.record_key}/after_death", (known, "holds")
        )


@life("planted", "D16", rate=1)
def in_a_ward_while_held(stage: Stage) -> None:
    """Somebody else lies there on the card of a person who is held."""
    person, since = stage.adult(), stage.day(60)
    held = hold(stage, person, "detention", since, since + timedelta(3), police_case(stage, since))
    paid = settle(stage, person, "21", since + timedelta(1), since + timedelta(3))
    known = max(paid.known, held.known)
    stage.expect("D16", "in_custody", person, f"{paid.record_key}/in_custody", (known, "holds"))


@life("planted", "D16", rate=2)
def two_wards_at_once(stage: Stage) -> None:
    person, since = stage.adult(), stage.day(150)
    first = settle(stage, person, "21", since, since + timedelta(14), fen=900_000)
    second = settle(
        stage,
        person,
        "21",
        since + timedelta(6),
        since + timedelta(20),
        fen=500_000,
        at=OTHER_HOSPITAL,
    )
    lower, higher = sorted((first.record_key, second.record_key))
    steps = [(max(first.known, second.known), "holds")]
    if stage.rng.random() < 0.5:
        on = since + stage.days(50, 90)
        steps.append((give_back(stage, person, second, on, 500_000).known, "cured"))
    stage.expect("D16", "impossible_pair", person, f"{lower}+{higher}", *steps)
