"""Fines that are paid as most fines are: within the days that the decision gives."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from schemas import Penalty, Tokens
from schemas.errors import RecordError
from schemas.mapping import Mapper
from streams.district.contracts import contracts
from streams.district.event import Row
from streams.district.rows import yuan
from streams.district.script import Script
from streams.district.tables import TABLES

#: Who tells of payments in lives of its own, and who enforces by itself.
_OTHERS = frozenset(("urban-penalty", "police-penalty", "traffic-penalty"))


def collect(script: Script, rng: Random) -> None:
    """Let every fine be paid that no life says otherwise of.

    Lives of other models tell what an act was and how it was punished, not that the fine was paid;
    a district in which nobody pays would be full of agencies that do not enforce.
    """
    feeds = [feed for feed in TABLES if feed.endswith("-penalty") and feed not in _OTHERS]
    mappers = {feed: Mapper(c, Tokens("")) for feed, c in contracts(feeds=feeds).items()}
    for play, paper in tuple(script.papers):
        mapper = mappers.get(paper.feed)
        penalty = None if mapper is None else _read(mapper, paper.row)
        if penalty is None or penalty.served_on is None or penalty.annulled_on:
            continue
        fen = penalty.fine_fen + penalty.confiscated_fen
        on = penalty.served_on + timedelta(rng.randint(0, 14))
        if not fen or on > script.window.until:
            continue
        organ, _, number = penalty.decision_no.partition("/")
        script.play, script.rng = play, rng
        script.open(
            "finance-fine",
            on,
            {
                "pzh": script.numbers.serial("FK"),
                "jddw": organ,
                "cfwsh": number,
                "jkr": penalty.party,
                "jkrq": on.isoformat(),
                "jkje": yuan(fen),
            },
        )


def _read(mapper: Mapper, row: Row) -> Penalty | None:
    try:
        record = mapper.record(row)
    except RecordError:
        return None
    return record if isinstance(record, Penalty) else None
