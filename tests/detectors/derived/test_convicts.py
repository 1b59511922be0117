"""A company is told of a convict only if they led it while they were held, tried or judged."""

from __future__ import annotations

from datetime import date

from detectors.derived.convicts import convicts
from detectors.framework.dossier import Dossier
from schemas import Convict, Record
from tests import factories as make

PERSON, STRANGER = make.person(), make.person(2)


def told(*rows: Record) -> set[tuple[str, str]]:
    dossier = Dossier(f"person:{PERSON}", rows, token=str)
    made = list(convicts.derive(dossier))
    assert all(isinstance(row, Convict) for row in made)
    return {(row.judgment, row.organisation) for row in made}  # type: ignore[attr-defined]


def judgment(**fields: object) -> Record:
    # in custody from 12 March 2024, effective on 20 September
    return make.judgment(**{"case_no": "J1", "party": PERSON, **fields})


def post(number: int, since: date, until: date | None = None, role: str = "legal_rep") -> Record:
    return make.post(
        key=f"P{number}",
        post=f"P{number}",
        person=PERSON,
        organisation=make.organisation(number),
        role=role,
        since=since,
        until=until,
    )


def test_companies_led_in_that_time_are_told_whenever_the_post_began() -> None:
    rows = (post(1, date(2015, 1, 1)), post(2, date(2024, 9, 20)), judgment())
    assert told(*rows) == {("J1", make.organisation(1)), ("J1", make.organisation(2))}


def test_a_company_that_was_left_before_or_joined_after_has_nothing_to_do_with_it() -> None:
    left = post(1, date(2015, 1, 1), date(2024, 3, 11))
    joined = post(2, date(2024, 9, 21))
    assert told(left, joined, judgment()) == set()
    assert told(post(1, date(2015, 1, 1), date(2024, 3, 12)), judgment()) != set()


def test_a_fine_without_custody_is_taken_from_the_day_of_the_judgment() -> None:
    fined = judgment(penalty="fine_only", sentence_since=None, sentence_until=None)
    assert told(post(1, date(2015, 1, 1), date(2024, 9, 9)), fined) != set()
    assert told(post(1, date(2015, 1, 1), date(2024, 9, 8)), fined) == set()


def test_supervisors_the_acquitted_other_parties_and_what_a_retrial_replaced_are_not_told() -> None:
    led = post(1, date(2015, 1, 1))
    assert told(post(1, date(2015, 1, 1), role="supervisor"), judgment()) == set()
    assert told(led, judgment(outcome="acquitted")) == set()
    assert told(led, judgment(effective_on=None)) == set()
    assert told(led, judgment(party=STRANGER)) == set()
    retrial = judgment(key="J2", case_no="J2", outcome="acquitted", replaces="J1")
    assert told(led, judgment(), retrial) == set()
