"""Fines and orders of urban management (D21): not enforced, enforced wrongly, or as they should."""

from __future__ import annotations

from datetime import date

from streams.district.calendar import rolled, working_days
from streams.district.lives import Stage, life
from streams.district.lives.fined_case import DAY, Fined, months_after, working

# ---- the application


@life("planted", "D21", rate=5)
def never_applied_for(stage: Stage) -> None:
    case = Fined(stage, stage.day(330))
    case.expect("apply", *case.told(case.due()))


@life("planted", "D21", rate=2)
def partly_paid_and_never_applied_for(stage: Stage) -> None:
    case = Fined(stage, stage.day(330))
    case.pay(case.served + stage.days(5, 60), case.fen // 10_000 * 4_000)
    case.expect("apply", *case.told(case.due()))


@life("planted", "D21", rate=3)
def applied_for_late(stage: Stage) -> None:
    case = Fined(stage, stage.day(400))
    due = case.due()
    late = case.apply(case.known_missing(due) + stage.days(5, 50))
    case.expect("apply", *case.told(due), (late.known, "cured"))


@life("planted", "D21", rate=2)
def paid_when_it_could_no_longer_be_enforced(stage: Stage) -> None:
    case = Fined(stage, stage.day(400))
    due = case.due()
    late = case.pay(case.known_missing(due) + stage.days(5, 50))
    case.expect("apply", *case.told(due), (late.known, "cured"))


@life("planted", "D21", rate=2)
def paid_after_a_notice(stage: Stage) -> None:
    """The term is running out, and then the party pays: nothing stands."""
    case = Fined(stage, stage.day(330))
    due = case.due()
    paid = case.pay(due - stage.days(5, 15))
    case.expect("apply", (due - 30 * DAY, "holds"), (paid.known, ""))


@life("planted", "D21", rate=2)
def not_told_of_the_right_to_sue(stage: Stage) -> None:
    case = Fined(stage, stage.day(520), informed=False)
    case.expect("apply", *case.told(case.due(months=12)))


@life("planted", "D21", rate=2)
def never_applied_for_after_the_review(stage: Stage) -> None:
    case = Fined(stage, stage.day(330))
    begun = case.served + stage.days(20, 50)
    ended = begun + stage.days(30, 55)
    case.contest("1", begun, None).change(ended, jsrq=ended.isoformat())
    served = case.step("review_decision_served", ended + stage.days(1, 5))
    on = date.fromisoformat(str(served.row["fsrq"]))
    case.expect("apply", *case.told(case.due(on, days=15)))


@life("planted", "D21", rate=2)
def demolition_never_applied_for(stage: Stage) -> None:
    case = Fined(stage, stage.day(180), demolition=True)
    case.expect("apply", *case.told(case.due(days=15)))


@life("planted", "D21", rate=1)
def demolished_late(stage: Stage) -> None:
    case = Fined(stage, stage.day(240), demolition=True)
    due = case.due(days=15)
    late = case.step("order_complied", case.known_missing(due) + stage.days(5, 30))
    case.expect("apply", *case.told(due), (late.known, "cured"))


@life("planted", "D21", rate=2)
def instalments_over_and_unpaid(stage: Stage) -> None:
    case = Fined(stage, stage.day(500))
    until = months_after(case.served, 9)
    case.step("instalments_granted", case.served + stage.days(3, 12), until)
    case.pay(case.served + stage.days(40, 60), case.fen // 2)
    case.expect("apply", *case.told(rolled(months_after(until, 3))))


@life("planted", "D21", rate=1)
def annulled_after_the_term(stage: Stage) -> None:
    case = Fined(stage, stage.day(400))
    due = case.due()
    on = case.known_missing(due) + stage.days(5, 40)
    known = case.paper.change(on, cxrq=on.isoformat())
    case.expect("apply", *case.told(due), (known, ""))


@life("planted", "D21", rate=1)
def a_suit_was_entered_late(stage: Stage) -> None:
    """Told, until the suit that stopped the time is entered; it is still pending."""
    case = Fined(stage, stage.day(400))
    due = case.due()
    entered = case.known_missing(due) + stage.days(5, 30)
    began = case.served + stage.days(60, 120)
    suit = stage.open(
        "urban-pause",
        began,
        entered=entered,
        note="late",
        fyxh=stage.numbers.serial("FY"),
        cfwsh=case.number,
        dsrdm=case.party,
        fylx="2",
        ksrq=began.isoformat(),
    )
    case.expect("apply", *case.told(due), (suit.known, ""))


# ---- how it is applied for


@life("planted", "D21", rate=2)
def applied_for_without_a_reminder(stage: Stage) -> None:
    case = Fined(stage, stage.day(280))
    on = months_after(case.served, 7)
    applied = case.step("applied_to_court", on)
    known = max(applied.known, stage.script.complete("urban-step", on))
    case.expect("reminder", (known, "holds"))


@life("planted", "D21", rate=2)
def applied_for_too_soon_after_the_reminder(stage: Stage) -> None:
    case = Fined(stage, stage.day(340))
    reminded = working(months_after(case.served, 7))
    case.step("reminder_served", reminded)
    on = working_days(reminded, 9)
    applied = case.step("applied_to_court", on)
    again = case.step("applied_to_court", working_days(on, 15))
    holds = max(applied.known, stage.script.complete("urban-step", on))
    case.expect("reminder", (holds, "holds"), (max(again.known, holds), "cured"))


@life("planted", "D21", rate=2)
def surcharge_above_the_fine(stage: Stage) -> None:
    case = Fined(stage, stage.day(160), fen=1_000_000)
    late = rolled(case.served + 15 * DAY)
    demanded = case.step("surcharge_demanded", late + 60 * DAY, fen=1_800_000)
    case.pay(late + 62 * DAY)
    case.expect("surcharge", (demanded.known, "holds"))


@life("planted", "D21", rate=2)
def surcharge_counted_during_the_review_and_lowered(stage: Stage) -> None:
    case = Fined(stage, stage.day(200), fen=1_000_000)
    late = rolled(case.served + 15 * DAY)
    case.contest("1", late + DAY, late + 10 * DAY)
    # Twenty days late, ten of them in review: ¥3,000 is lawful.
    demanded = case.step("surcharge_demanded", late + 20 * DAY, fen=600_000)
    lowered = case.step("surcharge_demanded", late + 40 * DAY, until=late + 20 * DAY, fen=300_000)
    case.pay(late + 41 * DAY)
    case.expect("surcharge", (demanded.known, "holds"), (lowered.known, "cured"))


# ---- look-alikes


@life("look_alike", "D21", rate=2)
def suit_pending(stage: Stage) -> None:
    case = Fined(stage, stage.day(200))
    case.contest("2", case.served + stage.days(30, 120), None)


@life("look_alike", "D21", rate=2)
def instalments_still_running(stage: Stage) -> None:
    case = Fined(stage, stage.day(250))
    case.step("instalments_granted", case.served + stage.days(3, 12), stage.script.window.until)
    case.pay(case.served + stage.days(20, 40), case.fen // 4)


@life("look_alike", "D21", rate=2)
def struck_off_before_the_term_had_passed(stage: Stage) -> None:
    case = Fined(stage, stage.day(330), company=True)
    on = case.served + stage.days(60, 150)
    stage.company_event(case.companies[0], "52", on)


@life("look_alike", "D21", rate=1)
def died_before_the_term_had_passed(stage: Stage) -> None:
    case = Fined(stage, stage.day(330), company=False)
    on = case.served + stage.days(60, 150)
    stage.open(
        "health-death",
        on,
        zmbh=stage.numbers.serial("SW-"),
        sfzh=case.party,
        swsj=f"{on} 10:00:00",
        swyy="I21",
        zfbz="N",
    )


@life("look_alike", "D21", rate=2)
def surcharge_as_the_law_has_it(stage: Stage) -> None:
    case = Fined(stage, stage.day(160), fen=1_000_000)
    late = rolled(case.served + 15 * DAY)
    case.step("surcharge_demanded", late + 20 * DAY, fen=600_000)
    case.pay(late + 22 * DAY)


@life("look_alike", "D21", rate=2)
def applied_for_on_the_tenth_working_day(stage: Stage) -> None:
    case = Fined(stage, stage.day(280))
    reminded = working(months_after(case.served, 7))
    case.step("reminder_served", reminded)
    case.step("applied_to_court", working_days(reminded, 10))


# ---- most fines are paid


@life("ordinary", "D21", rate=40)
def fine_paid(stage: Stage) -> None:
    case = Fined(stage, stage.day(40))
    case.pay(case.served + stage.days(0, 15))
