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


@life("planted", "D20", rate=2)
def a_victim_in_hardship_without_aid(stage: Stage) -> None:
    person, incident, on = victim(stage)
    holds = _known(stage, rolled(on + AID), "procuratorate-step", "procuratorate-aid")
    stage.expect("D20", "victim_aid", person, f"{incident.row['jqbh']}/aid", (holds, "holds"))


@life("planted", "D20", rate=2)
def a_victim_in_hardship_aided_late(stage: Stage) -> None:
    person, incident, on = victim(stage)
    holds = _known(stage, rolled(on + AID), "procuratorate-step", "procuratorate-aid")
    late = aid_paid(stage, person, incident, holds + stage.days(15, 50)).known
    steps = ((holds, "holds"), (late, ""))
    stage.expect("D20", "victim_aid", person, f"{incident.row['jqbh']}/aid", *steps)


def unpaid(stage: Stage, cause: str) -> tuple[Person, Paper, date]:
    """A creditor whose execution found nothing: the person, the case and the day of its closing.

    The court waits its three months before it closes, and asks for property twice a year after.
    """
    creditor, debtor, closed = stage.adult(19, 54), stage.adult(25, 54), stage.day(190)
    filed = closed - timedelta(120)
    case = stage.open(
        "court-execution",
        filed,
        ah=stage.numbers.court("执", filed.year),
        yjwh=stage.numbers.court("民初", filed.year),
        bzxr=debtor.number,
        bzxrmc=debtor.name,
        sqr=creditor.number,
        sqrmc=creditor.name,
        ay=cause,
        larq=filed.isoformat(),
        sqje=yuan(3_600_000),
    )
    case.change(closed, jarq=closed.isoformat(), jafs="02", wdwje=yuan(3_000_000))
    asked = closed + timedelta(150)
    while asked <= stage.script.window.until:
        stage.open(
            "court-step",
            asked,
            lcxh=stage.numbers.serial("LC-"),
            ah=case.row["ah"],
            zjhm=debtor.number,
            lcdm="61",
            fsrq=asked.isoformat(),
        )
        asked += timedelta(150)
    return creditor, case, closed


@life("planted", "D20", rate=2)
def a_poor_mother_whose_execution_found_nothing(stage: Stage) -> None:
    creditor, case, closed = unpaid(stage, "抚养费纠纷")
    on_list(stage, creditor, POOR, closed - timedelta(200))
    holds = _known(stage, rolled(closed + AID), "procuratorate-step", "procuratorate-aid")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.4:
        left = holds + stage.days(15, 50)
        paid = stage.open(
            "procuratorate-aid",
            left,
            ffxh=stage.numbers.serial("JZ-"),
            dybh=case.row["ah"],
            sfzh=creditor.number,
            ffrq=left.isoformat(),
            ffje=yuan(2_000_000),
        )
        steps.append((paid.known, ""))
    stage.expect("D20", "creditor_aid", creditor, "", *steps)


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


@life("look_alike", "D20", rate=2)
def a_creditor_who_is_not_poor(stage: Stage) -> None:
    unpaid(stage, "抚养费纠纷")


@life("look_alike", "D20", rate=2)
def a_poor_creditor_of_a_loan(stage: Stage) -> None:
    """Money lent is not maintenance."""
    creditor, _, closed = unpaid(stage, "买卖合同纠纷")
    on_list(stage, creditor, POOR, closed - timedelta(200))


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
