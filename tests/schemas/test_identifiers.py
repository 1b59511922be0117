"""Identity numbers are read as GB 11643 and GB 32100 say, and never shown in an error."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from schemas.errors import RecordError
from schemas.identifiers import (
    birth_date,
    credit_code,
    credit_number,
    mask_name,
    mask_number,
    party_id,
    party_kind,
    quoted,
    resident_id,
    resident_number,
)
from tests.factories import organisation, person

REGIONS = st.sampled_from(["371102", "110101", "650102", "440301"])
DAYS = st.dates(date(1900, 1, 1), date(2024, 12, 31))
NUMBERS = st.builds(resident_number, REGIONS, DAYS, st.integers(1, 999))
CODES = st.builds(
    credit_number, st.sampled_from(["91", "92", "11", "12", "51"]), REGIONS, st.integers(0, 999_999)
)
FULL_WIDTH = str.maketrans(
    string.digits + "X", "".join(chr(ord(c) + 0xFEE0) for c in string.digits + "X")
)


@given(NUMBERS)
def test_a_number_is_read_however_it_is_written(number: str) -> None:
    for written in (number, number.lower(), f" {number}\t", number.translate(FULL_WIDTH)):
        assert resident_id(written) == (number, "good")
    assert party_kind(number) == "person"
    assert party_id(number) == number


@given(NUMBERS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: str, place: int, add: int) -> None:
    old = number[place]
    new = str((int(old) + add) % 10) if old.isdigit() else str(add)
    wrong = number[:place] + new + number[place + 1 :]
    with pytest.raises(RecordError) as caught:
        resident_id(wrong)
    assert caught.value.reason == "bad_identity"
    assert wrong[6:17] not in str(caught.value)


@given(REGIONS, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(1, 995))
def test_fifteen_digits_become_the_same_eighteen(region: str, born: date, order: int) -> None:
    full = resident_number(region, born, order)
    assert resident_id(full[:6] + full[8:17]) == (full, "fixed15")


def test_orders_996_to_999_of_the_old_form_are_centenarians() -> None:
    assert resident_id("371102" + "990101" + "996").born == date(1899, 1, 1)
    assert resident_id("371102" + "990101" + "995").born == date(1999, 1, 1)


def test_a_number_older_than_its_county_is_accepted() -> None:
    number = resident_number("371102", date(1950, 5, 6), 12)  # 371102 was first given in 1992
    assert not ric.is_valid(number)
    assert resident_id(number).number == number


@pytest.mark.parametrize(
    "text", ["", "3711", "37110219990230001X", "3711021899010100330", "三七一一", "E12345678"]
)
def test_what_is_no_number_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(RecordError, match="bad_identity"):
        resident_id(text)


@given(st.text())
def test_any_text_is_read_or_refused_by_a_typed_error(text: str) -> None:
    for read in (resident_id, credit_code, party_id):
        try:
            read(text)
        except RecordError as error:
            assert error.reason == "bad_identity"  # noqa: PT017 anything else fails by itself
    assert party_kind(text) in ("person", "organisation")


@given(CODES)
def test_a_credit_code_is_an_organisation(code: str) -> None:
    assert uscc.is_valid(code)
    assert credit_code(code.lower()) == code
    assert party_kind(code) == "organisation"
    assert mask_number(code) == code


def test_a_credit_code_of_digits_alone_is_still_an_organisation() -> None:
    found = 0
    for serial in range(40_000):
        body = f"9111011919{9 + serial:07d}"  # its middle reads as a year of the 20th century
        code = body + uscc.calc_check_digit(body)
        if code.isdigit():
            assert party_kind(code) == "organisation"
            found += 1
    assert found > 1000


@given(NUMBERS, st.integers(0, 9))
def test_a_person_with_a_wrong_check_digit_stays_a_person(number: str, digit: int) -> None:
    assert party_kind(number[:17] + str(digit)) == "person"  # so that it is tokenised all the same


@given(NUMBERS)
def test_a_mask_shows_eight_characters(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == 18
    assert masked.replace("*", "") == number[:4] + number[-4:]


def test_names_are_masked_after_the_first_character() -> None:
    assert [mask_name(name) for name in ("王小明", "李雷", "", "王")] == [
        "王＊＊",
        "李＊",
        "",
        "王",
    ]


@given(NUMBERS, st.text(max_size=20), st.text(max_size=20))
def test_an_error_text_never_quotes_a_number(number: str, before: str, after: str) -> None:
    assert number not in quoted(before + number + after)
    assert number[6:14] not in quoted("x" + number + "x")


def test_invented_people_are_many_distinct_and_born_in_1899() -> None:
    numbers = [person(n) for n in range(0, 364_635, 97)]
    assert len(set(numbers)) == len(numbers)
    assert all(resident_id(number).quality == "good" for number in numbers)
    assert {birth_date(number).year for number in numbers} == {1899}
    assert birth_date(person(999)) == date(1899, 1, 1) + timedelta(1)
    with pytest.raises(ValueError, match="364 635"):
        person(364_635)
    assert party_kind(organisation(7)) == "organisation"
