"""One history of one table, and its messages in every envelope, as the tools write them."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

import msgspec
from hypothesis import strategies as st

Row = dict[str, Any]
Messages = list[tuple[bytes | None, bytes | None]]

_encode = msgspec.json.Encoder(decimal_format="number").encode
_DAY_ZERO = dt.date(1970, 1, 1)
_START_MS = 1_738_722_600_000

MYSQL_TYPES = {
    "id": "bigint(20) unsigned",
    "name": "varchar(64)",
    "amount": "decimal(12,2)",
    "total": "bigint(20) unsigned",
    "kind": "tinyint(4)",
    "died_on": "date",
    "paid_at": "datetime",
    "note": "text",
}


@dataclass(frozen=True)
class Step:
    """``before`` None is an insert, ``after`` None a delete, both an update."""

    before: Row | None
    after: Row | None

    @property
    def moves(self) -> bool:
        return bool(self.before and self.after and self.before["id"] != self.after["id"])


texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["张三丰", "2025-01-01 00:00:00", "123.40", "__proto__", '"quoted"\\n', "0001", "\u2028", "𠮷"]
)
ids = st.integers(1, 4) | st.just(2**64 - 1)
rows = st.fixed_dictionaries(
    {
        "id": ids,
        "name": texts,
        "amount": st.decimals("-9999999999.99", "9999999999.99", places=2),
        "total": st.integers(0, 2**64 - 1),
        "kind": st.integers(-128, 127),
        "died_on": st.none() | st.dates(dt.date(1899, 1, 1), dt.date(2100, 1, 1)),
        "paid_at": st.none()
        | st.datetimes(dt.datetime(1899, 1, 1), dt.datetime(2100, 1, 1)).map(
            lambda time: time.replace(microsecond=0)
        ),
        "note": st.none() | texts,
    }
)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """A possible history: no insert over a row, no change of a row that is not there."""
    table: dict[int, Row] = {}
    steps: list[Step] = []
    for row in draw(st.lists(rows, min_size=1, max_size=8)):
        present = sorted(table)
        action = draw(st.sampled_from(["put", "move", "delete"])) if present else "put"
        if action == "put":
            old = table.get(row["id"])
            if old is not None:  # an update touches some columns
                touched = draw(st.sets(st.sampled_from(sorted(row))))
                row = {name: row[name] if name in touched else old[name] for name in row}
            steps.append(Step(old, row))
            table[row["id"]] = row
        elif action == "delete":
            steps.append(Step(table.pop(draw(st.sampled_from(present))), None))
        elif row["id"] not in table:
            steps.append(Step(table.pop(draw(st.sampled_from(present))), row))
            table[row["id"]] = row
    return steps


def shown(row: Row | None) -> Row | None:
    """The row in the values that ``streams.envelopes.row`` promises."""
    if row is None:
        return None
    return {
        **row,
        "amount": str(row["amount"]),
        "died_on": None if row["died_on"] is None else row["died_on"].isoformat(),
        "paid_at": None if row["paid_at"] is None else row["paid_at"].isoformat(" "),
    }


def changes_of(steps: list[Step]) -> list[tuple[str, Row, Row | None, Row | None]]:
    """What happened, as (op, key, row, before), from the history alone."""
    told = []
    for step in steps:
        before, after = shown(step.before), shown(step.after)
        if before is not None and (after is None or step.moves):
            told.append(("remove", {"id": before["id"]}, None, before))
        if after is not None:
            told.append(("put", {"id": after["id"]}, after, None if step.moves else before))
    return told


def debezium(steps: list[Step], flavour: str, with_schema: bool) -> Messages:
    messages: Messages = []
    for place, step in enumerate(steps):
        source = _source(flavour, place)
        if step.moves:
            events = [("d", step.before, None), ("c", None, step.after)]
        else:
            op = "u" if step.before and step.after else "c" if step.after else "d"
            events = [(op, step.before, step.after)]
        for op, before, after in events:
            payload = {
                "before": _connect(before, flavour, with_schema),
                "after": _connect(after, flavour, with_schema),
                "source": source,
                "op": op,
                "ts_ms": _START_MS + place + 500,
            }
            image = payload["after"] or payload["before"]
            key: Row = {"id": image["id"]}
            value: Row = payload
            if with_schema:
                key = {"schema": _struct([_ID[flavour]], "d.civil.pension.Key"), "payload": key}
                value = {"schema": _envelope_schema(flavour), "payload": payload}
            messages.append((_encode(key), _encode(value)))
            if op == "d":
                messages.append((_encode(key), None))
    return messages


def canal(steps: list[Step]) -> Messages:
    """Runs of steps of one kind over different rows are one statement, so one message."""
    messages: Messages = []
    run: list[Step] = []

    def flush() -> None:
        if not run:
            return
        first = run[0]
        kind = "UPDATE" if first.before and first.after else "INSERT" if first.after else "DELETE"
        message = {
            "data": [_texts(step.after or step.before) for step in run],
            "database": "civil",
            "es": _START_MS + len(messages) * 1000,
            "id": len(messages) + 1,
            "isDdl": False,
            "mysqlType": MYSQL_TYPES,
            "old": [_changed(_texts(s.before), _texts(s.after)) for s in run]
            if kind == "UPDATE"
            else None,
            "pkNames": ["id"],
            "sql": "",
            "sqlType": dict.fromkeys(MYSQL_TYPES, 12),
            "table": "pension",
            "ts": _START_MS + len(messages) * 1000 + 300,
            "type": kind,
        }
        messages.append((None, _encode(message)))
        run.clear()

    for step in steps:
        here = {(step.before or {}).get("id"), (step.after or {}).get("id")} - {None}
        seen = {r["id"] for s in run for r in (s.before, s.after) if r}
        same = run and bool(step.before) == bool(run[0].before)
        if not (same and bool(step.after) == bool(run[0].after) and not here & seen):
            flush()
        run.append(step)
    flush()
    return messages


def maxwell(steps: list[Step]) -> Messages:
    messages: Messages = []
    for place, step in enumerate(steps):
        row = _json(step.after or step.before)
        message = {
            "database": "civil",
            "table": "pension",
            "type": "update"
            if step.before and step.after
            else ("insert" if step.after else "delete"),
            "ts": (_START_MS // 1000) + place,
            "xid": 23000 + place,
            "commit": True,
            "position": f"mysql-bin.{place // 3 + 1:06}:{4 + place % 3 * 100}",
            "data": row,
        }
        if step.before and step.after:
            message["old"] = _changed(_json(step.before), row)
        key = {"database": "civil", "table": "pension", "pk.id": row["id"]}
        messages.append((_encode(key), _encode(message)))
    return messages


def plain(steps: list[Step]) -> Messages:
    messages: Messages = []
    for place, step in enumerate(steps):
        after, before = _json(step.after), _json(step.before)
        message = {"table": "civil.pension", "sequence": place, "before": before}
        if after is None:
            message |= {"op": "delete", "key": {"id": before["id"]}}
        else:
            message |= {"op": "upsert", "key": {"id": after["id"]}, "row": after}
            if step.moves:
                message["old_key"] = {"id": before["id"]}
        messages.append((None, _encode(message)))
    return messages


def _json(row: Row | None) -> Any:
    """Values as Maxwell writes them: numbers with their digits, times as SQL text."""
    if row is None:
        return None
    return {**(shown(row) or {}), "amount": row["amount"]}


def _texts(row: Row | None) -> Any:
    return {n: None if v is None else str(v) for n, v in (shown(row) or {}).items()}


def _changed(old: Row, new: Row) -> Row:
    return {name: value for name, value in old.items() if value != new[name]}


def _connect(row: Row | None, flavour: str, with_schema: bool) -> Any:
    if row is None:
        return None
    unit = 1_000_000 if flavour == "postgresql" else 1_000
    wide = _whole(row["id"]), _whole(row["total"])
    return {
        **row,
        "id": wide[0] if with_schema else row["id"],
        "total": wide[1] if with_schema else row["total"],
        "amount": _whole(int(row["amount"].scaleb(2))) if with_schema else str(row["amount"]),
        "died_on": None if row["died_on"] is None else (row["died_on"] - _DAY_ZERO).days,
        "paid_at": None
        if row["paid_at"] is None
        else (row["paid_at"] - dt.datetime(1970, 1, 1))
        // dt.timedelta(microseconds=1)
        * unit
        // 1_000_000,
    }


def read_by_contract(row: Row | None, flavour: str) -> Row | None:
    """What a contract knows of a table whose Debezium messages have no schema."""
    if row is None:
        return None
    unit = 1_000_000 if flavour == "postgresql" else 1_000
    read = dict(row)
    if read["died_on"] is not None:
        read["died_on"] = (_DAY_ZERO + dt.timedelta(days=read["died_on"])).isoformat()
    if read["paid_at"] is not None:
        since = dt.timedelta(seconds=read["paid_at"] // unit)
        read["paid_at"] = (dt.datetime(1970, 1, 1) + since).isoformat(" ")
    return read


def _whole(number: int) -> str:
    """java.math.BigInteger.toByteArray, in base64."""
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return base64.b64encode(number.to_bytes(size, "big", signed=True)).decode()


def _source(flavour: str, place: int) -> Row:
    source = {"version": "2.7.3.Final", "connector": flavour, "name": "d", "table": "pension"}
    source |= {"ts_ms": _START_MS + place, "snapshot": "false"}
    if flavour == "postgresql":
        lsn = 24_000_000 + place * 56
        source |= {"db": "office", "schema": "civil", "lsn": lsn, "xmin": None, "txId": 555}
        source["sequence"] = f'["{lsn - 8}","{lsn}"]'
    else:
        source |= {"db": "civil", "file": f"binlog.{place // 3 + 1:06}", "pos": 4 + place % 3 * 99}
        source |= {"row": 0, "gtid": None, "server_id": 1}
    return source


def _decimal(field: str, scale: int, precision: int | None) -> Row:
    parameters = {"scale": str(scale)}
    if precision is not None:
        parameters["connect.decimal.precision"] = str(precision)
    name = "org.apache.kafka.connect.data.Decimal"
    return {"type": "bytes", "name": name, "version": 1, "parameters": parameters, "field": field}


_ID = {
    # BIGINT UNSIGNED with bigint.unsigned.handling.mode=precise. PostgreSQL has no such type: the
    # same encoding stands in there, so that both flavours tell the same numbers.
    "mysql": _decimal("id", 0, None),
    "postgresql": _decimal("id", 0, None),
}


def _struct(fields: list[Row], name: str) -> Row:
    return {"type": "struct", "fields": fields, "optional": False, "name": name}


def _envelope_schema(flavour: str) -> Row:
    time = "MicroTimestamp" if flavour == "postgresql" else "Timestamp"
    columns = [
        _ID[flavour],
        {"type": "string", "field": "name"},
        _decimal("amount", 2, 12),
        _decimal("total", 0, None),
        {"type": "int16", "field": "kind"},
        {"type": "int32", "name": "io.debezium.time.Date", "optional": True, "field": "died_on"},
        {"type": "int64", "name": f"io.debezium.time.{time}", "field": "paid_at"},
        {"type": "string", "optional": True, "field": "note"},
    ]
    image = _struct(columns, "d.civil.pension.Value")
    fields = [
        {**image, "optional": True, "field": "before"},
        {**image, "optional": True, "field": "after"},
        {**_struct([], f"io.debezium.connector.{flavour}.Source"), "field": "source"},
        {"type": "string", "field": "op"},
        {"type": "int64", "field": "ts_ms"},
    ]
    return _struct(fields, "d.civil.pension.Envelope")
