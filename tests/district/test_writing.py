"""What is written is what happened: in files, in the log, in PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.simulate import command
from streams.district import TABLES, District, Rendering
from streams.district.writing import LogWriter, ensure_topics
from streams.local.postgres import LocalPostgres
from streams.log.client import open_client
from streams.log.partitioner import partition_for

SMALL = District(5, 300, date(2024, 1, 1), date(2025, 3, 31))


def test_files_hold_the_messages_of_each_topic_in_order(tmp_path: Path) -> None:
    arguments = ["--people", "300", "--seed", "5", "--until", "2025-03-31", "--out"]
    truth, folder = tmp_path / "truth.jsonl", tmp_path / "contracts"
    more = ["--truth", str(truth), "--contracts", str(folder)]
    done = CliRunner().invoke(command, [*arguments, str(tmp_path / "d"), *more])
    assert done.exit_code == 0, done.output
    rendering = Rendering("any")
    expected: dict[str, list[bytes]] = {table.topic: [] for table in TABLES.values()}
    for event in SMALL.events():
        expected[TABLES[event.feed].topic].append(b"\t".join(rendering(event)))
    for topic, lines in expected.items():
        written = (tmp_path / "d" / f"{topic}.tsv").read_bytes().split(b"\n")[:-1]
        assert written == lines
    assert len(truth.read_bytes().splitlines()) == len(SMALL.truth)
    assert len(list(folder.glob("*.toml"))) == len(TABLES)


@pytest.mark.parametrize("speed", ["0", "fast", "-3"])
def test_a_speed_that_is_none_is_refused_by_name(speed: str) -> None:
    done = CliRunner().invoke(command, ["--speed", speed])
    assert done.exit_code == 2
    assert "days a second" in done.output


async def test_the_log_holds_every_message_on_the_partition_of_its_key() -> None:
    rendering = Rendering("any")
    events = list(SMALL.events())
    async with open_client("embedded://") as client:
        partitions = await ensure_topics(client, 3)
        writer = LogWriter(client, rendering, partitions)
        assert await writer.write(events[:5_000]) == 5_000
        assert await writer.write(events[5_000:]) == len(events) - 5_000
        expected: dict[tuple[str, int], list[tuple[bytes, bytes]]] = {}
        for event in events:
            key, value = rendering(event)
            place = (TABLES[event.feed].topic, partition_for(key, 3))
            expected.setdefault(place, []).append((key, value))
        for (topic, partition), messages in expected.items():
            found = [(r.key, r.value) async for r in client.read(topic, partition, 0)]
            assert sorted(found) == sorted(messages)


async def test_a_statement_never_overtakes_the_rows_before_it() -> None:
    rendering = Rendering("any")
    events = [e for e in SMALL.events() if e.feed == "procuratorate-step"]
    async with open_client("embedded://") as client:
        writer = LogWriter(client, rendering, await ensure_topics(client, 3))
        appended: list[bytes] = []
        plain = client.append

        async def watched(topic, partition, rows, timestamp_ms=None, headers=()):  # type: ignore[no-untyped-def]
            appended.extend(value for _, value in rows)
            return await plain(topic, partition, rows, timestamp_ms, headers)

        client.append = watched  # type: ignore[method-assign]
        await writer.write(events)
        place = {value: number for number, value in enumerate(appended)}
        rows_before: list[int] = []
        for event in events:
            number = place[rendering(event)[1]]
            if event.op == "complete":
                assert number > max(rows_before, default=-1)
            else:
                rows_before.append(number)


@pytest.mark.slow
def test_postgres_ends_with_the_final_rows(local_postgres: LocalPostgres) -> None:
    url = local_postgres.url
    arguments = ["--people", "300", "--seed", "5", "--until", "2025-03-31", "--to", "postgres"]
    done = CliRunner().invoke(command, [*arguments, "--url", url])
    assert done.exit_code == 0, done.output
    psycopg = pytest.importorskip("psycopg")
    final = SMALL.final_rows()
    with psycopg.connect(url) as connection:
        for feed, table in TABLES.items():
            found = connection.execute(f"SELECT * FROM {table.name}").fetchall()
            rows = {
                tuple(str(v) if v is not None else None for v in row.values())
                for row in final.get(feed, {}).values()
            }
            told = {tuple(None if v is None else str(v) for v in row) for row in found}
            assert told == rows, feed
        (identity,) = connection.execute(
            "SELECT relreplident FROM pg_class WHERE oid = 'police.hj_swzx'::regclass"
        ).fetchone() or ("",)
        assert identity in (b"f", "f")
        count = connection.execute("SELECT count(*) FROM police.hj_swzx_coverage").fetchone()
        assert count == (1,)
        for schema in {table.agency.schema for table in TABLES.values()}:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")
