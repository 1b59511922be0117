"""A case of the procuratorate: its steps, papers and card, and what police and courts answer."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled, working_days
from streams.district.lives.fined_case import months_after
from streams.district.lives.stage import Stage
from streams.district.places import AGENCIES
from streams.district.script import Paper

DAY = timedelta(1)
OWN = AGENCIES["procuratorate"].code
_CODES = (
    "review",
    "s172",
    "returned_for_supplement",
    "resubmitted",
    "arrest_requested",
    "arrest_reviewed",
    "reasons_requested",
    "filing_ordered",
    "lawsuit_filed",
    "complaint_accepted",
    "answered",
    "med_application",
    "civil_accepted",
    "admin_applied",
    "admin_accepted",
    "application_withdrawn",
    "protested",
    "pi_filed",
    "pi_filing_served",
    "pi_announced",
    "copy_filed",
    "petition_received",
    "petition_told",
    "petition_answered",
    "reasons_accepted",
    "complainant_told",
    "aid_applied",
    "aid_decided",
    "reconsidered",
    "objection_answered",
    "joined",
)
STEPS = {code: f"{2001 + place}" for place, code in enumerate(_CODES)} | {
    "accepted": "1202",
    "extended": "1203",
    "review_ended": "1205",
}
POLICE = {
    "reasons_given": "1",
    "filed": "2",
    "med_opinion": "3",
    "objection_made": "4",
    "reconsideration_asked": "5",
}
COURT = {"retrial_ordered": "1", "extended": "2"}
DOCUMENTS = {
    "suggestion": "02",
    "correction": "03",
    "retrial_suggestion": "04",
    "execution_suggestion": "05",
    "pi_suggestion": "06",
}
#: Where it would stand if something had been done; all are entered within the same days.
REFUTED_BY = (
    "procuratorate-step",
    "procuratorate-decision",
    "procuratorate-document",
    "procuratorate-reply",
    "police-supervision",
    "court-supervision",
)


class CaseFile:
    """One case under one number."""

    def __init__(self, stage: Stage, opened: date, number: str = "") -> None:
        self.stage, self.opened = stage, opened
        self.number = number or stage.numbers.next("潮检受", opened.year)
        self.case = f"{OWN}/{self.number}"

    def take(self, organ: str, step: str, on: date, *, paper: str = "") -> Paper:
        """A step of one of the three; ``paper``: the number of the document that it tells of."""
        day, numbers = on.isoformat(), self.stage.numbers
        if organ == "procuratorate":
            return self.stage.open(
                "procuratorate-step",
                on,
                jdxh=numbers.serial("JD"),
                bmsah=self.number,
                lcdm=STEPS[step],
                fsrq=day,
                wsh=paper or None,
            )
        code = POLICE[step] if organ == "police" else COURT[step]
        feed, serial = f"{organ}-supervision", numbers.serial("JDX")
        return self.stage.open(feed, on, lcxh=serial, bmsah=self.number, lcdm=code, fsrq=day)

    def own(self, step: str, on: date, *, paper: str = "") -> Paper:
        return self.take("procuratorate", step, on, paper=paper)

    def issue(
        self,
        kind: str,
        on: date,
        served: date | None,
        *,
        to: str = "urban",
        due: date | None = None,
        urgent: bool = False,
    ) -> Paper:
        """A paper to an agency or a court, served on a later day."""
        paper = self.stage.open(
            "procuratorate-document",
            on,
            wsh=self.stage.numbers.next("潮检建", on.year),
            bmsah=self.number,
            wslb=DOCUMENTS[kind],
            jsdw=AGENCIES[to].code,
            zzrq=on.isoformat(),
            hfqx=due.isoformat() if due else None,
            jjbz="1" if urgent else "0",
        )
        if served:
            paper.change(served, entered=served, sdrq=served.isoformat())
        return paper

    def copy(self, paper: Paper, on: date) -> Paper:
        """A copy of a paper is filed with the superior."""
        return self.own("copy_filed", on, paper=str(paper.row["wsh"]))

    def reply(self, paper: Paper, on: date) -> Paper:
        """The recipient answers."""
        return self.stage.open(
            "procuratorate-reply",
            on,
            hfxh=self.stage.numbers.serial("HF"),
            wsh=paper.row["wsh"],
            bmsah=self.number,
            hfdw=paper.row["jsdw"],
            hflx="5",
            hfrq=on.isoformat(),
        )

    def card(self, *, ay: str = "盗窃", cbbm: str = "第一检察部", pjzm: str = "盗窃罪") -> Paper:
        """The card of the case, complete but for what is named."""
        return self.stage.open(
            "procuratorate-card",
            self.opened,
            akxh=self.stage.numbers.serial("AK"),
            bmsah=self.number,
            slrq=self.opened.isoformat(),
            ay=ay,
            cbbm=cbbm,
            qszm="盗窃罪",
            pjzm=pjzm,
        )

    def missing(self, due: date) -> date:
        """The day on which it is known that nothing was done by ``due``."""
        return max(due + DAY, *(self.stage.script.complete(feed, due) for feed in REFUTED_BY))

    def told(self, known: date, start: date, due: date) -> tuple[tuple[date, str], ...]:
        """Told in the last fifth of the term, not while the sources catch up, and then again."""
        notice = max(due - max(round((due - start).days * 0.2), 1) * DAY, known)
        missing = max(self.missing(due), known)
        if notice > due:
            return ((missing, "holds"),)
        gap = ((due + DAY, ""),) if missing > due + DAY else ()
        return ((notice, "holds"), *gap, (missing, "holds"))

    def expect(self, rule: str, key: str, *steps: tuple[date, str]) -> None:
        self.stage.expect("D08", rule, self.case, key, *steps, kind="case")


def due_after(start: date, term: str) -> date:
    """The last day of a term: ``7 d``, ``10 wd``, ``3 m``."""
    number, unit = int(term.split()[0]), term.split()[1]
    if unit == "wd":
        return working_days(start, number)
    return rolled(months_after(start, number) if unit == "m" else start + number * DAY)
