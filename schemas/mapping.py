"""Turns a row of one feed into its record, its key and its hash; everything is looked up once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NoReturn

import msgspec

from schemas.codes import check_code, check_pair
from schemas.columns import Row, each, is_empty, pairs, read_in, taken
from schemas.contract import Contract
from schemas.conversions import Converter, converter, degrees, text
from schemas.datum import DATUMS
from schemas.errors import RecordError
from schemas.field_rule import FieldRule, Slot, slots_of
from schemas.identifiers import party_kind
from schemas.keys import identity_fields
from schemas.numbers import case_number, of_organ, paper_number
from schemas.record import Record, Source
from schemas.subject import Tokens

_encoder = msgspec.json.Encoder()


class Mapper:
    """The mapping of one contract. ``columns`` are all that it reads."""

    def __init__(self, contract: Contract, tokens: Tokens) -> None:
        self.contract = contract
        cls = contract.record_class
        self._class, self._tokens = cls, tokens
        self._make: Callable[..., Record] = cls
        self._identities = identity_fields(cls)
        self._masked = contract.identity == "masked"
        self._constants: dict[str, object] = {}
        self._steps: list[tuple[str, str, bool, frozenset[str], Converter]] = []
        self._others: list[tuple[Slot, FieldRule, Converter]] = []
        self._last_part: tuple[object, str] = (object(), "")
        self._version = contract.version.to_bytes(4, "big")
        slots = slots_of(cls)
        named = {name for names in cls.ROUTES.values() for name in names}
        self._may_name_nobody = not any(s.required and s.attribute in named for s in slots.values())
        columns = dict.fromkeys(contract.key)
        for rule in contract.fields:
            slot = slots[rule.name]
            if not rule.columns:
                self._constants[slot.attribute] = rule.value
                continue
            columns |= dict.fromkeys((*rule.columns, rule.organ.column))
            self._compile(slot, rule)
        for rule in (contract.agency, contract.region):
            columns |= dict.fromkeys(rule.columns)
        self.columns: tuple[str, ...] = tuple(filter(None, columns))
        self._agency = self._origin(contract.agency)
        self._region = self._origin(contract.region)
        self._paired = {"organ", "step"} <= set(cls.__struct_fields__)

    def key(self, columns: Row) -> str:
        """The record's key, from the row or from its key columns alone.

        Parts are joined by ``/``; whatever has the form of a person's number is under its token.
        """
        names = self.contract.key
        if len(names) == 1:
            return self._key_part(columns, names[0])
        parts = (self._key_part(columns, name) for name in names)
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)

    def record(self, row: Row) -> Record:
        """The row as a record; raises :class:`RecordError` with the reason and the column."""
        values = self._constants.copy()
        for attribute, column, required, none, read in self._steps:
            try:
                value = row[column]
            except KeyError:
                raise RecordError("missing_column", column) from None
            if (
                value is None
                or (type(value) is str and (not value or value.isspace()))
                or (none and str(value) in none)
            ):
                if required:
                    self._empty(attribute, column)
                continue
            try:
                values[attribute] = read(value)
            except RecordError as error:
                self._refuse(attribute, column, error)
        agency, region = self._agency(row), self._region(row)
        for slot, rule, read in self._others:
            self._fill(values, row, slot, rule, read, agency)
        source = Source(self.contract.feed, self.key(row), agency, region)
        record = self._make(source=source, **values)
        if self._paired:
            check_pair(record)
        if self._may_name_nobody and not self._tokens.subjects(record):
            raise RecordError("no_subject", detail="no field names a subject")
        return record

    def value(self, attribute: str, row: Row) -> object:
        """One field of a row whose other fields may be unreadable; None where it is empty.

        Raises :class:`RecordError` if this one cannot be read, as when the type computes it from
        other fields.
        """
        if attribute not in self._class.__struct_fields__:
            raise RecordError("missing_value", attribute, "computed from the whole row")
        for name, column, _, none, read in self._steps:
            if name == attribute:
                _, found = taken(row, (column,), FieldRule(name, none=none))
                return None if found is None else read_in(column, read, found)
        for slot, rule, convert in self._others:
            if slot.attribute == attribute:
                values: dict[str, object] = {}
                optional = replace(slot, required=False)
                self._fill(values, row, optional, rule, convert, self._agency(row))
                return values.get(attribute)
        return self._constants.get(attribute)

    def row_hash(
        self, record: Record, subjects: tuple[str, ...], encoded: bytes | None = None
    ) -> bytes:
        """16 bytes that differ whenever the record, its subjects or the mapping do.

        ``encoded`` saves encoding the record where its bytes are at hand.
        """
        row = _encoder.encode(record) if encoded is None else encoded
        digest = hashlib.blake2b(row, digest_size=16, key=self._version)
        digest.update("\n".join(subjects).encode())
        return digest.digest()

    def _compile(self, slot: Slot, rule: FieldRule) -> None:
        read = self._reading(rule)
        name, cls = slot.attribute, self._class
        if (name in cls.CODES and not rule.codes) or name in cls.FORMS:
            read = _checked(read, cls, name)
        simple = len(rule.columns) == 1 and not rule.optional
        if simple and rule.kind not in ("number", "case_no", "pairs", "point"):
            self._steps.append((name, rule.columns[0], slot.required, rule.none, read))
        else:
            self._others.append((slot, rule, read))

    def _reading(self, rule: FieldRule) -> Converter:
        if rule.kind in ("pairs", "point"):  # they read several columns
            return text
        if rule.kind == "token":
            return self._tokens.hidden
        if rule.of == "token":
            items = converter(replace(rule, of="text"), self.contract.time_zone)
            return partial(each, items, self._tokens.hidden)
        return converter(rule, self.contract.time_zone)

    def _fill(
        self,
        values: dict[str, object],
        row: Row,
        slot: Slot,
        rule: FieldRule,
        read: Converter,
        agency: str,
    ) -> None:
        """Fill a field whose value stands in several columns, or may be missing, or is a number."""
        name = slot.attribute
        if rule.kind == "point":
            east, north = (taken(row, (column,), rule)[1] for column in rule.columns)
            if east is not None and north is not None:
                point = read_in(rule.columns[0], degrees, east, north)
                values[name] = DATUMS[rule.datum](point)
            return
        if rule.kind == "pairs":
            values[name] = pairs(row, rule)
            return
        column, value = taken(row, rule.columns, rule)
        if value is None:
            if slot.required:
                self._empty(name, column)
            return
        try:
            found = read(value)
            if rule.kind in ("number", "case_no"):
                plain = str(found)
                plain = case_number(plain).case if rule.kind == "case_no" else paper_number(plain)
                found = of_organ(self._organ(row, rule) or agency, plain)
        except RecordError as error:
            self._refuse(name, error.column or column, error)
        values[name] = found

    def _organ(self, row: Row, rule: FieldRule) -> str:
        if not rule.organ.column:
            return rule.organ.code
        column, value = taken(row, (rule.organ.column,), rule)
        if value is None:
            raise RecordError("missing_value", column, "the organ of a number")
        return str(read_in(column, text, value))

    def _key_part(self, columns: Row, name: str) -> str:
        try:
            value = columns[name]
        except KeyError:
            raise RecordError("missing_column", name, "part of the key") from None
        if value is self._last_part[0]:  # of a row's key twice: to look it up, and in its source
            return self._last_part[1]
        if is_empty(value):
            raise RecordError("missing_value", name, "part of the key")
        part = value.strip() if type(value) is str else str(value)
        if len(part) in (15, 18) and party_kind(part.upper()) == "person":
            part = self._tokens.person(part.upper())
        self._last_part = value, part
        return part

    def _origin(self, rule: FieldRule) -> Callable[[Row], str]:
        if not rule.columns:
            fixed = str(rule.value)
            return lambda row: fixed
        read = converter(rule, self.contract.time_zone)

        def of_row(row: Row) -> str:
            column, value = taken(row, rule.columns, rule)
            return "" if value is None else str(read_in(column, read, value))

        return of_row

    def _empty(self, attribute: str, column: str) -> NoReturn:
        if attribute in self._identities:
            raise RecordError("no_subject", column, "the row names nobody")
        raise RecordError("missing_value", column)

    def _refuse(self, attribute: str, column: str, error: RecordError) -> NoReturn:
        if self._masked and error.reason == "bad_identity" and attribute in self._identities:
            raise RecordError("no_subject", column, "the identity is masked") from None
        raise RecordError(error.reason, column, error.detail) from None


def end_row(record: Record, field: str, day: date) -> Record:
    """The record of a row that left a list of present state on ``day``; an earlier end stands."""
    ended: date | None = getattr(record, field)
    if ended is not None and ended <= day:
        return record
    return msgspec.structs.replace(record, **{field: day})


def _checked(read: Converter, cls: type[Record], name: str) -> Converter:
    def checked(value: object) -> object:
        found = read(value)
        check_code(cls, name, found)
        return found

    return checked
