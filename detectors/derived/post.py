"""The posts that an organisation's rows give to people, with the trade and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import Dossier, derivation
from schemas import Appointment, Company, CompanyEvent, Licence, Penalty, Post, Source

#: An organisation with this status is no more, and nobody has a post in it. One whose licence was
#: revoked (吊销) still is.
ENDED = ("注销", "撤销")


class _Trade(msgspec.Struct, frozen=True):
    """What the posts of an organisation have in common."""

    name: str
    sectors: tuple[str, ...]
    ended_on: date | None
    revoked_on: date | None
    food_since: date | None
    food_until: date | None
    food_revoked_on: date | None
    food_revoked_no: str


@derivation(
    subject="organisation",
    reads=(Appointment, Company, CompanyEvent, Licence, Penalty),
    yields=(Post,),
)
def post(dossier: Dossier) -> Iterator[Post]:
    """Tell each person of each appointment; the organisation's end ends it."""
    appointments = dossier.of(Appointment)
    if not appointments:
        return
    trade = _trade(dossier)
    for row in appointments:
        source = row.source
        yield Post(
            source=Source("", source.key, agency=source.agency, region=source.region),
            post=source.key,
            person=row.person,
            person_name=row.person_name,
            organisation=row.organisation,
            organisation_name=trade.name or row.organisation_name,
            role=row.role,
            sectors=row.sectors or trade.sectors,
            since=row.since,
            until=_first(row.until, trade.ended_on),
            agency=source.agency,
            revoked_on=trade.revoked_on,
            food_since=trade.food_since,
            food_until=trade.food_until,
            food_revoked_on=trade.food_revoked_on,
            food_revoked_no=trade.food_revoked_no,
        )


def _trade(dossier: Dossier) -> _Trade:
    companies = dossier.of(Company)
    company = companies[-1] if companies else None
    status, status_on = (company.status, company.status_on) if company else ("", None)
    ended = [e.on for e in dossier.of(CompanyEvent, kind=("cancelled", "annulled"))]
    revoked = [e.on for e in dossier.of(CompanyEvent, kind=("revoked", "closed_by_order"))]
    if status_on is not None:
        ended += [status_on] if status in ENDED else []
        revoked += [status_on] if status == "吊销" else []
    licences = dossier.of(Licence, kind="food")
    ends = [_first(licence.ended_on, licence.valid_until) for licence in licences]
    lost = [licence for licence in licences if licence.end_kind == "revoked"]
    food = [p for p in dossier.of(Penalty, annulled_on=None) if _revokes_food(p, lost)]
    return _Trade(
        company.name if company else "",
        company.sectors if company else (),
        min(ended, default=None),
        min(revoked, default=None),
        min((licence.issued_on for licence in licences), default=None),
        max((end for end in ends if end), default=None) if all(ends) else None,
        food[-1].decided_on if food else None,
        food[-1].decision_no if food else "",
    )


def _revokes_food(penalty: Penalty, lost: list[Licence]) -> bool:
    """Whether a penalty took a food licence: the decision names it, or the register lost one."""
    if "吊销许可证件" not in penalty.kinds:
        return False
    named = penalty.suspended_licence
    return any(
        licence.licence_no.rpartition("/")[2] in named
        if named
        else licence.ended_on is not None and licence.ended_on >= penalty.decided_on
        for licence in lost
    )


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
