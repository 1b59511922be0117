"""Under supervision and after (D10): told of late, not revoked, not closed, not delivered."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    DAY,
    Case,
    Clock,
    calm,
    months_after,
    onward,
    put_step,
    state,
)
from streams.district.lives.criminal.correction_papers import (
    Spell,
    convict,
    expect,
    probation,
    tell,
)
from streams.district.lives.criminal.hanging import missing
from streams.district.lives.justice import imprison

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
