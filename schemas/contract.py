"""Feed contracts: what one agency table is, how its rows become records, and what it can prove.

A contract is a TOML file. Loading reports every mistake in it at once, each with its place and what
would be legal there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from stdnum.cn import uscc

from schemas.contract_reader import Reader, Table
from schemas.errors import ContractError
from schemas.field_rule import FieldRule, Slot, slots_of
from schemas.read_fields import read_fields, read_rule, read_zone
from schemas.record import RECORD_TYPES, Record
from schemas.supply import CoverageRule, Supply, read_coverage, read_supplies

ENVELOPES = ("debezium", "canal", "maxwell", "plain")
IDENTITIES = ("plain", "masked")
_SHANGHAI = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the removal of a row means.

    ``correction``: it was wrong. ``expiry``: its publication ended, the fact stands. ``ends``: the
    table lists what is so now, and it ended (in ``field``) on the day of the removal.
    """

    meaning: Literal["correction", "expiry", "ends"]
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One feed. ``agency`` and ``region`` are rules: the same for every row, or a column."""

    feed: str
    title: Mapping[str, str]
    topic: str
    envelope: str
    table: str
    epoch: int
    version: int
    record: str
    agency: FieldRule
    agency_name: Mapping[str, str]
    region: FieldRule
    key: tuple[str, ...]
    time_zone: ZoneInfo
    partial: bool
    identity: Literal["plain", "masked"]
    deletion: Deletion
    fields: tuple[FieldRule, ...]
    supplies: tuple[Supply, ...]
    coverage: CoverageRule
    columns: tuple[str, ...] = ()  #: all columns of the table, for envelopes that send some
    flattened: bool = False  #: Debezium rows that come unwrapped
    complete_snapshots: bool = False  #: when one ends, what it did not show is gone

    @property
    def record_class(self) -> type[Record]:
        return RECORD_TYPES[self.record]

    @property
    def decode_options(self) -> dict[str, object]:
        """What the envelope's decoder must be told of this feed."""
        return {
            "key_columns": self.key,
            "table": self.table,
            "columns": self.columns,
            "flattened": self.flattened,
        }


def load_contract(where: Path | str, source: str = "") -> Contract:
    """Load a contract from a file, or from TOML text; raises :class:`ContractError`."""
    if isinstance(where, Path):
        source = source or str(where)
        try:
            text = where.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ContractError(source, [f"cannot be read: {error}"]) from None
    else:
        source, text = source or "contract", where
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ContractError(source, [f"is no TOML: {error}"]) from None
    return read_contract(table, source, text)


def load_contracts(folder: Path) -> dict[str, Contract]:
    """Load every ``*.toml`` of a folder, by feed; all mistakes of all files are told together."""
    found: dict[str, Contract] = {}
    mistakes: list[str] = []
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ContractError(str(folder), ["no *.toml file; legal: one contract per feed"])
    for path in paths:
        try:
            contract = load_contract(path)
        except ContractError as error:
            mistakes += [f"{path.name}: {mistake}" for mistake in error.mistakes]
            continue
        if contract.feed in found:
            mistakes.append(f"{path.name}: feed: another file is feed {contract.feed!r} already")
        found[contract.feed] = contract
    if mistakes:
        raise ContractError(str(folder), mistakes)
    return found


def read_contract(table: Table, source: str = "contract", text: str | None = None) -> Contract:
    """Read a contract from a parsed TOML table; raises :class:`ContractError`."""
    mistakes: list[str] = []
    reader = Reader(table, mistakes, text=text)
    record = reader.text("record", choices=sorted(RECORD_TYPES))
    cls = RECORD_TYPES.get(record)
    if cls is not None and cls.DERIVED:
        reader.mistake("record", f"{record} is derived from other records; no feed sends it")
    slots = slots_of(cls) if cls else {}
    envelope = reader.text("envelope", choices=ENVELOPES)
    identity = reader.text("identity", "plain", choices=IDENTITIES)
    contract = Contract(
        feed=reader.text("feed", form="[a-z0-9-]+", means="small letters, digits, -"),
        title=_words(reader, "title"),
        topic=reader.text("topic", form=r"[A-Za-z0-9._-]{1,249}", means="a Kafka topic's name"),
        envelope=envelope,
        table=reader.text("table", means='"schema.table" as the envelope names it'),
        epoch=reader.number("epoch", 1, 1),
        version=reader.number("version", 1, 1),
        record=record,
        agency=_origin(reader, "agency", _agency_mistake),
        agency_name=_words(reader, "agency_name"),
        region=_origin(reader, "region", _region_mistake),
        key=reader.texts("key", required=True),
        time_zone=read_zone(reader, "time_zone", _SHANGHAI) or ZoneInfo(_SHANGHAI),
        partial=reader.flag("partial", False),
        identity="masked" if identity == "masked" else "plain",
        deletion=_deletion(reader, cls, slots),
        fields=read_fields(reader, cls, slots) if cls else (),
        supplies=tuple(read_supplies(reader, cls, slots)),
        coverage=read_coverage(reader, envelope),
        columns=reader.texts("columns"),
        flattened=reader.flag("flattened", False),
        complete_snapshots=reader.flag("complete_snapshots", False),
    )
    reader.done("fields")
    _check_together(reader, contract)
    if mistakes:
        raise ContractError(source, mistakes)
    return contract


def _check_together(reader: Reader, contract: Contract) -> None:
    if contract.supplies and contract.coverage.mode == "none":
        reader.mistake(
            "coverage",
            "says nothing, so what the feed supplies could never be used; legal: mode heartbeat "
            "or inferred, or no [[supplies]]",
        )
    if contract.supplies and contract.identity == "masked":
        reader.mistake("supplies", "a feed with masked identities proves no absence; legal: none")
    if contract.flattened and contract.envelope != "debezium":
        reader.mistake("flattened", "only Debezium rows come unwrapped; legal: false")
    if missing := [
        name for name in contract.key if contract.columns and name not in contract.columns
    ]:
        reader.mistake("columns", f"the key's {', '.join(missing)} is missing; legal: all columns")


def _words(reader: Reader, key: str) -> dict[str, str]:
    inside = reader.child(key)
    if inside is None:
        if not reader.has(key):
            reader.mistake(key, 'missing; legal: {zh = "…", en = "…"}')
        return {}
    words = {language: inside.text(language) for language in ("zh", "en")}
    inside.done()
    return words


def _origin(reader: Reader, key: str, mistake_in: object) -> FieldRule:
    """Read where agency or region comes from: a text, or ``{column = …}`` with codes."""
    value = reader.table.get(key)
    if isinstance(value, dict):
        inside = reader.child(key)
        return read_rule(inside, key, ("text",)) if inside else FieldRule(key)
    text = reader.text(key, means='a code, or {column = "…"}')
    if text and callable(mistake_in) and (what := mistake_in(text)):
        reader.mistake(key, what)
    return FieldRule(key, value=text)


def _agency_mistake(code: str) -> str:
    if len(code) == 18 and code[0].isdigit() and not uscc.is_valid(code):
        return f"{code!r} has a wrong check character; legal: the organ's credit code"
    legal = code.isascii() and code.replace("-", "").replace("_", "").isalnum() and len(code) <= 32
    return "" if legal else f"{code!r:.60} is no organ's code; legal: its credit code"


def _region_mistake(code: str) -> str:
    legal = len(code) == 6 and code.isascii() and code.isdigit() and code[0] != "0"
    return "" if legal else f"{code!r:.60} is no region; legal: six digits (GB/T 2260)"


def _deletion(reader: Reader, cls: type[Record] | None, slots: Mapping[str, Slot]) -> Deletion:
    value = reader.table.get("deletion")
    if not isinstance(value, dict):
        meaning = reader.text(
            "deletion",
            choices=("correction", "expiry"),
            means='correction, expiry, {ends = "field"}',
        )
        return Deletion("expiry" if meaning == "expiry" else "correction")
    inside = reader.child("deletion")
    if inside is None:
        return Deletion("correction")
    name = inside.text("ends", means="a date field of the record")
    inside.done()
    legal = [s.name for s in slots.values() if s.type is date and not s.required]
    if cls is not None and name and name not in legal:
        inside.mistake("ends", f"{name!r:.60} is no such field; legal: {', '.join(legal) or '–'}")
        return Deletion("correction")
    return Deletion("ends", slots[name].attribute if name in slots else name)
