"""Age by the birth date in an identity number."""

from __future__ import annotations

from datetime import date

from detectors.framework.term import Term
from schemas.errors import RecordError
from schemas.identifiers import birth_date, party_kind


def under_age(party: str, age: Term, day: date) -> bool:
    """Whether a person has not reached the age on the day; on the birthday itself not yet (周岁 is
    reached on the day after it). An organisation, and a number without a birth date, never is."""
    if party_kind(party) != "person":
        return False
    try:
        born = birth_date(party)
    except RecordError:
        return False
    return age.after(born) >= day
