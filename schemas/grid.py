"""Places on the earth: distances, and squares of a hundredth of a degree to find neighbours."""

from __future__ import annotations

import math

Point = tuple[float, float]  #: longitude and latitude in degrees (CGCS2000)

_RADIUS_M = 6_371_008.8  #: the earth's mean radius
_LEAST_M = 110_500  #: a degree of latitude is nowhere shorter


def square(point: Point) -> str:
    """The square that a point lies in: its south-west corner in hundredths of a degree."""
    return ",".join(str(_hundredths(part)) for part in point)


def squares_within(point: Point, metres: float) -> tuple[str, ...]:
    """Every square that has a part within so many metres of the point, in ascending order."""
    east, north = point
    high = metres / _LEAST_M
    wide = high / math.cos(math.radians(abs(north) + high))
    found = []
    for column in range(_hundredths(east - wide), _hundredths(east + wide) + 1):
        for row in range(_hundredths(north - high), _hundredths(north + high) + 1):
            nearest = (_clamped(east, column), _clamped(north, row))
            if metres_between(point, nearest) <= metres * 1.01:  # the earth is no sphere
                found.append(f"{column},{row}")
    return tuple(sorted(found))


def metres_between(one: Point, other: Point) -> float:
    """The distance of two points as the crow flies, right to half a per cent."""
    east, north = (math.radians(part) for part in one)
    east_, north_ = (math.radians(part) for part in other)
    half = (
        math.sin((north_ - north) / 2) ** 2
        + math.cos(north) * math.cos(north_) * math.sin((east_ - east) / 2) ** 2
    )
    return 2 * _RADIUS_M * math.asin(math.sqrt(half))


def _clamped(degrees: float, hundredths: int) -> float:
    return min(max(degrees, hundredths / 100), (hundredths + 1) / 100)


def _hundredths(degrees: float) -> int:
    return math.floor(round(degrees * 100, 6))  # 119.29 is 119.28999… in binary
