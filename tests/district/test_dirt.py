"""The dirt of real feeds: each kind is there, and none of it changes which rows stand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from schemas.errors import RecordError
from schemas.mapping import Mapper
from schemas.record import Record
from schemas.subject import Tokens
from streams.district import District, Event, Rendering, contracts
from streams.district.dirt import RESENT, RESNAPSHOT, replay
from streams.district.event import Row

TOKENS = Tokens("a secret of the tests")


def test_every_kind_of_dirt_is_there(events: list[Event]) -> None:
    notes = Counter(event.note for event in events)
    for note in (
        "duplicate", "out_of_order", "resent", "resnapshot", "broken", "late", "correction",
        "moved", "deleted", "expiry", "ends", "bad_date", "bad_identity", "unknown_code",
    ):  # fmt: skip
        assert notes[note], note


def test_time_never_goes_back(events: list[Event]) -> None:
    assert all(first.at_ms <= second.at_ms for first, second in pairwise(events))


def test_final_rows_are_the_replay_of_the_dirty_events(
    district: District, events: list[Event]
) -> None:
    assert replay(events) == district.final_rows()


def test_sent_again_history_shows_rows_as_they_no_longer_are(events: list[Event]) -> None:
    """The dirt has power: who believes the last message sees, for a while, what was corrected."""
    stands: dict[tuple[str, tuple[str, ...]], Row | None] = {}
    outdated = set()
    for event in events:
        if event.note == "resent" and stands.get((event.feed, event.key)) != event.row:
            outdated.add(event.feed)
        elif event.op not in ("complete", "broken"):
            stands[event.feed, event.key] = event.row
    assert outdated >= {"police-death", "police-restraint", "civil-cremation"}


def test_a_duplicate_is_the_same_message_to_the_byte(events: list[Event]) -> None:
    rendering = Rendering("any")
    clean = {(e.feed, e.sequence): e for e in events if e.note not in ("duplicate", "resent")}
    repeats = [e for e in events if e.note in ("duplicate", "resent") and e.op != "snapshot"]
    assert repeats
    for event in repeats:
        original = clean.get((event.feed, event.sequence))
        if original is not None and original.op == event.op:
            assert rendering(event) == rendering(original)


def test_history_is_sent_again_in_its_old_order(events: list[Event]) -> None:
    for feed in RESENT:
        again = [e.sequence for e in events if e.note == "resent" and e.feed == feed]
        assert again


def test_a_snapshot_in_mid_stream_shows_every_row_as_it_stands(
    district: District, events: list[Event]
) -> None:
    shown = [e for e in events if e.note == "resnapshot"]
    at = shown[0].day
    rows = district.final_rows(at - timedelta(1))
    for feed in RESNAPSHOT:
        told = {e.key: e.row for e in shown if e.feed == feed}
        assert told.keys() >= rows[feed].keys() - told.keys()
        changed = [key for key, row in rows[feed].items() if told.get(key) != row]
        assert len(changed) < 5  # what changed on that very day


def test_a_broken_message_comes_whole_right_after(events: list[Event]) -> None:
    broken = [place for place, event in enumerate(events) if event.op == "broken"]
    assert broken
    for place in broken:
        first = events[place]
        soon = events[place + 1 : place + 8]
        assert any(e.key == first.key and e.row == first.row and e.op != "broken" for e in soon)


def test_statements_of_completeness_are_honest(district: District) -> None:
    """No row of a day that a feed said was complete comes after, unless a life is about just that.

    Payments are told by the month they are for, which begins before they are made.
    """
    known = contracts(since=district.window.since)
    mappers = {feed: Mapper(contract, TOKENS) for feed, contract in known.items()}
    lags = {feed: max(s.lag_days for s in c.supplies) for feed, c in known.items()}
    complete: dict[str, date] = {}
    asked = 0
    for event in district.changes():
        if event.op == "complete":
            until = date.fromisoformat(str((event.row or {})["complete_until"]))
            complete[event.feed] = until - timedelta(lags[event.feed])
        elif event.op == "insert" and event.feed in complete and "payment" not in event.feed:
            record = _read(mappers[event.feed], event)
            if record is None or event.note or type(record).__name__ in ("Death", "Judgment"):
                continue
            if event.feed == "hrss-adjustment":
                continue  # decided in July for July: told by the month as payments are
            asked += 1
            assert record.day > complete[event.feed], (event.feed, record.day)
    assert asked > 100


def _read(mapper: Mapper, event: Event) -> Record | None:
    try:
        return mapper.record(event.row or {})
    except RecordError:
        return None


def test_a_connector_stands_still_for_weeks_and_catches_up(district: District) -> None:
    days = [e.day for e in district.changes() if e.feed == "traffic-licence" and e.op == "complete"]
    gaps = [second - first for first, second in pairwise(days)]
    assert max(gaps) >= timedelta(28)
    assert len(days) == (district.window.until - district.window.since).days


def test_deleted_rows_stand_as_their_contract_says(district: District) -> None:
    records = {(r.source.feed, r.source.key): r for r in district.final_records(TOKENS)}
    gone = [e for e in district.changes() if e.op == "delete"]
    known = contracts()
    met = set()
    for event in gone:
        deletion = known[event.feed].deletion
        meaning = deletion.meaning
        key = Mapper(known[event.feed], TOKENS).key(event.before or {})
        found = records.get((event.feed, key))
        met.add(meaning)
        assert (found is None) == (meaning == "correction")
        if meaning == "ends":
            assert found is not None
            assert getattr(found, deletion.field) == event.day
    assert met == {"correction", "expiry", "ends"}
