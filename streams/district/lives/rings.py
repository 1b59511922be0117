"""Companies that one hand founded at once (D13): rings, listed addresses, groups and families."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from schemas.identifiers import credit_number
from streams.district.lives import Stage, life
from streams.district.lives.shells import ACTIVITY, asleep, half_year, strike_off
from streams.district.organisations import Organisation
from streams.district.places import REGION
from streams.district.script import Paper

CLUSTER, GROUP = "379902-集群-望潮众创园", 980_001  # as the lists of the district have them


def founded(
    stage: Stage, count: int, *, unit: str = "", number: int = 0, share_phone: bool = True
) -> tuple[list[Organisation], date]:
    """Companies that one hand registered within sixty days, and the first day."""
    first, ring = stage.day(460), list[Organisation]()
    for place in range(count):
        one = stage.new_company(first + stage.days(0, 55))
        agent = credit_number("91", REGION, 950_000 + one.index % 40_000)
        told = replace(one, agent_no=agent, agent=f"望潮代办事务所（{one.index}）")
        if ring:
            told = replace(told, unit=ring[0].unit, address=ring[0].address)
            told = replace(told, phone=ring[0].phone) if share_phone else told
        elif unit:
            told = replace(told, unit=unit, address="滨澜市望潮区望潮众创园")
        if number:
            told = replace(told, number=credit_number("91", REGION, number + place))
        ring.append(told)
    return ring, first


def shared(one: Organisation) -> str:
    """The pair of attributes in which the companies of a ring are one group."""
    return f"address={one.unit}|phone={one.phone}"


def fallasleep(stage: Stage, ring: list[Organisation]) -> dict[str, tuple[Paper, date, date]]:
    """Enter them and let none of them do anything: entry, when dormant is known, when idle is."""
    told = {}
    for one in ring:
        entry, on = stage.register(one, files=False), one.registered_on
        idle = max(half_year(on), stage.script.complete(ACTIVITY, half_year(on) - timedelta(1)))
        told[one.number] = entry, asleep(stage, on), max(idle, entry.known)
    return told


def _told_from(ring: list[Organisation], told: dict[str, tuple[Paper, date, date]]) -> date:
    """Sixty in a hundred are known to be idle, and all are entered."""
    idle = sorted(since for _, _, since in told.values())
    return idle[-(-len(ring) * 60 // 100) - 1]


@life("planted", "D13", rate=0.5)
def a_ring_of_six(stage: Stage) -> None:
    ring, _ = founded(stage, 6)
    told = fallasleep(stage, ring)
    for one in ring:
        stage.expect("D13", "dormant", one, "dormant", (told[one.number][1], "holds"))
    holds = (_told_from(ring, told), "holds")
    stage.expect("D13", "ring", shared(ring[0]), "ring", holds, kind="pair")


@life("planted", "D13", rate=0.5)
def a_ring_of_five_that_is_cleared(stage: Stage) -> None:
    """Two of five struck off leave fewer than the clue needs."""
    ring, _ = founded(stage, 5)
    told = fallasleep(stage, ring)
    holds = _told_from(ring, told)
    clear_on = max(known for _, *days in told.values() for known in days) + timedelta(20)
    ends = []
    for place, one in enumerate(ring):
        entry, asleep, _ = told[one.number]
        steps = [(asleep, "holds")]
        if place < 2:
            on = clear_on + timedelta(3 * place)
            known = strike_off(stage, one, entry, on)
            steps.append((known, ""))
            ends.append(max(entry.known, on + timedelta(1)))
        stage.expect("D13", "dormant", one, "dormant", *steps)
    steps = [(holds, "holds"), (max(ends), "")]
    stage.expect("D13", "ring", shared(ring[0]), "ring", *steps, kind="pair")


@life("planted", "D13", rate=0.5)
def six_at_a_listed_address(stage: Stage) -> None:
    """Where the district lets many register, they are asleep one by one, and no ring."""
    ring, _ = founded(stage, 6, unit=CLUSTER)
    told = fallasleep(stage, ring)
    for one in ring:
        stage.expect("D13", "dormant", one, "dormant", (told[one.number][1], "holds"))


@life("planted", "D13", rate=0.0001)
def subsidiaries_of_one_group(stage: Stage) -> None:
    """Shelf companies of a group that the deployment knows."""
    ring, _ = founded(stage, 5, number=GROUP)
    told = fallasleep(stage, ring)
    for one in ring:
        stage.expect("D13", "dormant", one, "dormant", (told[one.number][1], "holds"))


@life("planted", "D13", rate=0.5)
def four_of_a_kind(stage: Stage) -> None:
    """One fewer than a ring."""
    ring, _ = founded(stage, 4)
    told = fallasleep(stage, ring)
    for one in ring:
        stage.expect("D13", "dormant", one, "dormant", (told[one.number][1], "holds"))


@life("look_alike", "D13", rate=0.5)
def a_family_with_six_shops(stage: Stage) -> None:
    """Founded at once at one address with one telephone; all of them trade."""
    ring, _ = founded(stage, 6)
    for one in ring:
        stage.register(one)


@life("look_alike", "D13", rate=0.5)
def six_tenants_of_one_house(stage: Stage) -> None:
    """They share their address and nothing else."""
    ring, _ = founded(stage, 6, share_phone=False)
    for one in ring:
        stage.register(one)
