"""Terms of the procuratorate's own cases (D08): run out, done late, extended, paused, in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from streams.district.lives import Stage, life
from streams.district.lives.case_file import DAY, CaseFile, due_after
from streams.district.lives.chain import Chain
from streams.district.script import Paper

OWN = "procuratorate"


class Stepped(NamedTuple):
    """A clock that one step starts and another ends."""

    rule: str
    start: tuple[str, str]
    term: str
    done: tuple[str, str]


STEPPED = (
    Stepped("arrest_review", (OWN, "arrest_requested"), "15 d", (OWN, "arrest_reviewed")),
    Stepped("prosecution_review", (OWN, "review"), "1 m", (OWN, "review_ended")),
    Stepped("supplement", (OWN, "returned_for_supplement"), "1 m", (OWN, "resubmitted")),
    Stepped("treatment_request", ("police", "med_opinion"), "30 d", (OWN, "med_application")),
    Stepped("explain_not_filing", (OWN, "reasons_requested"), "7 d", ("police", "reasons_given")),
    Stepped("open_case", (OWN, "filing_ordered"), "15 d", ("police", "filed")),
    Stepped("tell_victim", (OWN, "reasons_accepted"), "10 d", (OWN, "complainant_told")),
    Stepped("law_breach", (OWN, "complaint_accepted"), "15 d", (OWN, "answered")),
    Stepped("reexamine", ("police", "objection_made"), "7 d", (OWN, "objection_answered")),
    Stepped("pi_filing_served", (OWN, "pi_filed"), "7 d", (OWN, "pi_filing_served")),
    Stepped("civil_supervision", (OWN, "civil_accepted"), "3 m", (OWN, "review_ended")),
    Stepped("admin_accept", (OWN, "admin_applied"), "7 d", (OWN, "answered")),
    Stepped("admin_supervision", (OWN, "admin_accepted"), "3 m", (OWN, "review_ended")),
    Stepped("court_protest", (OWN, "protested"), "30 d", ("court", "retrial_ordered")),
    Stepped("aid_decision", (OWN, "aid_applied"), "10 wd", (OWN, "aid_decided")),
)


def _after_it(case: CaseFile, clock: Stepped, done: date) -> None:
    """What has to follow so that no other clock of the case runs out."""
    if clock.rule == "supplement":  # the review begins anew
        case.own("review_ended", done + timedelta(10))


def _begin(stage: Stage, room: int, clock: Stepped) -> tuple[CaseFile, Paper]:
    """A case in which the clock starts to run."""
    case = CaseFile(stage, stage.day(room))
    if clock.start[0] != OWN:  # what others begin reaches a case that the procuratorate has entered
        case.own("accepted", case.opened)
    return case, case.take(*clock.start, case.opened)


def _never(clock: Stepped) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        case, paper = _begin(stage, 150, clock)
        due = due_after(case.opened, clock.term)
        steps = case.told(paper.known, case.opened, due)
        case.expect(clock.rule, f"{clock.rule}/{paper.record_key}", *steps)

    play.__name__ = f"{clock.rule}_never_done"
    return play


def _late(clock: Stepped) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        case, paper = _begin(stage, 190, clock)
        due = due_after(case.opened, clock.term)
        on = case.missing(due) + stage.days(3, 12)
        done = case.take(*clock.done, on)
        _after_it(case, clock, on)
        steps = *case.told(paper.known, case.opened, due), (done.known, "cured")
        case.expect(clock.rule, f"{clock.rule}/{paper.record_key}", *steps)

    play.__name__ = f"{clock.rule}_done_late"
    return play


def _in_time(clock: Stepped) -> Callable[[Stage], None]:
    """Done on the third day, before any notice."""

    def play(stage: Stage) -> None:
        case, _ = _begin(stage, 120, clock)
        case.take(*clock.done, case.opened + DAY)
        _after_it(case, clock, case.opened + DAY)

    play.__name__ = f"{clock.rule}_in_time"
    return play


for _clock in STEPPED:
    life("planted", "D08", rate=1)(_never(_clock))
    life("planted", "D08", rate=1)(_late(_clock))
    life("ordinary", "D08", rate=3)(_in_time(_clock))


# ---- clocks that other terms go before, or that papers start


@life("planted", "D08", rate=1)
def reconsideration_not_decided(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(90), agency="market")
    chain.finish_without_penalty(chain.decided + DAY)
    case = CaseFile(stage, chain.decided, chain.case_no)
    on = chain.decided + 12 * DAY
    paper = case.take("police", "reconsideration_asked", on)
    steps = case.told(paper.known, on, due_after(on, "30 d"))
    case.expect("reconsider", f"reconsider/{paper.record_key}", *steps)


@life("planted", "D08", rate=1)
def civil_public_interest_suit_not_filed(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(190))
    paper = case.own("pi_announced", case.opened)
    start = due_after(case.opened, "30 d")
    steps = case.told(paper.known, start, due_after(start, "3 m"))
    case.expect("pi_civil_review", f"pi_civil_review/{paper.record_key}", *steps)


@life("planted", "D08", rate=1)
def petitioner_never_told(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    paper = case.own("petition_received", case.opened)
    due = due_after(case.opened, "7 d")
    answered = case.own("petition_answered", case.missing(due) + stage.days(5, 15))
    steps = *case.told(paper.known, case.opened, due), (answered.known, "cured")
    case.expect("petition_told", f"petition_told/{paper.record_key}", *steps)


@life("planted", "D08", rate=1)
def petition_left_lying(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    paper = case.own("petition_received", case.opened)
    for rule, term in (("petition_told", "7 d"), ("petition_result", "3 m")):
        steps = case.told(paper.known, case.opened, due_after(case.opened, term))
        case.expect(rule, f"{rule}/{paper.record_key}", *steps)


def _key(rule: str, record_key: str) -> str:
    return f"{rule}/{record_key}"


@life("planted", "D08", rate=2)
def suggestion_never_answered_nor_copied(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(120))
    paper = case.issue("suggestion", case.opened, None)
    known, served = paper.known, case.opened + 2 * DAY
    served_known = paper.change(served, sdrq=served.isoformat())
    reply = case.told(served_known, served, due_after(served, "2 m"))
    copy = case.told(known, case.opened, due_after(case.opened, "5 d"))
    case.expect("suggestion_reply", _key("suggestion_reply", paper.record_key), *reply)
    case.expect("suggestion_copy", _key("suggestion_copy", paper.record_key), *copy)


@life("planted", "D08", rate=2)
def suggestion_answered_late(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    served = case.opened + 2 * DAY
    paper = case.issue("suggestion", case.opened, served)
    case.copy(paper, case.opened + DAY)
    due = due_after(served, "2 m")
    answer = case.reply(paper, case.missing(due) + stage.days(3, 20))
    steps = *case.told(paper.known, served, due), (answer.known, "cured")
    case.expect("suggestion_reply", _key("suggestion_reply", paper.record_key), *steps)


@life("planted", "D08", rate=1)
def correction_never_answered(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(80))
    served = case.opened + DAY
    due = served + timedelta(15)
    paper = case.issue("correction", case.opened, served, due=due)
    steps = case.told(paper.known, served, due)
    case.expect("correction_reply", _key("correction_reply", paper.record_key), *steps)


@life("planted", "D08", rate=1)
def public_interest_suggestion_neither_served_nor_copied(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    paper = case.issue("pi_suggestion", case.opened, None)
    for rule, term in (("pi_served", "3 d"), ("pi_copy", "5 d")):
        steps = case.told(paper.known, case.opened, due_after(case.opened, term))
        case.expect(rule, _key(rule, paper.record_key), *steps)


@life("planted", "D08", rate=2)
def public_interest_suggestion_ignored_and_no_suit(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(170))
    served = case.opened + DAY
    paper = case.issue("pi_suggestion", case.opened, served)
    case.copy(paper, case.opened + DAY)
    over = due_after(served, "2 m")
    reply = case.told(paper.known, served, over)
    suit = case.told(paper.known, over, due_after(over, "1 m"))
    case.expect("pi_reply", _key("pi_reply", paper.record_key), *reply)
    case.expect("pi_suit_review", _key("pi_suit_review", paper.record_key), *suit)


@life("planted", "D08", rate=1)
def urgent_public_interest_suggestion_ignored(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(80))
    served = case.opened + DAY
    paper = case.issue("pi_suggestion", case.opened, served, urgent=True)
    case.copy(paper, case.opened + DAY)
    over = due_after(served, "15 d")
    case.own("lawsuit_filed", over + 5 * DAY)
    case.expect(
        "pi_reply", _key("pi_reply", paper.record_key), *case.told(paper.known, served, over)
    )


@life("planted", "D08", rate=1)
def suggestion_of_retrial_neither_out_nor_copied(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(90))
    case.own("admin_accepted", case.opened)
    case.own("review_ended", case.opened + 20 * DAY)
    on = case.opened + 21 * DAY
    paper = case.issue("retrial_suggestion", on, None, to="court")
    for rule, term in (("documents_out", "15 d"), ("retrial_copy", "5 d")):
        steps = case.told(paper.known, on, due_after(on, term))
        case.expect(rule, _key(rule, paper.record_key), *steps)


@life("planted", "D08", rate=1)
def suggestion_of_retrial_not_answered(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    served = case.opened + 2 * DAY
    paper = case.issue("retrial_suggestion", case.opened, served, to="court")
    steps = case.told(paper.known, served, due_after(served, "3 m"))
    case.expect(
        "court_retrial_suggestion", _key("court_retrial_suggestion", paper.record_key), *steps
    )


@life("planted", "D08", rate=1)
def suggestion_on_execution_not_answered(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    served = case.opened + 2 * DAY
    paper = case.issue("execution_suggestion", case.opened, served, to="court")
    rule = "court_execution_suggestion"
    steps = case.told(paper.known, served, due_after(served, "3 m"))
    case.expect(rule, _key(rule, paper.record_key), *steps)


@life("planted", "D08", rate=1)
def sent_back_three_times(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(200))
    case.own("review", case.opened)
    on = case.opened
    for _ in range(3):
        on += 20 * DAY
        third = case.own("returned_for_supplement", on)
        on += 20 * DAY
        case.own("resubmitted", on)
    case.own("review_ended", on + 20 * DAY)
    case.expect("supplement_times", f"supplement_times/{third.record_key}", (third.known, "holds"))
