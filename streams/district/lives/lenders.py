"""Who lends for a living and who does not (D06): suits on loans, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from schemas.identifiers import credit_number
from streams.district.calendar import rolled, same_day
from streams.district.lives import NoRoom, Stage, life
from streams.district.lives.outsiders import outsider
from streams.district.organisations import Organisation
from streams.district.people import Person
from streams.district.places import AGENCIES, CITY, REGION
from streams.district.rows import yuan
from streams.district.script import Paper

COURT = AGENCIES["court"].code

#: Licensed to lend for a time, as ``lists.toml`` says.
LICENSED = credit_number("91", REGION, 880_001)
#: A bank: its suits are on another cause.
BANK = credit_number("91", REGION, 880_002)

LOAN = "民间借贷纠纷"


def sue(
    stage: Stage,
    lender: Person | Organisation | str,
    borrower: Person,
    on: date,
    fen: int,
    **columns: Any,
) -> Paper:
    """One suit on a loan, as the court files it."""
    plaintiff = lender if isinstance(lender, str) else lender.number
    row: dict[str, Any] = {
        "ah": stage.numbers.court("民初", on.year),
        "ay": LOAN,
        "larq": on.isoformat(),
        "ssbd": yuan(fen),
        "yg": plaintiff,
        "ygmc": "望潮小额贷款有限公司" if isinstance(lender, str) else lender.name,
        "bg": borrower.number,
        "bgmc": borrower.name,
        "bgqx": "1" if stage.rng.random() < 0.5 else "0",
    }
    return stage.open("court-civil", on, **{**row, **columns})


def series(
    stage: Stage,
    lender: Person | Organisation | str,
    since: date,
    number: int,
    every: int,
    *,
    fen: tuple[int, int] = (2_000_000, 6_000_000),
    **columns: Any,
) -> list[Paper]:
    """Suits on so many loans, each some days after the last, against two borrowers."""
    borrowers = outsider(stage), outsider(stage)
    return [
        sue(
            stage,
            lender,
            borrowers[n % 2],
            since + timedelta(n * every),
            stage.rng.randrange(*fen, 100_000),
            **columns,
        )
        for n in range(number)
    ]


def known(papers: Sequence[Paper]) -> date:
    return max(paper.known for paper in papers)


# ---- planted


@life("planted", "D06", rate=3)
def ten_suits_within_a_year(stage: Stage) -> None:
    """At one court; sometimes one of them turns out to be somebody else's."""
    lender, since = stage.adult(28, 55), stage.day(330)
    papers = series(stage, lender, since, 10, 24)
    steps = [(known(papers), "holds")]
    if stage.rng.random() < 0.3:
        wrong, on = stage.rng.choice(papers), steps[0][0] + stage.days(15, 40)
        steps.append((wrong.delete(on), ""))
    stage.expect("D06", "listed", lender, f"{COURT}/court_1y", *steps)


@life("planted", "D06", rate=1)
def thirty_suits_on_end(stage: Stage) -> None:
    """One limit after the other: ten at the court and fifteen in the city in a year, twenty and
    thirty in three."""
    lender, since = stage.adult(28, 55), stage.day(520)
    papers = series(stage, lender, since, 30, 16, fen=(200_000, 900_000))
    for number, place, limit in (
        (10, COURT, "court_1y"),
        (15, CITY, "city_1y"),
        (20, COURT, "court_3y"),
        (30, CITY, "city_3y"),
    ):
        stage.expect("D06", "listed", lender, f"{place}/{limit}", (known(papers[:number]), "holds"))


@life("planted", "D06", rate=1)
def five_suits_and_a_million(stage: Stage) -> None:
    lender, since = stage.adult(28, 55), stage.day(230)
    papers = series(stage, lender, since, 5, 30, fen=(21_000_000, 25_000_000))
    steps = [(known(papers), "holds")]
    if stage.rng.random() < 0.4:
        on = steps[0][0] + stage.days(15, 40)  # the claim was entered with a digit too many
        steps.append((papers[2].change(on, ssbd=yuan(2_300_000)), ""))
    stage.expect("D06", "listed", lender, f"{CITY}/city_1y_1m", *steps)


@life("planted", "D06", rate=1)
def three_suits_and_ten_million(stage: Stage) -> None:
    lender, since = stage.adult(35, 58), stage.day(200)
    papers = series(stage, lender, since, 3, 50, fen=(340_000_000, 420_000_000))
    stage.expect("D06", "listed", lender, f"{CITY}/city_1y_10m", (known(papers), "holds"))


@life("planted", "D06", rate=1)
def half_the_suits_and_the_signs_of_a_trade(stage: Stage) -> None:
    lender, since = stage.adult(28, 55), stage.day(200)
    papers = series(stage, lender, since, 5, 30, fdtz="1,4")
    stage.expect("D06", "listed", lender, f"{COURT}/court_1y", (known(papers), "holds"))


@life("planted", "D06", rate=2)
def husband_and_wife_sue_in_turn(stage: Stage) -> None:
    """Neither has ten suits; both together have."""
    husband, wife, since = stage.adult(28, 55), stage.adult(28, 55), stage.day(330)
    stage.residence(wife, hh=husband.household)
    his = series(stage, husband, since, 6, 40)
    hers = series(stage, wife, since + timedelta(20), 4, 40)
    for lender in (husband, wife):
        stage.expect("D06", "listed", lender, f"{COURT}/court_1y", (known([*his, *hers]), "holds"))


@life("planted", "D06", rate=1)
def lent_before_and_no_more(stage: Stage) -> None:
    """The suits are old; three years below half the number end it."""
    lender, since = stage.adult(35, 58), stage.script.window.since - timedelta(1_250)
    papers = series(stage, lender, since, 10, 24)
    below = same_day(date.fromisoformat(str(papers[5].row["larq"])), 12)
    ends = same_day(below, 36)
    if not stage.script.window.since < ends < stage.script.window.until - timedelta(30):
        raise NoRoom("three years end in the window only where it is long enough")
    stage.expect("D06", "listed", lender, f"{COURT}/court_1y", (known(papers), "holds"), (ends, ""))


@life("planted", "D06", rate=1)
def interest_received_and_not_declared(stage: Stage) -> None:
    """Awarded to a lender who had long reached the limit; sometimes taxed late."""
    window = stage.script.window
    lender, since = stage.adult(30, 55), window.since - timedelta(300)
    papers = series(stage, lender, since, 10, 24)
    stage.expect("D06", "listed", lender, f"{COURT}/court_1y", (known(papers), "holds"))
    judged, paid = window.since + stage.days(10, 30), window.since + stage.days(40, 90)
    case = papers[-1]
    case.change(judged, jarq=judged.isoformat(), jafs="01", lxje=yuan(480_000))
    stage.open(
        "court-receipt",
        paid,
        skpzh=stage.numbers.serial("SK-"),
        ah=case.row["ah"],
        sfzh=lender.number,
        skrq=paid.isoformat(),
        skje=yuan(3_480_000),
    )
    due = rolled(same_day(paid, 12))
    overdue = max(due + timedelta(1), stage.script.complete("tax-receipt", due))
    if overdue > window.until - timedelta(90):
        raise NoRoom("a year after the payment must end in the window")
    steps = [(overdue, "holds")]
    if stage.rng.random() < 0.5:
        on = overdue + stage.days(15, 50)
        taxed = stage.open(
            "tax-receipt",
            on,
            pzh=stage.numbers.serial("SP-"),
            ah=case.row["ah"],
            nsr=lender.number,
            jkrq=on.isoformat(),
            jkje=yuan(96_000),
        )
        steps.append((taxed.known, ""))
    stage.expect("D06", "interest_tax", lender, f"tax/{COURT}/{case.row['ah']}", *steps)


@life("planted", "D06", rate=1)
def one_suit_beside_a_brother_who_lends(stage: Stage) -> None:
    """Of the household of a lender, with a single suit: no trade of the brother's."""
    lender, brother, since = stage.adult(28, 55), stage.adult(28, 55), stage.day(330)
    stage.residence(brother, hh=lender.household)
    papers = series(stage, lender, since, 10, 24)
    series(stage, brother, since + timedelta(30), 1, 1)
    stage.expect("D06", "listed", lender, f"{COURT}/court_1y", (known(papers[:9]), "holds"))


# ---- look-alikes


@life("look_alike", "D06", rate=2)
def nine_suits_within_a_year(stage: Stage) -> None:
    series(stage, stage.adult(28, 55), stage.day(300), 9, 24)


@life("look_alike", "D06", rate=1)
def ten_suits_in_thirteen_months(stage: Stage) -> None:
    series(stage, stage.adult(28, 55), stage.day(420), 10, 42)


@life("look_alike", "D06", rate=2)
def one_loan_sued_on_again(stage: Stage) -> None:
    """Withdrawn and brought again: nine loans, twelve suits."""
    lender, since = stage.adult(28, 55), stage.day(330)
    borrower = outsider(stage)
    for n in range(12):
        on = since + timedelta(n * 20)
        sue(stage, lender, borrower, on, 3_000_000, jkbh=f"JK-{lender.index}-{n % 9}")


@life("look_alike", "D06", rate=1)
def licensed_to_lend(stage: Stage) -> None:
    series(stage, LICENSED, stage.day(330), 14, 20)


@life("look_alike", "D06", rate=1)
def a_bank_on_its_loan_contracts(stage: Stage) -> None:
    series(stage, BANK, stage.day(330), 25, 10, ay="金融借款合同纠纷")


@life("look_alike", "D06", rate=1)
def half_the_suits_with_one_sign(stage: Stage) -> None:
    series(stage, stage.adult(28, 55), stage.day(230), 6, 30, fdtz="1")


# ---- ordinary


@life("ordinary", "D06", rate=25)
def a_loan_among_friends(stage: Stage) -> None:
    """Sued on once, judged, paid."""
    lender, borrower, on = outsider(stage), outsider(stage), stage.day(120)
    paper = sue(stage, lender, borrower, on, stage.rng.randrange(500_000, 9_000_000, 10_000))
    closed = on + stage.days(30, 80)
    paper.change(
        closed,
        jarq=closed.isoformat(),
        jafs=stage.rng.choice(("01", "02", "04")),
        lxje=yuan(stage.rng.randrange(0, 300_000, 1_000)),
    )


@life("ordinary", "D06", rate=1)
def a_lender_of_long_standing(stage: Stage) -> None:
    """Many rows that say nothing: two or three suits a year, for ten years."""
    lender = stage.adult(40, 58)
    since = stage.script.window.since - timedelta(3_200)
    series(stage, lender, since, 24, 150)
