"""The papers of one criminal case, and what a monitor says of its custody day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from streams.district.calendar import month_end, month_start, rolled, same_day
from streams.district.lives.stage import Stage
from streams.district.people import Person
from streams.district.places import AGENCIES
from streams.district.script import Paper

DAY = timedelta(1)
POLICE, COURT = AGENCIES["police"].code, AGENCIES["court"].code
PROCURATORATE = AGENCIES["procuratorate"].code

_FEEDS = {
    "police-step": {
        "filed": "101",
        "sent_for_prosecution": "102",
        "withdrawn": "103",
        "investigation_ended": "104",
        "reconsideration_asked": "106",
        "med_opinion": "108",
        "s156": "156",
        "s158": "158",
        "s159": "159",
        "restart_160": "160",
        "extended": "109",
        "moved": "193",
    },
    "lockup-step": {"warning_sent": "1", "released": "3", "handed_over": "4"},
    "procuratorate-case": {
        "review": "301",
        "s172": "172",
        "returned_for_supplement": "302",
        "resubmitted": "303",
        "arrest_requested": "304",
        "arrest_reviewed": "305",
        "filing_ordered": "306",
        "med_application": "307",
        "review_ended": "308",
        "reconsidered": "309",
    },
    "court-case": {
        "first_instance": "202",
        "second_instance": "203",
        "s208": "208",
        "s220": "220",
        "s243": "243",
        "notice": "211",
        "papers": "212",
        "ruled_revocation": "213",
        "recall_decided": "214",
        "arrest_decided": "215",
        "med_accepted": "216",
        "med_decided": "217",
    },
}
_MEASURES = {"wanted": "01", "detention": "02", "arrest": "03", "bail": "04", "residence": "05"}
ENDS = {"changed": "10", "acquitted": "20", "withdrawn": "22", "expired": "30", "lifted": "32"}


def put_step(
    stage: Stage, person: Person, case_no: str, feed: str, step: str, on: date, **columns: object
) -> Paper:
    """A step of any organ, entered on its own day."""
    return stage.open(
        feed,
        on,
        entered=on,
        note="",
        lcxh=stage.numbers.serial("LC-"),
        ajbh=case_no,
        sfzh=person.number,
        lcdm=_FEEDS[feed][step],
        fsrq=on.isoformat(),
        **columns,
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months on; from the last day of a month, the last day."""
    if day == month_end(day):
        return month_end(month_start(day, months))
    return same_day(day, months)


def calm(day: date) -> date:
    """A day from which months run to the same day: not near the end of its month."""
    return day.replace(day=min(day.day, 27))


def onward(day: date) -> date:
    """The same, not before the day itself."""
    while day.day > 27:
        day += DAY
    return day


@dataclass(slots=True)
class Case:
    """A case of the police under one number, with the papers of the other organs."""

    stage: Stage
    person: Person
    number: str
    opened: Paper | None = None
    trial: str = ""  #: the court's number

    @classmethod
    def begin(cls, stage: Stage, person: Person, on: date, **columns: object) -> Case:
        """A case that the police opened on a day."""
        number = stage.numbers.next("潮公刑立", on.year)
        row = {"ay": "264", "jd": "0", "jjfz": "0", **columns}
        opened = stage.open(
            "police-case",
            on,
            entered=on,
            note="",
            ajbh=number,
            sfzh=person.number,
            xm=person.name,
            larq=on.isoformat(),
            **row,
        )
        return cls(stage, person, number, opened)

    @property
    def key(self) -> str:
        return f"{POLICE}/{self.number}"

    def close(self, on: date) -> date:
        """The police withdraw the case."""
        self.step("police-step", "withdrawn", on)
        if self.opened is None:
            return on
        return self.opened.change(on, entered=on, jarq=on.isoformat(), jafs="2")

    def measure(self, kind: str, since: date, entered: date | None = None) -> Paper:
        """A measure of the police, entered on its first day."""
        return self.stage.open(
            "police-restraint",
            since,
            entered=entered or since,
            csbh=self.stage.numbers.serial("QZ-"),
            ajbh=self.number,
            gmsfhm=self.person.number,
            xm=self.person.name,
            cslx=_MEASURES[kind],
            ksrq=since.isoformat(),
            zxcs="望潮区看守所" if kind in ("detention", "arrest") else None,
        )

    def end(self, paper: Paper, on: date, how: str = "changed") -> date:
        """The end of a measure, entered on that day."""
        return paper.change(on, entered=on, jsrq=on.isoformat(), jsyy=ENDS[how])

    def step(self, feed: str, step: str, on: date, **columns: object) -> Paper:
        """A step under the police's number, or the court's where it names one."""
        number = self.number
        if feed == "court-case":
            self.trial = self.trial or self.stage.numbers.court("刑初", on.year)
            number = self.trial
        if feed in ("court-case", "procuratorate-case"):  # the procuratorate's number, or theirs
            columns = {"glah": self.number, **columns}
        return put_step(self.stage, self.person, number, feed, step, on, **columns)

    def warn(self, on: date) -> Paper:
        """The detention centre tells the office that the term runs out."""
        return self.step("lockup-step", "warning_sent", on)


#: The same term as one of the office's own (D08), whoever is held or not.
_OWN = {"review": "prosecution_review", "supplement": "supplement"}
_REFUTED_BY = (
    "procuratorate-step",
    "procuratorate-decision",
    "procuratorate-case",
    "police-supervision",
    "police-step",
)


def expect_own(
    case: Case, rule: str, began: Paper, due: date, ended: tuple[date, date] | None
) -> None:
    """What D08 says of a term of a month: told with a fifth of it left, and when it is over; the
    last day rolls, as custody's does not. ``ended``: known on, the day."""
    stage, due = case.stage, rolled(due)
    notice = due - timedelta(6)
    if ended is not None and ended[0] <= notice:
        return
    steps = [(notice, "holds")]
    if ended is None or ended[0] > due + DAY:
        steps.append((due + DAY, ""))
        silent = max(due + DAY, *(stage.script.complete(feed, due) for feed in _REFUTED_BY))
        if ended is None or ended[0] > silent:
            steps.append((silent, "holds"))
    if ended is not None:
        steps.append((ended[0], "cured" if ended[1] > due else ""))
    subject = case.key
    stage.expect("D08", rule, subject, f"{rule}/{began.record_key}", *steps, kind="case")


@dataclass(slots=True)
class Clock:
    """One stage of custody as it becomes known: its last day, what moved it, how it ended."""

    case: Case
    rule: str
    start: date
    began: Paper  #: the row that began it
    due: date
    moves: list[tuple[date, date]] = field(default_factory=list)  #: known on, new last day
    ended: tuple[date, date] | None = None  #: known on, the day
    known: date = field(init=False)

    def __post_init__(self) -> None:
        self.known = self.began.known  # of the beginning, not of what is changed in the row later

    @property
    def obligation(self) -> str:
        agency = self.began.feed.partition("-")[0]
        # The procuratorate's steps of a police case quote the number of the police.
        organ = POLICE if self.began.feed == "procuratorate-case" else AGENCIES[agency].code
        return f"{organ}/{self.began.row['ajbh']}/{self.began.record_key}"

    def last(self, day: date) -> date:
        """The last day of the term, as it is known on a day."""
        return max([self.due, *(due for known, due in self.moves if known <= day)])

    def status(self, day: date) -> str:
        """What a monitor says of it on a day: told seven, three, one day before, and over it."""
        due = self.last(day)
        if self.ended is not None and self.ended[0] <= day:
            return "cured" if self.ended[1] > due else ""
        notices = [due - timedelta(n) for n in (7, 3, 1) if due - timedelta(n) > self.start]
        return "holds" if day > due or any(day >= notice for notice in notices) else ""

    def expect(self) -> None:
        """State the alert with all its changes, if there ever is one."""
        ends = [self.due, *(due for _, due in self.moves)]
        days = {self.known, *(known for known, _ in self.moves)}
        days |= {due + timedelta(n) for due in ends for n in (-7, -3, -1, 1)}
        if self.ended is not None:
            days.add(self.ended[0])
        steps: list[tuple[date, str]] = []
        told = ""
        for day in sorted(d for d in days if d >= self.known):
            status = self.status(day)
            if status != told:
                steps.append((day, status))
                told = status
        if steps:
            self.case.stage.expect("D17", self.rule, self.case.person, self.obligation, *steps)
        if self.rule in _OWN and self.began.feed == "procuratorate-case":
            expect_own(self.case, _OWN[self.rule], self.began, self.due, self.ended)


def state(clocks: Iterable[Clock]) -> None:
    for clock in clocks:
        clock.expect()
