"""Monthly payments and the yearly rise of pensions: the bulk of what the topics carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from streams.district.calendar import months_between
from streams.district.event import Row, at_ms
from streams.district.people import CIVIL_SERVICE, EMPLOYEE, Person
from streams.district.rows import yuan
from streams.district.script import PayPlan, Window

PENSION_DAY, ALLOWANCE_DAY, RISE_DAY = 15, 20, 10
RISE_MONTH = 7
_STARTS_S, _RUN_MS = 9 * 3600, 8 * 3_600_000
_NOTHING_SPECIAL = PayPlan()

Bulk = tuple[int, str, Row]  #: time, feed, row


def rise_fen(person: Person) -> int:
    """What each July adds to a month's pension."""
    return person.pension_fen * 3 // 1000 * 10 if person.pension in (EMPLOYEE, CIVIL_SERVICE) else 0


def monthly_fen(person: Person, month: date, window: Window, plan: PayPlan | None = None) -> int:
    """The pension of one month, with the rises since the district's first day."""
    withheld = plan.no_rise if plan else ()
    rises = sum(
        year not in withheld
        for year in range(window.since.year, month.year + 1)
        if window.since < date(year, RISE_MONTH, 1) <= month
    )
    return person.pension_fen + rises * rise_fen(person)


def payment_row(
    feed: str, benefit_no: str, person: Person, scheme: str, month: date, on: date, fen: int
) -> Row:
    """One payment in the words of the human resources or the civil affairs bureau."""
    hrss = feed == "hrss-payment"
    return {
        "ffxh": f"{benefit_no}-{month:%Y%m}",
        "dybh": benefit_no,
        "sfzh": person.number,
        "xzlb" if hrss else "lb": scheme,
        "ssny" if hrss else "ssq": f"{month:%Y%m}",
        "ffrq": on.isoformat(),
        "ffje" if hrss else "je": yuan(fen),
        "thrq": None,
    }


def is_paid(plan: PayPlan, month: date) -> bool:
    return (plan.last is None or month <= plan.last) and month not in plan.gaps


def paid_runs(people: list[Person], plans: dict[str, PayPlan], window: Window) -> Iterator[Bulk]:
    """All payments and rises of the window, in order of time, made as they are asked for."""
    pensioners = [person for person in people if person.pension]
    aided = [person for person in people if person.allowance]
    for month in months_between(window.since, window.until):
        if month.month == RISE_MONTH and month > window.since:
            yield from _rises(pensioners, plans, month, window)
        yield from _pensions(pensioners, plans, month, window)
        yield from _allowances(aided, plans, month, window)


def _rises(
    people: list[Person], plans: dict[str, PayPlan], month: date, window: Window
) -> Iterator[Bulk]:
    on = month.replace(day=RISE_DAY)
    if on > window.until:
        return
    start, effective = at_ms(on, _STARTS_S), month.isoformat()
    step = _RUN_MS / max(len(people), 1)
    for place, person in enumerate(people):
        delta = rise_fen(person)
        plan = plans.get(person.pension_no, _NOTHING_SPECIAL)
        if not delta or month.year in plan.no_rise or not is_paid(plan, month):
            continue
        yield (
            start + int(place * step),
            "hrss-adjustment",
            {
                "tzbh": rise_no(person, month.year),
                "dybh": person.pension_no,
                "sfzh": person.number,
                "xzlb": person.pension,
                "sxrq": effective,
                "yzje": yuan(delta),
            },
        )


def rise_no(person: Person, year: int) -> str:
    """The number of a person's rise in a year's round."""
    return f"TZ{year}-{person.index:08d}"


def _pensions(
    people: list[Person], plans: dict[str, PayPlan], month: date, window: Window
) -> Iterator[Bulk]:
    on = month.replace(day=PENSION_DAY)
    if not window.since <= on <= window.until:
        return
    start, step = at_ms(on, _STARTS_S), _RUN_MS / max(len(people), 1)
    told, paid_on = f"{month:%Y%m}", on.isoformat()
    for place, person in enumerate(people):
        plan = plans.get(person.pension_no)
        if plan is None:
            fen = monthly_fen(person, month, window)
        elif is_paid(plan, month):
            fen = monthly_fen(person, month, window, plan)
        else:
            continue
        benefit_no = person.pension_no
        yield (
            start + int(place * step),
            "hrss-payment",
            {
                "ffxh": f"{benefit_no}-{told}",
                "dybh": benefit_no,
                "sfzh": person.number,
                "xzlb": person.pension,
                "ssny": told,
                "ffrq": paid_on,
                "ffje": yuan(fen),
                "thrq": None,
            },
        )


def _allowances(
    people: list[Person], plans: dict[str, PayPlan], month: date, window: Window
) -> Iterator[Bulk]:
    on = month.replace(day=ALLOWANCE_DAY)
    if not window.since <= on <= window.until:
        return
    start, step = at_ms(on, _STARTS_S), _RUN_MS / max(len(people), 1)
    for place, person in enumerate(people):
        plan = plans.get(person.allowance_no, _NOTHING_SPECIAL)
        if is_paid(plan, month):
            row = payment_row(
                "civil-payment",
                person.allowance_no,
                person,
                person.allowance,
                month,
                on,
                person.allowance_fen,
            )
            yield start + int(place * step), "civil-payment", row
