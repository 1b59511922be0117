"""Wages of building sites (D15): owed, made good, ordered to be paid; complaints; and in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from streams.district.calendar import month_end, month_start, months_between, rolled
from streams.district.lives import Stage, life
from streams.district.lives.sites import COMPLAINT, COMPLIED, ORDER, Site, in_order
from streams.district.lives.unprosecuted import overdue
from streams.district.people import Person
from streams.district.rows import yuan
from streams.district.script import Paper

WAGE_FEN, PAY = 600_000, timedelta(30)


def roll(
    site: Site, workers: Sequence[Person], month: date, share: float, paid_on: date | None = None
) -> list[Paper]:
    """A month of the roll: entered when it is over, with what was paid of it by then."""
    ended = month_end(month)
    paid = int(WAGE_FEN * share)
    return [
        site.stage.open(
            "hrss-site-wage",
            ended,
            entered=ended + timedelta(1),
            xkzh=site.number,
            sfzh=worker.number,
            xm=worker.name,
            ny=f"{month:%Y%m}",
            kqts=22,
            yfje=yuan(WAGE_FEN),
            sfje=yuan(paid),
            ffrq=(paid_on or ended + timedelta(1)).isoformat() if paid else None,
        )
        for worker in workers
    ]


def gang_of(stage: Stage, number: int) -> list[Person]:
    return [stage.take("anyone", lambda person: 20 <= person.age <= 58) for _ in range(number)]


@life("planted", "D15", rate=2)
def half_paid_for_months(stage: Stage) -> None:
    first = month_start(stage.day(240), 1)
    site, gang = in_order(stage, first - timedelta(1)), gang_of(stage, 4)
    for n in range(3):
        roll(site, gang, month_start(first, n), 1.0 if n == 2 else 0.5)
    due = rolled(month_end(month_start(first, 1)) + PAY)
    site.expect("underpaid", "underpaid", (overdue(stage, "hrss-site-wage", due), "holds"))


@life("planted", "D15", rate=2)
def half_paid_and_made_good(stage: Stage) -> None:
    """Only the product's month was missed: the alert ends when the wages are paid."""
    first = month_start(stage.day(300), 1)
    site, gang = in_order(stage, first - timedelta(1)), gang_of(stage, 3)
    papers = [p for n in range(2) for p in roll(site, gang, month_start(first, n), 0.5)]
    due = rolled(month_end(month_start(first, 1)) + PAY)
    holds = overdue(stage, "hrss-site-wage", due)
    paid = holds + stage.days(20, 60)
    known = max(
        paper.change(paid, entered=paid, sfje=yuan(WAGE_FEN), ffrq=paid.isoformat())
        for paper in papers
    )
    site.expect("underpaid", "underpaid", (holds, "holds"), (known, ""))


def _ordered(stage: Stage, before_end: int) -> tuple[Site, list[Paper], date, date]:
    """Eleven workers unpaid for two months, and an order to pay that passes."""
    first = month_start(stage.day(before_end), 1)
    site, gang = in_order(stage, first - timedelta(1)), gang_of(stage, 11)
    papers = [p for n in range(2) for p in roll(site, gang, month_start(first, n), 0.0)]
    ordered = month_end(month_start(first, 1)) + timedelta(12)
    due = ordered + timedelta(10)
    owed = yuan(WAGE_FEN * len(papers))
    site.event(ORDER, ordered, je=owed, wsh=f"潮人社责〔{ordered.year}〕", xqrq=due.isoformat())
    pay_by = rolled(month_end(month_start(first, 1)) + PAY)
    site.expect("underpaid", "underpaid", *_until_paid(stage, pay_by, before_end, papers, due))
    return site, papers, due, ordered


def _until_paid(
    stage: Stage, pay_by: date, before_end: int, papers: list[Paper], due: date
) -> list[tuple[date, str]]:
    """The wages themselves: told, and ended where the life has room for paying them."""
    steps = [(overdue(stage, "hrss-site-wage", pay_by), "holds")]
    if before_end >= 300:
        paid = max(due + timedelta(60), steps[0][0] + timedelta(15))
        known = max(
            paper.change(paid, entered=paid, sfje=yuan(WAGE_FEN), ffrq=paid.isoformat())
            for paper in papers
        )
        steps.append((known, ""))
    return steps


def _line(stage: Stage, due: date) -> date:
    return max(overdue(stage, feed, due) for feed in ("hrss-site-wage", "hrss-site-event"))


@life("planted", "D15", rate=1)
def order_to_pay_passed(stage: Stage) -> None:
    site, _, due, _ = _ordered(stage, 240)
    site.expect("crime_line", "crime_line", (_line(stage, due), "holds"))


@life("planted", "D15", rate=1)
def paid_after_the_order_passed(stage: Stage) -> None:
    site, papers, due, _ = _ordered(stage, 320)
    known = max(paper.known for paper in papers)
    site.expect("crime_line", "crime_line", (_line(stage, due), "holds"), (known, "cured"))


@life("look_alike", "D15", rate=1)
def order_to_pay_followed(stage: Stage) -> None:
    """Wages of one month late, an order, and paid within it."""
    first = month_start(stage.day(240), 1)
    site, gang = in_order(stage, first - timedelta(1)), gang_of(stage, 6)
    papers = roll(site, gang, first, 0.0)
    ordered = month_end(first) + timedelta(5)
    due = ordered + timedelta(10)
    owed = yuan(WAGE_FEN * len(papers))
    site.event(ORDER, ordered, je=owed, wsh="潮人社责", xqrq=due.isoformat())
    paid = due - timedelta(2)
    for paper in papers:
        paper.change(paid, entered=paid, sfje=yuan(WAGE_FEN), ffrq=paid.isoformat())
    site.event(COMPLIED, due - timedelta(1))


@life("planted", "D15", rate=2)
def complaints_in_a_month(stage: Stage) -> None:
    """Told on the third; ended when thirty days have passed without one."""
    on = stage.day(200)
    site = in_order(stage, on - timedelta(60))
    days = [on, on + timedelta(9), on + timedelta(20)]
    papers = [site.event(COMPLAINT, day) for day in days]
    site.expect(
        "complaints",
        "complaints",
        (max(paper.known for paper in papers), "holds"),
        (days[-1] + timedelta(30), ""),
    )


@life("planted", "D15", rate=1)
def complaints_to_the_end(stage: Stage) -> None:
    """They go on until the last day."""
    window = stage.script.window
    on = window.until - timedelta(110)
    site = in_order(stage, on - timedelta(60))
    days = [on + timedelta(9 * n) for n in range(12)]
    papers = [site.event(COMPLAINT, day) for day in days]
    site.expect("complaints", "complaints", (max(paper.known for paper in papers[:3]), "holds"))


@life("look_alike", "D15", rate=2)
def two_complaints_in_a_month(stage: Stage) -> None:
    on = stage.day(150)
    site = in_order(stage, on - timedelta(60))
    for n in range(4):
        site.event(COMPLAINT, on + timedelta(20 * n))


@life("ordinary", "D15", rate=2)
def site_in_order(stage: Stage) -> None:
    """Half a year of work: secured, funded and paid, with a roll of a dozen workers."""
    started = month_start(stage.day(300), 1)
    site, gang = in_order(stage, started, 170), gang_of(stage, 6)
    for month in months_between(started, started + timedelta(150)):
        roll(site, gang, month, 1.0)
