"""A Kafka that is killed, frozen and restarted keeps its address and what it acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from streams.local.kafka import LocalKafka, jars_dir
from streams.local.server import LocalServerError
from tests.waiting import wait_until_sync


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
    own_kafka: LocalKafka, unique: str
) -> None:
    address, pid = own_kafka.address, own_kafka.pid
    create(address, unique)
    append(address, unique, 1_000)
    own_kafka.kill()
    assert own_kafka.pid is None
    own_kafka.start()
    assert own_kafka.address == address
    assert own_kafka.pid not in {None, pid}
    assert end_offset(address, unique) == 1_000
    append(address, unique, 1)
    own_kafka.restart()
    assert end_offset(address, unique) == 1_001


def test_a_second_start_and_a_taken_port_are_refused_by_name(
    own_kafka: LocalKafka, tmp_path: Path
) -> None:
    with pytest.raises(LocalServerError, match=f"runs already .pid {own_kafka.pid}"):
        own_kafka.start()
    with pytest.raises(LocalServerError, match=f"port {own_kafka.port} is taken"):
        LocalKafka(tmp_path / "other", port=own_kafka.port).start()


def test_a_kafka_that_never_started_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match="no Kafka was ever started"):
        _ = LocalKafka(tmp_path).address


def test_a_broken_configuration_is_reported_with_the_brokers_own_words(
    own_kafka: LocalKafka,
) -> None:
    own_kafka.stop()
    config = own_kafka.data_dir / "server.properties"
    config.write_text(config.read_text().replace("node.id=1\n", "node.id=x\n"))
    with pytest.raises(LocalServerError, match="Invalid value x for configuration"):
        own_kafka.start()
    assert own_kafka.pid is None


def test_the_jars_are_kept_by_recipe_and_outside_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert jars_dir().parent == tmp_path / "dongjian"


def test_a_frozen_kafka_answers_again_when_it_is_woken(own_kafka: LocalKafka, unique: str) -> None:
    create(own_kafka.address, unique)
    own_kafka.suspend()
    own_kafka.resume()
    append(own_kafka.address, unique, 1)
    wait_until_sync(lambda: end_offset(own_kafka.address, unique) == 1)
