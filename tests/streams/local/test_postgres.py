"""A local PostgreSQL decodes logically and survives a kill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from streams.local.postgres import LocalPostgres
from streams.local.server import LocalServerError

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: make setup-cdc")


def test_a_killed_postgres_comes_back_with_its_rows_and_slots(
    local_postgres: LocalPostgres, unique: str
) -> None:
    slot = unique.replace("-", "_")
    with psycopg.connect(local_postgres.url, autocommit=True) as connection:
        connection.execute(f'create table "{unique}" (a int)')
        connection.execute(f'insert into "{unique}" values (1)')
        connection.execute(f"select pg_create_logical_replication_slot('{slot}', 'pgoutput')")
    local_postgres.kill()
    local_postgres.start()
    with psycopg.connect(local_postgres.url, autocommit=True) as connection:
        assert connection.execute(f'select a from "{unique}"').fetchall() == [(1,)]
        connection.execute(f"select pg_drop_replication_slot('{slot}')")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must run it as another account")
def test_a_folder_that_the_account_cannot_reach_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LocalServerError, match=r"cannot reach .*closed/postgres"):
        LocalPostgres(closed / "postgres").start()
