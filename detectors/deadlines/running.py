"""Clocks on one case: the rows that start one, the first row that ends it, what makes it longer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from detectors.deadlines.clocks import OWN, Clock
from detectors.framework.dossier import Dossier
from detectors.framework.grouped import by_number, grouped
from detectors.framework.spell import Spell
from schemas import CaseStep, Decision, Document, Pause, Record, Reply

R = TypeVar("R", bound=Record)

#: A type, and the words in which its completeness is asked.
Question = tuple[type[Record], Mapping[str, object]]

#: Steps that leave nothing to decide here: the case goes on under another number, or not at all.
GONE = {"joined": "joined", "moved": "moved", "application_withdrawn": "withdrawn_by_applicant"}


class Begun(NamedTuple):
    """One running of a clock."""

    row: CaseStep | Document
    code: str
    since: date | None  #: None: the document is not served yet
    done: Record | None
    done_on: date | None
    twins: tuple[CaseStep, ...] = ()  #: the rows that tell of the start, where there are several

    @property
    def how(self) -> str | None:
        """The code of what ended it."""
        done = self.done
        if isinstance(done, CaseStep):
            return done.step
        return done.kind if isinstance(done, Decision | Reply) else None


class Ends:
    """Rows that may end something, by party, each list in the order of its days."""

    def __init__(self, rows: Iterable[Record]) -> None:
        self._all = sorted(rows, key=lambda row: (row.day, row.source.feed, row.source.key))
        self._by_party: dict[str, list[Record]] = {}
        for row in self._all:
            self._by_party.setdefault(getattr(row, "party", ""), []).append(row)

    def first(self, since: date, party: str) -> Record | None:
        """The first on or after a day: of that party or of none; of anybody where none is named."""
        lists = (
            (self._by_party.get(party, []), self._by_party.get("", [])) if party else (self._all,)
        )
        found = [row for rows in lists if (row := _from(rows, since)) is not None]
        return min(found, key=lambda row: row.day, default=None)


class CaseTime:
    """The rows of one case, ready for any clock."""

    def __init__(self, dossier: Dossier) -> None:
        steps = dossier.of(CaseStep)
        self.steps = {
            organ: grouped(rows, "step") for organ, rows in grouped(steps, "organ").items()
        }
        self.documents = by_number(dossier.of(Document), "doc_no")
        self.papers = {document.doc_no: document for document in self.documents}
        self.replies = grouped(dossier.of(Reply), "doc_no")
        self.decisions = grouped(dossier.of(Decision), "kind")
        self.pauses = tuple({(p.ground, p.since, p.until): p for p in dossier.of(Pause)}.values())
        self._gone = [step for step in steps if step.step in GONE]
        self._copies = {s.doc_no: s for s in reversed(self.of("procuratorate", "copy_filed"))}
        self._ends: dict[tuple[tuple[str, tuple[str, ...]], ...], Ends] = {}

    def of(self, organ: str, *codes: str) -> tuple[CaseStep, ...]:
        """Steps of an organ, in the order of the codes, then of the days."""
        by_code = self.steps.get(organ, {})
        return tuple(step for code in codes for step in by_code.get(code, ()))

    def runs(self, clock: Clock) -> bool:
        """Whether the clock is one of this kind of case.

        What others begin is the procuratorate's to end only in a case that it has entered itself:
        under the number of the police nothing would ever be seen to be done.
        """
        entered = OWN in self.steps or self.documents or self.decisions
        if clock.bearer == "department" and not entered:
            return False
        if clock.only_after == "non_prosecution":
            return any(kind.startswith("non_prosecution") for kind in self.decisions)
        return not clock.only_after or bool(self.of("procuratorate", clock.only_after))

    def begun(self, clock: Clock) -> Iterator[Begun]:
        """Each running of the clock. A row that is told twice starts it once."""
        what, codes = clock.start
        if what in ("served", "issued"):
            for paper in self.documents:
                if paper.kind in codes:
                    since = paper.served_on if what == "served" else paper.issued_on
                    yield self._ended(clock, paper, paper.kind, since, paper.party)
            return
        for code in codes:
            once: dict[tuple[date, str, str], list[CaseStep]] = {}
            for step in self.of(what, code):
                once.setdefault((step.on, step.party, step.doc_no), []).append(step)
            for twins in once.values():
                step = twins[-1]
                notice = self.papers.get(step.doc_no) if step.doc_no else None
                received = notice.served_on if notice and notice.served_on else step.on
                begun = self._ended(clock, step, code, received, step.party)
                yield begun._replace(twins=tuple(twins))

    def _ended(
        self, clock: Clock, row: CaseStep | Document, code: str, since: date | None, party: str
    ) -> Begun:
        done: list[tuple[date, Record]] = []
        kinds = {what for what, _ in clock.done}
        if isinstance(row, Document):
            if "service" in kinds and row.served_on:
                done.append((row.served_on, row))
            if "copied" in kinds and (copy := self._copies.get(row.doc_no)):
                done.append((copy.on, copy))
            if "reply" in kinds:
                answers = self.replies.get(row.doc_no, ())
                answer = next((a for a in answers if a.replied_on >= row.issued_on), None)
                done += [(answer.replied_on, answer)] if answer else []
        elif row.step == "review" and row.until:  # a stage may carry its end itself
            done.append((row.until, row))
        if since and not kinds & {"service", "copied", "reply"}:
            ended = self._endings(clock.done).first(since, party)
            done += [(ended.day, ended)] if ended else []
        if not done:
            return Begun(row, code, since, None, None)
        on, first = min(done, key=lambda found: found[0])
        return Begun(row, code, since, first, on)

    def _endings(self, done: tuple[tuple[str, tuple[str, ...]], ...]) -> Ends:
        if done not in self._ends:
            rows: list[Record] = []
            for what, codes in done:
                if what == "decision":
                    rows += [d for code in codes for d in self.decisions.get(code, ())]
                else:
                    rows += self.of(what, *codes)
            self._ends[done] = Ends(rows)
        return self._ends[done]

    def granted(
        self, clock: Clock, begun: Begun
    ) -> dict[tuple[date, date | None], CaseStep | Document]:
        """What makes the term longer, each grant once: its day, and the last day that it names."""
        act, row = begun.since or begun.row.day, begun.row
        found: dict[tuple[date, date | None], CaseStep | Document] = {}
        if clock.extends:
            organ, step = (OWN, "s172") if clock.extends == "s172" else (clock.extends, "extended")
            found.update({(s.on, s.until): s for s in self.of(organ, step) if s.on >= act})
        if isinstance(row, Document) and clock.bearer == "recipient" and row.reply_due:
            found[act, row.reply_due] = row  # whoever asks may give more time than the law does
        return found

    def refuted_by(self, clock: Clock, begun: Begun) -> tuple[Question, ...]:
        """What must be complete before it may be said that nothing was done."""
        asked: list[Question] = []
        for what, codes in clock.done:
            match what:
                case "decision":
                    asked.append((Decision, {"kind": codes}))
                case "service":
                    asked.append((Document, {"kind": begun.code}))
                case "reply":
                    recipient = begun.row.recipient if isinstance(begun.row, Document) else ""
                    asked.append((Reply, {"agency": recipient}))
                case "copied":
                    asked.append((CaseStep, {"organ": OWN, "step": codes}))
                case organ:
                    asked.append((CaseStep, {"organ": organ, "step": codes}))
        if clock.extends == "s172":
            asked.append((CaseStep, {"organ": OWN, "step": "s172"}))
        elif clock.extends:
            asked.append((CaseStep, {"organ": clock.extends, "step": "extended"}))
        return tuple(asked)

    def bearer(self, clock: Clock, begun: Begun) -> str:
        """The agency whose duty it is."""
        row = begun.row
        if clock.bearer == OWN:
            return row.source.agency
        if isinstance(row, Document):
            return row.recipient
        if clock.bearer == "department":
            return self._agency_of(OWN)
        paper = self.papers.get(row.doc_no)
        return paper.recipient if paper else self._agency_of(clock.bearer)

    def left_out(self, grounds: Iterable[str]) -> tuple[tuple[Pause, ...], list[Spell]]:
        """The pauses of these grounds, as rows and as spells."""
        rows = tuple(p for p in self.pauses if p.ground in grounds)
        return rows, [Spell(p.since, p.until) for p in rows]

    def excuse(self, since: date, until: date) -> tuple[str, CaseStep | None]:
        """Why there was nothing to do any more, if so within the term, with the step."""
        gone = _from(self._gone, since)
        return (GONE[gone.step], gone) if gone and gone.on <= until else ("", None)

    def _agency_of(self, organ: str) -> str:
        """The code of an organ that took any step of the case; empty if none did."""
        for rows in self.steps.get(organ, {}).values():
            return rows[0].source.agency
        return ""


def _from(rows: Sequence[R], since: date) -> R | None:
    place = bisect_left(rows, since, key=lambda row: row.day)
    return rows[place] if place < len(rows) else None
