"""A Kafka that is killed, frozen and restarted keeps its address and what it acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from streams.local.kafka import LocalKafka, jars_dir
from streams.local.server import LocalServerError
from tests.conftest import require_kafka
from tests.waiting import wait_until_sync


@pytest.fixture(scope="module")
def broken_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """A Kafka that these tests break in turn; each leaves it running."""
    require_kafka(given=False)
    with LocalKafka(tmp_path_factory.mktemp("broken") / "kafka") as kafka:
        yield kafka


def append(address: str, topic: str, count: int) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    for number in range(count):
        producer.send(topic, b"%d" % number, partition=0)
    producer.flush(timeout=30)
    producer.close()


def create(address: str, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()


def end_offset(address: str, topic: str) -> int:
    consumer = KafkaConsumer(bootstrap_servers=address)
    place = TopicPartition(topic, 0)
    offset: int = consumer.end_offsets([place])[place]
    consumer.close()
    return offset


def test_a_killed_kafka_comes_back_with_every_acknowledged_record(
    broken_kafka: LocalKafka, unique: str
) -> None:
    address, pid = broken_kafka.address, broken_kafka.pid
    create(address, unique)
    append(address, unique, 1_000)
    broken_kafka.kill()
    assert broken_kafka.pid is None
    broken_kafka.start()
    assert broken_kafka.address == address
    assert broken_kafka.pid not in {None, pid}
    assert end_offset(address, unique) == 1_000
    append(address, unique, 1)
    broken_kafka.restart()
    assert end_offset(address, unique) == 1_001


def test_a_second_start_and_a_taken_port_are_refused_by_name(
    broken_kafka: LocalKafka, tmp_path: Path
) -> None:
    with pytest.raises(LocalServerError, match=f"runs already .pid {broken_kafka.pid}"):
        broken_kafka.start()
    with pytest.raises(LocalServerError, match=f"port {broken_kafka.port} is taken"):
        LocalKafka(tmp_path / "other", port=broken_kafka.port).start()


def test_a_kafka_that_never_started_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match="no Kafka was ever started"):
        _ = LocalKafka(tmp_path).address


def test_a_broken_configuration_is_reported_with_the_brokers_own_words(
    broken_kafka: LocalKafka,
) -> None:
    broken_kafka.stop()
    config = broken_kafka.data_dir / "server.properties"
    sound = config.read_text()
    config.write_text(sound.replace("node.id=1\n", "node.id=x\n"))
    with pytest.raises(LocalServerError, match="Invalid value x for configuration"):
        broken_kafka.start()
    assert broken_kafka.pid is None
    config.write_text(sound)
    broken_kafka.start()


def test_the_jars_are_kept_by_recipe_and_outside_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert jars_dir().parent == tmp_path / "dongjian"


def test_a_frozen_kafka_answers_again_when_it_is_woken(
    broken_kafka: LocalKafka, unique: str
) -> None:
    create(broken_kafka.address, unique)
    broken_kafka.suspend()
    broken_kafka.resume()
    append(broken_kafka.address, unique, 1)
    wait_until_sync(lambda: end_offset(broken_kafka.address, unique) == 1)
