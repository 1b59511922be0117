"""Messages in, pieces of work out: how much is held back, and what is refused."""

from __future__ import annotations

import msgspec
import pytest

from detectors.framework.engine import SLICE, Engine
from detectors.framework.registry import discover
from schemas.change import Position, Put, Rules, encode_message
from schemas.subject import Tokens
from streams.detect.agent import EXIT_GAP, Detect
from streams.detect.partition import work
from streams.log import fatal
from streams.log.chunks import Chunk
from streams.log.records import LogRecord
from tests.factories import death, person

TOKENS = Tokens("a secret of the tests")
CATALOGUE = discover(packs=False)


def full_of(subjects: int) -> Engine:
    """An engine that holds as many dossiers and no rules."""
    engine = Engine(CATALOGUE, TOKENS)
    record = death(person=person(1))
    encoded = msgspec.Raw(msgspec.json.encode(record))
    for offset in range(subjects):
        put = Put(f"person:{offset}", "Death", encoded, Position(1, 0, offset))
        list(engine.apply(offset, offset, put))
    return engine


def test_work_over_many_dossiers_is_given_out_slice_by_slice() -> None:
    """Else rules for every dossier would be one piece, however long the event loop waits for it."""
    count = 3 * SLICE + 1
    engine = full_of(count)
    rules = LogRecord(count, 0, None, encode_message(Rules(1, engine.hash)))
    pieces = []
    for piece in work(engine, [rules]):
        pieces.append((engine.head.done, len(piece.batches)))
    assert pieces == [(False, 1), (False, 1), (False, 1), (True, 1)]


def test_messages_that_expired_unread_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust goes on with the oldest message that is left, and says nothing."""
    ended: list[tuple[str, int]] = []
    monkeypatch.setattr(
        fatal, "end_process", lambda why, *args, code: ended.append((why % args, code))
    )
    engine = full_of(3)
    Detect._refuse_gap(engine, Chunk("changes", 0, [LogRecord(2, 0, None, b"")], 3))
    Detect._refuse_gap(engine, Chunk("changes", 0, [LogRecord(3, 0, None, b"")], 4))
    assert ended == []
    Detect._refuse_gap(engine, Chunk("changes", 1, [LogRecord(7, 0, None, b"")], 8))
    ((why, code),) = ended
    assert code == EXIT_GAP
    assert "changes [1]: the messages 3 to 6 expired" in why
