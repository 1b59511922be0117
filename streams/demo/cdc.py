"""Real change data: agencies' tables in PostgreSQL, Debezium, Kafka, a worker, and live SQL."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.alert import Transition
from schemas.subject import Tokens
from streams.cdc.capture import SLOT, TOPIC_PREFIX, Capture, check_installed
from streams.delivery.store import AlertStore
from streams.demo.beside import Beside
from streams.demo.cdc_story import FIRST_DAY, PUBLISHED, Follows, Step, cast, story
from streams.demo.deployment import Deployment, deployment
from streams.demo.failed import DemoFailed
from streams.demo.listen import Listener
from streams.demo.verdict import Verdict, judge
from streams.demo.watch import Watch
from streams.district import TABLES, District, Event, contracts, switched_off, write_contracts
from streams.district.event import Row
from streams.district.writing.postgres import PostgresWriter, connect
from streams.feeds import EXAMPLE_LISTS, contracts_of
from streams.local.postgres import temporary_postgres
from streams.log.client import open_client
from streams.metrics import Metrics
from streams.worker import Worker, provision

if TYPE_CHECKING:
    import psycopg

#: Seconds that a step may take until its alert has changed, and everything until it is through.
STEP_S, SETTLE_S = 60.0, 180.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A transition that followed a step, and how long after the COMMIT it was in Redis."""

    follows: Follows
    transition: Transition
    after_s: float


@dataclass(frozen=True, slots=True)
class Told:
    """What is known when a step is over; ``seen`` has what followed, in the order of the step."""

    step: Step
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The district as it stands before the story begins."""

    rows: int
    loaded_s: float  #: into PostgreSQL
    captured_s: float  #: until Debezium had sent it all and read live changes
    through_s: float  #: until the worker had nothing more to do
    verdict: Verdict  #: on what was planted before


@dataclass(slots=True)
class _Ear:
    """Hears transitions and when they came."""

    heard: list[tuple[float, Transition]] = field(default_factory=list)

    def hear(self, transition: Transition) -> None:
        self.heard.append((time.monotonic(), transition))


def run(
    folder: Path,
    district: District,
    loaded: Callable[[Loaded], None],
    begins: Callable[[Step], None],
    told: Callable[[Told], None],
) -> None:
    """Start everything, load the district and tell the story; raises ``DemoFailed``.

    Needs PostgreSQL, Java and the extra ``cdc``: what is missing is named.
    """
    check_installed()
    feeds = folder / "feeds"
    write_contracts(feeds, envelope="debezium", since=district.window.since, feeds=district.feeds)
    with ExitStack() as stack:
        postgres = temporary_postgres()
        stack.callback(shutil.rmtree, postgres.data_dir, ignore_errors=True)
        stack.enter_context(postgres)
        began = time.monotonic()
        connection = stack.enter_context(connect(postgres.url))
        rows = load(connection, district)
        loaded_s = time.monotonic() - began
        place = stack.enter_context(
            deployment(
                folder, "kafka", feeds,
                DONGJIAN_LISTS=str(EXAMPLE_LISTS),
                DONGJIAN_DISABLED=",".join(switched_off(district.models)),
            )
        )  # fmt: skip
        capture = Capture(
            postgres.url, place.settings.broker, folder / "debezium", routes(district.feeds)
        )
        telling = _Telling(
            place, district, connection, capture, rows, loaded_s, loaded, begins, told
        )
        asyncio.run(telling.run())


def load(connection: psycopg.Connection, district: District) -> int:
    """Create the agencies' tables, fill them as they stand on the last day, publish them all."""
    writer = PostgresWriter(connection, district.feeds)
    writer.create()
    rows = district.final_rows()
    for feed, key, row in expired(district):
        rows[feed][key] = row  # its publication ends in the story
    count = writer.load(_standing(rows))
    until = {"id": 1, "complete_until": (district.window.until - timedelta(1)).isoformat()}
    writer.play(
        Event(0, feed, "complete", ("1",), None, dict(until), 0, 0) for feed in district.feeds
    )
    connection.execute(f"CREATE PUBLICATION {SLOT} FOR ALL TABLES")
    connection.commit()
    return count


def expired(district: District) -> list[tuple[str, tuple[str, ...], Row]]:
    """Rows whose publication ended: they are gone from the table, and what they told stands."""
    known = contracts(since=district.window.since, feeds=district.feeds)
    return [
        (event.feed, event.key, event.before)
        for event in district.changes()
        if event.op == "delete"
        and event.before is not None
        and known[event.feed].deletion.meaning == "expiry"
    ]


def _standing(rows: dict[str, dict[tuple[str, ...], Row]]) -> Iterator[Event]:
    for feed, table in rows.items():
        for key, row in table.items():
            yield Event(0, feed, "snapshot", key, None, row, 0, 0)


def routes(feeds: Iterable[str]) -> dict[str, str]:
    """Statements of completeness come on the topic of their table, after its rows."""
    tables = (TABLES[feed] for feed in feeds)
    return {f"{TOPIC_PREFIX}.{table.coverage_name}": table.topic for table in tables}


@dataclass(slots=True)
class _Telling:
    """The story, told to a running deployment."""

    place: Deployment
    district: District
    connection: psycopg.Connection
    capture: Capture
    rows: int
    loaded_s: float
    loaded: Callable[[Loaded], None]
    begins: Callable[[Step], None]
    told: Callable[[Told], None]
    day: date = FIRST_DAY
    _ear: _Ear = field(default_factory=_Ear)

    async def run(self) -> None:
        settings, metrics = self.place.settings, Metrics()
        known = contracts_of(settings)
        worker = Worker(
            settings,
            known,
            redis_url=self.place.redis_url,
            now=lambda: self.day,
            metrics=metrics,
        )
        store = AlertStore(self.place.redis_url, settings.topics.prefix)
        listener = Listener(store, heard=self._ear.hear)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(store.close)
            client = await stack.enter_async_context(open_client(settings.broker))
            await provision(client, settings, known)
            topics = sorted({contract.topic for contract in known.values()})
            watch = Watch(client, metrics, settings.topics, topics)
            await listener.start()
            beside = await stack.enter_async_context(Beside(worker, listener.run()))
            await beside.ready()
            began = time.monotonic()
            with self._captured():
                captured = time.monotonic()
                if not await beside.unless_it_ends(watch.settled(SETTLE_S)):
                    raise DemoFailed(f"not through after {SETTLE_S:.0f} s: {watch.sight.lag}")
                through = time.monotonic()
                alerts = [alert async for alert in store.all()]
                tokens, until = Tokens(settings.secret), self.district.window.until
                verdict = judge(self.district, alerts, tokens, until)
                took = captured - began, through - captured
                self.loaded(Loaded(self.rows, self.loaded_s, *took, verdict))
                ended = [key[0] for feed, key, _ in expired(self.district) if feed == PUBLISHED]
                for step in story(*cast(self.connection), ended):
                    self.begins(step)
                    self.told(Told(step, await beside.unless_it_ends(self._take(step, watch))))

    @contextmanager
    def _captured(self) -> Iterator[None]:
        # In the main thread: only there can the kernel be asked to end it with us.
        with self.capture:
            yield

    async def _take(self, step: Step, watch: Watch) -> tuple[Seen, ...]:
        """One transaction, and what follows; where nothing must, it is seen that nothing does."""
        already, before = len(self._ear.heard), {t.alert for _, t in self._ear.heard}
        if step.day is not None:
            self.day = step.day
        committed = await asyncio.to_thread(self._commit, step)
        seen = await self._await(step.follows, already, committed)
        if not step.follows:
            await asyncio.sleep(1.0)  # Debezium polls more often than that
            if not await watch.settled(SETTLE_S):
                raise DemoFailed(f"not through after {SETTLE_S:.0f} s: {watch.sight.lag}")
            new = [t for _, t in self._ear.heard[already:] if t.alert not in before]
            if new:
                raise DemoFailed(f"nothing should follow from {step.title!r}, but: {_said(new)}")
        return seen

    def _commit(self, step: Step) -> float:
        with self.connection.cursor() as cursor:
            for statement, values in step.statements:
                cursor.execute(statement, values)
        self.connection.commit()
        return time.monotonic()

    async def _await(
        self, follows: Sequence[Follows], already: int, committed: float
    ) -> tuple[Seen, ...]:
        tokens = Tokens(self.place.settings.secret)
        give_up = committed + STEP_S
        while True:
            heard = self._ear.heard[already:]
            seen = [s for f in follows if (s := _find(f, heard, tokens, committed)) is not None]
            if len(seen) == len(follows):
                return tuple(seen)
            if time.monotonic() > give_up:
                missing = [f for f in follows if f not in [s.follows for s in seen]]
                wanted = ", ".join(f"{f.model} {f.rule} {f.kind}" for f in missing)
                came = _said([t for _, t in heard]) or "nothing"
                raise DemoFailed(f"{wanted} did not follow within {STEP_S:.0f} s; came: {came}")
            await asyncio.sleep(0.002)


def _find(
    follows: Follows, heard: Sequence[tuple[float, Transition]], tokens: Tokens, committed: float
) -> Seen | None:
    subject = tokens.subject("party", follows.person.number)
    for at, t in heard:
        same = (t.model, t.rule, t.subject) == (follows.model, follows.rule, subject)
        if same and t.kind is follows.kind and t.reason == follows.reason:
            return Seen(follows, t, max(at - committed, 0.0))
    return None


def _said(transitions: Sequence[Transition]) -> str:
    return ", ".join(f"{t.model} {t.rule} {t.kind}" for t in transitions)
