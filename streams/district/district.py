"""The synthetic district: everything from one seed, and the truth about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from random import Random

from schemas.contract import Contract
from schemas.errors import RecordError, SettingsError
from schemas.mapping import Mapper, end_row
from schemas.record import Record
from schemas.subject import Tokens
from streams.district.contracts import contracts
from streams.district.dirt import soiled
from streams.district.event import Event, Row, at_ms, day_of
from streams.district.fines import collect
from streams.district.lives import Life, NoRoom, Stage, load
from streams.district.organisations import Organisation, establish
from streams.district.people import Person, populate
from streams.district.script import Outage, Script, Window
from streams.district.tables import TABLES
from streams.district.timeline import BASE_FEEDS, REGISTER_FEEDS, play
from streams.district.truth import SubjectOf, Truth, in_tokens

SINCE, UNTIL = date(2024, 1, 1), date(2025, 12, 31)

_OUTAGE = timedelta(30)


class District:
    """People, agencies and their history. The same arguments give the same bytes, on any machine.

    ``dirty`` off leaves out what happens on the way (repeats, re-sent history, re-snapshots, broken
    messages), not what agencies enter wrongly. ``density`` above 1 lets more happen to the same
    people than in life, for tests that want alerts and not ordinary days. ``models`` chooses whose
    lives are played, besides those that are nobody's; only the feeds that they need are there.
    """

    def __init__(
        self,
        seed: int = 1,
        people: int = 5_000,
        since: date = SINCE,
        until: date = UNTIL,
        *,
        organisations: int | None = None,
        models: Iterable[str] | None = None,
        dirty: bool = True,
        density: float = 1.0,
    ) -> None:
        if people < 1:
            raise SettingsError(f"a district of {people} people: at least 1 is needed")
        if until <= since:
            raise SettingsError(f"the last day {until} must lie after the first day {since}")
        self.seed, self.window, self.dirty = seed, Window(since, until), dirty
        self.density = density
        self.people: list[Person] = populate(_generator(seed, "people"), people, since)
        count = people // 10 if organisations is None else organisations
        self.organisations: list[Organisation] = establish(
            _generator(seed, "organisations"), count, self.people, since
        )
        self.script = Script(_generator(seed, "script"), self.window, _outages(self.window))
        self.played: dict[tuple[str, str, str], int] = {}  #: (sort, model, life): how often
        self.skipped: dict[str, str] = {}  #: life: why there is none
        self.lives: dict[int, Life] = {}  #: by the number of the play
        self.models = None if models is None else frozenset(models)
        self._write(load(self.models))
        if self.models is None or "D21" in self.models:
            collect(self.script, _generator(seed, "fines"))
        chosen = BASE_FEEDS | self.script.feeds
        if chosen & REGISTER_FEEDS:
            chosen |= REGISTER_FEEDS
        #: its feeds: all, or those that the lives of the chosen models need
        self.feeds = tuple(feed for feed in TABLES if self.models is None or feed in chosen)

    def _write(self, lives: list[Life]) -> None:
        stage = Stage(self.script, self.people, self.organisations)
        days = (self.window.until - self.window.since).days
        years = days / 731
        share = len(self.people) / 10_000 * years * self.density
        order = {"planted": 0, "look_alike": 1, "ordinary": 2}
        lives = sorted(lives, key=lambda life: order[life.sort])
        fitting = [life for life in lives if life.days <= days]
        self.skipped |= {
            life.name: f"a window of {life.days} days is needed"
            for life in lives
            if life.days > days
        }
        # One of each first: a small district still has every violation.
        for life, plays in [(life, range(1)) for life in fitting] + [
            (life, range(1, round(life.rate * share))) for life in fitting
        ]:
            for number in plays:
                # A generator for each play: what else is played moves nothing in it.
                stage.begin(life.name, _generator(self.seed, f"{life.model}/{life.name}/{number}"))
                before = self.script.mark()
                self.lives[self.script.play] = life
                try:
                    life.play(stage)
                except NoRoom as reason:
                    self.script.back_to(before)
                    self.skipped.setdefault(life.name, str(reason))
                    break
                name = (life.sort, life.model, life.name)
                self.played[name] = self.played.get(name, 0) + 1

    def authors(self, subject_of: SubjectOf) -> dict[tuple[str, str], Life]:
        """(feed, record key): the life that wrote the row, last where several did."""
        return {
            (paper.feed, in_tokens(paper.record_key, subject_of)): self.lives[play]
            for play, paper in self.script.papers
        }

    # ---- what happens

    def changes(self) -> Iterator[Event]:
        """What the sources commit, and nothing else."""
        return play(self.script, self.people, self.organisations, frozenset(self.feeds))

    def events(self) -> Iterator[Event]:
        """What reaches the topics, in order."""
        clean = self.changes()
        return soiled(clean, self.window, _generator(self.seed, "dirt")) if self.dirty else clean

    # ---- what is true

    @cached_property
    def truth(self) -> Truth:
        """The planted alerts over time."""
        return Truth(self.script.expected)

    def final_rows(self, as_of: date | None = None) -> dict[str, dict[tuple[str, ...], Row]]:
        """The rows that stand in each table at the end of a day."""
        end = at_ms((as_of or self.window.until) + timedelta(1))
        rows: dict[str, dict[tuple[str, ...], Row]] = {}
        for event in self.changes():
            if event.at_ms >= end:
                break
            if event.op == "complete":
                continue
            table = rows.setdefault(event.feed, {})
            if event.row is None:
                table.pop(event.key, None)
            else:
                table[event.key] = event.row
        return rows

    def final_records(self, tokens: Tokens, as_of: date | None = None) -> Iterator[Record]:
        """The records that stand, as the contracts say what a deleted row means; what cannot be
        read is left out."""
        known = contracts(since=self.window.since, feeds=self.feeds)
        mappers = {feed: Mapper(contract, tokens) for feed, contract in known.items()}
        gone = self._deleted(known, as_of)
        for feed, rows in self.final_rows(as_of).items():
            for row in rows.values():
                record = _readable(mappers[feed], row)
                if record is not None:
                    yield record
        for feed, row, day in gone:
            record = _readable(mappers[feed], row)
            if record is not None:
                field = known[feed].deletion.field
                yield end_row(record, field, day) if field else record

    def _deleted(
        self, known: dict[str, Contract], as_of: date | None
    ) -> list[tuple[str, Row, date]]:
        """Deleted rows whose fact stands: publication ended, or a list that the row has left."""
        end = at_ms((as_of or self.window.until) + timedelta(1))
        found: dict[tuple[str, tuple[str, ...]], tuple[str, Row, date]] = {}
        for event in self.changes():
            if event.at_ms >= end:
                break
            if event.op == "delete" and known[event.feed].deletion.meaning != "correction":
                row = event.before or {}
                found[event.feed, event.key] = (event.feed, row, day_of(event.committed_ms))
            elif event.row is not None and event.op != "complete":
                found.pop((event.feed, event.key), None)
        return list(found.values())


def _generator(seed: int, use: str) -> Random:
    """One generator for each use, so that more of one thing does not move the others."""
    return Random(f"{seed}:{use}")  # noqa: S311  # invented people, no secrets


def _readable(mapper: Mapper, row: Row) -> Record | None:
    try:
        return mapper.record(row)
    except RecordError:
        return None


def _outages(window: Window) -> list[Outage]:
    """The traffic police's connector stands still for weeks, once, if the window is long enough."""
    days = (window.until - window.since).days
    if days < 240:
        return []
    since = window.since + timedelta(days * 55 // 100)
    return [Outage("traffic", since, since + _OUTAGE)]
