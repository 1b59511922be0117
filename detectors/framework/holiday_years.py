"""Which days are off and which are worked in exchange, year by year as announced."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import chinese_calendar.constants as announced
import msgspec

from detectors.framework.spell import DAY
from schemas.errors import CardError

PACKAGED = Path(__file__).with_name("holidays")


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run of days off."""

    name: str
    since: date
    until: date


class HolidayYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A year as one TOML file gives it (format: ``holidays/README.md``)."""

    year: int
    source: str
    holidays: tuple[Holiday, ...]
    worked: tuple[date, ...] = ()


class HolidayYears(msgspec.Struct, frozen=True):
    """All known years: days off and worked weekend days with the holiday they belong to."""

    first: int
    last: int
    off: dict[date, str]
    worked: dict[date, str]


def load_years(directories: Iterable[Path] = ()) -> HolidayYears:
    """The years of chinesecalendar, then the files packaged here, then those of ``directories``.

    A later file is laid over an earlier one, so that a deployment can correct a year or add the
    next as soon as it is announced. Raises :class:`CardError` naming every mistake.
    """
    off: dict[date, str] = dict(announced.holidays)
    worked: dict[date, str] = dict(announced.workdays)
    years = {day.year for day in off}
    mistakes: list[str] = []
    files = [path for place in (PACKAGED, *directories) for path in sorted(place.glob("*.toml"))]
    missing = [str(place) for place in directories if not place.is_dir()]
    mistakes.extend(f"{place}: no such directory of holiday years" for place in missing)
    for path in files:
        year = _read(path, mistakes)
        if year is None:
            continue
        if year.year > max(years) + 1:
            mistakes.append(
                f"{path}: year: {year.year} follows no known year; add {max(years) + 1} first"
            )
            continue
        years.add(year.year)
        for holiday in year.holidays:
            day = holiday.since
            while day <= holiday.until:
                off[day] = holiday.name
                worked.pop(day, None)
                day += DAY
        for day in year.worked:
            off.pop(day, None)
            worked[day] = ""
    if mistakes:
        raise CardError("\n".join(mistakes))
    return HolidayYears(min(years), max(years), off, worked)


def _read(path: Path, mistakes: list[str]) -> HolidayYear | None:
    try:
        year = msgspec.convert(tomllib.loads(path.read_text("utf-8")), HolidayYear)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        mistakes.append(f"{path}: {error}")
        return None
    found: list[str] = []
    for place, holiday in enumerate(year.holidays):
        if not holiday.since <= holiday.until < date(year.year + 1, 1, 10):
            found.append(
                f"{path}: holidays[{place}]: since – until must be in order and end in {year.year}"
            )
        if (holiday.until - holiday.since).days > 15:
            found.append(f"{path}: holidays[{place}]: more than 15 days off is no public holiday")
    # An announcement also moves days of the December before.
    days = [*(h.since for h in year.holidays), *year.worked]
    allowed = (date(year.year - 1, 12, 1), date(year.year, 12, 31))
    found += [
        f"{path}: {day} is not a day of {year.year}"
        for day in days
        if not allowed[0] <= day <= allowed[1]
    ]
    found += [
        f"{path}: worked: {day} is no weekend day" for day in year.worked if day.weekday() < 5
    ]
    mistakes.extend(found)
    return None if found else year
