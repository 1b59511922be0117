"""Papers of criminal justice: police measures, the court's judgment, the prison's register."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.lives.criminal.case import DAY, Case, Clock, months_after, put_step
from streams.district.lives.stage import Stage
from streams.district.people import Person
from streams.district.script import Paper

_MEASURES = {
    "wanted": "01",
    "detention": "02",
    "arrest": "03",
    "bail": "04",
    "administrative": "06",
}
ENDS = {"changed": "10", "acquitted": "20", "withdrawn": "22", "expired": "30", "served": "31"}
_THEFT, _FRAUD = "264", "266"


def hold(
    stage: Stage,
    person: Person,
    kind: str,
    since: date,
    until: date | None,
    case_no: str,
    end: str = "",
) -> Paper:
    """A police measure; entered on its first day, closed two days after its last.

    So the measure that follows is there before the one before it ends: nobody seems free between.
    """
    paper = stage.open(
        "police-restraint",
        since,
        entered=since,
        csbh=stage.numbers.serial("QZ-"),
        ajbh=case_no,
        gmsfhm=person.number,
        xm=person.name,
        cslx=_MEASURES[kind],
        ksrq=since.isoformat(),
        zxcs="望潮区看守所" if kind in ("detention", "arrest") else None,
    )
    if kind in ("detention", "arrest"):
        accompany(stage, person, kind, since, until, case_no, paper)
    if until is not None:
        entered = until + timedelta(2)
        paper.change(until, entered=entered, jsrq=until.isoformat(), jsyy=ENDS[end or "changed"])
    return paper


def accompany(
    stage: Stage,
    person: Person,
    kind: str,
    since: date,
    until: date | None,
    case_no: str,
    paper: Paper,
) -> None:
    """The approvals that make custody lawful to its end: thirty days of detention and a request in
    time, the months of the investigation; each well before the former last day."""
    if kind == "detention":
        clock = Clock(Case(stage, person, case_no), kind, since, paper, since + timedelta(3))
        put_step(stage, person, case_no, "police-step", "extended", since + DAY, yy="2")
        clock.moves.append((since + DAY, since + timedelta(30)))
        if until is not None and until > since + timedelta(4):
            asked = until - DAY
            for step, day in (("arrest_requested", asked), ("arrest_reviewed", until)):
                put_step(stage, person, case_no, "procuratorate-case", step, day, glah=case_no)
            clock.ended = asked, asked
        elif until is not None:
            clock.ended = until + timedelta(2), until
        clock.expect()
        return
    last = until or since + timedelta(200)
    due = months_after(since, 2)
    for step, months in (("s156", 1), ("s158", 2), ("s159", 2)):
        if due > last + timedelta(12):
            break
        put_step(stage, person, case_no, "police-step", step, due - timedelta(12))
        due = months_after(due, months)


def police_case(stage: Stage, day: date) -> str:
    return stage.numbers.next("潮公刑立", day.year)


def judge(
    stage: Stage,
    person: Person,
    pronounced: date,
    *,
    outcome: str = "1",
    penalty: str = "",
    months: int | None = None,
    since: date | None = None,
    until: date | None = None,
    probation_until: date | None = None,
) -> Paper:
    """The court's judgment, effective ten days on."""
    effective = pronounced + timedelta(11)
    number = stage.numbers.court("刑初", pronounced.year)
    if probation_until is not None or penalty == "01":  # to be served outside: the office is told
        for step in ("notice", "papers"):
            put_step(stage, person, number, "court-case", step, effective + timedelta(2))
    return stage.open(
        "court-judgment",
        effective,
        ah=number,
        sfzh=person.number,
        xm=person.name,
        zm=stage.rng.choice((_THEFT, _FRAUD)),
        pjjg=outcome,
        xz=penalty or None,
        xqys=months,
        xprq=pronounced.isoformat(),
        sxrq=effective.isoformat(),
        xqqr=since.isoformat() if since else None,
        xqzr=until.isoformat() if until else None,
        hxqz=probation_until.isoformat() if probation_until else None,
    )


def imprison(stage: Stage, person: Person, case_no: object, since: date, until: date) -> Paper:
    """The prison's register: entered at arrival, closed at release."""
    paper = stage.open(
        "prison-restraint",
        since,
        entered=since,
        fxbh=stage.numbers.serial("FX-"),
        ah=case_no,
        sfzh=person.number,
        xm=person.name,
        ryrq=since.isoformat(),
        jym="望潮监狱",
    )
    paper.change(until, cyrq=until.isoformat(), cyyy="02")
    return paper


def supervise(
    stage: Stage, person: Person, kind: str, since: date, until: date, case_no: object = None
) -> Paper:
    """Community correction from entry to the end of the term, and closed on it."""
    paper = stage.open(
        "justice-correction",
        since,
        jzbh=stage.numbers.serial("SJ-"),
        ah=case_no or stage.numbers.court("刑初", since.year),
        sfzh=person.number,
        xm=person.name,
        jzlb=kind,
        sxrq=(since - timedelta(7)).isoformat(),
        rjrq=since.isoformat(),
        qmrq=until.isoformat(),
        jzd="望潮街道司法所",
    )
    known = paper.known
    paper.change(until, jjyy="1")
    paper.known = known  # of the entry: what is asked for here
    return paper


def serve(stage: Stage, person: Person, verdict: Paper) -> None:
    """What follows on a conviction in force: the office is told and the person reports in, or the
    prison takes the person in; each in time."""
    row = verdict.row
    effective, number = date.fromisoformat(str(row["sxrq"])), str(row["ah"])
    if row["hxqz"]:
        until = date.fromisoformat(str(row["hxqz"]))
        for step in ("notice", "papers"):
            put_step(stage, person, number, "court-case", step, effective + timedelta(2))
        supervise(stage, person, "2", effective + timedelta(5), until, number)
    elif row["xz"] in ("03", "04", "05"):
        ends = date.fromisoformat(str(row["xqzr"])) if row["xqzr"] else effective + timedelta(900)
        if ends > effective:
            imprison(stage, person, number, effective, ends)
