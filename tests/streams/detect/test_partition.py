"""Messages in, pieces of work out: how much is held back, and what is refused."""

from __future__ import annotations

import msgspec
import pytest

from detectors.framework.engine import SLICE, Engine
from detectors.framework.registry import discover
from schemas.change import Position, Put, Rules, encode_message
from schemas.subject import Tokens
from streams.detect.agent import EXIT_GAP, refuse_gap
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


class Ended(Exception):
    """The process would have ended."""


def end_process(why: str, *args: object, code: int = fatal.EXIT_RESTART) -> None:
    raise Ended(why % args, code)


@pytest.mark.parametrize(
    ("oldest", "code", "words"),
    [
        (7, EXIT_GAP, "changes [1]: the messages 3 to 6 expired"),
        (5, EXIT_GAP, "changes [1]: the messages 3 to 4 expired"),
        (0, fatal.EXIT_RESTART, "the state ends before message 3, and message 7 came next"),
    ],
)
def test_messages_that_are_missing_end_the_worker_for_good_only_where_they_expired(
    oldest: int, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust goes on with whatever comes next, and says nothing."""
    monkeypatch.setattr(fatal, "end_process", end_process)
    with pytest.raises(Ended) as ended:
        refuse_gap(3, Chunk("changes", 1, [LogRecord(7, 0, None, b"")], 8), oldest)
    assert words in ended.value.args[0]
    assert ended.value.args[1] == code
