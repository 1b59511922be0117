"""A company is shown to every pair of its attributes, with the spells in which it did nothing."""

from __future__ import annotations

from datetime import date

from detectors.derived.ring_members import ring_members
from detectors.framework.dossier import Dossier
from schemas import Activity, Company, Record, RingMember, Source

USCC = "91371102000000001X"


def company(**fields: object) -> Company:
    given = {
        "uscc": USCC,
        "registered_on": date(2025, 1, 10),
        "address_unit": "A1",
        "phone": "P1",
        "agent": "X",
        "status": "存续",
    }
    return Company(source=Source("market", USCC), **{**given, **fields})  # type: ignore[arg-type]


def month(number: int, **told: int | None) -> Activity:
    on = date(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 1)
    return Activity(source=Source("tax", f"{on}"), uscc=USCC, month=on, **(told or {"insured": 0}))  # type: ignore[arg-type]


def members(*rows: Record) -> list[RingMember]:
    made = list(ring_members.derive(Dossier(f"organisation:{USCC}", rows)))
    assert all(isinstance(row, RingMember) for row in made)
    return made  # type: ignore[return-value]


def test_three_attributes_make_three_pairs_and_one_alone_makes_none() -> None:
    (member,) = members(company())
    assert member.pairs == ("address=A1|agent=X", "address=A1|phone=P1", "agent=X|phone=P1")
    assert members(company(phone="", agent="")) == []


def test_who_changes_an_attribute_leaves_its_pairs() -> None:
    (before,), (after,) = members(company()), members(company(phone="P2"))
    assert {*before.pairs} & {*after.pairs} == {"address=A1|agent=X"}


def test_six_reported_months_of_nothing_begin_a_spell_that_lasts_until_something_is_reported() -> (
    None
):
    quiet = [month(n) for n in range(2, 8)]
    assert members(company(), *quiet)[0].idle == ((date(2025, 8, 1), None),)
    assert members(company(), *quiet[:5])[0].idle == ()
    ended = members(company(), *quiet, month(8), month(9, insured=1))[0]
    assert ended.idle == ((date(2025, 8, 1), date(2025, 9, 1)),)


def test_a_month_that_nobody_reported_breaks_the_spell_and_a_row_without_figures_says_nothing() -> (
    None
):
    gap = [month(n) for n in (2, 3, 4, 6, 7, 8)]
    assert members(company(), *gap)[0].idle == ()
    silent = [month(n, insured=None) for n in range(2, 9)]
    assert members(company(), *silent)[0].idle == ()


def test_a_spell_goes_over_the_turn_of_the_year() -> None:
    assert members(company(), *[month(n) for n in range(9, 15)])[0].idle == (
        (date(2026, 3, 1), None),
    )


def test_who_was_struck_off_left_on_that_day() -> None:
    assert members(company(status="注销", status_on=date(2025, 6, 1)))[0].until == date(2025, 6, 1)
    assert members(company(status="歇业", status_on=date(2025, 6, 1)))[0].until is None
