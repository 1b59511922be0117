"""Sentences served outside (D10): told, reported, lost, revoked, delivered, closed; late or not."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    COURT,
    DAY,
    Case,
    calm,
    months_after,
    put_step,
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
    feeds = ("prison-step", "justice-correction")
    steps = [(max(paper.known, missing(stage, due, *feeds)), "holds")]
    if done:
        since = steps[0][0] + stage.days(12, 30)
        ends = out + timedelta(700)
        Spell.begin(stage, person, "4", since, ends, out).close(ends)
        steps.append((since, "cured"))
    expect(stage, "hand_over", person, f"{paper.row['fxbh']}/hand_over", *steps)


@life("planted", "D10", rate=2)
def let_out_and_handed_to_nobody(stage: Stage) -> None:
    _let_out_and_handed_to_nobody(stage, done=False)


@life("planted", "D10", rate=1)
def handed_over_late(stage: Stage) -> None:
    _let_out_and_handed_to_nobody(stage, done=True)
