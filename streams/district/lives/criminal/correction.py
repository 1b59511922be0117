"""Sentences served outside (D10): told, reported, lost, revoked, delivered, closed; late or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    COURT,
    DAY,
    Case,
    Clock,
    calm,
    months_after,
    onward,
    put_step,
    state,
)
from streams.district.lives.criminal.hanging import missing
from streams.district.lives.justice import imprison
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


# ---- in order


@life("ordinary", "D10", rate=12)
def on_probation_in_order(stage: Stage) -> None:
    """A short probation, with a leave and one admonition, closed on its last day."""
    person, effective = stage.take("pedestrian"), calm(stage.day(280, after_start=30))
    until = months_after(effective, 6) - DAY
    verdict = convict(stage, person, effective, penalty="02", xqys=3, hxqz=until.isoformat())
    tell(stage, person, verdict, effective)
    since = effective + stage.days(2, 9)
    spell = Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])
    away = since + stage.days(20, 40)
    spell.event("leave", away, away + timedelta(6))
    spell.event("admonition", away + timedelta(30))
    spell.close(until)


@life("look_alike", "D10", rate=2)
def reported_on_the_tenth_day(stage: Stage) -> None:
    person, effective = stage.take("pedestrian"), calm(stage.day(60, after_start=30))
    until = months_after(effective, 48) - DAY
    verdict = convict(stage, person, effective, xqys=24, hxqz=until.isoformat())
    tell(stage, person, verdict, effective)
    since = rolled(effective + timedelta(10))
    Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])


@life("look_alike", "D10", rate=2)
def lost_and_found_on_leave(stage: Stage) -> None:
    """Two months out of sight, of which the leave accounts for all but three weeks."""
    _, _, since, spell = probation(stage, 200)
    lost = since + stage.days(20, 40)
    spell.event("lost", lost)
    spell.event("leave", lost + timedelta(21), lost + timedelta(60))
    spell.event("found", lost + timedelta(60))


@life("look_alike", "D10", rate=2)
def detained_and_the_office_told(stage: Stage) -> None:
    """Told on the fifth day."""
    person, _, since, spell = probation(stage, 120)
    on = since + stage.days(20, 40)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    case.end(paper, on, "lifted")
    case.close(on + timedelta(20))
    spell.event("told_of_detention", rolled(on + timedelta(5)))


# ---- planted: sent and reported


def _the_court_told_nobody(stage: Stage, done: bool) -> None:
    """Neither notice nor papers; the person came all the same. Then the court caught up."""
    person, effective = stage.take("pedestrian"), calm(stage.day(120, after_start=30))
    until = months_after(effective, 48) - DAY
    verdict = convict(stage, person, effective, xqys=24, hxqz=until.isoformat())
    since = effective + timedelta(6)
    Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])
    late = done
    for rule, step, days in (("court_notice", "notice", 5), ("court_papers", "papers", 10)):
        due = rolled(effective + timedelta(days))
        holds = missing(stage, due, "court-case", "justice-event")
        steps = [(holds, "holds")]
        if late:
            number = str(verdict.row["ah"])
            sent = put_step(stage, person, number, "court-case", step, holds + timedelta(25))
            steps.append((sent.known, "cured"))
        expect(stage, rule, person, f"{verdict.record_key}/{step}", *steps)


@life("planted", "D10", rate=2)
def the_court_told_nobody(stage: Stage) -> None:
    _the_court_told_nobody(stage, done=False)


@life("planted", "D10", rate=1)
def the_court_told_late(stage: Stage) -> None:
    _the_court_told_nobody(stage, done=True)


def _never_reported(stage: Stage, done: bool) -> None:
    """漏管: told by the court, and nobody looked; later the person comes, or is lost for good."""
    person, effective = stage.take("pedestrian"), calm(stage.day(230, after_start=30))
    until = months_after(effective, 48) - DAY
    verdict = convict(stage, person, effective, xqys=24, hxqz=until.isoformat())
    tell(stage, person, verdict, effective)
    due = rolled(effective + timedelta(10))
    feeds = ("justice-event", "justice-correction")
    steps = [(missing(stage, due, *feeds), "holds")]
    if done:  # within the month: no revocation is due
        since = due + stage.days(15, 28)
        Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])
        steps.append((since, "cured"))
        expect(stage, "report_in", person, f"{verdict.record_key}/report_in", *steps)
        return
    expect(stage, "report_in", person, f"{verdict.record_key}/report_in", *steps)
    met = months_after(due + DAY, 1) + DAY
    asked = rolled(met + timedelta(30))
    number = f"{verdict.row['ah']}"
    key = f"{COURT}/{number}/revoke/lost"
    expect(stage, "revocation_due", person, key, (missing(stage, asked, "justice-event"), "holds"))


@life("planted", "D10", rate=3)
def never_reported(stage: Stage) -> None:
    _never_reported(stage, done=False)


@life("planted", "D10", rate=2)
def reported_late(stage: Stage) -> None:
    _never_reported(stage, done=True)


def _let_out_and_handed_to_nobody(stage: Stage, done: bool) -> None:
    person, out = stage.take("pedestrian"), stage.day(90, after_start=30)
    came = out - timedelta(200)
    paper = imprison(stage, person, stage.numbers.court("刑初", came.year), came, out)
    paper.change(out, cyyy="01")
    due = rolled(out + timedelta(10))
    feeds = ("lockup-step", "justice-correction")
    steps = [(max(paper.known, missing(stage, due, *feeds)), "holds")]
    if done:
        since = steps[0][0] + stage.days(12, 30)
        Spell.begin(stage, person, "4", since, out + timedelta(700), out)
        steps.append((since, "cured"))
    expect(stage, "hand_over", person, f"{paper.row['fxbh']}/hand_over", *steps)


@life("planted", "D10", rate=2)
def let_out_and_handed_to_nobody(stage: Stage) -> None:
    _let_out_and_handed_to_nobody(stage, done=False)


@life("planted", "D10", rate=1)
def handed_over_late(stage: Stage) -> None:
    _let_out_and_handed_to_nobody(stage, done=True)


# ---- planted: under supervision


def _detained_and_the_office_not_told(stage: Stage, done: bool) -> None:
    person, _, since, spell = probation(stage, 120)
    on = since + stage.days(20, 40)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    clock = Clock(case, "detention", on, paper, on + timedelta(3))
    clock.ended = case.end(paper, on + timedelta(2), "lifted"), on + timedelta(2)
    state([clock])
    case.close(on + timedelta(20))
    due = rolled(on + timedelta(5))
    steps = [(missing(stage, due, "justice-event"), "holds")]
    if done:
        told = spell.event("told_of_detention", steps[0][0] + timedelta(20))
        steps.append((told.known, ""))
    key = f"{spell.number}/held/{paper.row['csbh']}"
    expect(stage, "held_unknown", person, key, *steps)


@life("planted", "D10", rate=3)
def detained_and_the_office_not_told(stage: Stage) -> None:
    _detained_and_the_office_not_told(stage, done=False)


@life("planted", "D10", rate=2)
def the_office_told_late(stage: Stage) -> None:
    _detained_and_the_office_not_told(stage, done=True)


def _out_of_contact_for_more_than_a_month(stage: Stage, done: bool) -> None:
    """脱管: lost for weeks on end, and no proposal."""
    person, _, since, spell = probation(stage, 260)
    lost = calm(since + stage.days(20, 40))
    spell.event("lost", lost)
    met = months_after(lost, 1) + DAY
    spell.event("found", met + stage.days(5, 20))
    due = rolled(met + timedelta(30))
    steps = [(missing(stage, due, "justice-event"), "holds")]
    if done:
        steps.append(_propose(stage, spell, steps[0][0] + timedelta(20), "proposal_revoke"))
    expect(stage, "revocation_due", person, f"{spell.number}/revoke/lost", *steps)


@life("planted", "D10", rate=3)
def out_of_contact_for_more_than_a_month(stage: Stage) -> None:
    _out_of_contact_for_more_than_a_month(stage, done=False)


@life("planted", "D10", rate=2)
def proposed_late(stage: Stage) -> None:
    _out_of_contact_for_more_than_a_month(stage, done=True)


def _propose(stage: Stage, spell: Spell, on: date, kind: str) -> tuple[date, str]:
    """Proposed, and ruled on within the month against it: nothing more follows."""
    proposal = spell.event(kind, on)
    number = stage.numbers.court("刑更", on.year)
    put_step(stage, spell.person, number, "court-case", "ruled_revocation", on + timedelta(12))
    imprison(stage, spell.person, number, on + timedelta(15), on + timedelta(700))
    return proposal.known, ""


@life("planted", "D10", rate=2)
def warned_twice_and_not_corrected(stage: Stage) -> None:
    person, _, since, spell = probation(stage, 260)
    first = since + stage.days(10, 30)
    spell.event("warning", first)
    spell.event("warning", first + timedelta(20))
    again = first + timedelta(40)
    spell.event("admonition", again)
    due = rolled(again + timedelta(30))
    holds = missing(stage, due, "justice-event")
    key = f"{spell.number}/revoke/warnings"
    expect(stage, "revocation_due", person, key, (holds, "holds"))


def _proposed(stage: Stage, done: bool) -> None:
    """Revocation and arrest proposed; the court takes its time, and the person is held for it."""
    person, _, since, spell = probation(stage, 220)
    on = since + stage.days(20, 40)
    revoke, catch = spell.event("proposal_revoke", on), spell.event("proposal_arrest", on)
    number = stage.numbers.court("刑更", on.year)
    caught = on + timedelta(13)
    paper = stage.open(
        "court-restraint",
        caught,
        entered=caught,
        csbh=stage.numbers.serial("FD-"),
        sfzh=person.number,
        xm=person.name,
        cslx="03",
        ksrq=caught.isoformat(),
    )
    due = rolled(on + timedelta(30))
    told = {
        "arrest_48h": [(missing(stage, on + timedelta(2), "court-case"), "holds")],
        "ruling": [(missing(stage, due, "court-case"), "holds")],
        "arrest_30d": [(caught + timedelta(31), "holds")],
    }
    if done:
        late, ruled_on = on + timedelta(12), max(caught + timedelta(36), due + timedelta(8))
        decided = put_step(stage, person, number, "court-case", "arrest_decided", late)
        ruled = put_step(stage, person, number, "court-case", "ruled_revocation", ruled_on)
        told["arrest_48h"].append((decided.known, "cured"))
        told["ruling"].append((ruled.known, "cured"))
        told["arrest_30d"].append((ruled.known, "cured"))
        paper.change(ruled_on, entered=ruled_on, jsrq=ruled_on.isoformat(), jsyy="10")
        imprison(stage, person, number, ruled_on, ruled_on + timedelta(700))
    for rule, steps in told.items():
        proposal = revoke if rule == "ruling" else catch
        expect(stage, rule, person, f"{proposal.record_key}/{rule}", *steps)


@life("planted", "D10", rate=1)
def proposals_never_answered(stage: Stage) -> None:
    _proposed(stage, done=False)


@life("planted", "D10", rate=2)
def proposals_answered_late(stage: Stage) -> None:
    _proposed(stage, done=True)


@life("planted", "D10", rate=1)
def recall_not_decided(stage: Stage) -> None:
    person, since = stage.take("pedestrian"), calm(stage.day(120, after_start=30))
    spell = Spell.begin(stage, person, "4", since, months_after(since, 48), since - timedelta(3))
    on = since + stage.days(20, 30)
    proposal = spell.event("proposal_recall", on)
    holds = missing(stage, rolled(on + timedelta(30)), "court-case")
    expect(
        stage, "recall_decision", person, f"{proposal.record_key}/recall_decision", (holds, "holds")
    )


def _still_listed_after_the_term(stage: Stage, done: bool) -> None:
    person, effective = stage.take("pedestrian"), calm(stage.day(280, after_start=30))
    until = months_after(effective, 4) - DAY
    verdict = convict(stage, person, effective, penalty="02", xqys=2, hxqz=until.isoformat())
    tell(stage, person, verdict, effective)
    since = effective + stage.days(2, 9)
    spell = Spell.begin(stage, person, "2", since, until, effective, verdict.row["ah"])
    due = rolled(until + timedelta(10))
    steps = [(missing(stage, due, "justice-event", "justice-correction"), "holds")]
    if done:
        steps.append((spell.event("closed", steps[0][0] + timedelta(20)).known, ""))
    expect(stage, "not_closed", person, f"{spell.number}/close", *steps)


@life("planted", "D10", rate=2)
def still_listed_after_the_term(stage: Stage) -> None:
    _still_listed_after_the_term(stage, done=False)


@life("planted", "D10", rate=1)
def closed_late(stage: Stage) -> None:
    _still_listed_after_the_term(stage, done=True)


# ---- planted: to be in prison


def _sentenced(stage: Stage, done: bool) -> None:
    """应收监未收监: imprisonment in force, papers sent, and nobody brings the person in."""
    person, effective = stage.take("pedestrian"), calm(stage.day(180, after_start=30))
    ends = months_after(effective, 36) - DAY
    verdict = convict(
        stage, person, effective, xqys=36, xqqr=effective.isoformat(), xqzr=ends.isoformat()
    )
    papers = onward(effective + timedelta(5))
    put_step(stage, person, str(verdict.row["ah"]), "court-case", "papers", papers)
    due = rolled(months_after(papers, 1))
    holds = missing(stage, due, *RESTRAINTS)
    steps = [(holds, "holds")]
    if done:
        steps.append((holds + timedelta(25), "cured"))
        imprison(stage, person, verdict.row["ah"], holds + timedelta(25), ends)
    expect(stage, "not_delivered", person, f"{verdict.record_key}/deliver", *steps)


@life("planted", "D10", rate=2)
def sentenced_and_at_large(stage: Stage) -> None:
    _sentenced(stage, done=False)


@life("planted", "D10", rate=2)
def delivered_late(stage: Stage) -> None:
    _sentenced(stage, done=True)


RESTRAINTS = (
    "police-restraint",
    "prison-restraint",
    "procuratorate-restraint",
    "court-restraint",
)
