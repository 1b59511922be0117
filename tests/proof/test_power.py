"""The proofs prove something: any one rule switched off, one of them fails within a few seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

import streams.detect.partition
from detectors.framework.calendar import Calendar
from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.engine import Engine
from detectors.framework.finding import Finding
from detectors.framework.registry import Catalogue
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas import Record
from schemas.alert import Kind
from schemas.change import Coverage
from schemas.errors import ForeignRules
from tests import factories as make
from tests.packs.rings.words import Member
from tests.proof import mutants
from tests.proof.histories import history
from tests.proof.runs import CALM, HAUNTED, KILLED, Broken, Disturbance, run
from tests.proof.theme import Theme
from tests.proof.themes.benefits_after_death import D01
from tests.proof.themes.governance_clue import CLUES
from tests.proof.themes.licence_after_drink_or_drugs import D11
from tests.proof.themes.mixed import MIXED
from tests.proof.themes.not_prosecuted_not_punished import D03
from tests.proof.themes.rings import RINGS
from tests.proof.themes.two_numbers import MERGED
from tests.proof.world import World

Check = Callable[[int], object]


# ---- the checks; each raises for a seed that shows something wrong


def equal(
    theme: Theme,
    disturbance: Disturbance = CALM,
    catalogue: Catalogue | None = None,
    **options: Any,
) -> Check:
    """Stream equals batch, and the history is sound."""

    def check(seed: int) -> None:
        rng = Random(f"{theme.name}/{seed}/{disturbance}")
        options.setdefault("partitions", 1)
        world = World(catalogue or theme.catalogue, slice_size=1, **options)
        run(world, history(theme, seed), rng, disturbance)

    return check


def identity(catalogue: Catalogue) -> Check:
    """No correction makes another obligation out of a duty to pass a case on."""

    def check(seed: int) -> None:
        told = run(World(catalogue), history(D03, seed), Random(seed))
        rules = {t.alert: t.rule for t in told}
        for t in told:
            if t.kind is Kind.SUPERSEDED and t.rule == rules[t.superseded_by] == "transfer":
                raise Broken(f"{t.obligation} became another")

    return check


def two_codes(seed: int) -> None:
    """Workers of two versions take turns on one partition; only one may work."""

    class Deployment(World):
        def _engine(self, partition: int, values: dict[bytes, bytes]) -> Engine:
            if rng.random() < 0.6:
                return super()._engine(partition, values)
            entries = values.items()
            return Engine(self.catalogue, self.tokens, entries=entries, hash="another version")

        def run(self, partition: int, count: int, *, crash_before: int | None = None) -> bool:
            try:
                return super().run(partition, count, crash_before=crash_before)
            except ForeignRules:
                self.engines[partition] = None
                return False

    rng = Random(seed)
    run(Deployment(D01.catalogue, partitions=1), history(D01, seed), rng, KILLED)


def derived_is_no_proof(seed: int) -> None:
    """A model that concludes something from the absence of a derived row is a failure."""

    def asks(dossier: Dossier, context: Context[Any]) -> Iterator[Finding]:
        context.covered(Member, Spell(date(2024, 1, 1), date(2024, 2, 1)))
        yield from ()

    world = World(mutants.with_model(RINGS.catalogue, asks))
    world.activate()
    for n in range(3):
        world.put(RINGS.draw(Random(f"{seed}/{n}")))
    world.drain()
    world.tick(date(2024, 3, 1))
    world.drain()
    assert world.failures


def clocked(*, coverage_first: bool) -> Check:
    """A clock beside an intake of two partitions: who passes a case on in time is never accused.

    The agency writes the steps of a day on the next morning, and then, on the first partition, that
    all days until then are told. Every case but one is passed on, on the last day for it.
    """

    def check(seed: int) -> None:
        rng, world, calendar = Random(seed), World(D03.catalogue), Calendar()
        world.activate()
        topic: tuple[list[Record | date], list[Record | date]] = ([], [])
        taken, said = [0, 0], date(2025, 1, 1)
        due: dict[date, list[int]] = {}

        def take(partition: int, end: int) -> None:
            nonlocal said
            for message in topic[partition][taken[partition] : end]:
                if isinstance(message, date):
                    said = message
                else:
                    world.put(message)
            taken[partition] = max(taken[partition], end)

        def tick(day: date, until: date) -> None:
            which = {"step": ("transferred",), "organ": ("procuratorate",)}
            known = Coverage("case-step", "CaseStep", date(2024, 1, 1), until, which)
            world.tick(day, [known], floor=False)

        for n in range(30):
            day = date(2025, 3, 3) + timedelta(days=n)
            before, ends = said, [len(part) for part in topic]
            for case in due.pop(day - DAY, ()):
                step = make.case_step(
                    feed="case-step", key=f"{case}", case_no=f"case {case}", on=day - DAY
                )
                topic[rng.randrange(2)].append(step)
            topic[0].append(day - DAY)
            for partition in range(2):
                take(partition, rng.randint(ends[partition], len(topic[partition])))
            tick(day, before if coverage_first else said)
            decided = make.decision(
                decision_no=f"N{n}", key=f"{n}", case_no=f"case {n}", decided_on=day
            )
            topic[rng.randrange(2)].append(decided)
            last = calendar.deadline(day, Term("3 wd")).due
            if n and last:
                due.setdefault(last, []).append(n)
        for partition in range(2):
            take(partition, len(topic[partition]))
        tick(date(2025, 4, 2), said)
        world.drain(rng)
        assert {t.obligation for t in world.history()} == {"N0/transfer"}

    return check


# ---- the rules, switched off


def nothing(patch: pytest.MonkeyPatch) -> None:
    """The mutant is in what the check runs, not in a function of ours."""


@dataclass(frozen=True)
class Mutant:
    """A rule that is switched off, what must notice, and what that looks like when it is on."""

    name: str
    switch_off: Callable[[pytest.MonkeyPatch], None]
    check: Check
    sound: Check | None = None  #: where the mutant is in the check


MUTANTS = (
    Mutant(
        "an obligation's key holds a date",
        nothing,
        identity(mutants.dated(D03.catalogue)),
        identity(D03.catalogue),
    ),
    Mutant(
        "facts depend on today",
        nothing,
        equal(D03, catalogue=mutants.counting_days(D03.catalogue)),
        equal(D03),
    ),
    Mutant(
        "alerts are forgotten when withdrawn",
        mutants.alerts_are_forgotten_when_withdrawn,
        equal(D01),
    ),
    Mutant("digests do not chain", mutants.digests_do_not_chain, equal(D01)),
    Mutant("older positions are taken", mutants.older_positions_are_taken, equal(D01)),
    Mutant("epochs are not compared", mutants.epochs_are_not_compared, equal(RINGS)),
    Mutant("unreadable rows are ignored", mutants.unreadable_rows_are_ignored, equal(D01)),
    Mutant("tombstones go at once", mutants.tombstones_go_at_once, equal(RINGS)),
    Mutant("tombstones go with time", mutants.tombstones_go_with_time, equal(RINGS)),
    Mutant("floors guard nothing", mutants.floors_guard_nothing, equal(D01)),
    Mutant(
        "floors of later epochs guard nothing",
        mutants.floors_of_later_epochs_guard_nothing,
        equal(RINGS),
    ),
    Mutant("floors are replaced, not joined", mutants.floors_are_replaced, equal(RINGS)),
    Mutant(
        "days asked for are not recorded", mutants.days_asked_for_are_not_recorded, equal(MIXED)
    ),
    Mutant(
        "waits for coverage are not recorded",
        mutants.waits_for_coverage_are_not_recorded,
        equal(D03),
    ),
    Mutant(
        "questions are kept in memory only",
        mutants.questions_are_kept_in_memory_only,
        equal(D03, KILLED),
    ),
    Mutant("derived types prove absence", mutants.derived_types_prove_absence, derived_is_no_proof),
    Mutant("coverage is replaced, not joined", mutants.coverage_is_replaced, equal(D03)),
    Mutant("the day is replaced, not joined", mutants.the_day_is_replaced, equal(RINGS)),
    Mutant(
        "nobody is asked when coverage is taken back",
        mutants.nobody_is_asked_when_coverage_is_taken_back,
        equal(D03),
    ),
    Mutant(
        "the clock reads coverage after the end offsets",
        nothing,
        clocked(coverage_first=False),
        clocked(coverage_first=True),
    ),
    Mutant("rules do not look back", mutants.rules_do_not_look_back, equal(D11)),
    Mutant("foreign rules are accepted", mutants.foreign_rules_are_accepted, two_codes),
    Mutant(
        "slices go by number, not by subject", mutants.slices_go_by_number, equal(MIXED, KILLED)
    ),
    Mutant(
        "transitions have the time of the wall",
        mutants.transitions_have_the_time_of_the_wall,
        equal(D01, KILLED),
    ),
    Mutant(
        "derived keys do not name their producer",
        mutants.derived_keys_do_not_name_their_producer,
        equal(RINGS, partitions=2),
    ),
    Mutant(
        "what was derived is kept in memory only",
        mutants.what_was_derived_is_kept_in_memory_only,
        equal(RINGS, KILLED),
    ),
    Mutant(
        "repeats of what was passed on are taken",
        mutants.repeats_of_what_was_passed_on_are_taken,
        equal(MERGED, HAUNTED),
    ),
    Mutant(
        "what was passed on is kept in memory only",
        mutants.what_was_passed_on_is_kept_in_memory_only,
        equal(MERGED, KILLED),
    ),
    Mutant(
        "who passes on is kept in memory only",
        mutants.who_passes_on_is_kept_in_memory_only,
        equal(MERGED, KILLED),
    ),
    Mutant("nothing is taken back", mutants.nothing_is_taken_back, equal(MERGED)),
    Mutant(
        "a replaced number is still evaluated",
        mutants.a_replaced_number_is_still_evaluated,
        equal(MERGED),
    ),
    Mutant(
        "a tombstone hides what is passed on",
        mutants.a_tombstone_hides_what_is_passed_on,
        equal(MERGED),
    ),
    Mutant("rows are passed on once only", mutants.rows_are_passed_on_once_only, equal(MERGED)),
    Mutant(
        "what a number becomes is not passed on",
        mutants.what_a_number_becomes_is_not_passed_on,
        equal(MERGED),
    ),
    Mutant("clues are never taken off", mutants.clues_are_never_taken_off, equal(CLUES)),
    Mutant(
        "where a clue counts is kept in memory only",
        mutants.where_a_clue_counts_is_kept_in_memory_only,
        equal(CLUES, KILLED),
    ),
    Mutant(
        "an updated clue counts as it was",
        mutants.an_updated_clue_counts_as_it_was,
        equal(CLUES),
    ),
    Mutant(
        "recovery takes the last write, not the highest",
        nothing,
        equal(D01, HAUNTED, fenced=False),
        equal(D01, HAUNTED),
    ),
    Mutant(
        "recovery does not repair",
        nothing,
        equal(MIXED, HAUNTED, repair=False),
        equal(MIXED, HAUNTED),
    ),
)

#: Seeds within which a mutant must be caught: many times what it takes.
WITHIN = 100


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_rule_switched_off_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams.detect.partition, "EFFECTS_AT_MOST", 1)
    monkeypatch.setattr(streams.detect.partition, "BATCH_BYTES", 1)
    with monkeypatch.context() as patch:
        mutant.switch_off(patch)
        caught = next((seed for seed in range(WITHIN) if fails(mutant.check, seed)), None)
    assert caught is not None, f"not caught within {WITHIN} seeds"
    print(f"{mutant.name}: caught at seed {caught + 1}")
    assert not fails(mutant.sound or mutant.check, caught), "it fails with the rule, too"


def fails(check: Check, seed: int) -> bool:
    try:
        check(seed)
    except AssertionError:
        return True
    return False
