"""What an engine remembers of one subject: its dossier, its alerts, what models wait for.

A subject that comes out of the state is opened when somebody looks at it: after a restart most
dossiers are looked at hours later, or never.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import Asked
from detectors.framework.merged import Heard, Merged, Received
from detectors.framework.row import UNREADABLE, Row
from schemas.alert import Status


class Stored(Protocol):
    """The rows of a dossier as they lie in the state."""

    def open(self, subject: Subject) -> None:
        """Make them rows of the subject."""


T = TypeVar("T")
Token = Callable[[str], str]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NOBODY: frozenset[str] = frozenset()


class AlertState(msgspec.Struct, array_like=True):
    """One alert for ever: its revision and digest never go, also when it has ended."""

    status: Status
    revision: int
    digest: str
    content: str  #: digest of what is compared
    raised_ms: int
    evidence: tuple[str, ...]  #: ``feed NUL key`` of the first rows it rests on
    evidence_count: int
    last: msgspec.Raw  #: the last transition, without its texts
    counted: str = ""  #: the agency in whose dossier 类案 counts it


class Made(msgspec.Struct, array_like=True, gc=False):
    """One derived row as it was last sent: for whom, and a digest of the row."""

    kind: str
    feed: str
    key: str
    subjects: tuple[str, ...]
    digest: str


class Subject:
    """Everything an engine knows of one subject."""

    #: What is not made before somebody looks at a dossier that was restored.
    _LATER = frozenset(("dossier", "made", "merged", "rows", "unreadable"))

    __slots__ = ("_stored", "alerts", "asked", "dossier", "made", "merged", "name", "rows", "token",
                 "touched", "troubles", "unreadable")  # fmt: skip

    def __init__(self, name: str, token: Token, stored: Stored | None = None) -> None:
        """``stored``: what its rows are made of when somebody looks at them."""
        self.name, self.token = name, token
        self.alerts: Mapping[str, dict[str, AlertState]] = _NOTHING
        self.asked: Mapping[str, Asked] = _NOTHING
        self.troubles: Mapping[str, str] = _NOTHING
        self.touched: frozenset[str] = _NOBODY
        self._stored = stored
        if stored is None:
            self._open()

    def _open(self) -> None:
        self.dossier = Dossier(self.name, token=self.token)
        self.rows: dict[tuple[str, str], Row] = {}
        self.made: Mapping[str, dict[str, Made]] = _NOTHING
        self.unreadable: frozenset[str] = _NOBODY
        self.merged: Merged | None = None

    def __getattr__(self, name: str) -> Any:
        """Open a restored dossier; only what is not there yet is asked for here."""
        stored = self._stored if name in self._LATER else None
        if stored is None:
            raise AttributeError(name)
        self._stored = None
        self._open()
        stored.open(self)
        return getattr(self, name)

    # ---- alerts, questions, troubles: most dossiers have none, so nothing is kept for them

    def set_alert(self, model: str, obligation: str, state: AlertState) -> None:
        if model not in self.alerts:
            self.alerts = {**self.alerts, model: {}}
        self.alerts[model][obligation] = state

    def set_asked(self, model: str, asked: Asked | None) -> None:
        """What a model was answered "not yet"; None: nothing."""
        self.asked = _with(self.asked, model, asked)

    def set_trouble(self, model: str, said: str | None) -> None:
        """What was told to have gone wrong with a model; None: nothing."""
        self.troubles = _with(self.troubles, model, said)

    # ---- numbers of one person

    @property
    def target(self) -> str:
        """The subject that takes this one's place; empty: none does."""
        return self.merged.target if self.merged is not None else ""

    def merge(self) -> Merged:
        """What it has to do with other numbers, from now on kept."""
        if self.merged is None:
            self.merged = Merged()
        return self.merged

    def row(self, feed: str, key: str) -> Row | None:
        """The row that stands for a feed and key, its own or one of a former number."""
        own = self.rows.get((feed, key))
        return own if self.merged is None else self.merged.shown((feed, key), own)

    def places(self) -> list[tuple[str, str]]:
        """Feed and key of every row that is here, in order."""
        return sorted({*self.rows, *(self.merged.rows if self.merged is not None else ())})

    # ---- rows

    def load(self, feed: str, key: str, row: Row) -> None:
        """Take in a row of its own while the dossier is opened, in any order."""
        if row.record is not None:  # share the strings
            source = row.record.source
            feed, key = source.feed, source.key
            self.dossier.load(row.record)
        self.rows[feed, key] = row

    def loaded(self) -> None:
        """Put in order what was loaded."""
        self.dossier.sort()
        self._know_unreadable()

    def _know_unreadable(self) -> None:
        rows = (self.row(*place) for place in self.places())
        self.unreadable = frozenset(
            row.standing.kind for row in rows if row is not None and row.state == UNREADABLE
        )

    def set_row(self, feed: str, key: str, row: Row) -> None:
        """Put a row of its own in place of the former one of its key."""
        alone = self.merged is None
        before = self.rows.get((feed, key)) if alone else self.row(feed, key)
        if row.record is not None:  # share the strings
            source = row.record.source
            feed, key = source.feed, source.key
        self.rows[feed, key] = row
        self._show(before, row if alone else self.row(feed, key))

    def receive(self, sender: str, feed: str, key: str, row: Received | None) -> None:
        """Put what a former number passed on in place of what it had passed on before."""
        before = self.row(feed, key)
        self.merge().set_row(sender, (feed, key), row)
        self._show(before, self.row(feed, key))

    def _show(self, before: Row | None, now: Row | None) -> None:
        if before is now:
            return
        unread = False
        if before is not None:
            unread = before.standing.state == UNREADABLE
            if before.record is not None:
                self.dossier.discard(before.record)
        if now is not None:
            unread = unread or now.standing.state == UNREADABLE
            if now.record is not None:
                self.dossier.put(now.record)
        if unread:
            self._know_unreadable()

    def heard(self, sender: str, heard: Heard) -> bool:
        """Note how far a former number was heard; whether the dossier goes by other names now."""
        merged = self.merge()
        before = merged.former()
        merged.heard[sender] = heard
        former = merged.former()
        self.dossier.also_known_as(former)
        return former != before

    def was(self, evidence: str, state: int) -> bool:
        """Whether the row that an alert names as its evidence has come to this state."""
        feed, _, key = evidence.partition("\0")
        row = self.row(feed, key)
        return row is not None and row.state == state


def _with(known: Mapping[str, T], model: str, value: T | None) -> Mapping[str, T]:
    if value is not None:
        return {**known, model: value}
    left = {name: one for name, one in known.items() if name != model}
    return left or _NOTHING
