"""The feeds of a deployment: its contracts, and the topics that they come on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from detectors.framework.packs import know_packs
from schemas.contract import Contract, load_contracts
from schemas.errors import SettingsError
from schemas.identifiers import party_kind
from schemas.subject import Tokens
from streams.intake.heartbeat import heartbeat_topics
from streams.log.client import LogClient
from streams.log.records import TopicSpec
from streams.settings import Settings

#: The contracts of the example district, for whoever has none yet.
EXAMPLE = Path(__file__).parent / "district" / "feeds"

#: The reference lists that go with them.
EXAMPLE_LISTS = Path(__file__).parent / "district" / "lists.toml"


def contracts_of(settings: Settings) -> dict[str, Contract]:
    """The contracts of the deployment; raises ``ContractError`` with every mistake."""
    know_packs()
    return load_contracts(settings.feeds or EXAMPLE)


def lists_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The reference lists that the deployment's rule set carries, by name.

    A person's number in the file is put under its token here: rows have tokens where a number is
    only compared, and the log keeps no number in clear.
    """
    path = settings.lists or (None if settings.feeds else EXAMPLE_LISTS)
    if path is None:
        return {}
    found = _toml("DONGJIAN_LISTS", path)
    mistakes = [
        f"DONGJIAN_LISTS: {path}: {name}: a list of texts"
        for name, items in found.items()
        if not isinstance(items, list) or not all(isinstance(one, str) for one in items)
    ]
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    tokens = Tokens(settings.secret)
    return {
        name: tuple(_hidden(item, tokens) for item in items)
        for name, items in sorted(found.items())
    }


def _hidden(entry: str, tokens: Tokens) -> str:
    words = entry.split()
    if words and party_kind(words[0]) == "person":
        words[0] = tokens.person(words[0])
    return " ".join(words)


def overrides_of(settings: Settings) -> dict[str, Any]:
    """A deployment's own rows of parameters: model: parameter: rows, dates in ISO form.

    Whether they fit the cards is said when a rule set is made of them.
    """
    if settings.overrides is None:
        return {}
    found = _toml("DONGJIAN_OVERRIDES", settings.overrides)
    rows: dict[str, Any] = msgspec.to_builtins(found, str_keys=True)
    return rows


def _toml(variable: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: {path}: {error}") from None


async def feed_partitions(
    client: LogClient, settings: Settings, contracts: Mapping[str, Contract]
) -> dict[str, int]:
    """Partition counts of the feeds' topics, by feed; a topic that is missing is created.

    A connector would create it too, but with the broker's defaults; made here, its partition count
    is known before the first message comes. The same goes for topics of heartbeats.
    """
    existing = await client.topics()
    feeds = {c.topic for c in contracts.values()}
    wanted = dict.fromkeys(feeds, settings.topics.partitions)
    for topic in heartbeat_topics(contracts):
        wanted.setdefault(topic, 1)  # one row that is updated again and again
    missing = [TopicSpec(topic, wanted[topic]) for topic in sorted(wanted.keys() - existing.keys())]
    if missing:
        await client.ensure_topics(missing)
        existing = await client.topics()
    return {feed: existing[contract.topic] for feed, contract in contracts.items()}


async def feed_topic_ids(client: LogClient, contracts: Mapping[str, Contract]) -> dict[str, str]:
    """What tells each feed's topic from one that is created anew under its name, by feed."""
    topics = sorted({contract.topic for contract in contracts.values()})
    ids = {topic: await client.topic_id(topic) for topic in topics}
    return {feed: ids[contract.topic] for feed, contract in contracts.items()}


def agencies_of(contracts: Mapping[str, Contract]) -> dict[str, tuple[str, str]]:
    """What the agencies that keep the feeds are called, by organ code, in Chinese and English."""
    return {
        contract.agency.value: (contract.agency_name["zh"], contract.agency_name["en"])
        for _, contract in sorted(contracts.items())
        if isinstance(contract.agency.value, str) and contract.agency.value
    }
