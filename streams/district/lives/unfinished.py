"""Executions closed without a result, and the list of defaulters (D14)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from schemas.identifiers import credit_number
from streams.district.calendar import rolled, same_day
from streams.district.lives import Stage, life
from streams.district.lives.outsiders import outsider
from streams.district.people import Person
from streams.district.places import AGENCIES, REGION
from streams.district.rows import yuan
from streams.district.script import Paper

COURT = AGENCIES["court"].code

#: A bank that enforces; it is in no life.
CREDITOR = credit_number("91", REGION, 870_001)

CLOSED, DONE, ENDED = "02", "01", "03"  # 终本, 执行完毕, 终结


def enforce(stage: Stage, debtor: Person, on: date, **columns: Any) -> Paper:
    """An execution is filed against the debtor, on a judgment of the civil court."""
    row: dict[str, Any] = {
        "ah": stage.numbers.court("执", on.year),
        "yjwh": stage.numbers.court("民初", on.year - 1),
        "bzxr": debtor.number,
        "bzxrmc": debtor.name,
        "sqr": CREDITOR,
        "sqrmc": "望潮农商银行",
        "ay": "借款合同纠纷",
        "larq": on.isoformat(),
        "sqje": yuan(8_000_000),
    }
    return stage.open("court-execution", on, **{**row, **columns})


def close(case: Paper, on: date, how: str = CLOSED, left: int = 7_500_000) -> date:
    """It is closed; returns the day on which that is known."""
    return case.change(on, jarq=on.isoformat(), jafs=how, wdwje=yuan(left))


def step(stage: Stage, case: Paper, code: str, on: date) -> Paper:
    """The court asks the registers (``61``) or takes the case up again (``62``)."""
    return stage.open(
        "court-step",
        on,
        lcxh=stage.numbers.serial("LC-"),
        ah=case.row["ah"],
        zjhm=case.row["bzxr"],
        lcdm=code,
        fsrq=on.isoformat(),
    )


def asked(stage: Stage, case: Paper, since: date, until: date | None = None) -> date:
    """The registers are asked every five months or so, to the end; returns the last query."""
    last, end = since, until or stage.script.window.until
    while (on := last + stage.days(140, 170)) < end:
        step(stage, case, "61", on)
        last = on
    return last


def unfinished(stage: Stage, before_end: int = 250, **columns: Any) -> tuple[Person, Paper, date]:
    """An execution closed without a result four months and more after it was filed."""
    debtor, closed_on = outsider(stage), stage.day(before_end)
    case = enforce(stage, debtor, closed_on - stage.days(120, 200), **columns)
    close(case, closed_on)
    return debtor, case, closed_on


def fund(stage: Stage, owner: Person, on: date, fen: int, **columns: Any) -> Paper:
    """An account with the housing fund."""
    row: dict[str, Any] = {
        "zhbh": stage.numbers.serial("GJJ"),
        "sfzh": owner.number,
        "xm": owner.name,
        "ye": yuan(fen),
        "khrq": on.isoformat(),
    }
    return stage.open("fund-holding", on, **{**row, **columns})


def realty(stage: Stage, owner: Person, on: date, fen: int | None, **columns: Any) -> Paper:
    """A dwelling in the register of realty."""
    row: dict[str, Any] = {
        "bdcqzh": f"鲁（{on.year}）望潮区不动产权第{stage.numbers.serial('BDC')}号",
        "zjhm": owner.number,
        "qlr": owner.name,
        "gyfe": 100,
        "pgjz": None if fen is None else yuan(fen),
        "djrq": on.isoformat(),
    }
    return stage.open("resources-holding", on, **{**row, **columns})


def number(case: Paper) -> str:
    return f"{COURT}/{case.row['ah']}"


def overdue(stage: Stage, feed: str, due: date) -> date:
    """The day on which it is known that nothing was done by then."""
    return max(due + timedelta(1), stage.script.complete(feed, due))


# ---- planted


@life("planted", "D14", rate=4)
def a_housing_fund_nobody_looks_at(stage: Stage) -> None:
    """Seen after the closing; mortgaged later, paid out, or taken up again too late."""
    debtor, case, closed_on = unfinished(stage, 360)
    account = fund(stage, debtor, closed_on + stage.days(20, 60), 1_200_000)
    steps = [(max(account.known, case.known), "holds")]
    chance, later = stage.rng.random(), steps[0][0] + stage.days(20, 60)
    if chance < 0.25:
        asked(stage, case, closed_on)
        steps.append((account.change(later, djje=yuan(1_150_000)), ""))
    elif chance < 0.5:
        asked(stage, case, closed_on)
        steps.append((account.change(later, xhrq=later.isoformat()), ""))
    elif chance < 0.75:
        on = closed_on + stage.days(260, 300)
        asked(stage, case, closed_on, on)
        steps.append((step(stage, case, "62", on).known, "cured"))
    else:
        asked(stage, case, closed_on)
    obligation = f"{number(case)}/property/{account.record_key}"
    stage.expect("D14", "property_seen", debtor, obligation, *steps)


@life("planted", "D14", rate=3)
def a_dwelling_held_all_along(stage: Stage) -> None:
    """Closed though the register shows a dwelling; sometimes without a value."""
    debtor, case, closed_on = unfinished(stage, 200)
    bought = closed_on - stage.days(900, 3_000)
    dwelling = realty(stage, debtor, bought, stage.rng.choice((None, 90_000_000)))
    asked(stage, case, closed_on)
    known = max(case.known, dwelling.known)
    obligation = f"{number(case)}/property/{dwelling.record_key}"
    stage.expect("D14", "property_seen", debtor, obligation, (known, "holds"))


@life("planted", "D14", rate=4)
def registers_not_asked(stage: Stage) -> None:
    """No query for more than six months; sometimes asked then, and on time from there on."""
    debtor, case, closed_on = unfinished(stage, 330)
    due = rolled(same_day(closed_on, 6))
    steps = [(overdue(stage, "court-step", due), "holds")]
    if stage.rng.random() < 0.5:
        on = steps[0][0] + stage.days(15, 40)
        late = step(stage, case, "61", on)
        steps.append((late.known, "cured"))
        asked(stage, case, on)
    stage.expect("D14", "no_query", debtor, f"{number(case)}/query", *steps)


@life("planted", "D14", rate=3)
def closed_within_weeks(stage: Stage) -> None:
    debtor, closed_on = outsider(stage), stage.day(200)
    case = enforce(stage, debtor, closed_on - stage.days(25, 80))
    known = close(case, closed_on)
    steps = [(known, "holds")]
    if stage.rng.random() < 0.3:  # the day of filing was entered wrongly
        filed = closed_on - timedelta(150)
        steps.append((case.change(known + stage.days(15, 40), larq=filed.isoformat()), ""))
    asked(stage, case, closed_on)
    stage.expect("D14", "closed_too_early", debtor, f"{number(case)}/early", *steps)


# ---- look-alikes


@life("look_alike", "D14", rate=3)
def a_dwelling_pledged_in_full(stage: Stage) -> None:
    debtor, case, closed_on = unfinished(stage)
    realty(stage, debtor, closed_on - timedelta(800), 60_000_000, dyje=yuan(70_000_000))
    asked(stage, case, closed_on)


@life("look_alike", "D14", rate=2)
def an_account_of_a_few_yuan(stage: Stage) -> None:
    debtor, case, closed_on = unfinished(stage)
    fund(stage, debtor, closed_on - timedelta(400), 38_000)
    asked(stage, case, closed_on)


@life("look_alike", "D14", rate=2)
def sold_before_the_closing(stage: Stage) -> None:
    debtor, case, closed_on = unfinished(stage)
    sold = closed_on - timedelta(200)
    realty(stage, debtor, sold - timedelta(900), 60_000_000, zxrq=sold.isoformat())
    asked(stage, case, closed_on)


@life("look_alike", "D14", rate=3)
def taken_up_again_before_the_property_came(stage: Stage) -> None:
    debtor, case, closed_on = unfinished(stage, 300)
    on = closed_on + stage.days(120, 150)
    step(stage, case, "62", on)
    fund(stage, debtor, on + timedelta(10), 900_000)


# ---- ordinary


@life("ordinary", "D14", rate=40)
def enforced_in_full(stage: Stage) -> None:
    """Most executions end well."""
    debtor, filed = outsider(stage), stage.day(200)
    case = enforce(stage, debtor, filed)
    close(case, filed + stage.days(20, 170), DONE, 0)


@life("ordinary", "D14", rate=30)
def a_housing_fund_without_debts(stage: Stage) -> None:
    owner = outsider(stage)
    fund(stage, owner, stage.script.window.since - stage.days(200, 4_000), 4_500_000)
