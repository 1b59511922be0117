"""Papers of community correction: the conviction, the file, and what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from streams.district.lives import Stage
from streams.district.lives.criminal.case import (
    DAY,
    calm,
    months_after,
    put_step,
)
from streams.district.people import Person
from streams.district.script import Paper

_EVENTS = {
    "notice_received": "01",
    "reported": "03",
    "admonition": "04",
    "warning": "05",
    "lost": "06",
    "found": "07",
    "leave": "08",
    "told_of_detention": "11",
    "proposal_revoke": "12",
    "proposal_recall": "13",
    "proposal_arrest": "14",
    "closed": "15",
}


def convict(
    stage: Stage, person: Person, effective: date, *, penalty: str = "03", **columns: object
) -> Paper:
    """A conviction that takes effect on a day, entered on it."""
    pronounced = effective - timedelta(11)
    return stage.open(
        "court-judgment",
        effective,
        entered=effective,
        note="",
        ah=stage.numbers.court("刑初", pronounced.year),
        sfzh=person.number,
        xm=person.name,
        zm="264",
        pjjg="1",
        xz=penalty,
        xprq=pronounced.isoformat(),
        sxrq=effective.isoformat(),
        **columns,
    )


def tell(stage: Stage, person: Person, verdict: Paper, effective: date) -> None:
    """The court's notice and papers, in time."""
    for step in ("notice", "papers"):
        number = str(verdict.row["ah"])
        put_step(stage, person, number, "court-case", step, effective + timedelta(2))


@dataclass(slots=True)
class Spell:
    """The file of one person at the office."""

    stage: Stage
    person: Person
    paper: Paper

    @classmethod
    def begin(
        cls,
        stage: Stage,
        person: Person,
        kind: str,
        since: date,
        until: date,
        effective: date,
        case_no: object = None,
    ) -> Spell:
        """A file opened on the day on which the person came; closed when the term is over."""
        paper = stage.open(
            "justice-correction",
            since,
            entered=since,
            jzbh=stage.numbers.serial("SJ-"),
            ah=case_no or stage.numbers.court("刑初", since.year),
            sfzh=person.number,
            xm=person.name,
            jzlb=kind,
            sxrq=effective.isoformat(),
            rjrq=since.isoformat(),
            qmrq=until.isoformat(),
            jzd="望潮街道司法所",
        )
        return cls(stage, person, paper)

    @property
    def number(self) -> str:
        return str(self.paper.row["jzbh"])

    def event(self, kind: str, on: date, until: date | None = None) -> Paper:
        return self.stage.open(
            "justice-event",
            on,
            entered=on,
            sxbh=self.stage.numbers.serial("SX-"),
            jzbh=self.number,
            sfzh=self.person.number,
            sxlx=_EVENTS[kind],
            fsrq=on.isoformat(),
            jzrq=until.isoformat() if until else None,
        )

    def close(self, on: date, why: str = "1") -> date:
        return self.paper.change(on, entered=on, jjyy=why)


def probation(stage: Stage, before_end: int) -> tuple[Person, Paper, date, Spell]:
    """Sentenced, told of, reported in within days; the term goes on beyond what is played."""
    person = stage.take("pedestrian")
    effective = calm(stage.day(before_end, after_start=30))
    until = months_after(effective, 48) - DAY
    verdict = convict(stage, person, effective, xqys=24, hxqz=until.isoformat())
    tell(stage, person, verdict, effective)
    since = effective + stage.days(3, 9)
    spell = Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])
    return person, verdict, since, spell


def expect(stage: Stage, rule: str, person: Person, key: str, *steps: tuple[date, str]) -> None:
    stage.expect("D10", rule, person, key, *steps)
