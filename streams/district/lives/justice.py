"""Papers of criminal justice: police measures, the court's judgment, the prison's register."""

from __future__ import annotations

from datetime import date, timedelta

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
    if until is not None:
        entered = until + timedelta(2)
        paper.change(until, entered=entered, jsrq=until.isoformat(), jsyy=ENDS[end or "changed"])
    return paper


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
    return stage.open(
        "court-judgment",
        effective,
        ah=stage.numbers.court("刑初", pronounced.year),
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
