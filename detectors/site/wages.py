"""The wages of a building site month by month: what was due, and what was paid by a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec

from detectors.framework.calendar import Deadline
from detectors.framework.context import Context
from detectors.framework.duty import Judged, performed
from detectors.framework.finding import Finding, Outcome, Waiting
from detectors.framework.months import month_of
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from detectors.site.project import Site, SiteFacts
from schemas import ProjectEvent, WageMonth


class WageLaw(msgspec.Struct, frozen=True):
    """The parameters of what follows, as part of a model's own terms."""

    paid_share: float
    paid_months: int
    pay_by: Term
    crime_months: Term | None
    crime_one_fen: tuple[int, ...] | None
    crime_workers: int | None
    crime_many_fen: tuple[int, ...] | None


L = TypeVar("L", bound=WageLaw)


class SiteMonth(NamedTuple):
    """One month of a site."""

    month: date
    rows: tuple[WageMonth, ...]

    @property
    def ends(self) -> date:
        return month_of(self.month).until or self.month

    @property
    def due_fen(self) -> int:
        return sum(row.due_fen for row in self.rows)

    def paid_fen(self, by: date = date.max) -> int:
        """What was paid by the end of that day."""
        return sum(paid_by(row, by) for row in self.rows)


class Unpaid(NamedTuple):
    """What a site owes its workers on a day."""

    workers: int
    longest: int  #: months for which the worker who is owed most of them is owed
    left_fen: int
    most_fen: int  #: owed to that worker
    rows: tuple[WageMonth, ...]


def paid_by(row: WageMonth, day: date) -> int:
    """What a worker had of a month's wage; a payment without a day is taken to be in time."""
    return row.paid_fen if row.paid_on is None or row.paid_on <= day else 0


def site_months(rows: Iterable[WageMonth]) -> list[SiteMonth]:
    """Months in order. Of two rows for one worker and month the one that tells of more pay counts:
    subcontractors keep rolls of their own."""
    best: dict[tuple[date, str], WageMonth] = {}
    for row in rows:
        key = row.month.replace(day=1), row.person
        if key not in best or row.paid_fen > best[key].paid_fen:
            best[key] = row
    months: dict[date, list[WageMonth]] = {}
    for (month, _), row in sorted(best.items(), key=lambda item: item[0]):
        months.setdefault(month, []).append(row)
    return [SiteMonth(month, tuple(found)) for month, found in months.items()]


def runs(months: Sequence[SiteMonth], least: int) -> list[SiteMonth]:
    """Those of the months, in order, that follow one another at least so often."""
    found: list[SiteMonth] = []
    run: list[SiteMonth] = []
    for month in (*months, None):
        if month is not None and (not run or month.month == run[-1].ends + DAY):
            run.append(month)
            continue
        found += run if len(run) >= least else []
        run = [month] if month is not None else []
    return found


def unpaid(rows: Iterable[WageMonth], by: date, before: date, least_months: int) -> Unpaid:
    """What was owed at the end of ``by`` for months that had ended before ``before``.

    The single worker is the one with most owed among those owed for at least so many months.
    """
    owed: dict[str, list[WageMonth]] = {}
    for row in rows:
        if (month_of(row.month).until or row.month) < before and row.due_fen > paid_by(row, by):
            owed.setdefault(row.person, []).append(row)
    sums = {p: sum(r.due_fen - paid_by(r, by) for r in mine) for p, mine in owed.items()}
    long = [(sums[p], len(mine)) for p, mine in owed.items() if len(mine) >= least_months]
    most, longest = max(long, default=(0, max(map(len, owed.values()), default=0)))
    return Unpaid(
        len(owed),
        longest,
        sum(sums.values()),
        most,
        tuple(r for mine in owed.values() for r in mine),
    )


class WageLine(msgspec.Struct, frozen=True):
    wage_month: str
    workers: int
    due_fen: int
    paid_fen: int
    left_fen: int


class UnderpaidFacts(SiteFacts, frozen=True, kw_only=True):
    months: tuple[WageLine, ...]
    share: float
    pay_by: str
    due_fen: int
    paid_fen: int
    left_fen: int


class CrimeFacts(SiteFacts, frozen=True, kw_only=True):
    doc_no: str | None
    ordered_on: date
    ordered_fen: int
    due_on: date
    workers: int
    left_fen: int
    longest: int
    most_fen: int | None  #: owed to one worker for so many months as the line asks
    line: str
    limit_fen: int
    left_now_fen: int
    complied_on: date | None


def underpaid(context: Context[L], site: Site) -> Iterator[Finding]:
    """Not less than a share of the wages is paid, two months running."""
    months = site_months(site.dossier.of(WageMonth))
    if not months:
        return
    region = site.region
    waiting: Waiting | None = None
    judged: list[tuple[SiteMonth, date]] = []
    for month in months:
        term = context.law(month.month, region).pay_by
        due = context.calendar.deadline(month.ends, term).due or month.ends
        if not context.reached(due + DAY):
            waiting = waiting or Waiting.NOT_DUE
            break  # later ones are due later
        if context.covered(WageMonth, Spell(month.month, due)):
            judged.append((month, due))
        else:
            waiting = Waiting.NOT_COVERED
    law = context.law(months[0].month, region)
    now = runs([m for m, _ in judged if m.paid_fen() < m.due_fen * law.paid_share], law.paid_months)
    then = runs(
        [m for m, due in judged if m.paid_fen(due) < m.due_fen * law.paid_share], law.paid_months
    )
    shown = now or then or months[:1]
    late = Outcome.CURED if context.legal("pay_by", shown[0].month, region) else Outcome.LAPSED
    outcome = Outcome.HOLDS if now else late if then else Outcome.LAPSED
    if not now and not then and waiting is not None:
        outcome = Outcome.PENDING
    lines = tuple(
        WageLine(f"{m.month:%Y-%m}", len(m.rows), m.due_fen, m.paid_fen(), m.due_fen - m.paid_fen())
        for m in shown
    )
    facts = UnderpaidFacts(
        **site.told(),
        months=lines,
        share=law.paid_share,
        pay_by=law.pay_by.text,
        due_fen=sum(line.due_fen for line in lines),
        paid_fen=sum(line.paid_fen for line in lines),
        left_fen=sum(line.left_fen for line in lines),
    )
    yield site.finding(
        "underpaid",
        "underpaid",
        Judged(outcome, waiting=waiting or Waiting.NOT_DUE),
        shown[0].month,
        ("paid_share", "paid_months", "pay_by"),
        facts,
        [row for month in shown for row in month.rows],
        amount_fen=max(facts.left_fen, 0),
        severity="medium",
    )


def crime_line(context: Context[L], site: Site) -> Iterator[Finding]:
    """An order to pay passed, and what was owed then reaches the line of the crime."""
    orders = [o for o in site.orders(to_pay=True) if o.due_on]
    if not orders:
        return
    months = site_months(site.dossier.of(WageMonth))
    told = [_order(context, site, months, order) for order in orders]
    reached = next((one for one in told if one[0]), told[-1])
    yield reached[1]


def _order(
    context: Context[L], site: Site, months: Sequence[SiteMonth], order: ProjectEvent
) -> tuple[bool, Finding]:
    """Whether the line is reached, and how the order stands."""
    due, region = order.due_on or order.on, site.region
    law = context.law(order.on, region)
    longest = law.crime_months.number if law.crime_months else 0
    owed = unpaid((row for month in months for row in month.rows), due, order.on, longest)
    many = law.crime_many_fen[-1] if law.crime_many_fen else None
    one = law.crime_one_fen[-1] if law.crime_one_fen else None
    group = bool(law.crime_workers and many) and (
        owed.workers >= (law.crime_workers or 0) and owed.left_fen >= (many or 0)
    )
    single = bool(longest and one) and owed.most_fen >= (one or 0)
    complied = site.dossier.first(ProjectEvent, order.on, kind="order_complied")
    left_fen = sum(max(row.due_fen - row.paid_fen, 0) for row in owed.rows)
    done = complied.on if complied else None
    if done is None and owed.rows and not left_fen:
        done = max((row.paid_on for row in owed.rows if row.paid_on), default=None)
    judged = performed(
        context,
        Deadline(order.on, "", due),
        done,
        refuted_by=WageMonth,
        also=((ProjectEvent, {"kind": "order_complied"}),),
    )
    line = "crime_workers" if group else "crime_months" if single else "crime_none"
    facts = CrimeFacts(
        **site.told(),
        doc_no=order.doc_no or None,
        ordered_on=order.on,
        ordered_fen=order.amount_fen or 0,
        due_on=due,
        workers=owed.workers,
        left_fen=owed.left_fen,
        longest=owed.longest,
        most_fen=owed.most_fen or None,
        line=line,
        limit_fen=(many if group or not single else one) or 0,
        left_now_fen=left_fen,
        complied_on=done,
    )
    basis = ("crime_workers", "crime_many_fen") if group else ("crime_months", "crime_one_fen")
    return group or single, site.finding(
        "crime_line",
        "crime_line",
        judged if group or single else Judged(Outcome.LAPSED),
        order.on,
        basis,
        facts,
        [order, *owed.rows, *((complied,) if complied else ())],
        amount_fen=left_fen,
        severity="high",
    )
