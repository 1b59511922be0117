"""A local Redis keeps what it acknowledged and keeps databases apart."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from streams.local.redis import LocalRedis, redis_at_hand, redis_for
from streams.local.server import GivenServer, LocalServerError, free_ports


def value(url: str, key: str) -> bytes | None:
    with redis.Redis.from_url(url) as client:
        found: bytes | None = client.get(key)
        return found


def put(url: str, key: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set(key, key)


def test_a_killed_redis_comes_back_with_every_acknowledged_write(own_redis: LocalRedis) -> None:
    for number in range(500):
        put(own_redis.url, f"key-{number}")
    own_redis.kill()
    own_redis.start()
    assert all(value(own_redis.url, f"key-{number}") for number in range(500))
    own_redis.restart()
    assert value(own_redis.url, "key-499") == b"key-499"


def test_databases_are_kept_apart(own_redis: LocalRedis) -> None:
    put(own_redis.database(1), "a")
    assert value(own_redis.database(2), "a") is None
    assert value(own_redis.database(1), "a") == b"a"


def test_a_path_too_long_for_a_socket_makes_it_listen_on_a_port(tmp_path: Path) -> None:
    with LocalRedis(tmp_path / ("x" * 100)) as server:
        assert server.url.startswith("redis://127.0.0.1:")
        put(server.url, "a")
        assert value(server.url, "a") == b"a"


def test_a_given_redis_is_used_and_left_alone(own_redis: LocalRedis, tmp_path: Path) -> None:
    given = redis_at_hand(tmp_path / "unused", {"REDIS_URL": own_redis.url})
    assert isinstance(given, GivenServer)
    with given as server:
        put(server.url, "a")
    assert value(own_redis.url, "a") == b"a"
    assert not (tmp_path / "unused").exists()


def test_without_a_given_one_the_redis_is_our_own(tmp_path: Path) -> None:
    with redis_at_hand(tmp_path / "ours", {}) as server:
        put(server.url, "a")
        assert value(server.url, "a") == b"a"
    assert (tmp_path / "ours" / "appendonlydir").is_dir()


def test_a_redis_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"redis://reader:secret@127.0.0.1:{free_ports(1)[0]}/2"
    away = pytest.raises(LocalServerError, match=r"Redis at redis://127\.0\.0\.1:")
    with away as raised, redis_for(url, tmp_path) as given:
        value(given, "a")
    assert "secret" not in str(raised.value)
