"""Schools near a licensed place: told to who holds the licence, in the dossier of the square."""

from __future__ import annotations

from collections.abc import Iterator

from detectors import Dossier, derivation
from schemas import Licence, NearbySchool, Record, School, Source
from schemas.grid import metres_between
from schemas.places import SEEN_FROM_M


@derivation(subject="cell", reads=(School, Licence), yields=(NearbySchool,))
def nearby_schools(dossier: Dossier) -> Iterator[Record]:
    """A licence lies in one square, a school in every one within a kilometre of a gate: so they
    meet in the square of the licence, and there only."""
    schools = [school for school in dossier.of(School) if school.gates]
    if not schools:
        return
    for licence in dossier.of(Licence):
        point = licence.point
        if point is None:
            continue
        for school in schools:
            near = min(metres_between(point, gate) for gate in school.gates)
            if near <= SEEN_FROM_M:
                yield NearbySchool(
                    source=Source(
                        "",
                        f"{licence.source.key}/{school.source.key}",
                        school.source.agency,
                        school.source.region,
                    ),
                    licence_no=licence.licence_no,
                    holder=licence.holder,
                    school_no=school.school_no,
                    school_name=school.name,
                    school_kind=school.kind,
                    distance_m=int(near + 0.5),
                    opened_on=school.opened_on,
                    closed_on=school.closed_on,
                    pupils=school.pupils,
                )
