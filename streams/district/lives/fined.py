"""Offences at the level of a crime (D04): only fined, passed on late, corrected, annulled."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled, working_days
from streams.district.lives import Stage, life
from streams.district.lives.unprosecuted import overdue
from streams.district.organisations import Organisation
from streams.district.people import Person
from streams.district.places import AGENCIES
from streams.district.rows import ten_thousand_yuan, yuan
from streams.district.script import Paper

_WORDS = {"market": "市监", "tobacco": "烟", "tax": "税", "ecology": "环", "resources": "自然资"}
SHODDY, POISON, TOBACCO, EVASION, WASTE, LAND, ORE = "13", "12", "1", "01", "101", "A1", "A2"


def punish(
    stage: Stage,
    agency: str,
    party: Organisation | Person,
    act: date,
    cause: str,
    *,
    reported: date | None = None,
    fine_fen: int = 5_000_000,
    **measures: object,
) -> Paper:
    """An agency's penalty with what it measured, forty days after the offence."""
    on = act + timedelta(40)
    return stage.script.open(
        f"{agency}-case",
        on,
        {
            "cf_wsh": stage.numbers.next(f"潮{_WORDS[agency]}罚", on.year),
            "cf_xdr_mc": party.name,
            "cf_xdr_dm": party.number,
            "cf_wfxw": cause,
            "cf_cflb": "罚款,没收违法所得",
            "cf_nr_fk": ten_thousand_yuan(fine_fen),
            "cf_jdrq": on.isoformat(),
            "wfrq": act.isoformat(),
            "ysbgrq": reported.isoformat() if reported else None,
            **measures,
        },
    )


def _number(agency: str, penalty: Paper) -> str:
    return f"{AGENCIES[agency].code}/{penalty.row['cf_wsh']}"


def pass_on(stage: Stage, agency: str, penalty: Paper, on: date) -> Paper:
    return stage.open(
        f"{agency}-transfer",
        on,
        ysbh=stage.numbers.serial("YS-"),
        cf_wsh=penalty.row["cf_wsh"],
        xdr_dm=penalty.row["cf_xdr_dm"],
        lcdm="1",
        ysrq=on.isoformat(),
    )


def file_case(stage: Stage, party: Organisation | Person, charge: str, on: date) -> Paper:
    paper = stage.open(
        "police-case",
        on,
        ajbh=stage.numbers.next("潮公刑立", on.year),
        sfzh=party.number,
        xm=party.name,
        ay=charge,
        larq=on.isoformat(),
        jjfz="1",
        jd="0",
    )
    known, sent = paper.known, on + timedelta(120)
    paper.change(sent, jarq=sent.isoformat(), jafs="1")  # no case is left lying by these lives
    paper.known = known
    return paper


def _due(reported: date) -> date:
    """Three days for the decision, a day for sending, which is never rolled on."""
    return rolled(reported + timedelta(3)) + timedelta(1)


def _silent(stage: Stage, penalty: Paper, due: date) -> date:
    """The day on which no transfer and no case is known by ``due``."""
    feeds = ["police-case", *(f"{agency}-transfer" for agency in _WORDS)]
    return max(penalty.known, *(overdue(stage, feed, due) for feed in feeds))


@life("planted", "D04", rate=3)
def shoddy_goods_only_fined(stage: Stage) -> None:
    company, act = stage.company(), stage.day(120)
    reported = act + timedelta(30)
    fen = stage.rng.randint(5_000_000, 30_000_000)
    penalty = punish(stage, "market", company, act, SHODDY, reported=reported, xsje=yuan(fen))
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('market', penalty)}/140",
        (_silent(stage, penalty, _due(reported)), "holds"),
    )


@life("planted", "D04", rate=2)
def tobacco_passed_on_late(stage: Stage) -> None:
    company, act = stage.company(), stage.day(220)
    reported = act + timedelta(35)
    penalty = punish(
        stage, "tobacco", company, act, TOBACCO, reported=reported, hzje=yuan(8_000_000)
    )
    holds = _silent(stage, penalty, _due(reported))
    late = pass_on(stage, "tobacco", penalty, holds + stage.days(15, 60))
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('tobacco', penalty)}/225",
        (holds, "holds"),
        (late.known, "cured"),
    )


@life("planted", "D04", rate=2)
def waste_without_a_report(stage: Stage) -> None:
    """The day of the report was not entered: five working days from the decision."""
    company, act = stage.company(), stage.day(120)
    penalty = punish(stage, "ecology", company, act, WASTE, sl="3.40")
    due = working_days(act + timedelta(40), 5)
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('ecology', penalty)}/338",
        (_silent(stage, penalty, due), "holds"),
    )


@life("planted", "D04", rate=2)
def farmland_only_fined_until_annulled(stage: Stage) -> None:
    company, act = stage.company(), stage.day(250)
    penalty = punish(stage, "resources", company, act, LAND, mj=4_200, dl="永久基本农田")
    holds = _silent(stage, penalty, working_days(act + timedelta(40), 5))
    annulled = holds + stage.days(30, 80)
    known = penalty.change(annulled, cxrq=annulled.isoformat())
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('resources', penalty)}/342",
        (holds, "holds"),
        (known, ""),
    )


@life("planted", "D04", rate=2)
def taxes_paid_after_the_clue(stage: Stage) -> None:
    """Paid before a case was opened: no crime any more."""
    company, act = stage.company(), stage.day(250, not_before=date(2024, 3, 20))
    penalty = punish(stage, "tax", company, act, EVASION, se=yuan(25_000_000), sezb=22)
    holds = _silent(stage, penalty, working_days(act + timedelta(40), 5))
    paid = holds + stage.days(20, 60)
    receipt = stage.open(
        "tax-arrears",
        paid,
        pzh=stage.numbers.serial("SP-"),
        cf_wsh=penalty.row["cf_wsh"],
        nsr=company.number,
        jkrq=paid.isoformat(),
        jkje=yuan(25_000_000),
    )
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('tax', penalty)}/201",
        (holds, "holds"),
        (receipt.known, ""),
    )


@life("planted", "D04", rate=1)
def ore_corrected_below_the_line(stage: Stage) -> None:
    """The value was entered in another unit; put right, the alert is withdrawn."""
    company, act = stage.company(), stage.day(220)
    penalty = punish(stage, "resources", company, act, ORE, hzje=yuan(120_000_000))
    holds = _silent(stage, penalty, working_days(act + timedelta(40), 5))
    corrected = holds + stage.days(20, 60)
    known = penalty.change(corrected, entered=corrected, note="correction", hzje=yuan(1_200_000))
    stage.expect(
        "D04",
        "amount",
        company,
        f"{_number('resources', penalty)}/343",
        (holds, "holds"),
        (known, ""),
    )


@life("planted", "D04", rate=2)
def poison_in_food_only_fined(stage: Stage) -> None:
    person, act = stage.take("anyone", lambda person: 25 <= person.age <= 58), stage.day(120)
    reported = act + timedelta(35)
    penalty = punish(stage, "market", person, act, POISON, reported=reported)
    stage.expect(
        "D04",
        "conduct",
        person,
        f"{_number('market', penalty)}/144/conduct",
        (_silent(stage, penalty, _due(reported)), "holds"),
    )


def theft(stage: Stage, person: Person, act: date, fen: int = 40_000) -> Paper:
    on = act + timedelta(3)
    return stage.open(
        "police-penalty",
        on,
        cfwsh=stage.numbers.next("潮公行罚决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        ay="0301",
        cflb="罚款",
        fkje=yuan(50_000),
        wfrq=act.isoformat(),
        larq=act.isoformat(),
        jdrq=on.isoformat(),
        sdrq=on.isoformat(),
        sazz=yuan(fen),
    )


@life("planted", "D04", rate=3)
def third_theft_in_two_years(stage: Stage) -> None:
    person, last = stage.take("anyone", lambda person: 20 <= person.age <= 58), stage.day(90)
    theft(stage, person, last - stage.days(500, 700))
    theft(stage, person, last - stage.days(100, 400))
    penalty = theft(stage, person, last)
    due = working_days(last + timedelta(3), 5)
    stage.expect("D04", "repeat", person, "repeat/264", (_silent(stage, penalty, due), "holds"))


@life("planted", "D04", rate=1)
def third_theft_entered_late(stage: Stage) -> None:
    """The second of three came into the system a year late: the count reaches the line then."""
    person, last = stage.take("anyone", lambda person: 20 <= person.age <= 58), stage.day(200)
    theft(stage, person, last - stage.days(500, 650))
    theft(stage, person, last)
    second = last - stage.days(100, 300)
    entered = last + stage.days(60, 120)
    on = second + timedelta(3)
    paper = stage.open(
        "police-penalty",
        on,
        entered=entered,
        note="late",
        cfwsh=stage.numbers.next("潮公行罚决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        ay="0301",
        cflb="罚款",
        fkje=yuan(50_000),
        wfrq=second.isoformat(),
        larq=second.isoformat(),
        jdrq=on.isoformat(),
        sdrq=on.isoformat(),
        sazz=yuan(30_000),
    )
    stage.expect("D04", "repeat", person, "repeat/264", (paper.known, "holds"))
