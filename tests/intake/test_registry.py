"""Intake's core, example by example: what is news, what is not, what cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.change import Put, Remove, Unreadable
from schemas.errors import ContractError
from streams.intake.orders import Redrive
from streams.log.records import LogRecord
from tests.factories import person
from tests.intake.agency import HEARTBEAT, REPAIRED, TOKENS, World, contract

ANNA, BERT = (TOKENS.subject("person", person(n)) for n in (1, 2))


def world(**options: str) -> World:
    return World(contract(**options))


def kinds(world: World) -> list[str]:
    return [f"{type(m).__name__} {m.subject.split(':')[0]}" for m in world.fold.messages]


def test_a_row_is_told_to_each_of_its_subjects() -> None:
    w = world()
    w.agency.put("K1")
    w.drain()
    assert kinds(w) == ["Put case", "Put person"]
    assert w.fold.standing() == w.expected()


def test_a_re_snapshot_tells_nothing() -> None:
    w = world()
    for n in range(6):
        w.agency.put(f"K{n}", who=n)
    w.drain()
    told = len(w.fold.messages)
    w.agency.snapshot()
    w.drain()
    assert len(w.fold.messages) == told


def test_a_connector_that_sends_old_history_again_tells_nothing() -> None:
    w = world()
    w.agency.put("K1", who=1)
    w.agency.put("K1", who=2)
    w.agency.put("K2")
    w.agency.delete("K2")
    w.drain()
    told = len(w.fold.messages)
    w.agency.resend(4)
    w.drain()
    assert len(w.fold.messages) == told


def test_a_corrected_identity_moves_the_row() -> None:
    w = world()
    w.agency.put("K1", who=1)
    w.agency.put("K1", who=2)
    w.drain()
    removed = [m.subject for m in w.fold.messages if isinstance(m, Remove)]
    assert removed == [ANNA]
    assert w.fold.standing() == w.expected()


def test_columns_that_were_not_sent_keep_their_value() -> None:
    w = world()
    w.agency.put("K1", place="a long text")
    w.agency.put("K1", kind="2", toast=["place"])
    w.drain()
    assert w.fold.standing() == w.expected()
    assert w.fold.standing()[ANNA]["K1"]["place"] == "a long text"


def test_a_partial_row_of_an_unknown_record_is_quarantined_until_a_full_one_comes() -> None:
    w = world()
    w.agency.rows["K1"] = {"place": "?"}
    w.agency.put("K1", toast=["place"])
    w.drain()
    assert [e.reason for e in w.open_entries()] == ["partial_of_unknown"]
    assert all(isinstance(m, Unreadable) for m in w.fold.messages)
    w.agency.put("K1", place="y")
    w.drain()
    assert w.open_entries() == []
    assert w.fold.standing() == w.expected()


def test_an_unreadable_change_keeps_the_row_from_whoever_it_still_names() -> None:
    w = world()
    w.agency.put("K1", who=1)
    w.agency.put("K1", who=1, kind="9")
    w.drain()
    assert w.fold.standing()[ANNA] == {"K1": "unreadable"}
    assert not w.holds


def test_an_unreadable_change_that_names_another_takes_the_row_away() -> None:
    w = world()
    w.agency.put("K1", who=1)
    w.agency.put("K1", who=2, kind="9")
    w.drain()
    assert ANNA not in w.fold.standing()
    assert w.fold.standing()[BERT] == {"K1": "unreadable"}


def test_a_number_that_cannot_be_read_leaves_the_row_with_whom_it_was_unreadable() -> None:
    w = world()
    w.agency.put("K1", who=1, case_no="A1")
    w.agency.put("K1", who="371102189901010000", case_no="A2")
    w.drain()
    standing = w.fold.standing()
    assert standing[ANNA] == {"K1": "unreadable"}  # to take it away would prove an absence
    assert [s.rpartition("/")[2] for s in standing if s.startswith("case:")] == ["A2"]


def test_an_unreadable_first_row_with_a_subject_does_not_stop_the_feed() -> None:
    w = world()
    w.agency.put("K1", kind="9")
    w.drain()
    assert w.fold.standing()[ANNA] == {"K1": "unreadable"}
    assert not w.holds


def test_a_first_row_without_any_subject_holds_the_feeds_coverage() -> None:
    w = world()
    w.agency.put("K1", who="x", case_no="")
    w.drain()
    (hold,) = w.holds.values()
    assert hold.day == date(2025, 1, 1)
    w.agency.put("K1", who=1)
    w.drain()
    (hold,) = w.holds.values()
    assert hold.day is None
    assert [s.how for s in w.settled.values()] == ["superseded"]


def test_a_message_without_a_key_holds_until_it_is_dismissed() -> None:
    w = world()
    w.agency.garbage()
    w.drain()
    assert [h.day for h in w.holds.values()] == [date(2025, 1, 1)]
    w.dismiss(w.open_entries()[0])
    w.drain()
    assert [h.day for h in w.holds.values()] == [None]
    assert w.open_entries() == []


def test_a_broken_value_whose_message_key_is_readable_makes_that_record_unreadable() -> None:
    w = world()
    w.agency.put("K1")
    w.agency.garbage("K1")
    w.drain()
    assert w.fold.standing()[ANNA] == {"K1": "unreadable"}
    assert not w.holds


def test_dismissing_lets_the_row_stand_as_it_stood_before() -> None:
    w = world()
    w.agency.put("K1", place="before")
    w.drain()
    before = w.fold.standing()
    w.agency.garbage("K1")
    w.drain()
    assert w.fold.standing() != before
    w.dismiss(w.open_entries()[0])
    w.drain()
    assert w.fold.standing() == before


def test_partial_rows_follow_an_unreadable_one_and_come_back_in_order() -> None:
    w = world()
    w.agency.put("K1", place="long", kind="1")
    w.agency.put("K1", kind="9", since="2025-01-05")
    w.agency.put("K1", kind="2", until="2025-02-01", toast=["place"])
    w.drain()
    assert [e.reason for e in w.open_entries()] == ["unknown_code", "partial_of_unreadable"]
    second = w.open_entries()[1]
    w.order(Redrive(1, second.message), second.partition)  # too early
    w.drain()
    assert len(w.open_entries()) == 2
    w.repair(contract(codes=REPAIRED))
    w.redrive_all()
    w.drain()
    assert w.open_entries() == []
    assert w.fold.standing() == w.expected()


def test_a_redrive_applies_only_if_nothing_later_did() -> None:
    w = world()
    w.agency.put("K1", kind="9", place="old")
    w.agency.put("K1", kind="1", place="new")
    w.drain()
    (old,) = w.entries.values()
    w.repair(contract(codes=REPAIRED))
    told = len(w.fold.messages)
    w.order(Redrive(1, old.message), old.partition)
    w.drain()
    assert len(w.fold.messages) == told
    assert w.fold.standing() == w.expected()


def test_a_row_that_leaves_an_archive_stands_on() -> None:
    w = world(deletion='"expiry"')
    w.agency.put("K1")
    w.drain()
    before = w.fold.standing()
    w.agency.delete("K1")
    w.drain()
    assert w.fold.standing() == before


def test_a_row_that_leaves_a_list_of_present_state_ends_that_day() -> None:
    w = world(deletion='{ends = "until"}')
    w.agency.put("K1")
    w.agency.clock_ms += 40 * 86_400_000
    w.agency.delete("K1")
    w.drain()
    assert w.fold.standing()[ANNA]["K1"]["until"] == "2025-02-10"


def test_an_unreadable_row_that_left_the_list_ends_when_it_comes_back_from_quarantine() -> None:
    w = world(deletion='{ends = "until"}')
    w.agency.put("K1", kind="9")
    w.agency.clock_ms += 40 * 86_400_000
    w.agency.delete("K1")
    w.drain()
    assert w.fold.standing()[ANNA]["K1"] == "unreadable"
    w.repair(contract('{ends = "until"}', codes=REPAIRED))
    w.redrive_all()
    w.drain()
    assert w.fold.standing()[ANNA]["K1"]["until"] == "2025-02-10"


def test_truncation_on_one_partition_empties_all_but_not_what_came_after() -> None:
    w = world()
    for n in range(8):
        w.agency.put(f"K{n}", who=n)
    w.agency.truncate()
    for n in range(4, 10):
        w.agency.put(f"K{n}", who=n)
    w.drain()
    assert w.fold.standing() == w.expected()
    assert len(w.agency.rows) == 6


def test_a_truncation_sent_again_sweeps_nothing_that_a_snapshot_told_later() -> None:
    w = world()
    w.agency.truncate()
    w.agency.put("K1", who=1)
    w.agency.put("K2", who=2)
    for log in w.agency.logs:  # kept no longer: the rows are only known from the snapshot
        for index, record in enumerate(log):
            if record.key is not None:
                log[index] = LogRecord(record.offset, record.timestamp_ms, None, None)
    w.agency.snapshot()
    w.drain()
    w.agency.append(0, None, w.agency.logs[0][0].value)
    w.drain()
    assert w.fold.standing() == w.expected()


def test_the_end_of_a_complete_snapshot_sweeps_what_it_did_not_show() -> None:
    w = world()
    for n in range(8):
        w.agency.put(f"K{n}", who=n)
    w.drain()
    for n in range(4):
        w.agency.lose(f"K{n}")
    w.agency.snapshot()
    w.drain()
    assert w.fold.standing() == w.expected()


def test_a_snapshot_without_a_row_ends_it_in_a_list_of_present_state() -> None:
    w = world(deletion='{ends = "until"}')
    w.agency.put("K1", who=1)
    w.agency.put("K2", who=2)
    w.drain()
    w.agency.clock_ms += 40 * 86_400_000
    w.agency.lose("K1")
    w.agency.snapshot()
    w.drain()
    assert w.fold.standing()[ANNA]["K1"]["until"] == "2025-02-10"
    assert "until" not in w.fold.standing()[BERT]["K2"]


def test_a_masked_feed_dismisses_rows_that_name_nobody() -> None:
    w = world(identity="masked")
    w.agency.put("K1", who="3711**********0011", case_no="")
    w.drain()
    assert not w.fold.messages
    assert not w.entries
    assert not w.holds


def test_a_heartbeat_is_said_with_what_the_feed_supplies() -> None:
    w = world(tail=HEARTBEAT)
    w.agency.put("K1")
    w.agency.heartbeat("2025-01-20")
    w.agency.heartbeat("2025-01-10")  # an old one, sent again
    w.drain()
    (said,) = w.said.values()
    assert (said.until, said.number) == (date(2025, 1, 20), 0)
    assert [(s.kind, s.lag) for s in said.supplies] == [("Restraint", "2 d")]


def test_a_changed_supply_takes_a_new_number() -> None:
    w = world(tail=HEARTBEAT)
    w.agency.heartbeat("2025-01-20")
    w.drain()
    w.repair(contract(tail=HEARTBEAT.replace("2019", "2024")))
    w.agency.put("K1")
    w.agency.put("K2")
    w.agency.put("K3")
    w.agency.put("K4")
    w.drain()
    (said,) = w.said.values()
    assert (said.supplies[0].since, said.number) == (date(2024, 1, 1), 1)


@pytest.mark.parametrize(("topic_id", "partitions"), [("another", 2), ("topic", 3)])
def test_another_topic_under_the_same_epoch_is_refused_with_the_fix(
    topic_id: str, partitions: int
) -> None:
    w = world()
    for n in range(4):
        w.agency.put(f"K{n}")
    w.drain()
    state = w.stages[0].recovered()
    from streams.intake.registry import Registry

    with pytest.raises(ContractError, match="set epoch = 2"):
        Registry(w.contract, w.mapper, TOKENS, state, partitions=partitions, topic_id=topic_id)


def test_what_was_applied_before_a_restart_has_no_effect() -> None:
    w = world()
    w.agency.put("K1")
    w.agency.garbage()
    w.drain()
    for stage in w.stages:
        again = w.registry(stage.number, stage.recovered())
        for record in w.agency.logs[stage.number]:
            outcome = again.apply(record)
            assert outcome.labels == ["repeated"]
            assert [outcome.changes, outcome.writes, outcome.quarantine] == [[], [], []]


def test_two_puts_of_unknown_case_are_put() -> None:
    w = world()
    w.agency.put("K1", case_no="")
    w.drain()
    assert [type(m) for m in w.fold.messages] == [Put]
