"""What the absence of a row in a feed proves, and how it is known how far the feed is complete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.codes import check_code
from schemas.contract_reader import Reader
from schemas.errors import RecordError
from schemas.field_rule import FieldRule, Slot
from schemas.read_fields import read_rule
from schemas.record import Record

MODES = ("heartbeat", "inferred", "none")

#: Questions may also be narrowed by these, which are the source's.
OF_SOURCE = ("agency", "region")


@dataclass(frozen=True, slots=True)
class Supply:
    """Rows of the feed's type with these values are all there, ``lag_days`` after their day.

    ``which`` maps fields to values; a field that is not named is supplied whole.
    """

    which: dict[str, tuple[str, ...]]
    since: date
    lag_days: int


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """How completeness is told: by rows of a heartbeat table, by the newest row, or not at all."""

    mode: Literal["heartbeat", "inferred", "none"]
    topic: str = ""  #: of the heartbeat, where it is not the feed's own
    table: str = ""
    until: FieldRule | None = None  #: the date in the heartbeat's row up to which all is there


def read_supplies(reader: Reader, cls: type[Record] | None, slots: dict[str, Slot]) -> list[Supply]:
    """Read ``[[supplies]]``."""
    return [_read_supply(one, cls, slots) for one in reader.children("supplies")]


def read_coverage(reader: Reader, envelope: str) -> CoverageRule:
    """Read ``[coverage]``; without one nothing is known to be complete."""
    inside = reader.child("coverage")
    if inside is None:
        return CoverageRule("none")
    mode = inside.text("mode", choices=MODES)
    if mode != "heartbeat":
        inside.done()
        return CoverageRule("inferred" if mode == "inferred" else "none")
    topic = inside.text("topic", "", means="a topic")
    table = inside.text("table", "", means="a table")
    rule = inside.child("until")
    until = None
    if rule is not None:
        until = read_rule(rule, "until", ("date",))
    elif table or envelope not in ("", "plain"):
        inside.mistake(
            "until", 'missing; legal: {column = "…", kind = "date"} of the heartbeat\'s row'
        )
    if envelope not in ("", "plain") and not table:
        inside.mistake("table", "missing; legal: the table whose rows are the heartbeat")
    inside.done()
    return CoverageRule("heartbeat", topic, table, until)


def _read_supply(reader: Reader, cls: type[Record] | None, slots: dict[str, Slot]) -> Supply:
    which: dict[str, tuple[str, ...]] = {}
    inside = reader.child("which")
    if inside is not None:
        for name in inside.table:
            which[name] = inside.texts(name, required=True)
            if cls is None:
                continue
            slot = slots.get(name)
            if name not in OF_SOURCE and (slot is None or slot.type not in (str, tuple[str, ...])):
                legal = sorted({*OF_SOURCE, *(s.name for s in slots.values() if s.type is str)})
                inside.mistake(name, f"no field to ask by; legal: {', '.join(legal)}")
                continue
            try:
                check_code(cls, name, which[name])
            except RecordError as error:
                inside.mistake(name, error.detail)
    since = reader.day("since")
    lag = reader.text("lag", "0 d", form=r"\d{1,4} d", means='calendar days, such as "2 d"')
    reader.done()
    found = re.match(r"\d+", lag)
    return Supply(which, since, int(found[0]) if found else 0)
