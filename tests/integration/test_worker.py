"""A worker takes a row the whole way, from an agency's topic to an alert in Redis, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.identifiers import mask_number
from schemas.subject import Tokens
from streams.intake.orders import Redrive, encode_order
from streams.intake.quarantine import Quarantine, Quarantined
from tests.factories import PENSIONS, person
from tests.integration.deployment import SECRET, Deployment, assert_sound
from tests.waiting import wait_until

pytestmark = pytest.mark.broker

DEAD, LIVING = person(1), person(2)


def death(**more: Any) -> dict[str, Any]:
    return {"no": "D1", "person": DEAD, "died_on": "2025-03-10", **more}


def payment(**more: Any) -> dict[str, Any]:
    return {
        "no": "P1", "person": DEAD, "benefit": "LX-1", "month": "2025-05-01",
        "paid_on": "2025-05-10", "amount": "3000.00", "returned_on": None, **more,
    }  # fmt: skip


def decision(**more: Any) -> dict[str, Any]:
    return {
        "no": "检刑不诉〔2025〕12号", "case": "K1", "party": LIVING, "charges": "133-1",
        "decided_on": "2025-06-02", **more,
    }  # fmt: skip


async def test_an_alert_is_raised_cured_reopened_and_withdrawn_by_rows(
    deployment: Deployment,
) -> None:
    async with deployment.working():
        await deployment.upsert("payments", **payment())
        await deployment.upsert("deaths", **death())
        raised = await deployment.alert("D01", "RAISED")
        assert raised.amount_fen == 300_000
        assert raised.agency == PENSIONS
        assert raised.subject == f"person:{Tokens(SECRET).person(DEAD)}"

        await deployment.upsert("payments", **payment(returned_on="2025-05-12"))
        await deployment.alert("D01", "CURED")
        await deployment.upsert("payments", **payment())
        await deployment.alert("D01", "REOPENED")

        # The wrong number was someone else's: the payment was to a living person.
        await deployment.upsert("payments", **payment(person=LIVING))
        withdrawn = await deployment.alert("D01", "WITHDRAWN")
        assert withdrawn.reason == "SOURCE"
        await deployment.upsert("payments", **payment())
        await deployment.alert("D01", "REOPENED")
        await deployment.delete("deaths", "D1")
        await deployment.alert("D01", "WITHDRAWN")
        await deployment.settled()
    told = await deployment.told()
    assert [t.kind for t in told] == [
        "RAISED", "CURED", "REOPENED", "WITHDRAWN", "REOPENED", "WITHDRAWN"
    ]  # fmt: skip
    assert_sound(told)
    agency = await deployment.store.redis.xlen(deployment.store.agency_stream(PENSIONS))
    assert agency == len(told)
    for key in [k async for k in deployment.store.redis.scan_iter()]:
        assert DEAD.encode() not in key


async def test_what_came_under_a_former_number_is_told_under_the_new_one_and_goes_back(
    deployment: Deployment,
) -> None:
    """The two numbers' dossiers may lie on different partitions; rows go through the log."""
    async with deployment.working():
        await deployment.upsert("payments", **payment(person=LIVING))
        await deployment.upsert("deaths", **death())
        await deployment.settled()
        assert await deployment.alerts() == []
        await deployment.upsert("identities", no="I1", old=LIVING, new=DEAD)
        raised = await deployment.alert("D01", "RAISED")
        assert raised.subject == f"person:{Tokens(SECRET).person(DEAD)}"
        assert raised.former == (mask_number(LIVING),)
        await deployment.delete("identities", "I1")
        withdrawn = await deployment.alert("D01", "WITHDRAWN")
        assert withdrawn.reason == "SOURCE"
    assert_sound(await deployment.told())


async def test_five_alerts_of_one_kind_are_one_clue_against_the_agency(
    deployment: Deployment,
) -> None:
    async with deployment.working() as worker:
        await deployment.upsert("deaths", **death())
        for n in range(5):
            await deployment.upsert("payments", **payment(no=f"P{n}", benefit=f"LX-{n}"))
        clue = await deployment.alert("类案", "RAISED")
        assert (clue.subject, clue.agency) == (f"agency:{PENSIONS}", PENSIONS)
        assert clue.evidence_count == 5
        assert clue.amount_fen == 5 * 300_000
        await deployment.delete("payments", "P0")
        withdrawn = await deployment.alert("类案", "WITHDRAWN")
        assert withdrawn.reason == "SOURCE"
        metrics = worker.metrics.transitions.labels("类案", "RAISED", "")
        assert metrics._value.get() == 1
    told = await deployment.told()
    assert_sound(told)
    agency = await deployment.store.redis.xlen(deployment.store.agency_stream(PENSIONS))
    assert agency == len(told)


async def test_an_absence_is_told_only_when_its_source_is_complete(deployment: Deployment) -> None:
    async with deployment.working() as worker:
        ticks = worker.metrics.ticks._value
        await deployment.upsert("decisions", **decision())
        await deployment.upsert("payments", **payment())
        await deployment.upsert("deaths", **death())
        await deployment.alert("D01", "RAISED")
        before = ticks.get()
        deployment.today = date(2025, 7, 2)
        await wait_until(lambda: ticks.get() > before, 20)
        await deployment.complete("steps", date(2025, 6, 4))  # not the last day of the term
        await wait_until(lambda: ticks.get() > before + 1, 20)
        await deployment.settled()
        assert await deployment.alerts("D03") == []
        await deployment.complete("steps", date(2025, 6, 5))
        alert = await deployment.alert("D03", "RAISED")
        assert alert.rule == "transfer"
        assert [p.complete_until for p in alert.looked_for] == [date(2025, 6, 5)]

        # It was passed on in time after all, and only entered late.
        await deployment.upsert(
            "steps", no="S1", case="K1", party=LIVING, step="1", on="2025-06-05"
        )
        assert (await deployment.alert("D03", "LAPSED")).revision == 2


async def test_an_unreadable_row_waits_in_quarantine_and_counts_when_it_is_redriven(
    deployment: Deployment,
) -> None:
    topics = deployment.settings.topics

    async def open_entries() -> list[Quarantined]:
        return (await Quarantine.load(deployment.client, topics.quarantine)).open()

    async with deployment.working() as worker:
        await deployment.upsert("deaths", **death())
        await deployment.upsert("payments", **payment())
        await deployment.alert("D01", "RAISED")
        offset = await deployment.upsert("payments", **payment(amount="drei"))
        unreadable = await deployment.alert("D01", "WITHDRAWN")
        assert unreadable.reason == "UNREADABLE"
        # The entry follows the changes, so an alert may be seen before it.
        await deployment.settled()
        (entry,) = await open_entries()
        assert (entry.feed, entry.reason, entry.column) == ("payments", "bad_money", "amount")
        assert entry.message.offset == offset

        # Somebody mends the bytes of the message and has it read again.
        mended = entry.message.value.replace(b"drei", b"2999.99")
        redrive = Redrive(1, type(entry.message)(offset, entry.message.timestamp_ms, None, mended))
        control = topics.control("payments", 1)
        await deployment.client.append(control, entry.partition, [(None, encode_order(redrive))])
        reopened = await deployment.alert("D01", "REOPENED")
        assert reopened.amount_fen == 299_999

        async def all_settled() -> bool:
            return await open_entries() == []

        await wait_until(all_settled, 20)
        count = worker.metrics.records.labels("payments", "quarantined")._value.get()
        assert count == 1


async def test_what_detection_cannot_read_goes_to_quarantine_and_stops_nothing(
    deployment: Deployment,
) -> None:
    topics = deployment.settings.topics
    async with deployment.working():
        put = (
            b'{"op":"put","subject":"person:1","kind":"Death","row":{"type":"Death","died_on":"'
            + DEAD.encode()
            + b'"},"position":[1,0,0]}'
        )
        for partition in range(topics.partitions):
            rows = [(None, value) for value in (b"{", put)]
            await deployment.client.append(topics.changes, partition, rows)
        await deployment.upsert("deaths", **death())
        await deployment.upsert("payments", **payment())
        await deployment.alert("D01", "RAISED")
        await deployment.settled()
        quarantine = await Quarantine.load(deployment.client, topics.quarantine)
        entries = quarantine.open(reason="bad_message")
        assert len(entries) == 2 * topics.partitions
        assert all(DEAD not in entry.detail for entry in entries)


async def test_a_restart_goes_on_where_the_worker_stopped(deployment: Deployment) -> None:
    async with deployment.working():
        await deployment.upsert("deaths", **death())
        await deployment.settled()
    await deployment.upsert("payments", **payment())
    async with deployment.working():
        await deployment.alert("D01", "RAISED")
        await deployment.upsert("payments", **payment())  # the same again
        await deployment.settled()
    assert [t.kind for t in await deployment.told()] == ["RAISED"]
