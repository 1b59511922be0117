"""The dirt of real feeds over clean events: repeats, re-sent history, snapshots, broken bytes.

Dirt that stands in the source itself (late entries, corrections, days that do not exist) is played
by the lives; here is what happens on the way. All of it is told apart by ``Event.note``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from streams.district.event import Event, Row, at_ms
from streams.district.script import Window

RESENT = ("police-death", "police-restraint", "hrss-benefit", "civil-cremation")
"""Feeds whose connector twice goes back and sends its last ``SUFFIX`` changes again."""
RESNAPSHOT = ("hrss-benefit", "traffic-licence", "procuratorate-decision")
"""Feeds that are read again as a whole, with no row having changed."""
BROKEN = ("police-death", "health-death", "civil-cremation", "hrss-refund")
"""Feeds on which some messages arrive cut off, and whole soon after. No model draws a conclusion
from silence of these, so that an unread message holds up nothing that the truth expects."""
SUFFIX = 300

_REPEATED, _SWAPPED, _EVERY_BROKEN = 0.004, 0.006, 120


def soiled(events: Iterable[Event], window: Window, rng: Random) -> Iterator[Event]:
    """The events as they really come; times never go back."""
    return _with_history(_with_repeats(_with_broken(events), rng), window)


def _with_broken(events: Iterable[Event]) -> Iterator[Event]:
    seen = dict.fromkeys(BROKEN, 0)
    for event in events:
        if event.feed in seen and event.op in ("insert", "update"):
            seen[event.feed] += 1
            if seen[event.feed] % _EVERY_BROKEN == 1:
                yield event._replace(op="broken", note="broken")
        yield event


def _with_repeats(events: Iterable[Event], rng: Random) -> Iterator[Event]:
    """Exact repeats a few messages later, and neighbours of one feed that change places."""
    draw = rng.random
    waiting: deque[tuple[int, Event]] = deque()
    held: Event | None = None
    count = 0
    for event in events:
        count += 1
        if held is not None:
            first, held = held, None
            if _may_swap(first, event):
                yield event._replace(at_ms=first.at_ms, note=event.note or "out_of_order")
                yield first._replace(at_ms=event.at_ms, note=first.note or "out_of_order")
                continue
            yield first
        while waiting and waiting[0][0] <= count:
            yield waiting.popleft()[1]._replace(at_ms=event.at_ms)
        if event.op in ("snapshot", "broken"):
            yield event
            continue
        chance = draw()
        if chance < _REPEATED:
            waiting.append((count + 4, event._replace(note="duplicate")))
            yield event
        elif chance > 1 - _SWAPPED and event.op != "complete":
            held = event
        else:
            yield event
    if held is not None:
        yield held
    for _, event in waiting:
        yield event


def _may_swap(first: Event, second: Event) -> bool:
    """Only rows of one feed that have nothing to do with each other, and never a statement."""
    return (
        first.feed == second.feed
        and first.key != second.key
        and "complete" not in (first.op, second.op)
        and second.op not in ("snapshot", "broken")
    )


def _with_history(events: Iterable[Event], window: Window) -> Iterator[Event]:
    """Old history sent again with its old sequence, and whole tables read again."""
    days = (window.until - window.since).days
    resend = [at_ms(window.since + timedelta(days * share // 100), 12 * 3600) for share in (45, 80)]
    reread = at_ms(window.since + timedelta(days * 65 // 100), 23 * 3600)
    recent: dict[str, deque[Event]] = {feed: deque(maxlen=SUFFIX) for feed in RESENT}
    rows: dict[str, dict[tuple[str, ...], Event]] = {feed: {} for feed in RESNAPSHOT}
    done = False
    for event in events:
        at, feed = event.at_ms, event.feed
        if resend and at >= resend[0]:
            resend.pop(0)
            for suffix in recent.values():
                for old in list(suffix):
                    yield old._replace(at_ms=at, note="resent")
        if not done and at >= reread:
            done = True
            for table in rows.values():
                for old in list(table.values()):
                    yield old._replace(
                        at_ms=at,
                        op="snapshot",
                        before=None,
                        committed_ms=at,
                        sequence=0,
                        note="resnapshot",
                    )
        if feed in recent and event.op in ("insert", "update", "delete"):
            recent[feed].append(event)
        if not done and feed in rows and event.op not in ("complete", "broken"):
            if event.op == "delete":
                rows[feed].pop(event.key, None)
            else:
                standing = rows[feed].get(event.key)
                if standing is None or event.sequence >= standing.sequence:
                    rows[feed][event.key] = event
        yield event


def replay(events: Iterable[Event]) -> dict[str, dict[tuple[str, ...], Row]]:
    """The rows that stand after these events, repeats and old history left out by sequence."""
    rows: dict[str, dict[tuple[str, ...], Row]] = {}
    newest: dict[tuple[str, tuple[str, ...]], int] = {}
    for event in events:
        if event.op in ("complete", "broken"):
            continue
        name = (event.feed, event.key)
        if event.op != "snapshot":
            if event.sequence < newest.get(name, 0):
                continue
            newest[name] = event.sequence
        table = rows.setdefault(event.feed, {})
        if event.row is None:
            table.pop(event.key, None)
        else:
            table[event.key] = event.row
    return rows
