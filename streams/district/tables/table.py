"""One table of an agency as its own database has it: name, columns, types, key and punctuality."""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.district.places import AGENCIES, Agency

COVERAGE_COLUMNS = {"id": "int", "complete_until": "date"}
TYPES = ("text", "int", "date", "timestamp", "decimal2", "decimal6")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one agency, which is one feed."""

    feed: str
    agency: Agency
    name: str  #: ``schema.table``
    key: tuple[str, ...]
    columns: dict[str, str] = field(hash=False)  #: column: type
    replica_full: bool = True  #: PostgreSQL: REPLICA IDENTITY FULL, else DEFAULT
    complete_every: int = 1  #: days between two statements of completeness
    lag_days: int = 2  #: a row is entered at most so many days after what it tells of

    @property
    def topic(self) -> str:
        """As Debezium names it with the topic prefix ``agency``."""
        return f"agency.{self.name}"

    @property
    def coverage_name(self) -> str:
        """The table of one row in which the agency says how far this one is complete."""
        return f"{self.name}_coverage"


def table(
    feed: str, name: str, key: str, columns: str, *, full: bool = True, every: int = 1, lag: int = 2
) -> Table:
    """Write a table down: ``key`` and ``columns`` are words, a column is ``name:type``.

    The agency is the schema in ``name``. ``every`` is how many days lie between two statements of
    completeness, ``lag`` within how many days clerks enter a row, ``full`` whether PostgreSQL sends
    whole rows of what was.
    """
    types = dict(column.partition(":")[::2] for column in columns.split())
    if strange := set(types.values()) - set(TYPES):
        raise ValueError(f"{feed}: no type {', '.join(sorted(strange))}")
    keys = tuple(key.split())
    if strange := set(keys) - set(types):
        raise ValueError(f"{feed}: the key names {', '.join(sorted(strange))}, which is no column")
    agency = AGENCIES[name.partition(".")[0]]
    return Table(feed, agency, name, keys, types, full, every, lag)
