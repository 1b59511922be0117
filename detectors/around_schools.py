"""D19: places that may not be near a school and are: net cafés, and what a city's rules add."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import DAY, Context, Dossier, Finding, Outcome, by_number, detector, grouped
from schemas import Licence, NearbySchool


class Distance(msgspec.Struct, frozen=True):
    """How near a kind of place may not be to which kinds of school, gate to door."""

    kind: str
    metres: int
    schools: tuple[str, ...]


class D19Terms(msgspec.Struct, frozen=True):
    net_cafe_m: int | None
    local: tuple[Distance, ...] | None
    grave_m: int


class NearFacts(msgspec.Struct, frozen=True):
    licence_no: str
    kind: str
    issued_on: date
    school: str
    school_no: str
    school_kind: str
    opened_on: date | None
    distance_m: int
    limit_m: int
    ended_on: date | None


@detector(
    "D19",
    subject=("organisation", "person"),
    reads=(Licence, NearbySchool),
    terms=D19Terms,
    needs=(NearbySchool,),
)
def around_schools(dossier: Dossier, context: Context[D19Terms]) -> Iterator[Finding]:
    """A licence is not granted near a school, and one that was granted against the law goes."""
    near = grouped(dossier.of(NearbySchool), "licence_no")
    licences = by_number(dossier.of(Licence, kind=PLACES), "licence_no")
    first: dict[tuple[str, tuple[float, float] | None], date] = {}
    for licence in licences:
        here = (licence.kind, licence.point)
        first[here] = min(licence.issued_on, first.get(here, licence.issued_on))
    for licence in licences:
        # One that was renewed under another number stands there since it was first granted.
        since = first[licence.kind, licence.point] if licence.point else licence.issued_on
        for school in by_number(near.get(licence.licence_no, ()), "school_no"):
            yield from _too_near(context, licence, school, since)


SCHOOLS = ("小学", "中学")  #: 中学、小学: neither kindergartens nor universities
ENDED = ("revoked", "cancelled", "withdrawn", "expired")
PLACES = ("net_cafe", "entertainment", "tobacco", "lottery", "food")


def _too_near(
    context: Context[D19Terms], licence: Licence, school: NearbySchool, since: date
) -> Iterator[Finding]:
    """Judged by the law of the day of issue, and by the distance from the nearest gate."""
    region = licence.city or licence.source.region
    law = context.law(licence.issued_on, region)
    rules = [("local", rule) for rule in law.local or ()]
    if law.net_cafe_m is not None:
        rules.append(("net_cafe_m", Distance("net_cafe", law.net_cafe_m, SCHOOLS)))
    found = [
        (rule.metres, basis)
        for basis, rule in rules
        if rule.kind == licence.kind
        and school.school_kind in rule.schools
        and school.distance_m <= rule.metres
    ]
    if not found:
        return
    limit_m, basis = max(found)
    opened_later = school.opened_on is not None and school.opened_on > since
    closed_before = school.closed_on is not None and school.closed_on <= licence.issued_on
    ended_on = licence.ended_on or _over(context, licence.valid_until)
    if closed_before:
        return
    excuse = "licensed_before_school" if opened_later else "no_pupils" if school.pupils == 0 else ""
    gone = ended_on is not None or school.closed_on is not None or licence.status in ENDED
    outcome = Outcome.EXEMPT if excuse else Outcome.CURED if gone else Outcome.HOLDS
    yield Finding(
        rule="too_near",
        obligation=f"{licence.licence_no}/{school.school_no}",
        outcome=outcome,
        excuse=excuse,
        act=licence.issued_on,
        basis=(basis,),
        facts=NearFacts(
            licence.licence_no,
            licence.kind,
            licence.issued_on,
            school.school_name,
            school.school_no,
            school.school_kind,
            school.opened_on,
            school.distance_m,
            limit_m,
            ended_on or school.closed_on,
        ),
        evidence=(licence, school),
        agency=licence.source.agency,
        region=region,
        severity="high" if school.distance_m < law.grave_m else "",
    )


def _over(context: Context[D19Terms], valid_until: date | None) -> date | None:
    """The last day of a licence that has run out."""
    if valid_until is None or not context.reached(valid_until + DAY):
        return None
    return valid_until
