"""Hazardous waste (D18): garages and what becomes of their oil, and who takes it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from streams.district.calendar import month_end, month_start, rolled, same_day
from streams.district.lives import Stage, life
from streams.district.organisations import Organisation
from streams.district.script import Paper

OIL, USED_OIL = "机油", "900-214-08"
PURCHASE, MANIFEST, STOCK, INFLOW = "1", "2", "4", "5"
LITRE_LEAVES_G = 522  # at 870 g a litre and a yield of 60 %
_FEED = "ecology-flow"


def trader(stage: Stage, trade: str, sector: str) -> Organisation:
    """A company of a trade that the population does not have; it declares and reports as others."""
    one = stage.new_company()
    name = one.name.replace(one.trade, trade)
    one = replace(one, trade=trade, sector=sector, name=name)
    stage.register(one)
    return one


def garage(stage: Stage) -> Organisation:
    return trader(stage, "汽车维修", "O8111")


def operator(stage: Stage) -> Organisation:
    return trader(stage, "危险废物处置", "N7724")


def flow(
    stage: Stage,
    one: Organisation,
    kind: str,
    on: date,
    *,
    litres: int = 0,
    kg: int = -1,
    licensed: bool = False,
) -> Paper:
    return stage.open(
        _FEED,
        on,
        ldbh=stage.numbers.serial("LD-"),
        tyshxydm=one.number,
        dwmc=one.name,
        ldlx=kind,
        fldm=OIL if kind == PURCHASE else USED_OIL,
        fsrq=on.isoformat(),
        zl=f"{kg}.00" if kg >= 0 else None,
        sl=f"{litres}.00" if litres else None,
        jydw="1" if licensed else "0",
    )


def buys(
    stage: Stage, one: Organisation, first: date, until: date, litres: int, every: int = 60
) -> None:
    """Oil, every so many days from the first to the last."""
    while first <= min(until, stage.script.window.until):
        flow(stage, one, PURCHASE, first, litres=litres)
        first += timedelta(every)


def hands_over(
    stage: Stage, one: Organisation, first: date, until: date, kg: int, every: int = 90
) -> None:
    """Used oil with a manifest, every so many days."""
    while first <= min(until, stage.script.window.until):
        flow(stage, one, MANIFEST, first, kg=kg)
        first += timedelta(every)


def _known(stage: Stage, last: date) -> date:
    """The day on which all flows to the last day of a term are known."""
    return max(last + timedelta(1), stage.script.complete(_FEED, last))


def _year_without(stage: Stage) -> tuple[Organisation, date]:
    """A garage that buys for most of a year and hands nothing over, and the day that is known."""
    one, first = garage(stage), stage.day(470)
    buys(stage, one, first, first + timedelta(300), 120)
    return one, _known(stage, month_end(same_day(first, 12)))


# ---- planted


@life("planted", "D18", rate=1)
def a_garage_without_a_manifest(stage: Stage) -> None:
    one, holds = _year_without(stage)
    stage.expect("D18", "no_manifest", one, "no_manifest", (holds, "holds"))


@life("planted", "D18", rate=1)
def a_garage_that_hands_over_late(stage: Stage) -> None:
    one, holds = _year_without(stage)
    out = flow(stage, one, MANIFEST, holds + stage.days(15, 40), kg=400)
    stage.expect("D18", "no_manifest", one, "no_manifest", (holds, "holds"), (out.known, ""))


@life("planted", "D18", rate=1)
def a_garage_that_hands_over_a_little(stage: Stage) -> None:
    """Eighteen hundred litres a year leave 939 kg; it accounts for eighty."""
    one, first = garage(stage), stage.day(430)
    buys(stage, one, first, date.max, 300)
    hands_over(stage, one, first + timedelta(30), date.max, 20)
    year = month_start(first, 12) - timedelta(1)
    stage.expect("D18", "balance", one, "balance", (_known(stage, year), "holds"))


@life("planted", "D18", rate=1)
def a_garage_that_comes_back_into_balance(stage: Stage) -> None:
    """After the first year somebody looked: all that was kept is handed over at once."""
    one, first = garage(stage), stage.day(500)
    buys(stage, one, first, first + timedelta(330), 300)
    hands_over(stage, one, first + timedelta(30), first + timedelta(300), 20)
    year = month_start(first, 12) - timedelta(1)
    holds = _known(stage, year)
    out = flow(stage, one, MANIFEST, holds + stage.days(12, 25), kg=1_000)
    back = _known(stage, month_end(date.fromisoformat(str(out.row["fsrq"]))))
    stage.expect("D18", "balance", one, "balance", (holds, "holds"), (back, ""))


@life("planted", "D18", rate=1)
def an_operator_that_stores_for_years(stage: Stage) -> None:
    one, on = operator(stage), stage.day(410)
    taken = flow(stage, one, INFLOW, on, kg=3_000, licensed=True)
    flow(stage, one, MANIFEST, on + timedelta(200), kg=1_200)
    holds = _known(stage, rolled(same_day(on, 12)))
    stage.expect("D18", "stored_over_1y", one, f"{taken.record_key}/stored", (holds, "holds"))


@life("planted", "D18", rate=1)
def an_operator_that_sends_on_late(stage: Stage) -> None:
    one, on = operator(stage), stage.day(470)
    taken = flow(stage, one, INFLOW, on, kg=3_000, licensed=True)
    holds = _known(stage, rolled(same_day(on, 12)))
    late = flow(stage, one, MANIFEST, holds + stage.days(15, 40), kg=3_000).known
    steps = ((holds, "holds"), (late, "cured"))
    stage.expect("D18", "stored_over_1y", one, f"{taken.record_key}/stored", *steps)


# ---- look-alikes


@life("look_alike", "D18", rate=6)
def a_garage_with_manifests(stage: Stage) -> None:
    one, first = garage(stage), stage.day(100)
    buys(stage, one, first, date.max, 200)
    hands_over(stage, one, first + timedelta(80), date.max, 200 * LITRE_LEAVES_G // 1_000 * 3 // 2)


@life("look_alike", "D18", rate=6)
def a_garage_that_buys_little(stage: Stage) -> None:
    one, first = garage(stage), stage.day(400)
    buys(stage, one, first, date.max, 30, every=90)


@life("look_alike", "D18", rate=2)
def a_garage_that_declares_what_it_keeps(stage: Stage) -> None:
    one, first = garage(stage), stage.day(420)
    buys(stage, one, first, first + timedelta(200), 150)
    flow(stage, one, STOCK, first + timedelta(210), kg=320)


@life("look_alike", "D18", rate=3)
def a_dealer_in_oil(stage: Stage) -> None:
    one, first = trader(stage, "润滑油销售", "F5165"), stage.day(400)
    buys(stage, one, first, date.max, 2_000)


@life("look_alike", "D18", rate=2)
def an_operator_that_sends_on_in_time(stage: Stage) -> None:
    one, on = operator(stage), stage.day(400)
    flow(stage, one, INFLOW, on, kg=3_000, licensed=True)
    flow(stage, one, MANIFEST, on + stage.days(100, 360), kg=3_000)


@life("look_alike", "D18", rate=1)
def an_operator_that_may_store_longer(stage: Stage) -> None:
    one, on = operator(stage), stage.day(420)
    flow(stage, one, INFLOW, on, kg=3_000, licensed=True)
    granted = on + stage.days(200, 330)
    stage.open(
        "ecology-step",
        granted,
        spxh=stage.numbers.serial("SP-"),
        spwh=stage.numbers.next("潮环固延", granted.year),
        tyshxydm=one.number,
        lcdm="01",
        fsrq=granted.isoformat(),
        jzrq=f"{on + timedelta(1_400)}",
    )


@life("look_alike", "D18", rate=2)
def an_operator_that_burns_it(stage: Stage) -> None:
    """No manifest leaves it; the stock that it declares each quarter says that nothing is left."""
    one, on = operator(stage), stage.day(400)
    flow(stage, one, INFLOW, on, kg=3_000, licensed=True)
    for quarter in (90, 180, 270, 350):
        kg = 3_000 if quarter < 180 else 0
        flow(stage, one, STOCK, on + timedelta(quarter), kg=kg, licensed=True)
