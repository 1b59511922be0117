"""Aid and benefits that nobody gave (D20): victims, creditors, the old, the disabled, children."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled, same_day
from streams.district.lives import Stage, life
from streams.district.lives.after_death import register_death
from streams.district.lives.insured import hurt
from streams.district.people import Person
from streams.district.rows import yuan
from streams.district.script import Paper

AID, GRANTED, LISTED = timedelta(60), timedelta(90), timedelta(30)  # product terms
POOR, ORPHAN = "11", "31"


def on_list(stage: Stage, person: Person, kind: str, since: date) -> Paper:
    return stage.open(
        "civil-listing",
        since,
        mdxh=stage.numbers.serial("MD-"),
        sfzh=person.number,
        xm=person.name,
        mdlb=kind,
        ksrq=since.isoformat(),
    )


def disabled(stage: Stage, person: Person, since: date, grade: str) -> Paper:
    return stage.open(
        "disabled-listing",
        since,
        zsbh=stage.numbers.serial("CJ-"),
        sfzh=person.number,
        xm=person.name,
        cjdj=grade,
        fzrq=since.isoformat(),
    )


def grant(stage: Stage, person: Person, scheme: str, since: date) -> Paper:
    return stage.open(
        "civil-benefit",
        since,
        dybh=stage.numbers.serial("BT-"),
        sfzh=person.number,
        xm=person.name,
        lb=scheme,
        ksrq=since.isoformat(),
    )


def aid_paid(stage: Stage, person: Person, incident: Paper, on: date) -> Paper:
    return stage.open(
        "procuratorate-aid",
        on,
        ffxh=stage.numbers.serial("JZ-"),
        dybh=incident.row["jqbh"],
        sfzh=person.number,
        ffrq=on.isoformat(),
        ffje=yuan(stage.rng.randint(5, 60) * 100_000),
    )


def _known(stage: Stage, due: date, *feeds: str) -> date:
    complete = [stage.script.complete(feed, due) for feed in feeds]
    return max(due + timedelta(1), *complete)


def victim(stage: Stage) -> tuple[Person, Paper, date]:
    """Badly hurt and poor: the person, the incident and its day."""
    person, on = stage.adult(), stage.day(160)
    on_list(stage, person, POOR, on - timedelta(300))
    kind = stage.rng.choice(("20", "40"))
    return person, hurt(stage, person, on, kind, shcd=stage.rng.choice("23")), on


# ---- planted


@life("planted", "D20", rate=3)
def a_victim_in_hardship_without_aid(stage: Stage) -> None:
    person, incident, on = victim(stage)
    due = rolled(on + AID)
    holds = _known(stage, due, "procuratorate-step", "procuratorate-aid")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.5:
        steps.append((aid_paid(stage, person, incident, holds + stage.days(15, 50)).known, ""))
    stage.expect("D20", "victim_aid", person, f"{incident.row['jqbh']}/aid", *steps)


@life("planted", "D20", rate=3)
def eighty_and_not_granted(stage: Stage) -> None:
    window = stage.script.window
    first, last = window.since + timedelta(20), window.until - timedelta(150)

    def fits(person: Person) -> bool:
        return first <= same_day(person.born, 80 * 12) <= last

    person = stage.take("anyone", fits)
    stage.script.ungranted.add(person.index)
    due = rolled(same_day(person.born, 80 * 12) + GRANTED)
    holds = _known(stage, due, "civil-benefit")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.4:
        steps.append((grant(stage, person, "21", holds + stage.days(15, 30)).known, ""))
    stage.expect("D20", "entitled_unpaid", person, "高龄", *steps)


@life("planted", "D20", rate=3)
def gravely_disabled_without_care_allowance(stage: Stage) -> None:
    person, since = stage.adult(), stage.day(170)
    disabled(stage, person, since, stage.rng.choice("12"))
    due = rolled(since + GRANTED)
    holds = _known(stage, due, "civil-benefit")
    stage.expect("D20", "entitled_unpaid", person, "残疾护理", (holds, "holds"))


def family(stage: Stage) -> tuple[Person, Person, Person]:
    """A child, and its parents with the child in their entries of the register."""
    child, mother, father = stage.minor(1, 11), stage.adult(25, 50), stage.adult(25, 50)
    for parent in (mother, father):
        stage.residence(parent, zn=child.number)
    return child, mother, father


@life("planted", "D20", rate=2)
def a_child_with_nobody(stage: Stage) -> None:
    """One parent dead, the other gravely disabled: on a list only late, or never."""
    child, mother, father = family(stage)
    died_on = stage.day(150)
    disabled(stage, father, died_on - timedelta(100), "1")
    grant(stage, father, "32", died_on - timedelta(80))
    register_death(stage, mother, died_on)
    due = rolled(died_on + LISTED)
    steps = [(_known(stage, due, "civil-listing"), "holds")]
    if stage.rng.random() < 0.4:
        listed = on_list(stage, child, ORPHAN, steps[0][0] + stage.days(15, 40))
        steps.append((listed.known, ""))
    stage.expect("D20", "child_without_care", child, "child", *steps)


# ---- look-alikes


@life("look_alike", "D20", rate=3)
def aided_in_time(stage: Stage) -> None:
    person, incident, on = victim(stage)
    aid_paid(stage, person, incident, on + stage.days(20, 50))


@life("look_alike", "D20", rate=3)
def compensated_by_who_was_liable(stage: Stage) -> None:
    _, incident, on = victim(stage)
    paid_on = on + stage.days(10, 40)
    incident.change(paid_on, pcje="80000.00", pcrq=paid_on.isoformat())


@life("look_alike", "D20", rate=3)
def a_victim_who_is_not_poor(stage: Stage) -> None:
    hurt(stage, stage.adult(), stage.day(120), "20", shcd="3")


@life("look_alike", "D20", rate=3)
def disabled_and_granted(stage: Stage) -> None:
    person, since = stage.adult(), stage.day(170)
    disabled(stage, person, since, "2")
    grant(stage, person, "32", since + stage.days(10, 70))


@life("look_alike", "D20", rate=3)
def lightly_disabled(stage: Stage) -> None:
    disabled(stage, stage.adult(), stage.day(60), "4")


@life("look_alike", "D20", rate=2)
def an_orphan_on_the_list(stage: Stage) -> None:
    child, mother, father = family(stage)
    died_on = stage.day(120)
    register_death(stage, mother, died_on - timedelta(60))
    register_death(stage, father, died_on)
    on_list(stage, child, ORPHAN, died_on + stage.days(5, 25))


@life("look_alike", "D20", rate=2)
def one_parent_is_left(stage: Stage) -> None:
    _, mother, _ = family(stage)
    register_death(stage, mother, stage.day(60))
