"""Ways to break what the proofs prove: one rule each, switched off by replacing one function.

Not here, because other stages keep them: a source sequence that is not newer, sweeps of an old
epoch and keys that cannot be read (intake); a subscriber who got one revision gets all (delivery).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from detectors.framework import dossiers, engine, looking, merged, news, settle, tombstones
from detectors.framework.context import Context
from detectors.framework.coverage import Knowledge, which_key
from detectors.framework.dossier import Dossier
from detectors.framework.dossiers import Dossiers
from detectors.framework.effects import Effects
from detectors.framework.engine import Engine
from detectors.framework.finding import Finding
from detectors.framework.looking import Looking
from detectors.framework.merged import Heard, Merged
from detectors.framework.registry import Catalogue
from detectors.framework.row import GONE, Row
from detectors.framework.spell import Spell
from detectors.framework.state import DONE, Head, known_entry
from schemas.alert import Cause, Transition
from schemas.change import Coverage, Forward, Position, Put, Remove, Unreadable
from schemas.record import Record

Evaluate = Callable[[Dossier, Context[Any]], Iterator[Finding]]
Patch = pytest.MonkeyPatch


def with_model(catalogue: Catalogue, evaluate: Evaluate) -> Catalogue:
    """The catalogue, its first model evaluating otherwise."""
    first, *rest = catalogue.models
    changed = replace(first, detector=replace(first.detector, evaluate=evaluate))
    return replace(catalogue, models=(changed, *rest))


# ---- models


def dated(catalogue: Catalogue) -> Catalogue:
    """An obligation's key holds a date, which a correction may change."""
    plain = catalogue.models[0].detector.evaluate

    def evaluate(dossier: Dossier, context: Context[Any]) -> Iterator[Finding]:
        for finding in plain(dossier, context):
            yield msgspec.structs.replace(finding, obligation=f"{finding.obligation}@{finding.act}")

    return with_model(catalogue, evaluate)


class Overdue(msgspec.Struct, frozen=True):
    """Facts that count the days until today."""

    since: date
    today: date


def counting_days(catalogue: Catalogue) -> Catalogue:
    """Facts depend on the day on which somebody looks."""
    plain = catalogue.models[0].detector.evaluate

    def evaluate(dossier: Dossier, context: Context[Any]) -> Iterator[Finding]:
        for finding in plain(dossier, context):
            facts = msgspec.structs.asdict(finding.facts) | {"today": context._as_of}
            fields = [(name, type(value), value) for name, value in facts.items()]
            yield msgspec.structs.replace(finding, facts=msgspec.defstruct("Facts", fields)())

    return with_model(catalogue, evaluate)


# ---- what the engine remembers of alerts and dossiers


def alerts_are_forgotten_when_withdrawn(patch: Patch) -> None:
    plain = settle.settle

    def forgetful(model: str, running: Any, before: Mapping[str, Any], *rest: Any) -> Any:
        kept = {key: state for key, state in before.items() if state.status.active}
        return plain(model, running, kept, *rest)

    patch.setattr(looking, "settle", forgetful)


def digests_do_not_chain(patch: Patch) -> None:
    plain = settle.sealed
    patch.setattr(
        settle, "sealed", lambda t: plain(msgspec.structs.replace(t, previous=t.previous[:0]))
    )


def older_positions_are_taken(patch: Patch) -> None:
    patch.setattr(dossiers, "is_news", lambda old, message, floor: True)


def epochs_are_not_compared(patch: Patch) -> None:
    def is_news(old: Row | None, message: Any, floor: Iterable[Position]) -> bool:
        if old is None:
            return news.is_news(old, message, floor)
        return bool(message.position.offset > old.offset)

    patch.setattr(dossiers, "is_news", is_news)


def unreadable_rows_are_ignored(patch: Patch) -> None:
    plain = Dossiers.change

    def change(self: Dossiers, message: Put | Remove | Unreadable, *rest: Any) -> None:
        if not isinstance(message, Unreadable):
            plain(self, message, *rest)

    patch.setattr(Dossiers, "change", change)


def tombstones_go_at_once(patch: Patch) -> None:
    plain = Dossiers.change

    def change(self: Dossiers, message: Put | Remove | Unreadable, *rest: Any) -> None:
        plain(self, message, *rest)
        if isinstance(message, Remove) and message.subject in self.subjects:
            rows = self.subjects[message.subject].rows
            if (row := rows.get((message.feed, message.key))) and row.state == GONE:
                del rows[message.feed, message.key]

    patch.setattr(Dossiers, "change", change)


def tombstones_go_with_time(patch: Patch) -> None:
    """At the next tick, whatever the floor."""
    patch.setattr(tombstones, "below", lambda *position: True)


def floors_guard_nothing(patch: Patch) -> None:
    patch.setattr(news, "below", lambda *position: False)


def floors_of_later_epochs_guard_nothing(patch: Patch) -> None:
    plain = news.below

    def below(floor: Iterable[Position], epoch: int, partition: int, offset: int) -> bool:
        return plain([p for p in floor if p.epoch == epoch], epoch, partition, offset)

    patch.setattr(news, "below", below)


def floors_are_replaced(patch: Patch) -> None:
    patch.setattr(engine, "_joined", lambda old, new: new)


# ---- time and knowledge


def days_asked_for_are_not_recorded(patch: Patch) -> None:
    plain = Context.reached

    def reached(self: Context[Any], day: date | None) -> bool:
        answer = plain(self, day)
        self.wake = None
        return answer

    patch.setattr(Context, "reached", reached)


def waits_for_coverage_are_not_recorded(patch: Patch) -> None:
    plain = Context.covered

    def covered(self: Context[Any], kind: type[Record], spell: Spell, /, **which: Any) -> bool:
        answer = plain(self, kind, spell, **which)
        self.waits.clear()
        return answer

    patch.setattr(Context, "covered", covered)


def questions_are_kept_in_memory_only(patch: Patch) -> None:
    patch.setattr(looking, "looked_entry", lambda mark, name, subject: (b"q\0", mark))


def derived_types_prove_absence(patch: Patch) -> None:
    plain = Context.covered

    def covered(self: Context[Any], kind: type[Record], spell: Spell, /, **which: Any) -> bool:
        return bool(kind.DERIVED) or plain(self, kind, spell, **which)

    patch.setattr(Context, "covered", covered)


def coverage_is_replaced(patch: Patch) -> None:
    def join(self: Knowledge, statements: Iterable[Coverage] = ()) -> bool:
        for new in statements:
            key = (new.feed, new.kind, which_key(new.which))
            self._by_key[key] = self._by_kind.setdefault(new.kind, {})[key] = new
        self._answers.clear()
        return True

    patch.setattr(Knowledge, "join", join)


def the_day_is_replaced(patch: Patch) -> None:
    plain = Engine._tick

    def tick(self: Engine, offset: int, *rest: Any) -> Iterator[Effects]:
        if offset != self.head.offset:
            self.known = msgspec.structs.replace(self.known, as_of=date.min)
        return plain(self, offset, *rest)

    patch.setattr(Engine, "_tick", tick)


def nobody_is_asked_when_coverage_is_taken_back(patch: Patch) -> None:
    patch.setattr(Dossiers, "leaning", lambda self: [])


# ---- rules, slices, time of the log


def rules_do_not_look_back(patch: Patch) -> None:
    plain = Dossiers.again

    def again(self: Dossiers, name: str, models: set[str] | None, *rest: Any) -> None:
        if models is not None:
            plain(self, name, models, *rest)

    patch.setattr(Dossiers, "again", again)


def foreign_rules_are_accepted(patch: Patch) -> None:
    patch.setattr(Engine, "_own", lambda self: None)


def slices_go_by_number(patch: Patch) -> None:
    """How many subjects are done, not which: after a recovery fewer are due."""

    def slices(
        self: Engine, offset: int, at_ms: int, op: str, due: dict[str, set[str] | None]
    ) -> Iterator[Effects]:
        done = int(self.head.cursor) if offset == self.head.offset else 0
        names = sorted(due)[done:]
        for start in range(0, max(len(names), 1), self._slice):
            effects = Effects(offset)
            effects.writes.append(known_entry(offset, self.known))
            for name in names[start : start + self._slice]:
                cause = Cause(self.dossiers.partition, offset, op)
                self.dossiers.again(name, due[name], effects, self.known, at_ms, cause)
            done += self._slice
            last = start + self._slice >= len(names)
            self.head = effects.head = Head(offset, DONE if last else f"{done:09}")
            yield effects

    patch.setattr(Engine, "_slices", slices)


def transitions_have_the_time_of_the_wall(patch: Patch) -> None:
    plain, wall = Engine.apply, itertools.count(1_700_000_000_000)
    patch.setattr(
        Engine,
        "apply",
        lambda self, offset, at_ms, message: plain(self, offset, next(wall), message),
    )


# ---- numbers of one person


def repeats_of_what_was_passed_on_are_taken(patch: Patch) -> None:
    plain = Dossiers.forwarded

    def forwarded(self: Dossiers, message: Forward, *rest: Any) -> None:
        heard = self._subject(message.subject).merge().heard
        if (last := heard.get(message.sender)) is not None:
            heard[message.sender] = Heard(0, last.former)
        plain(self, message, *rest)

    patch.setattr(Dossiers, "forwarded", forwarded)


def what_was_passed_on_is_kept_in_memory_only(patch: Patch) -> None:
    patch.setattr(dossiers, "received_entry", lambda mark, *place: (b"f\0\0\0\0", mark))


def who_passes_on_is_kept_in_memory_only(patch: Patch) -> None:
    patch.setattr(dossiers, "merged_entry", lambda mark, *merged: (b"i\0", mark))


def nothing_is_taken_back(patch: Patch) -> None:
    patch.setattr(dossiers, "take_everything_back", lambda *what: None)


def a_replaced_number_is_still_evaluated(patch: Patch) -> None:
    patch.setattr(Looking, "close", lambda *what: None)


def a_tombstone_hides_what_is_passed_on(patch: Patch) -> None:
    """A row that left for the old number's dossier does not come back from there."""
    plain = Merged.shown

    def shown(self: Merged, place: tuple[str, str], own: Row | None) -> Row | None:
        return own if own is not None else plain(self, place, own)

    patch.setattr(Merged, "shown", shown)


def rows_are_passed_on_once_only(patch: Patch) -> None:
    patch.setattr(merged, "HOPS", 1)


def what_a_number_becomes_is_not_passed_on(patch: Patch) -> None:
    """The old number's rows go over once, and what changes later does not."""
    patch.setattr(dossiers, "pass_on", lambda *what, **how: None)


# ---- clues that are counted


def clues_are_never_taken_off(patch: Patch) -> None:
    plain = looking.clues

    def clues(*what: Any) -> Iterator[Put | Remove]:
        return (message for message in plain(*what) if isinstance(message, Put))

    patch.setattr(looking, "clues", clues)


def where_a_clue_counts_is_kept_in_memory_only(patch: Patch) -> None:
    plain = looking.alert_entry

    def entry(mark: bytes, name: str, model: str, obligation: str, alert: Any) -> Any:
        bare = msgspec.structs.replace(alert, counted="")
        return plain(mark, name, model, obligation, bare)

    patch.setattr(looking, "alert_entry", entry)


def an_updated_clue_counts_as_it_was(patch: Patch) -> None:
    plain = looking.clues

    def clues(told: Transition, before: Any, now: Any, *where: Any) -> Iterator[Put | Remove]:
        return iter(()) if before == now else plain(told, before, now, *where)

    patch.setattr(looking, "clues", clues)


# ---- derived records


def derived_keys_do_not_name_their_producer(patch: Patch) -> None:
    plain = looking.derive

    def bare(name: str, message: Put | Remove) -> Put | Remove:
        if isinstance(message, Remove):
            key = message.key.removeprefix(f"{name}/")
            return msgspec.structs.replace(message, key=key)
        row = bytes(message.row).replace(f'"key":"{name}/'.encode(), b'"key":"')
        return msgspec.structs.replace(message, row=msgspec.Raw(row))

    def derive(name: str, *rest: Any) -> list[Put | Remove]:
        return [bare(name, message) for message in plain(name, *rest)]

    patch.setattr(looking, "derive", derive)


def what_was_derived_is_kept_in_memory_only(patch: Patch) -> None:
    patch.setattr(looking, "made_entry", lambda mark, name, subject: (b"d\0", mark))
