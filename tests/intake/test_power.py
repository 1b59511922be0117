"""The histories have power: each rule of intake, switched off, is caught by them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
import pytest

from streams.intake import ordered, registry, rows
from streams.intake.completeness import Completeness
from streams.intake.entry import Entry
from streams.intake.orders import Dismiss, Redrive, Sweep
from streams.intake.registry import Registry
from streams.intake.rows import Rows
from streams.intake.shelf import Shelf
from streams.intake.work import Naming, Work
from tests.intake import agency
from tests.intake.agency import Crash
from tests.intake.histories import DELETIONS, History, problem

SEEDS = 250


def resent_rows_are_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rows, "_is_news", lambda *_: True)


def the_sources_order_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    def offsets_only(self: Rows, entry: Entry, change: Any, work: Work) -> bool:
        return is_news(self, entry, _without_sequence(change), work)

    is_news = Rows._is_news
    patch.setattr(Rows, "_is_news", offsets_only)


def _without_sequence(change: Any) -> Any:
    return msgspec.structs.replace(change, sequence=None)


def rows_as_they_were_are_told(patch: pytest.MonkeyPatch) -> None:
    def told(self: Naming, key: str, touched: Any, redriven: bool, _: bool, into: Any) -> None:
        tell(self, key, touched, redriven, True, into)

    tell = Naming.told
    patch.setattr(Naming, "told", told)


def a_moved_row_stays_with_its_old_subject(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Naming, "_remove", lambda *_: None)


def unreadable_changes_leave_no_trace(patch: pytest.MonkeyPatch) -> None:
    def only_refuse(self: Rows, key: str, _row: Any, error: Any, _c: Any, _t: Any, w: Work) -> None:
        w.refuse(error, key)

    patch.setattr(Rows, "_unreadable", only_refuse)


def partial_rows_do_not_follow_into_quarantine(patch: pytest.MonkeyPatch) -> None:
    put = Rows._put

    def mixed(self: Rows, key: str, change: Any, touched: Any, work: Work) -> None:
        entry = touched.after
        if entry is not None and entry.outstanding and entry.columns and not work.redriven:
            good = Entry(entry.offset, entry.sequence, entry.seen_ms, entry.subjects,
                         entry.columns, b"")  # fmt: skip
            touched.after = good
        put(self, key, change, touched, work)

    patch.setattr(Rows, "_put", mixed)


def redriven_changes_are_not_marked(patch: pytest.MonkeyPatch) -> None:
    def told(self: Naming, key: str, touched: Any, _: bool, retold: bool, into: Any) -> None:
        tell(self, key, touched, False, False, into)

    tell = Naming.told
    patch.setattr(Naming, "told", told)


def a_redrive_ignores_what_came_later(patch: pytest.MonkeyPatch) -> None:
    def news(self: Rows, entry: Entry, change: Any, work: Work) -> bool:
        return work.redriven or is_news(self, entry, change, work)

    is_news = Rows._is_news
    patch.setattr(Rows, "_is_news", news)
    patch.setattr(rows, "_later", lambda sequence, entry: sequence)


def nothing_is_swept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ordered, "_seen_since", lambda *_: True)


def all_is_swept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ordered, "_seen_since", lambda *_: False)


def what_was_overtaken_stays_in_quarantine(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Shelf, "release", lambda *_: None)
    patch.setattr(ordered, "_nothing_held", lambda *_: registry.Outcome())


def another_contract_does_not_tell_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Completeness, "retell", lambda *_: None)


def an_end_is_forgotten_when_the_row_was_unreadable(patch: pytest.MonkeyPatch) -> None:
    ended = Rows.ended

    def only_of_standing(self: Rows, key: str, *rest: Any) -> None:
        touched = rest[2]
        if touched.after is None or touched.after.stands:
            ended(self, key, *rest)

    patch.setattr(Rows, "ended", only_of_standing)


def state_is_written_before_the_outputs(patch: pytest.MonkeyPatch) -> None:
    def backwards(self: Any, outcomes: Any, crash_at: int | None) -> None:
        steps: list[Any] = [o.writes for o in outcomes if o.writes]
        steps += [c for o in outcomes for c in o.changes]
        steps += [e for o in outcomes for e in (*o.quarantine, *o.statements)]
        for index, step in enumerate(steps):
            if crash_at == index:
                self.registry = None
                raise Crash
            if isinstance(step, list):
                self.changelog.append(step)
            else:
                self.world.receive(step)

    patch.setattr(agency.Stage, "_carry_out", backwards)


CORRECTION, EXPIRY, ENDS = DELETIONS

MUTATIONS = [
    (resent_rows_are_taken, CORRECTION),
    (the_sources_order_is_not_looked_at, CORRECTION),
    (rows_as_they_were_are_told, CORRECTION),
    (a_moved_row_stays_with_its_old_subject, CORRECTION),
    (unreadable_changes_leave_no_trace, CORRECTION),
    (partial_rows_do_not_follow_into_quarantine, CORRECTION),
    (redriven_changes_are_not_marked, CORRECTION),
    (a_redrive_ignores_what_came_later, CORRECTION),
    (nothing_is_swept, CORRECTION),
    (all_is_swept, CORRECTION),
    (another_contract_does_not_tell_again, EXPIRY),
    (an_end_is_forgotten_when_the_row_was_unreadable, ENDS),
    (state_is_written_before_the_outputs, CORRECTION),
]


@pytest.mark.parametrize(
    ("mutation", "deletion"), MUTATIONS, ids=[m.__name__ for m, _ in MUTATIONS]
)
def test_a_rule_switched_off_is_caught(
    mutation: Any, deletion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    for seed in range(SEEDS):
        if problem(History(seed, deletion).play()):
            return
    pytest.fail(f"{SEEDS} histories did not notice")


def an_order_is_begun_before_the_log_has_taken_a_write(patch: pytest.MonkeyPatch) -> None:
    def at_once(self: Registry, order: Any) -> Any:
        outcomes = carry_out(self, order)
        if not isinstance(order, (Redrive, Dismiss, Sweep)):
            return outcomes
        own, first = next(outcomes), next(outcomes)
        first.writes[:0] = own.writes
        return chain([first], outcomes)

    carry_out = Registry.order
    patch.setattr(Registry, "order", at_once)


def a_sweep_ordered_again_forgets_when_its_snapshot_began(patch: pytest.MonkeyPatch) -> None:
    def of_the_running_one(self: Completeness, order_ms: int) -> int:
        began = self.snapshot_ms
        return order_ms if began is None else min(order_ms, began)

    patch.setattr(Completeness, "snapshot_began", of_the_running_one)


def what_is_no_news_is_never_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rows, "_told_otherwise", lambda *_: None)


@pytest.mark.parametrize(
    "mutation",
    [
        what_was_overtaken_stays_in_quarantine,
        an_order_is_begun_before_the_log_has_taken_a_write,
        a_sweep_ordered_again_forgets_when_its_snapshot_began,
        what_is_no_news_is_never_told,
    ],
)
def test_a_rule_against_frozen_owners_switched_off_is_caught(
    mutation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    for seed in range(2 * SEEDS):
        if problem(History(seed, frozen=True).play()):
            return
    pytest.fail(f"{2 * SEEDS} histories did not notice")
