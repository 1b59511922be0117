"""Affiliates (关联原告): who belongs to whom, told with the loan suits that count together."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.framework.dossier import Dossier
from detectors.framework.registry import derivation
from detectors.lending.suits import latest_suits
from schemas import (
    Affiliate,
    Appointment,
    CivilCase,
    Company,
    Litigant,
    Post,
    Resident,
    Source,
    Suit,
)

#: So many of the latest suits are told: twice what any list of lenders asks for.
LATEST = 60

#: A number that more parties share is that of an agent or a registry, and ties nobody.
CROWD = 20

#: Posts that make the company's suits the person's own affair.
OFFICERS = ("legal_rep", "director", "supervisor", "executive", "manager", "shareholder")


@derivation(subject="person", reads=(CivilCase, Resident), yields=(Litigant,))
def litigants_of_households(dossier: Dossier) -> Iterator[Litigant]:
    """Show a person who sues on loans to the household."""
    suits = _suits(dossier)
    home = dossier.first(Resident) if suits else None
    if home is not None and home.household_no:
        yield Litigant(
            source=Source("", home.source.key, home.source.agency, home.source.region),
            tie=f"household={home.household_no}",
            party=home.person,
            link="household",
            suits=suits,
            party_name=home.name,
        )


@derivation(
    subject="organisation",
    reads=(Appointment, CivilCase, Company),
    yields=(Litigant, Affiliate),
)
def litigants_among_companies(dossier: Dossier) -> Iterator[Litigant | Affiliate]:
    """Show a company that sues on loans to its telephone number and to its representative (whose
    number stands under a token), and tell its officers."""
    suits = _suits(dossier)
    company = dossier.first(Company) if suits else None
    if company is None:
        return
    agency, region = company.source.agency, company.source.region
    for link, value in (("phone", company.phone), ("representative", company.representative)):
        if value:
            yield Litigant(
                source=Source("", f"{link}/{company.source.key}", agency, region),
                tie=f"{link}={value}",
                party=company.uscc,
                link=link,
                suits=suits,
                party_name=company.name,
            )
    for post in dossier.of(Appointment, role=OFFICERS):
        yield Affiliate(
            source=Source("", f"{post.source.feed}/{post.source.key}", agency, region),
            party=post.person,
            related=company.uscc,
            link="company",
            since=post.since,
            until=post.until,
            party_name=post.person_name,
            related_name=company.name,
            suits=suits,
        )


@derivation(subject="person", reads=(CivilCase, Post), yields=(Affiliate,))
def officers_who_sue(dossier: Dossier) -> Iterator[Affiliate]:
    """Tell a company of the suits that its officer brings in person."""
    posts = dossier.of(Post, role=OFFICERS)
    suits = _suits(dossier) if posts else ()
    for post in posts if suits else ():
        yield Affiliate(
            source=Source("", f"officer/{post.source.key}", post.source.agency, post.source.region),
            party=post.organisation,
            related=post.person,
            link="company",
            since=post.since,
            until=post.until,
            party_name=post.organisation_name,
            related_name=post.person_name,
            suits=suits,
        )


@derivation(subject="pair", reads=(Litigant,), yields=(Affiliate,))
def affiliates(dossier: Dossier) -> Iterator[Affiliate]:
    """Tell all who share a household, a number or a representative of each other."""
    known = {litigant.party: litigant for litigant in dossier.of(Litigant)}
    members = [known[party] for party in sorted(known)]
    if len(members) > CROWD:
        return
    for member in members:
        for other in members:
            if member is not other:
                key, told = f"{member.source.key}|{other.source.key}", other.source
                yield Affiliate(
                    source=Source("", key, told.agency, told.region),
                    party=member.party,
                    related=other.party,
                    link=other.link,
                    party_name=member.party_name,
                    related_name=other.party_name,
                    suits=other.suits,
                )


def _suits(dossier: Dossier) -> tuple[Suit, ...]:
    """The latest loan suits that the subject of the dossier brings, in the order of filing."""
    return tuple(
        Suit(
            case.case_no,
            case.loan,
            case.court,
            case.city,
            case.filed_on,
            case.amount_fen or 0,
            case.loan_signs,
        )
        for case in latest_suits(dossier, LATEST)
    )
