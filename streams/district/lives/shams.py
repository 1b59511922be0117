"""Suits in batches (D05): made up by an employer and an agent, or real arrears of many workers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from schemas.identifiers import credit_number
from streams.district.lives import Stage, life
from streams.district.lives.outsiders import outsider
from streams.district.organisations import Organisation
from streams.district.people import Person
from streams.district.places import AGENCIES, REGION
from streams.district.rows import yuan
from streams.district.script import Paper

WAGES = "追索劳动报酬纠纷"

#: Others who enforce against an employer.
SUPPLIER = credit_number("91", REGION, 870_002)


def claim(
    stage: Stage,
    worker: Person,
    employer: Organisation,
    on: date,
    fen: int,
    *,
    agent: Person | None = None,
    kind: str = "2",
    settled: int | None = 1,
    **columns: Any,
) -> Paper:
    """A wage suit, entered when it is settled: so many days after the filing; None: still open."""
    closed = None if settled is None else on + timedelta(settled)
    row: dict[str, Any] = {
        "ah": stage.numbers.court("民初", on.year),
        "ay": WAGES,
        "larq": on.isoformat(),
        "jarq": closed.isoformat() if closed else None,
        "jafs": "02" if closed else None,
        "ssbd": yuan(fen),
        "yg": worker.number,
        "ygmc": worker.name,
        "bg": employer.number,
        "bgmc": employer.name,
        "dlr": agent.number if agent else None,
        "dlrlb": kind if agent else None,
        "dlrf": "1" if agent else None,
        "bgqx": "0",
    }
    entered = closed if settled is not None and settled <= 2 else None
    return stage.open("court-civil", on, entered=entered, **{**row, **columns})


def insured(
    stage: Stage, worker: Person, employer: Organisation | str, since: date, until: date | None
) -> Paper:
    """Insured through an employer."""
    number, name = (
        (employer, "望潮他处有限公司")
        if isinstance(employer, str)
        else (employer.number, employer.name)
    )
    return stage.open(
        "hrss-enrolment",
        since,
        cbxh=stage.numbers.serial("CB-"),
        sfzh=worker.number,
        xm=worker.name,
        tyshxydm=number,
        dwmc=name,
        xzlx="110",
        ksrq=since.isoformat(),
        jsrq=until.isoformat() if until else None,
        bj="0",
    )


def ordered(stage: Stage, employer: Organisation, on: date) -> Paper:
    """The labour inspection orders the employer to pay."""
    return stage.open(
        "hrss-inspection",
        on,
        lcxh=stage.numbers.serial("LJ-"),
        ah=stage.numbers.next("潮人社监令", on.year),
        zjhm=employer.number,
        lcdm="01",
        fsrq=on.isoformat(),
    )


def owes_others(stage: Stage, employer: Organisation, on: date) -> Paper:
    """A supplier enforces against the employer."""
    return stage.open(
        "court-execution",
        on,
        ah=stage.numbers.court("执", on.year),
        yjwh=stage.numbers.court("民初", on.year),
        bzxr=employer.number,
        bzxrmc=employer.name,
        sqr=SUPPLIER,
        sqrmc="望潮供应链有限公司",
        ay="买卖合同纠纷",
        larq=on.isoformat(),
        sqje=yuan(120_000_000),
    )


def batch(
    stage: Stage, number: int = 10, before_end: int = 170, **columns: Any
) -> tuple[Organisation, Person, list[Paper], date]:
    """So many suits of three sums within three weeks, brought by one employee of the employer."""
    employer, agent, on = stage.company(), outsider(stage), stage.day(before_end)
    papers = [
        claim(
            stage,
            outsider(stage),
            employer,
            on + timedelta(2 * n),
            (3_000_000, 3_200_000, 3_500_000)[n % 3],
            agent=agent,
            **columns,
        )
        for n in range(number)
    ]
    return employer, agent, papers, on


def known(papers: list[Paper]) -> date:
    return max(paper.known for paper in papers)


# ---- planted


@life("planted", "D05", rate=2)
def made_up_with_an_employee_as_agent(stage: Stage) -> None:
    """Ten suits of three sums, settled the day after; it ends when they leave the window."""
    employer, agent, papers, on = batch(stage)
    steps = [(known(papers), "holds"), (on + timedelta(90), "")]
    stage.expect("D05", "batch", employer, f"{{{agent.number}}}/{on.year}", *steps)


@life("planted", "D05", rate=1)
def made_up_against_other_creditors(stage: Stage) -> None:
    """Others enforce already; sums differ, some take longer, and the batch goes on for months."""
    employer, agent, on = stage.company(), outsider(stage), stage.day(200)
    owes_others(stage, employer, on - timedelta(60))
    papers = [
        claim(
            stage,
            outsider(stage),
            employer,
            on + timedelta(6 * n),
            2_000_000 + 170_000 * n,
            agent=agent,
            kind="3",
            settled=2,
        )
        for n in range(14)
    ]
    # Ten lie within ninety days up to the day on which the fifth leaves them.
    ends = on + timedelta(6 * 4 + 90)
    steps = [(known(papers[:10]), "holds"), (ends, "")]
    stage.expect("D05", "batch", employer, f"{{{agent.number}}}/{on.year}", *steps)


@life("planted", "D05", rate=1)
def real_after_all(stage: Stage) -> None:
    """It looked made up until the labour inspection's order came to light."""
    employer, agent, papers, on = batch(stage)
    order = ordered(stage, employer, on + timedelta(18 + 15 + 10))
    steps = [(known(papers), "holds"), (order.known, "")]
    stage.expect("D05", "batch", employer, f"{{{agent.number}}}/{on.year}", *steps)


@life("planted", "D05", rate=2)
def a_great_claim_before_the_bankruptcy(stage: Stage) -> None:
    """A manager claims wages of years; months later the company files for bankruptcy."""
    employer, manager, on = stage.company(), outsider(stage), stage.day(260)
    case = claim(stage, manager, employer, on, 46_000_000 + stage.rng.randrange(9) * 1_000_000)
    filed = stage.company_event(employer, "71", on + stage.days(40, 150))
    steps = [(max(case.known, filed.known), "holds")]
    if stage.rng.random() < 0.4:
        later = steps[0][0] + stage.days(15, 40)
        steps.append((case.change(later, jafs="04"), ""))
    obligation = f"{case_number(case)}/bankruptcy"
    stage.expect("D05", "before_bankruptcy", employer, obligation, *steps)


def case_number(case: Paper) -> str:
    return f"{AGENCIES['court'].code}/{case.row['ah']}"


def lately(
    stage: Stage, *, work: bool, alike: bool, **columns: Any
) -> tuple[Organisation, Person, list[Paper], date]:
    """Ten suits shortly before the end. ``work``: the plaintiffs were insured there, for years;
    ``alike``: of one sum."""
    employer, agent = stage.company(), outsider(stage)
    on = stage.script.window.until - timedelta(50)
    papers = []
    for n in range(10):
        worker, fen = outsider(stage), 2_800_000 + (0 if alike else 240_000 * n)
        if work:
            insured(stage, worker, employer, on - timedelta(600), on - timedelta(10))
        papers.append(
            claim(stage, worker, employer, on + timedelta(n), fen, agent=agent, **columns)
        )
    return employer, agent, papers, on


@life("planted", "D05", rate=4)
def made_up_lately(stage: Stage) -> None:
    """More or fewer signals: 60 points, 65, 80 or 100."""
    worked, settled, others = stage.rng.choice(
        ((True, 1, False), (False, None, False), (False, 1, False), (False, 1, True))
    )
    employer, agent, papers, on = lately(stage, work=worked, alike=True, settled=settled)
    holds = known(papers)
    if others:
        owes_others(stage, employer, on - timedelta(60))
    if settled is None:  # sixty points only with the insurance, which must be known first
        last = on + timedelta(9)
        holds = max(holds, stage.script.complete("hrss-enrolment", last))
    stage.expect("D05", "batch", employer, f"{{{agent.number}}}/{on.year}", (holds, "holds"))
