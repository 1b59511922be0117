"""What companies declare: each month's activity to the tax bureau, each year's report to market
supervision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from streams.district.calendar import month_start, months_between
from streams.district.event import Row, at_ms
from streams.district.organisations import Organisation
from streams.district.rows import yuan
from streams.district.script import FilingPlan, Window

DECLARATION_DAY = 15  # of the month after
_STARTS_S, _RUN_MS = 9 * 3600, 8 * 3_600_000
_NOTHING_SPECIAL = FilingPlan()

Bulk = tuple[int, str, Row]  #: time, feed, row


def report_on(company: Organisation, year: int) -> date:
    """When a company hands in the report of the year before: from March to June."""
    return date(year, 3, 1) + timedelta(company.index * 13 % 118)


def report_row(company: Organisation, on: date) -> Row:
    return {
        "tyshxydm": company.number,
        "sxlx": "20",
        "fsrq": on.isoformat(),
        "jzrq": None,
        "wsh": None,
        "bgq": None,
        "bgh": None,
    }


def activity_row(company: Organisation, month: date, on: date, *, idle: bool = False) -> Row:
    """A month's declaration; one that has stood still declares nothing but zeros."""
    turnover = 0 if idle else company.staff * 2_600_000 + company.index * 977 % 90 * 10_000
    staff = 0 if idle else company.staff
    return {
        "tyshxydm": company.number,
        "ssq": f"{month:%Y%m}",
        "cbrs": staff,
        "kpje": yuan(turnover),
        "rkse": yuan(turnover * 3 // 100),
        "gzze": yuan(staff * 520_000),
        "sbrq": on.isoformat(),
    }


def filed(
    companies: Iterable[Organisation], plans: dict[str, FilingPlan], window: Window
) -> Iterator[Bulk]:
    """All declarations and reports of the window, in order of time, made as they are asked for."""
    companies = list(companies)
    reports: dict[date, list[Organisation]] = {}
    for year in range(window.since.year, window.until.year + 1):
        for company in companies:
            on = report_on(company, year)
            plan = plans.get(company.number, _NOTHING_SPECIAL)
            if company.registered_on.year < year and year not in plan.no_reports:
                reports.setdefault(on, []).append(company)
    last = month_start(window.until)
    for month in months_between(window.since, last):
        declared = sorted(reports.keys() & _days(month))
        for on in [day for day in declared if day.day < DECLARATION_DAY]:
            yield from _reports(reports[on], on, plans, window)
        yield from _declarations(companies, plans, month, window)
        for on in [day for day in declared if day.day >= DECLARATION_DAY]:
            yield from _reports(reports[on], on, plans, window)


def _days(month: date) -> set[date]:
    return {month + timedelta(n) for n in range((month_start(month, 1) - month).days)}


def _reports(
    companies: list[Organisation], on: date, plans: dict[str, FilingPlan], window: Window
) -> Iterator[Bulk]:
    if not window.since <= on <= window.until:
        return
    # The declarations of a day begin an hour later: the two stay in order.
    for place, company in enumerate(companies):
        if plans.get(company.number, _NOTHING_SPECIAL).files(month_start(on)):
            yield (
                at_ms(on, _STARTS_S + 10 * 3600) + place,
                "market-company-event",
                report_row(company, on),
            )


def _declarations(
    companies: list[Organisation], plans: dict[str, FilingPlan], month: date, window: Window
) -> Iterator[Bulk]:
    """In the middle of ``month`` the month before is declared."""
    on, told = month.replace(day=DECLARATION_DAY), month_start(month, -1)
    if not window.since <= on <= window.until:
        return
    start, step = at_ms(on, _STARTS_S), _RUN_MS / max(len(companies), 1)
    for place, company in enumerate(companies):
        plan = plans.get(company.number, _NOTHING_SPECIAL)
        if company.registered_on < month and plan.files(told):
            row = activity_row(company, told, on, idle=told in plan.idle)
            yield start + int(place * step), "tax-activity", row
