"""Places on the earth: distances, and squares of a hundredth of a degree to find neighbours."""

from __future__ import annotations

import math

from geographiclib.geodesic import Geodesic

Point = tuple[float, float]  #: longitude and latitude in degrees (CGCS2000)

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
            if metres_between(point, nearest) <= metres:
                found.append(f"{column},{row}")
    return tuple(sorted(found))


def metres_between(one: Point, other: Point) -> float:
    """The distance of two points as the crow flies on the ellipsoid, right to a millimetre.

    WGS-84's differs from that of CGCS2000 by a tenth of a millimetre in its axes.
    """
    (east, north), (east_, north_) = one, other
    line = Geodesic.WGS84.Inverse(north, east, north_, east_, Geodesic.DISTANCE)
    metres: float = line["s12"]
    return metres


def _clamped(degrees: float, hundredths: int) -> float:
    return min(max(degrees, hundredths / 100), (hundredths + 1) / 100)


def _hundredths(degrees: float) -> int:
    return math.floor(round(degrees * 100, 6))  # 119.29 is 119.28999… in binary
