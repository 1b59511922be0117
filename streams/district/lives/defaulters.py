"""The list of defaulters: entries that stay too long, and those that may stay (D14)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from streams.district.calendar import same_day, working_days
from streams.district.lives import Stage, life
from streams.district.lives.outsiders import outsider
from streams.district.lives.unfinished import (
    DONE,
    ENDED,
    asked,
    close,
    enforce,
    number,
    overdue,
    step,
    unfinished,
)
from streams.district.people import Person
from streams.district.script import Paper


def entry(
    stage: Stage, case: Paper, on: date, limb: str, listed: Person | None = None, **columns: Any
) -> Paper:
    """The debtor is put on the list of defaulters, for a limb of the article."""
    row: dict[str, Any] = {
        "ah": case.row["ah"],
        "sfzh": listed.number if listed else case.row["bzxr"],
        "xm": listed.name if listed else case.row["bzxrmc"],
        "yjwh": case.row["yjwh"],
        "larq": case.row["larq"],
        "xwqx": limb,
        "fbrq": on.isoformat(),
    }
    return stage.open("court-dishonest", on, **{**row, **columns})


# ---- planted


@life("planted", "D14", rate=4)
def performed_and_still_listed(stage: Stage) -> None:
    """Able to perform and refusing, then performed; the entry stays, or goes late."""
    debtor, listed_on = outsider(stage), stage.day(260)
    case = enforce(stage, debtor, listed_on - stage.days(40, 90))
    on_list = entry(stage, case, listed_on, "1")
    done_on = listed_on + stage.days(30, 60)
    known = close(case, done_on, stage.rng.choice((DONE, ENDED)), 0)
    due = working_days(done_on, 3)
    steps = [(max(known, overdue(stage, "court-dishonest", due)), "holds")]
    if stage.rng.random() < 0.5:
        steps.append((on_list.delete(steps[0][0] + stage.days(15, 40)), "cured"))
    stage.expect("D14", "still_listed", debtor, f"{number(case)}/delete", *steps)


@life("planted", "D14", rate=1)
def listed_after_two_empty_queries(stage: Stage) -> None:
    """Nothing was found twice after the closing, and the entry without a term stays."""
    debtor, case, closed_on = unfinished(stage, 480)
    entry(stage, case, closed_on - timedelta(20), "1")
    second = closed_on + timedelta(300)
    for on in (closed_on + timedelta(150), second):
        step(stage, case, "61", on)
    asked(stage, case, second)
    known = max(
        overdue(stage, "court-dishonest", working_days(second, 3)),
        stage.script.complete("fund-holding", second),
        stage.script.complete("resources-holding", second),
    )
    stage.expect("D14", "still_listed", debtor, f"{number(case)}/delete", (known, "holds"))


@life("planted", "D14", rate=3)
def listed_beyond_the_term(stage: Stage) -> None:
    """Two years for a breach of the limits on spending; sometimes prolonged after all."""
    debtor, ends = outsider(stage), stage.day(200)
    listed_on = same_day(ends, -24)
    ends = same_day(listed_on, 24)
    case = enforce(stage, debtor, listed_on - timedelta(60))
    on_list = entry(stage, case, listed_on, stage.rng.choice(("2", "4", "5")))
    steps = [(overdue(stage, "court-dishonest", working_days(ends, 3)), "holds")]
    chance, later = stage.rng.random(), steps[0][0] + stage.days(15, 40)
    if chance < 0.35:
        steps.append((on_list.delete(later), "cured"))
    elif chance < 0.7:
        longer = same_day(ends, 12) + timedelta(stage.rng.randrange(30))
        steps.append((on_list.change(later, ycqzr=longer.isoformat()), ""))
        again = overdue(stage, "court-dishonest", working_days(longer, 3))
        if again < stage.script.window.until:
            steps.append((again, "holds"))
    stage.expect("D14", "term_over", debtor, f"{number(case)}/term", *steps)


@life("planted", "D14", rate=1)
def a_minor_on_the_list(stage: Stage) -> None:
    """Who inherited a debt is put on the list at fifteen."""
    heir, listed_on = stage.minor(8, 15), stage.day(120)
    case = enforce(stage, heir, listed_on - timedelta(50))
    on_list = entry(stage, case, listed_on, "1")
    steps = [(on_list.known, "holds")]
    if stage.rng.random() < 0.5:
        steps.append((on_list.delete(on_list.known + stage.days(15, 40)), "cured"))
    stage.expect("D14", "minor_listed", heir, f"{number(case)}/minor", *steps)


# ---- look-alikes


@life("look_alike", "D14", rate=4)
def deleted_in_three_working_days(stage: Stage) -> None:
    debtor, listed_on = outsider(stage), stage.day(150)
    case = enforce(stage, debtor, listed_on - timedelta(60))
    on_list = entry(stage, case, listed_on, "1")
    done_on = listed_on + stage.days(30, 80)
    close(case, done_on, DONE, 0)
    on_list.delete(working_days(done_on, 2), entered=working_days(done_on, 2))


@life("look_alike", "D14", rate=3)
def performed_within_a_term(stage: Stage) -> None:
    """Where the entry has a term, performance does not end it."""
    debtor, listed_on = outsider(stage), stage.day(200)
    case = enforce(stage, debtor, listed_on - timedelta(60))
    on_list = entry(stage, case, listed_on, stage.rng.choice(("4", "5", "6")))
    close(case, listed_on + stage.days(30, 80), DONE, 0)
    on_list.delete(same_day(listed_on, 24))


@life("look_alike", "D14", rate=4)
def closed_and_asked_on_time(stage: Stage) -> None:
    """Closed after more than three months, asked to the end, and nothing is there; on the list
    with a term, which no empty query ends."""
    _, case, closed_on = unfinished(stage, 200)
    listed_on = closed_on - timedelta(10)
    entry(stage, case, listed_on, "3").delete(same_day(listed_on, 24))
    asked(stage, case, closed_on)
