"""Not prosecuted, and then (D03): transfer, review, reply and penalty, late, missing or excused."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled, working_days, works
from streams.district.lives import NoRoom, Stage, life
from streams.district.lives.chain import GUIDELINE, PENALTY_TERM, Chain


def overdue(stage: Stage, feed: str, due: date) -> date:
    """The day on which nothing by ``due`` is known to have been done."""
    return max(due + timedelta(1), stage.script.complete(feed, due))


# ---- transfer


@life("planted", "D03", rate=5)
def never_transferred(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(60))
    due = working_days(chain.decided, 3)
    chain.expect("transfer", (overdue(stage, "procuratorate-step", due), "holds"))


@life("planted", "D03", rate=4)
def transferred_late(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(150, not_before=GUIDELINE))
    due = working_days(chain.decided, 3)
    holds = overdue(stage, "procuratorate-step", due)
    late = chain.transfer(holds + stage.days(5, 40))
    chain.expect("transfer", (holds, "holds"), (late.known, "cured"))
    chain.close_review(late.day)


@life("planted", "D03", rate=2)
def transferred_late_before_the_guideline(stage: Stage) -> None:
    """Before 2024-11-26 the three days were no law: told while open, ended when done."""
    decided = stage.script.window.since + stage.days(30, 120)
    if decided > GUIDELINE - timedelta(120):
        raise NoRoom("the window begins after the guideline")
    chain = Chain.begin(stage, decided)
    holds = overdue(stage, "procuratorate-step", working_days(decided, 3))
    late = chain.transfer(holds + stage.days(5, 40))
    chain.expect("transfer", (holds, "holds"), (late.known, ""))
    chain.close_review(late.day)


def _before_spring_festival(stage: Stage) -> date:
    """A working day whose third working day lies behind the festival."""
    window = stage.script.window
    for year in range(window.until.year, window.since.year - 1, -1):
        for shift in range(40):
            day = date(year, 1, 18) + timedelta(shift)
            spans = working_days(day, 3) - day
            inside = window.since + timedelta(20) <= day <= window.until - timedelta(60)
            if works(day) and spans >= timedelta(9) and inside:
                return day
    raise NoRoom("no Spring Festival lies in the window")


@life("planted", "D03", rate=1)
def never_transferred_across_spring_festival(stage: Stage) -> None:
    chain = Chain.begin(stage, _before_spring_festival(stage))
    due = working_days(chain.decided, 3)
    chain.expect("transfer", (overdue(stage, "procuratorate-step", due), "holds"))


@life("look_alike", "D03", rate=2)
def transferred_on_the_last_day_across_spring_festival(stage: Stage) -> None:
    chain = Chain.begin(stage, _before_spring_festival(stage))
    done = chain.transfer(working_days(chain.decided, 3))
    chain.close_review(done.day)


@life("planted", "D03", rate=2)
def decision_revoked(stage: Stage) -> None:
    """Never transferred; then the decision itself is revoked: the alert is withdrawn."""
    chain = Chain.begin(stage, stage.day(130))
    holds = overdue(stage, "procuratorate-step", working_days(chain.decided, 3))
    revoked = holds + stage.days(10, 50)
    known = chain.decision.change(revoked, cxrq=revoked.isoformat())
    chain.expect("transfer", (holds, "holds"), (known, ""))


@life("planted", "D03", rate=2)
def prosecuted_later(stage: Stage) -> None:
    """New evidence: the same person is prosecuted in the same case after all."""
    chain = Chain.begin(stage, stage.day(130))
    holds = overdue(stage, "procuratorate-step", working_days(chain.decided, 3))
    paper = chain.prosecute(holds + stage.days(10, 50))
    chain.expect("transfer", (holds, "holds"), (paper.known, ""))


# ---- review


@life("planted", "D03", rate=4)
def never_reviewed(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(90))
    accepted = chain.accept(chain.transfer(chain.decided + stage.days(0, 2)).day)
    due = working_days(accepted.day, 10)
    chain.expect("review", (overdue(stage, "procuratorate-step", due), "holds"))


@life("planted", "D03", rate=3)
def reviewed_late(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(170, not_before=GUIDELINE))
    accepted = chain.accept(chain.transfer(chain.decided + stage.days(0, 2)).day)
    holds = overdue(stage, "procuratorate-step", working_days(accepted.day, 10))
    late = chain.step("review_ended", holds + stage.days(5, 40))
    chain.expect("review", (holds, "holds"), (late.known, "cured"))


@life("look_alike", "D03", rate=3)
def review_paused_by_a_complaint(stage: Stage) -> None:
    """Ended after a month, of which the complaint took three weeks."""
    chain = Chain.begin(stage, stage.day(110))
    accepted = chain.accept(chain.transfer(chain.decided + stage.days(0, 2)).day)
    since = accepted.day + timedelta(2)
    until = since + timedelta(20)
    chain.pause("complaint", since, until)
    chain.step("review_ended", until + timedelta(3))


@life("look_alike", "D03", rate=3)
def no_penalty_needed(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(60))
    chain.finish_without_penalty(chain.transfer(chain.decided + stage.days(0, 2)).day)


# ---- reply


@life("planted", "D03", rate=3)
def no_reply(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(150))
    opinion = chain.to_opinion()
    chain.expect(
        "reply", (overdue(stage, "procuratorate-reply", chain.reply_due), "holds"), paper=opinion
    )


@life("planted", "D03", rate=3)
def replied_late(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(240))
    opinion = chain.to_opinion()
    holds = overdue(stage, "procuratorate-reply", chain.reply_due)
    reply = chain.reply("no_action", holds + stage.days(5, 50))
    chain.expect("reply", (holds, "holds"), (reply.known, chain.after_late_reply), paper=opinion)


@life("look_alike", "D03", rate=2)
def replied_on_the_last_day(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(150))
    chain.to_opinion()
    chain.reply("refused", chain.reply_due)


# ---- penalty


@life("planted", "D03", rate=3)
def promised_penalty_missing(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(290), agency="market")
    opinion = chain.to_opinion()
    filed = chain.promise()
    due = rolled(filed + PENALTY_TERM)
    chain.expect("penalty", (overdue(stage, "market-penalty", due), "holds"), paper=opinion)


@life("planted", "D03", rate=1)
def promised_penalty_missing_at_transport(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(290), agency="transport")
    opinion = chain.to_opinion()
    filed = chain.promise()
    due = rolled(filed + PENALTY_TERM)
    chain.expect("penalty", (overdue(stage, "transport-penalty", due), "holds"), paper=opinion)


@life("planted", "D03", rate=3)
def punished_late(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(380), agency="market")
    opinion = chain.to_opinion()
    due = rolled(chain.promise() + PENALTY_TERM)
    holds = overdue(stage, "market-penalty", due)
    penalty = chain.punish(holds + stage.days(10, 50))
    chain.expect("penalty", (holds, "holds"), (penalty.known, "cured"), paper=opinion)


@life("look_alike", "D03", rate=3)
def punished_in_time_and_no_longer_published(stage: Stage) -> None:
    """The penalty was published and its publication has ended: the fact stands."""
    chain = Chain.begin(stage, stage.day(370), agency="market")
    chain.to_opinion()
    filed = chain.promise()
    decided = filed + stage.days(30, 70)
    chain.punish(decided).delete(decided, entered=decided + timedelta(95), note="expiry")


@life("look_alike", "D03", rate=3)
def punished_in_time_by_the_police(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(200), agency="police")
    chain.to_opinion()
    filed = chain.promise()
    chain.punish(filed + stage.days(5, 25))


@life("look_alike", "D03", rate=3)
def refused_with_reasons(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(150), agency="market")
    chain.to_opinion()
    chain.reply("refused", chain.reply_due - timedelta(10))


@life("look_alike", "D03", rate=2)
def punished_before_for_the_same_act(stage: Stage) -> None:
    """Punished by the police for the same act; then the case went to the procuratorate."""
    decided = stage.day(60, after_start=80)
    chain = Chain.begin(stage, decided, agency="police", announce=False)
    chain.punish(decided - timedelta(50))
    chain.announce()


@life("look_alike", "D03", rate=3)
def conditional_non_prosecution(stage: Stage) -> None:
    """A conditional decision is not final: nothing is due yet."""
    Chain.begin(stage, stage.day(40), kind="conditional")


@life("look_alike", "D03", rate=1)
def punished_in_time_by_transport(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(290), agency="transport")
    chain.to_opinion()
    filed = chain.promise()
    chain.punish(filed + stage.days(30, 80))
