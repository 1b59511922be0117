"""Coordinates of other systems than CGCS2000: what maps and navigation shift, taken back.

GCJ-02 moves every point in China by 100 to 700 m, BD-09 moves it once more: by more than the
distances that rules on places ask for. CGCS2000 and WGS-84 differ by centimetres and count as one.
"""

from __future__ import annotations

from collections.abc import Callable

import prcoords

Point = tuple[float, float]  #: longitude and latitude in degrees


def _gcj02(point: Point) -> Point:
    east, north = point
    true = prcoords.gcj_wgs_bored((north, east))
    return round(true.lon, 7), round(true.lat, 7)


def _bd09(point: Point) -> Point:
    east, north = point
    true = prcoords.bd_wgs_bored((north, east))
    return round(true.lon, 7), round(true.lat, 7)


def _same(point: Point) -> Point:
    return point


#: By the name that a contract uses; each gives CGCS2000, right to a centimetre.
DATUMS: dict[str, Callable[[Point], Point]] = {
    "cgcs2000": _same,
    "wgs84": _same,
    "gcj02": _gcj02,
    "bd09": _bd09,
}
