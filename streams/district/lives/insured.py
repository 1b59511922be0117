"""Medical insurance (D16): accidents, awards, the dead, the held, and cards on loan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from schemas.identifiers import credit_number
from streams.district.calendar import month_start, rolled
from streams.district.lives import NoRoom, Stage, life
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


@life("planted", "D16", rate=0.5)
def a_shop_that_charges_harvested_cards(stage: Stage) -> None:
    """Two dozen cards that the insurers know of, in one shop, within three months; each use counts
    for a year, so the clue ends a year after the second month, when too few are left."""
    recent = stage.script.window.until - timedelta(380)
    shop, month = stage.company(), month_start(stage.day(200, not_before=recent), 1)
    known = []
    for number in range(24):
        person = stage.take("anyone")
        listed_on = month - timedelta(200)
        listed = stage.open(
            "medical-card",
            listed_on,
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=listed_on.isoformat(),
        )
        on = month_start(month, number // 8) + stage.days(0, 20)
        paid = settle(stage, person, "41", on, fen=9_000, at=shop.number)
        known.append(max(paid.known, listed.known))
    stage.expect("D16", "harvested", shop, "harvested", (sorted(known)[19], "holds"))


@life("planted", "D16", rate=0.2)
def a_shop_that_charged_them_a_year_ago(stage: Stage) -> None:
    """The same, long enough ago for the clue to have ended."""
    window = stage.script.window
    shop, month = stage.company(), month_start(window.since, 1)
    ends = month_start(month, 13) + timedelta(1)
    if ends > window.until - timedelta(15):
        raise NoRoom("a year must pass")
    known = []
    for number in range(24):
        person, on = stage.take("anyone"), month_start(month, number // 8) + stage.days(0, 20)
        stage.open(
            "medical-card",
            window.since - timedelta(90),
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=f"{window.since - timedelta(90)}",
        )
        known.append(settle(stage, person, "41", on, fen=9_000, at=shop.number).known)
    steps = ((sorted(known)[19], "holds"), (ends, ""))
    stage.expect("D16", "harvested", shop, "harvested", *steps)


# ---- look-alikes


@life("look_alike", "D16", rate=4)
def recourse_in_time(stage: Stage) -> None:
    person, _, paid, until = injured(stage)
    pursue(stage, person, paid, until + stage.days(10, 60))


@life("look_alike", "D16", rate=2)
def the_driver_fled(stage: Stage) -> None:
    """Nobody to ask: the fund pays first, as the law has it."""
    injured(stage, zrrbm="1")


@life("look_alike", "D16", rate=2)
def awarded_for_another_treatment(stage: Stage) -> None:
    """The award covers a stay that the fund did not pay for."""
    person, since = stage.adult(), stage.day(200)
    settle(stage, person, "21", since, since + timedelta(9), diagnoses="K35.800")
    awarded(
        stage,
        person,
        since + timedelta(60),
        since + timedelta(150),
        ylksrq=f"{since - timedelta(200)}",
        yljsrq=f"{since - timedelta(170)}",
        ylje=yuan(3_000_000),
    )


@life("look_alike", "D16", rate=0.2)
def a_shop_with_a_few_harvested_cards(stage: Stage) -> None:
    """Fewer than the clue asks for; and one of them twice in a month."""
    shop, month = stage.company(), month_start(stage.day(120), 1)
    for number in range(12):
        person, listed_on = stage.take("anyone"), month - timedelta(60)
        stage.open(
            "medical-card",
            listed_on,
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=listed_on.isoformat(),
        )
        for _ in range(1 + number % 2):
            settle(stage, person, "41", month + stage.days(0, 20), fen=7_000, at=shop.number)


@life("look_alike", "D16", rate=4)
def fell_at_home(stage: Stage) -> None:
    person, on = stage.adult(), stage.day(120)
    hurt(stage, person, on, "50")
    settle(stage, person, "21", on, on + stage.days(5, 20), diagnoses="S52.500")


@life("look_alike", "D16", rate=3)
def ill_at_the_time_of_an_accident(stage: Stage) -> None:
    person, on = stage.adult(), stage.day(120)
    hurt(stage, person, on)
    settle(stage, person, "21", on, on + stage.days(5, 20), diagnoses="I63.900")


@life("look_alike", "D16", rate=3)
def died_in_hospital(stage: Stage) -> None:
    """The bill comes days after the death."""
    person, died_on = stage.adult(), stage.day(60)
    settle(stage, person, "21", died_on - timedelta(9), died_on, jsrq=f"{died_on + timedelta(6)}")
    register_death(stage, person, died_on)


@life("look_alike", "D16", rate=3)
def transferred_on_one_day(stage: Stage) -> None:
    person, since = stage.adult(), stage.day(90)
    moved = since + timedelta(7)
    settle(stage, person, "21", since, moved)
    settle(stage, person, "21", moved, moved + timedelta(9), at=OTHER_HOSPITAL)


@life("ordinary", "D16", rate=300)
def seen_by_a_doctor(stage: Stage) -> None:
    person = stage.take("anyone")
    for _ in range(stage.rng.randint(1, 4)):
        on = stage.day(20)
        kind = stage.rng.choice(("11", "11", "41"))
        settle(stage, person, kind, on, fen=stage.rng.randint(30, 900) * 100)
