"""The engine: applies the messages of one partition, in order, and says what follows.

No I/O, no clock. Its result depends on the messages alone: not on the wall clock, on randomness or
on how the log was cut into chunks. So a partition can be replayed from any stored state and says
the same again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from detectors.framework.calendar import Calendar, legal_calendar
from detectors.framework.coverage import Knowledge
from detectors.framework.dossiers import Dossiers
from detectors.framework.effects import Effects
from detectors.framework.registry import Catalogue
from detectors.framework.restoring import restored
from detectors.framework.ruleset import RuleSet, code_hash
from detectors.framework.state import DONE, Head, Known, known_entry
from schemas.alert import Cause
from schemas.change import (
    Coverage,
    Forward,
    Message,
    Position,
    Put,
    Remove,
    Retract,
    RowChange,
    Rules,
    Tick,
    Unreadable,
)
from schemas.errors import ForeignRules
from schemas.subject import Tokens

#: Subjects evaluated between two state batches of a tick or a rules message.
SLICE = 500


class Engine:
    """The state of one partition and the rules that it runs under.

    Before the first ``rules`` message rows are kept and nothing is evaluated. Raises
    :class:`ForeignRules` for any other message while the state belongs to another rule set.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        tokens: Tokens,
        *,
        partition: int = 0,
        entries: Iterable[tuple[bytes, bytes]] = (),
        calendar: Calendar | None = None,
        hash: str | None = None,
        slice_size: int = SLICE,
    ) -> None:
        self._calendar = calendar or legal_calendar()
        self.hash = hash or code_hash(catalogue.sources, self._calendar.digest)
        self._catalogue, self._slice = catalogue, slice_size
        found = restored(entries, tokens.person)
        self.head, self.known = found.head, found.known
        self._knowledge = Knowledge(self.known.coverage)
        self.dossiers = Dossiers(found, tokens, partition, self._knowledge)
        self._activate()

    @property
    def evaluations(self) -> Counter[str]:
        """Evaluations made since the start, by model."""
        return self.dossiers.evaluations

    @property
    def waiting(self) -> int:
        """Questions answered "not yet" that something waits for, past ones included."""
        return self.dossiers.waiting

    def apply(self, offset: int, timestamp_ms: int, message: Message) -> Iterable[Effects]:
        """What follows from the message at ``offset``: one effect, or one a slice of bigger work.

        A message at or below the applied position is a no-op. Every effect must be carried out in
        order before the next is asked for or a later message applied.
        """
        head = self.head
        if offset < head.offset or (offset == head.offset and head.done):
            return ()
        if isinstance(message, (Put, Remove, Unreadable, Forward)):
            return (self._change(offset, timestamp_ms, message),)
        if isinstance(message, Rules):
            return self._rules(offset, timestamp_ms, message)
        self._own()
        if isinstance(message, Tick):
            return self._tick(offset, timestamp_ms, message)
        if isinstance(message, Retract):
            return self._retract(offset, timestamp_ms, message)
        return (self._done(offset, Effects(offset)),)

    def skip(self, offset: int) -> Effects:
        """Pass over a message that cannot be read."""
        return self._done(offset, Effects(offset))

    # ---- one record

    def _change(self, offset: int, at_ms: int, message: RowChange | Forward) -> Effects:
        self._own()
        effects = Effects(offset)
        if isinstance(message, Forward):
            self.dossiers.forwarded(message, effects, self.known, at_ms)
        else:
            self.dossiers.change(message, effects, self.known, at_ms)
        return self._done(offset, effects)

    def _done(self, offset: int, effects: Effects) -> Effects:
        self.head = effects.head = Head(offset)
        return effects

    # ---- time, knowledge and rules: work over many dossiers, in slices

    def _tick(self, offset: int, at_ms: int, tick: Tick) -> Iterator[Effects]:
        if offset != self.head.offset:
            lowered = self._knowledge.lowered_by(tick.coverage)
            self._knowledge.join(tick.coverage)
            self._know(
                as_of=max(self.known.as_of, tick.as_of),
                floor=_joined(self.known.floor, tick.floor),
                lowered=offset if lowered else self.known.lowered,
            )
        due = self.dossiers.due(self.known)
        if self.known.lowered == offset:
            due.update(dict.fromkeys(self.dossiers.leaning()))
        yield from self._slices(offset, at_ms, "tick", due)

    def _retract(self, offset: int, at_ms: int, message: Retract) -> Iterator[Effects]:
        if offset != self.head.offset:
            self._knowledge.join(message.coverage)
            self._know(lowered=offset)
        yield from self._slices(offset, at_ms, "retract", dict.fromkeys(self.dossiers.leaning()))

    def _rules(self, offset: int, at_ms: int, message: Rules) -> Iterator[Effects]:
        active = self.known.rules
        if active is not None and message.number <= active.number and offset != self.head.offset:
            if active.hash != self.hash:
                self._own()
            return iter((self._done(offset, Effects(offset)),))
        if message.hash != self.hash:
            raise ForeignRules(
                f"rule set {message.number} names code {message.hash}, this worker runs {self.hash}"
            )
        if offset != self.head.offset:
            self._know(rules=message)
            self._activate()
        return self._slices(offset, at_ms, "rules", dict.fromkeys(self.dossiers.subjects))

    def _slices(
        self, offset: int, at_ms: int, op: str, due: dict[str, set[str] | None]
    ) -> Iterator[Effects]:
        """Work through subjects in ascending order; each effect says which one was the last."""
        cursor = self.head.cursor if offset == self.head.offset else ""
        names = sorted(name for name in due if name > cursor)
        cause = Cause(self.dossiers.partition, offset, op)
        for start in range(0, max(len(names), 1), self._slice):
            effects = Effects(offset)
            if start == 0:
                effects.writes.append(known_entry(offset, self.known))
            part = names[start : start + self._slice]
            for name in part:
                self.dossiers.again(name, due[name], effects, self.known, at_ms, cause)
            last = start + self._slice >= len(names)
            self.head = effects.head = Head(offset, DONE if last else part[-1])
            yield effects

    # ---- what is known

    def _know(
        self,
        *,
        as_of: date | None = None,
        floor: dict[str, tuple[Position, ...]] | None = None,
        rules: Rules | None = None,
        lowered: int | None = None,
    ) -> None:
        known = self.known
        self.known = Known(
            as_of or known.as_of,
            self._knowledge.statements(),
            known.floor if floor is None else floor,
            rules or known.rules,
            known.lowered if lowered is None else lowered,
        )

    def _activate(self) -> None:
        rules = self.known.rules
        mine = rules is not None and rules.hash == self.hash
        self.dossiers.ruleset = (
            RuleSet(self._catalogue, rules, self._calendar) if rules and mine else None
        )

    def _own(self) -> None:
        rules = self.known.rules
        if rules is not None and rules.hash != self.hash:
            raise ForeignRules(
                f"this partition runs rule set {rules.number} of code {rules.hash}, "
                f"this worker is {self.hash}: send its own rules message first"
            )

    def coverage(self) -> tuple[Coverage, ...]:
        """What is known to be complete, for metrics and tests."""
        return self._knowledge.statements()


def _all_later(before: tuple[Position, ...], now: tuple[Position, ...]) -> bool:
    """Whether they are of the same partitions, in order, and none is lower."""
    return len(before) == len(now) and all(
        b.partition == n.partition and b.epoch == n.epoch and b.offset <= n.offset
        for b, n in zip(before, now, strict=True)
    )


def _joined(
    old: dict[str, tuple[Position, ...]], new: dict[str, tuple[Position, ...]]
) -> dict[str, tuple[Position, ...]]:
    """Floors joined as running maxima per feed, epoch and partition."""
    raised = dict(old)
    for feed, positions in new.items():
        before = old.get(feed, ())
        if positions == before:
            continue
        if _all_later(before, positions):  # as it is nearly always
            raised[feed] = positions
            continue
        best: dict[tuple[int, int], int] = {}
        for p in (*before, *positions):
            best[p.epoch, p.partition] = max(best.get((p.epoch, p.partition), 0), p.offset)
        raised[feed] = tuple(Position(e, p, o) for (e, p), o in sorted(best.items()))
    return dict(sorted(raised.items()))
