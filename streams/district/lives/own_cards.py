"""Case cards (D08), faulty or in order, and own cases whose terms moved or ended lawfully."""

from __future__ import annotations

from streams.district.lives import Stage, life
from streams.district.lives.case_file import DAY, CaseFile, due_after


@life("planted", "D08", rate=2)
def card_without_a_department(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    paper = case.card(cbbm="")
    due = due_after(case.opened, "5 wd")
    key = f"card/{case.case}/empty"
    case.expect("card_empty", key, (max(due + DAY, paper.known), "holds"))


@life("planted", "D08", rate=1)
def card_filled_in_later(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(80))
    paper = case.card(ay="")
    holds = max(due_after(case.opened, "5 wd") + DAY, paper.known)
    filled = paper.change(holds + stage.days(5, 20), ay="盗窃")
    case.expect("card_empty", f"card/{case.case}/empty", (holds, "holds"), (filled, ""))


@life("planted", "D08", rate=1)
def card_that_contradicts_itself(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    paper = case.card(pjzm="抢夺罪")
    case.expect("card_differs", f"card/{case.case}/differs", (paper.known, "holds"))


@life("planted", "D08", rate=1)
def two_cards_of_one_case(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    case.card()
    second = case.card()
    first_known = second.known
    case.expect("card_duplicate", f"card/{case.case}/duplicate", (first_known, "holds"))


# ---- look-alikes


@life("look_alike", "D08", rate=2)
def review_extended_in_time(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(90))
    case.own("review", case.opened)
    due = due_after(case.opened, "1 m")
    case.own("s172", case.opened + 20 * DAY)
    case.own("review_ended", due + DAY)


@life("look_alike", "D08", rate=2)
def supervision_paused_for_the_file(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    case.own("civil_accepted", case.opened)
    stage.open(
        "procuratorate-pause",
        case.opened + 10 * DAY,
        zzxh=stage.numbers.serial("ZZ"),
        bmsah=case.number,
        zzyy="6",
        ksrq=(case.opened + 10 * DAY).isoformat(),
    )


@life("look_alike", "D08", rate=2)
def joined_with_another_case(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(90))
    case.own("review", case.opened)
    case.own("joined", case.opened + 15 * DAY)


@life("look_alike", "D08", rate=2)
def application_taken_back(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(150))
    case.own("admin_accepted", case.opened)
    case.own("application_withdrawn", case.opened + 30 * DAY)


@life("look_alike", "D08", rate=2)
def suggestion_answered_and_copied_in_time(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(100))
    served = case.opened + 2 * DAY
    paper = case.issue("suggestion", case.opened, served)
    case.copy(paper, case.opened + DAY)
    case.reply(paper, served + stage.days(20, 40))


@life("look_alike", "D08", rate=3)
def card_completed_within_the_week(stage: Stage) -> None:
    case = CaseFile(stage, stage.day(60))
    case.card(ay="").change(case.opened + 3 * DAY, ay="盗窃")


@life("ordinary", "D08", rate=10)
def card_in_order(stage: Stage) -> None:
    CaseFile(stage, stage.day(40)).card()
