"""Fines and other property parts (D09): not collected, not passed on, or all in order."""

from __future__ import annotations

from datetime import date

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.fined_case import months_after, working
from streams.district.lives.owed_part import DAY, Part, six_months

RULES = date(2024, 5, 1)  # from this day commutation is refused to those who can pay and do not


@life("planted", "D09", rate=5)
def fine_never_handed_over(stage: Stage) -> None:
    part = Part(stage, stage.day(90))
    part.expect("transfer", (part.missing(part.transfer_due, "court-step"), "holds"))


@life("planted", "D09", rate=2)
def restitution_never_handed_over(stage: Stage) -> None:
    part = Part(stage, stage.day(90), kind="restitution")
    part.pay(part.effective + stage.days(5, 20), part.fen // 2)
    part.expect("transfer", (part.missing(part.transfer_due, "court-step"), "holds"))


@life("planted", "D09", rate=3)
def fine_handed_over_after_the_tolerance(stage: Stage) -> None:
    """No number of days stands in the law: told while open, ended when done."""
    part = Part(stage, stage.day(150))
    holds = part.missing(part.transfer_due, "court-step")
    on = working(holds + stage.days(5, 20))
    handed = part.step("handed_to_filing", on)
    part.step("execution_filed", on + 3 * DAY)
    part.paid_in_execution(part.execution(on + 3 * DAY), on + 30 * DAY)
    part.expect("transfer", (holds, "holds"), (handed.known, ""))


@life("planted", "D09", rate=1)
def altered_on_retrial_after_the_tolerance(stage: Stage) -> None:
    part = Part(stage, stage.day(200))
    holds = part.missing(part.transfer_due, "court-step")
    on = holds + stage.days(20, 60)
    retrial = stage.open(
        "court-judgment",
        on,
        ah=stage.numbers.court("刑再", on.year),
        sfzh=part.party,
        xm=part.name,
        zm="264",
        pjjg="1",
        xprq=on.isoformat(),
        sxrq=on.isoformat(),
        yajh=part.number,
    )
    part.expect("transfer", (holds, "holds"), (retrial.known, ""))


@life("planted", "D09", rate=2)
def never_filed(stage: Stage) -> None:
    part = Part(stage, stage.day(90))
    on = working(part.due + stage.days(2, 15))
    part.step("handed_to_filing", on)
    due = rolled(on + 7 * DAY)
    part.expect("filing", (part.missing(due, "court-step", "court-execution"), "holds"))


@life("planted", "D09", rate=2)
def filed_late(stage: Stage) -> None:
    part = Part(stage, stage.day(120))
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    holds = part.missing(rolled(on + 7 * DAY), "court-step", "court-execution")
    filed_on = holds + stage.days(2, 10)
    filed = part.execution(filed_on)
    known = filed.known
    part.paid_in_execution(filed, filed_on + 20 * DAY)
    part.expect("filing", (holds, "holds"), (known, "cured"))


@life("planted", "D09", rate=2)
def never_executed(stage: Stage) -> None:
    part = Part(stage, stage.day(290))
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    filed = on + stage.days(1, 5)
    part.execution(filed)
    holds = part.missing(six_months(filed), "court-step", "court-execution")
    part.expect("execution", (holds, "holds"))


@life("planted", "D09", rate=2)
def executed_late_after_an_extension(stage: Stage) -> None:
    part = Part(stage, stage.day(400))
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    filed = on + stage.days(1, 5)
    execution = part.execution(filed)
    due = six_months(filed)
    longer = rolled(months_after(due, 1))
    part.step("extended", working(due - stage.days(5, 20)), longer)
    holds = part.missing(longer, "court-step", "court-execution")
    ended = holds + stage.days(5, 30)
    known = part.close(execution, ended, "终结")
    part.expect("execution", (holds, "holds"), (known, "cured"))


@life("planted", "D09", rate=2)
def fund_in_sight_and_never_handed_over(stage: Stage) -> None:
    part = Part(stage, stage.day(90), fen=2_000_000)
    account = part.fund(1_500_000, part.effective + DAY)
    idle = part.transfer_due + DAY
    holds = part.missing(part.transfer_due, "court-step")
    part.expect("transfer", (holds, "holds"))
    seen = max(idle, account.known, *(stage.script.complete(f, idle) for f in _PAID))
    part.expect("property_seen", (seen, "holds"), key=f"{part.key}/property/{account.record_key}")


@life("planted", "D09", rate=1)
def fund_in_sight_and_withdrawn(stage: Stage) -> None:
    """Told, and no longer told once the account is closed."""
    part = Part(stage, stage.day(150), fen=2_000_000)
    account = part.fund(1_500_000, part.effective + DAY)
    known = account.known
    idle = part.transfer_due + DAY
    part.expect("transfer", (part.missing(part.transfer_due, "court-step"), "holds"))
    seen = max(idle, known, *(stage.script.complete(f, idle) for f in _PAID))
    closed = seen + stage.days(10, 30)
    gone = account.change(closed, xhrq=closed.isoformat())
    ended = max(gone, closed + DAY)
    key = f"{part.key}/property/{account.record_key}"
    part.expect("property_seen", (seen, "holds"), (ended, ""), key=key)


_PAID = ("court-receipt", "finance-fine")


@life("planted", "D09", rate=2)
def received_and_not_passed_on(stage: Stage) -> None:
    part = Part(stage, stage.day(80))
    on = part.effective + stage.days(1, 9)
    paid = part.pay(on, passed_on=False)
    due = rolled(on + 30 * DAY)
    holds = max(due + DAY, stage.script.complete("court-treasury", due))
    part.expect("treasury", (holds, "holds"), key=f"{paid.record_key}/treasury")


@life("planted", "D09", rate=2)
def passed_on_late(stage: Stage) -> None:
    part = Part(stage, stage.day(130))
    on = part.effective + stage.days(1, 9)
    paid = part.pay(on, passed_on=False)
    due = rolled(on + 30 * DAY)
    holds = max(due + DAY, stage.script.complete("court-treasury", due))
    late = part.pass_on(holds + stage.days(5, 30), part.fen)
    part.expect("treasury", (holds, "holds"), (late.known, ""), key=f"{paid.record_key}/treasury")


def _proposal_key(part: Part, row: str) -> str:
    return f"{part.key}/commutation/{row}"


@life("planted", "D09", rate=2)
def commutation_proposed_for_one_who_can_pay(stage: Stage) -> None:
    part = Part(stage, stage.day(150, not_before=RULES), fen=2_000_000)
    part.fund(1_500_000, part.effective + DAY)
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    execution = part.execution(on + 3 * DAY)
    proposed = on + stage.days(40, 80)
    paper = part.propose(proposed)
    known = max(paper.known, *(stage.script.complete(feed, proposed) for feed in _PAID))
    part.paid_in_execution(execution, known + 10 * DAY)
    part.expect("commutation", (known, "holds"), key=_proposal_key(part, paper.record_key))


@life("planted", "D09", rate=1)
def commutation_proposed_and_taken_back(stage: Stage) -> None:
    part = Part(stage, stage.day(200, not_before=RULES), fen=2_000_000)
    part.fund(1_500_000, part.effective + DAY)
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    execution = part.execution(on + 3 * DAY)
    proposed = on + stage.days(40, 60)
    paper = part.propose(proposed)
    known = max(paper.known, *(stage.script.complete(feed, proposed) for feed in _PAID))
    back = part.propose(known + stage.days(10, 30), "2")
    part.paid_in_execution(execution, known + 40 * DAY)
    key = _proposal_key(part, paper.record_key)
    part.expect("commutation", (known, "holds"), (back.known, ""), key=key)


# ---- look-alikes


@life("look_alike", "D09", rate=3)
def fine_paid_within_its_term_in_two_parts(stage: Stage) -> None:
    part = Part(stage, stage.day(60))
    part.pay(part.effective + 2 * DAY, part.fen // 2)
    part.pay(part.effective + 9 * DAY, part.fen - part.fen // 2)


@life("look_alike", "D09", rate=2)
def relief_is_decided_on(stage: Stage) -> None:
    part = Part(stage, stage.day(90))
    stage.open(
        "court-relief",
        part.due,
        jmxh=stage.numbers.serial("JM"),
        ah=part.number,
        zjhm=part.party,
        sqrq=(part.due + 3 * DAY).isoformat(),
    )


@life("look_alike", "D09", rate=2)
def executed_in_time(stage: Stage) -> None:
    part = Part(stage, stage.day(280))
    on = working(part.due + stage.days(2, 20))
    part.step("handed_to_filing", on)
    filed = on + stage.days(1, 6)
    execution = part.execution(filed)
    paid = filed + stage.days(30, 170)
    part.pay(paid)
    part.close(execution, paid + DAY)


@life("look_alike", "D09", rate=1)
def a_co_defendant_paid_all(stage: Stage) -> None:
    part = Part(stage, stage.day(60), kind="restitution", joint=True)
    other = stage.take("pedestrian")
    part.item("restitution", part.fen, joint=True, party=other.number)
    part.pay(part.effective + stage.days(5, 20), party=other.number)


@life("look_alike", "D09", rate=1)
def dead_without_an_estate(stage: Stage) -> None:
    part = Part(stage, stage.day(120))
    on = part.effective + stage.days(2, 20)
    stage.open(
        "health-death",
        on,
        zmbh=stage.numbers.serial("SW-"),
        sfzh=part.party,
        swsj=f"{on} 10:00:00",
        swyy="I21",
        zfbz="N",
    )


@life("look_alike", "D09", rate=2)
def a_small_account_beside_a_fine_in_execution(stage: Stage) -> None:
    part = Part(stage, stage.day(120), fen=2_000_000)
    on = working(part.due + stage.days(2, 12))
    part.step("handed_to_filing", on)
    part.paid_in_execution(part.execution(on + 3 * DAY), on + 60 * DAY)
    part.fund(150_000, part.effective)


@life("ordinary", "D09", rate=20)
def fine_paid_at_once(stage: Stage) -> None:
    part = Part(stage, stage.day(60))
    part.pay(part.effective + stage.days(0, 9))
