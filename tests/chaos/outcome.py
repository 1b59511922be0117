"""What a deployment has told: its ledger and its Redis, and what must be so of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from redis import Redis

from schemas.alert import Transition, chains, decode_transition
from streams.log.client import LogClient
from streams.topics import Topics

Row = tuple[bytes, bytes]


@dataclass
class Ledger:
    """The alerts topic as it was read; ``told`` is what is left when repeats are dropped."""

    told: dict[int, list[Row]] = field(default_factory=dict)
    repeats: int = 0

    @property
    def transitions(self) -> int:
        return sum(len(rows) for rows in self.told.values())


async def read_ledger(client: LogClient, topics: Topics) -> Ledger:
    """Read the alerts topic; asserts that it is sound.

    Per alert revisions run from 1 without a gap, every digest chains, and no revision of an alert
    has two contents.
    """
    ledger = Ledger()
    for partition, end in sorted((await client.end_offsets(topics.alerts)).items()):
        rows: list[Row] = []
        last: dict[str, Transition] = {}
        seen: dict[tuple[str, int], bytes] = {}
        async for record in client.read(topics.alerts, partition, 0, end):
            encoded = record.value or b""
            t = decode_transition(encoded)
            where = f"{t.alert}/{t.revision} at {partition}:{record.offset}"
            known = seen.setdefault((t.alert, t.revision), encoded)
            if known is not encoded:
                assert known == encoded, f"{where} has two contents"
                ledger.repeats += 1
                continue
            before = last.get(t.alert)
            assert t.revision == (before.revision + 1 if before else 1), f"gap before {where}"
            assert chains(t, before.digest if before else ""), f"{where} does not chain"
            last[t.alert] = t
            rows.append((record.key or b"", encoded))
        ledger.told[partition] = rows
    return ledger


@dataclass
class Shown:
    """Redis as subscribers find it."""

    alerts: dict[str, Transition]
    open_by: dict[str, tuple[str, ...]]  #: sorted set: its ids
    streams: dict[str, dict[str, tuple[bytes, ...]]]  #: stream: alert: its revisions in order

    @property
    def active(self) -> dict[str, tuple[object, ...]]:
        """Alerts that hold or are cured, with what is compared of them."""
        return {id: compared(t) for id, t in self.alerts.items() if t.status.active}


def compared(t: Transition) -> tuple[object, ...]:
    """Status, stage, severity, agency, region, facts, amount and evidence: the rest is history."""
    return (
        t.model, t.rule, t.subject, t.obligation, t.status, t.stage, t.severity, t.agency, t.region,
        t.amount_fen, bytes(t.facts), t.evidence_count, t.evidence_hash,
        tuple((e.kind, e.feed, e.key) for e in t.evidence),
    )  # fmt: skip


def read_redis(url: str, prefix: str) -> Shown:
    """Read all of a deployment's Redis; asserts that what its subscribers see is sound."""
    with Redis.from_url(url, decode_responses=False) as redis:
        alerts, open_by, streams = {}, {}, {}
        for key in sorted(redis.scan_iter(match=f"{prefix}:*", count=1000)):
            name = key.decode().removeprefix(f"{prefix}:")
            if name.startswith("alert:"):
                found = redis.hget(key, "transition")
                alerts[name.removeprefix("alert:")] = decode_transition(found)
            elif name.startswith("open:"):
                open_by[name] = tuple(sorted(id.decode() for id in redis.zrange(key, 0, -1)))
            elif name.startswith("alerts"):
                entries = (fields for _, fields in redis.xrange(key))
                streams[name] = followed(entries, complete=name == "alerts")
    for id, t in alerts.items():
        seen = streams["alerts"][id]
        assert len(seen) == t.revision, f"the stream has {len(seen)} of {id}/{t.revision}"
        assert decode_transition(seen[-1]) == t, f"{id} is not what its stream said last"
    for name, ids in open_by.items():
        _, by, value = name.split(":", 2)
        expected = sorted(
            id
            for id, t in alerts.items()
            if t.status == "holds" and value == (t.model if by == "model" else t.region)
        )
        assert list(ids) == expected, f"{name} is not the set of alerts that hold"
    return Shown(alerts, open_by, streams)


def followed(
    entries: Iterable[dict[bytes, bytes]], *, complete: bool
) -> dict[str, tuple[bytes, ...]]:
    """A stream as a subscriber reads it, who drops revisions that are not above the last one.

    Asserts that there is no gap, that digests follow each other, and that no revision has two
    contents. The stream of one agency may begin with a later revision: the alert was against
    another one before.
    """
    found: dict[str, list[bytes]] = defaultdict(list)
    seen: dict[tuple[str, int], bytes] = {}
    last: dict[str, Transition] = {}
    for fields in entries:
        body = fields[b"transition"]
        t = decode_transition(body)
        known = seen.setdefault((t.alert, t.revision), body)
        assert known == body, f"subscribers see two contents of {t.alert}/{t.revision}"
        before = last.get(t.alert)
        if before is not None and t.revision <= before.revision:
            continue
        if before is None:
            assert t.revision == 1 or not complete, f"{t.alert} begins with {t.revision}"
        else:
            assert t.revision == before.revision + 1, f"gap before {t.alert}/{t.revision}"
            assert t.previous == before.digest, f"{t.alert}/{t.revision} does not follow"
        last[t.alert] = t
        found[t.alert].append(body)
    return {alert: tuple(bodies) for alert, bodies in found.items()}


async def message_kinds(client: LogClient, topic: str) -> dict[str, int]:
    """How many messages of each kind the changes topic has."""
    counts: dict[str, int] = defaultdict(int)
    async for record in client.read_all(topic):
        counts[str(msgspec.json.decode(record.value or b"{}")["op"])] += 1
    return counts
