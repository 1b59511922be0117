"""Net cafés and schools (D19): on an invented coast that lies in the open sea."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from geographiclib.geodesic import Geodesic
from prcoords import wgs_gcj

from streams.district.lives import Stage, life
from streams.district.organisations import Organisation
from streams.district.script import Paper

Point = tuple[float, float]  #: longitude and latitude

# Water on every map: no school and no net café that is real can be meant.
_EAST, _NORTH = 122.9, 36.9
_APART = 0.03  # degrees between two plots, so that no school sees another's neighbour
KINDERGARTEN, PRIMARY, MIDDLE, UNIVERSITY = "1", "2", "3", "4"


def plot(stage: Stage) -> Point:
    """A point three kilometres from all others."""
    number = int(stage.numbers.serial("", 1))
    return _EAST + number % 40 * _APART, _NORTH + number // 40 * _APART


def away(point: Point, metres: float, bearing: float) -> Point:
    """The point so many metres away on the ellipsoid."""
    east, north = point
    there = Geodesic.WGS84.Direct(north, east, bearing, metres)
    return there["lon2"], there["lat2"]


@cache
def as_on_maps(point: Point) -> tuple[str, str]:
    """Longitude and latitude as a map of GCJ-02 shows the point."""
    shown = wgs_gcj((point[1], point[0]))
    return f"{shown.lon:.7f}", f"{shown.lat:.7f}"


def school(
    stage: Stage, gate: Point, kind: str = PRIMARY, opened: date = date(1998, 9, 1), **columns: Any
) -> Paper:
    """A school with one gate there and another on the far side of its grounds."""
    gates = (gate, away(gate, 260, 0))
    row: dict[str, Any] = {
        "xxbsm": stage.numbers.serial("XX-"),
        "xxmc": "望潮区某学校",
        "xxlb": kind,
        "xmzb": ";".join(f"{east:.7f},{north:.7f}" for east, north in gates),
        "jxrq": opened.isoformat(),
        "zxs": 640,
    }
    return stage.open("education-school", opened, **{**row, **columns})


def cafe(stage: Stage, one: Organisation, at: Point, issued: date, **columns: Any) -> Paper:
    east, north = as_on_maps(at)
    row: dict[str, Any] = {
        "xkzh": stage.numbers.serial("WB-"),
        "tyshxydm": one.number,
        "dwmc": one.name,
        "jd": east,
        "wd": north,
        "fzrq": issued.isoformat(),
        "yxqz": f"{issued.replace(day=1, year=issued.year + 8)}",
        "zt": "1",
    }
    return stage.open("culture-licence", issued, **{**row, **columns})


# ---- planted


@life("planted", "D19", rate=1)
def a_net_cafe_by_a_school(stage: Stage) -> None:
    gate, one, issued = plot(stage), stage.company(), stage.day(40)
    near = school(stage, gate, stage.rng.choice((PRIMARY, MIDDLE)))
    paper = cafe(stage, one, away(gate, 150, 180), issued)
    obligation = f"{paper.record_key}/{near.record_key}"
    stage.expect("D19", "too_near", one, obligation, (paper.known, "holds"))


@life("planted", "D19", rate=1)
def a_net_cafe_that_is_closed(stage: Stage) -> None:
    gate, one, issued = plot(stage), stage.company(), stage.day(150)
    near = school(stage, gate)
    paper = cafe(stage, one, away(gate, 40, 200), issued)
    holds, on = paper.known, issued + stage.days(40, 110)
    gone = paper.change(on, zt="2", zxrq=on.isoformat())
    obligation = f"{paper.record_key}/{near.record_key}"
    stage.expect("D19", "too_near", one, obligation, (holds, "holds"), (gone, "cured"))


@life("planted", "D19", rate=0.5)
def a_net_cafe_licensed_before_the_window(stage: Stage) -> None:
    gate, one, since = plot(stage), stage.company(), stage.script.window.since
    near = school(stage, gate, MIDDLE)
    paper = cafe(stage, one, away(gate, 190, 90), since - timedelta(900))
    obligation = f"{paper.record_key}/{near.record_key}"
    stage.expect("D19", "too_near", one, obligation, (since, "holds"))


# ---- look-alikes


@life("look_alike", "D19", rate=2)
def a_net_cafe_far_enough_away(stage: Stage) -> None:
    """On the map it seems to stand elsewhere: read as it is written, it would lie at the gate."""
    gate = plot(stage)
    school(stage, gate)
    cafe(stage, stage.company(), away(gate, 260, stage.rng.uniform(100, 260)), stage.day(40))


@life("look_alike", "D19", rate=1)
def a_net_cafe_before_the_school(stage: Stage) -> None:
    gate, issued = plot(stage), stage.day(260)
    cafe(stage, stage.company(), away(gate, 120, 150), issued)
    school(stage, gate, opened=issued + stage.days(60, 200))


@life("look_alike", "D19", rate=2)
def a_net_cafe_by_a_kindergarten(stage: Stage) -> None:
    gate = plot(stage)
    school(stage, gate, KINDERGARTEN)
    school(stage, away(gate, 60, 180), UNIVERSITY)
    cafe(stage, stage.company(), away(gate, 100, 180), stage.day(40))


@life("look_alike", "D19", rate=1)
def a_net_cafe_by_an_empty_school(stage: Stage) -> None:
    """The children were moved to another campus."""
    gate = plot(stage)
    school(stage, gate, zxs=0)
    cafe(stage, stage.company(), away(gate, 80, 180), stage.day(40))
