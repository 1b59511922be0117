"""Papers of trades: posts and certificates, who was queried, what courts and police entered."""

from __future__ import annotations

from datetime import date, timedelta

from schemas.identifiers import credit_number
from streams.district.calendar import rolled
from streams.district.lives.justice import serve
from streams.district.lives.stage import NoRoom, Stage
from streams.district.people import Person
from streams.district.places import AGENCIES, REGION
from streams.district.rows import ten_thousand_yuan, yuan
from streams.district.script import Paper

ROLES = {
    "legal_rep": "1",
    "director": "2",
    "supervisor": "3",
    "executive": "4",
    "manager": "5",
    "food_safety": "6",
    "teacher": "11",
    "staff_minors": "12",
    "guard": "21",
    "driver": "31",
    "shareholder": "90",
}
FOOD, SCHOOL, GUARDS, TAXIS, TESTS, SHOPS = "H62", "P83", "L7271", "G5413", "M7451", "F5281"
LEAVE = timedelta(30)  # product term for leaving a post that was held before the ban

COURT = AGENCIES["court"].code
DETENTION, IMPRISONMENT = "02", "03"


def grown_up(stage: Stage, low: int, high: int) -> Person:
    """Someone of that age on the first day, with or without a driving licence."""
    return stage.take("anyone", lambda person: low <= person.age <= high)


def unit(stage: Stage, word: str) -> tuple[str, str]:
    """The credit code and name of a school or firm that is in no other life."""
    number = int(stage.numbers.serial("", width=1))
    return credit_number("91", REGION, 600_000 + number), f"望潮第{number}{word}"


def appoint(
    stage: Stage,
    person: Person,
    role: str,
    since: date,
    sector: str,
    at: tuple[str, str],
    *,
    feed: str = "market-post",
    until: date | None = None,
) -> Paper:
    """A post; who leaves it later is entered then."""
    number, name = at
    paper = stage.open(
        feed,
        since,
        rzbh=stage.numbers.serial("RZ-"),
        dwdm=number,
        dwmc=name,
        sfzh=person.number,
        xm=person.name,
        gw=ROLES[role],
        rzrq=since.isoformat(),
        hydm=sector,
    )
    if until is not None:
        leave(paper, until)
    return paper


def leave(paper: Paper, on: date) -> date:
    """The post ends; returns the day on which that is known."""
    return paper.change(on, lrrq=on.isoformat())


def post_key(paper: Paper) -> str:
    """The key of the post that a person is told: it begins with who tells it."""
    return f"organisation:{paper.row['dwdm']}/{paper.record_key}"


def certificate(
    stage: Stage, feed: str, person: Person, on: date, *, valid_until: date | None = None
) -> Paper:
    """A teacher's, guard's or ride-hailing driver's certificate."""
    number = {"education-teacher": "zsbh"}.get(feed, "zjbh")
    row: dict[str, object] = {
        number: stage.numbers.serial("ZJ-"),
        "sfzh": person.number,
        "xm": person.name,
        "fzrq": on.isoformat(),
        "zt": "1",
    }
    if valid_until is not None:
        row["yxqz"] = valid_until.isoformat()
    return stage.script.open(feed, on, row)


def convict(
    stage: Stage,
    person: Person,
    charge: str,
    effective: date,
    *,
    penalty: str = IMPRISONMENT,
    until: date | None = None,
    **columns: object,
) -> Paper:
    """A judgment that takes effect on a day, ten days after it was pronounced."""
    pronounced = effective - timedelta(11)
    row: dict[str, object] = {
        "ah": stage.numbers.court("刑初", pronounced.year),
        "sfzh": person.number,
        "xm": person.name,
        "zm": charge,
        "pjjg": "1",
        "xz": penalty,
        "xprq": pronounced.isoformat(),
        "sxrq": effective.isoformat(),
        "xqzr": until.isoformat() if until else None,
    }
    paper = stage.script.open("court-judgment", effective, {**row, **columns})
    if effective > stage.script.window.since - timedelta(60):
        serve(stage, person, paper)  # as it ought to be: no other alert comes of it
    return paper


def case_no(judgment: Paper) -> str:
    return f"{COURT}/{judgment.row['ah']}"


def queried(stage: Stage, person: Person, at: tuple[str, str], on: date) -> Paper:
    """The employer asks whether a person's record is clean."""
    return stage.open(
        "procuratorate-query",
        on,
        cxbh=stage.numbers.serial("CX-"),
        sfzh=person.number,
        dwdm=at[0],
        cxrq=on.isoformat(),
    )


def queried_always(
    stage: Stage, person: Person, at: tuple[str, str], since: date, *, until: date = date.max
) -> None:
    """Queried before hiring and in every year after it."""
    queried(stage, person, at, since - stage.days(2, 40))
    for year in range(since.year + 1, min(until, stage.script.window.until).year + 1):
        queried(stage, person, at, date(year, 3, 1) + stage.days(0, 200))


def detained(stage: Stage, person: Person, on: date, cause: str = "0501") -> Paper:
    """Administrative detention by the police."""
    return stage.open(
        "police-penalty",
        on,
        cfwsh=stage.numbers.next("潮公行罚决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        ay=cause,
        cflb="行政拘留,罚款",
        fkje=yuan(50_000),
        wfrq=(on - timedelta(2)).isoformat(),
        larq=(on - timedelta(1)).isoformat(),
        jdrq=on.isoformat(),
        sdrq=on.isoformat(),
    )


def isolated(stage: Stage, person: Person, on: date, kind: str = "2") -> Paper:
    """Compulsory isolation for drugs (1: community treatment)."""
    return stage.open(
        "police-drug-order",
        on,
        jdbh=stage.numbers.next("潮公强戒决", on.year),
        gmsfhm=person.number,
        xm=person.name,
        jdlx=kind,
        jdrq=on.isoformat(),
        dqrq=(on + timedelta(730)).isoformat(),
    )


def food_licence_taken(stage: Stage, person: Person, on: date) -> Paper:
    """A penalty that takes the food licence of a person's own business."""
    return stage.open(
        "market-case",
        on,
        cf_wsh=stage.numbers.next("潮市监处罚", on.year),
        cf_xdr_mc=person.name,
        cf_xdr_dm=person.number,
        cf_wfxw="11",
        cf_cflb="吊销许可证件,罚款",
        cf_nr_fk=ten_thousand_yuan(5_000_000),
        cf_jdrq=on.isoformat(),
        wfrq=(on - timedelta(40)).isoformat(),
    )


def ended(stage: Stage, day: date) -> tuple[tuple[date, str], ...]:
    """The step with which an alert ends by law, where that day lies in the window."""
    until = stage.script.window.until
    if until - timedelta(15) <= day <= until + timedelta(15):
        raise NoRoom("the ban ends with the window")
    return ((day, ""),) if day < until else ()


def past(stage: Stage, years: float) -> date:
    """A day so many years before the first."""
    return stage.script.window.since - timedelta(int(years * 365)) - stage.days(0, 20)


def obligation(ban: str, ground: str, post: Paper) -> str:
    """The obligation of a ban, its ground and a post."""
    return "/".join(filter(None, (ban, ground, post_key(post))))


def barred(
    stage: Stage, person: Person, ban: str, ground: str, post: Paper, *steps: tuple[date, str]
) -> None:
    """Plant what D12 says of a post under a ban."""
    stage.expect("D12", ban, person, obligation(ban, ground, post), *steps)


def told_after(since: date, *known: date) -> date:
    """When it is told that someone who was there before is still there a month later."""
    return max(rolled(since + LEAVE) + timedelta(1), *known)
