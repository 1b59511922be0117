"""The feed contracts of the district: one TOML file per table, and how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from schemas.contract import Contract, load_contract
from streams.district.tables import TABLES, Table

FOLDER = Path(__file__).with_name("feeds")


def contract_text(feed: str, *, envelope: str = "", since: date | None = None) -> str:
    """The contract of one feed, with another envelope or first day where asked for."""
    text = (FOLDER / f"{feed}.toml").read_text(encoding="utf-8")
    if since is not None:
        text = re.sub(r"(?m)^since = [0-9]{4}-[0-9]{2}-[0-9]{2}$", f"since = {since}", text)
    if envelope:
        text = re.sub(r'(?m)^envelope = ".*"$', f'envelope = "{envelope}"', text)
        text = text[: text.index("[coverage]")] + _coverage(TABLES[feed], envelope)
    return text


def contracts(
    *, envelope: str = "", since: date | None = None, feeds: Iterable[str] = TABLES
) -> dict[str, Contract]:
    """Contracts by feed. ``envelope`` empty: each agency's own."""
    return {
        feed: load_contract(contract_text(feed, envelope=envelope, since=since), f"{feed}.toml")
        for feed in feeds
    }


def captured_contracts(
    since: date | None = None, feeds: Iterable[str] = TABLES
) -> dict[str, Contract]:
    """The contracts for a database that Debezium reads: statements come on a topic of their own."""
    found = {}
    for feed in feeds:
        text = contract_text(feed, envelope="debezium", since=since)
        text += f'topic = "agency.{TABLES[feed].coverage_name}"\n'
        found[feed] = load_contract(text, f"{feed}.toml")
    return found


def write_contracts(
    folder: Path,
    *,
    envelope: str = "",
    since: date | None = None,
    feeds: Iterable[str] = TABLES,
) -> None:
    """Write the contracts as files, for a deployment that reads a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for feed in feeds:
        text = contract_text(feed, envelope=envelope, since=since)
        (folder / f"{feed}.toml").write_text(text, encoding="utf-8")


def _coverage(table: Table, envelope: str) -> str:
    if envelope == "plain":
        return '[coverage]\nmode = "heartbeat"\n'
    return (
        f'[coverage]\nmode = "heartbeat"\ntable = "{table.coverage_name}"\n'
        'until = {column = "complete_until", kind = "date"}\n'
    )
