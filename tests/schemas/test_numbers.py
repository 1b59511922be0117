"""A number of a paper or a case has one way of writing, whatever the agency typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import RecordError
from schemas.numbers import case_number, of_organ, paper_number, printed

COURTS = st.sampled_from(["鲁1102", "鲁11", "鲁", "最高法", "京73", "兵0101", "沪0104"])
TYPES = st.sampled_from(["刑初", "民终", "行申", "执", "执恢", "知民初", "刑更"])
BRACKETS = st.sampled_from(["（{}）", "({})", "〔{}〕", "[{}]", "［{}］", "【{}】", " ( {} ) "])


@given(st.integers(1950, 2099), COURTS, TYPES, st.integers(1, 99_999), BRACKETS, st.integers(0, 3))
def test_a_case_number_is_parsed_however_it_is_written(
    year: int, court: str, kind: str, serial: int, bracket: str, zeros: int
) -> None:
    written = f"{bracket.format(year)}{court}{kind}{'0' * zeros}{serial}号"
    read = case_number(written)
    assert (read.year, read.court, read.type, read.serial) == (year, court, kind, serial)
    assert read.raw == written
    assert read.case == f"（{year}）{court}{kind}{serial}号"
    assert case_number(read.case)[1:] == read[1:]
    assert paper_number(written) == read.case


@pytest.mark.parametrize(
    ("written", "suffix"),
    [("之一", "一"), ("之1", "一"), ("之十二", "十二"), ("之12", "十二"), ("", "")],
)
def test_a_further_paper_belongs_to_the_same_case(written: str, suffix: str) -> None:
    read = case_number(f"（2024）鲁1102刑初301号{written}")
    assert read.suffix == suffix
    assert read.case == "（2024）鲁1102刑初301号"
    assert read.paper == read.case + (f"之{suffix}" if suffix else "")


def test_the_older_form_is_read_too() -> None:
    read = case_number("(2013)东刑初字第123号")
    assert read[1:] == (2013, "东", "刑初", 123, "")


@pytest.mark.parametrize(
    "text", ["", "301", "鲁1102刑初301号", "（24）鲁1102刑初301号", "（2024）号"]
)
def test_what_is_no_case_number_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="bad_number"):
        case_number(text)


@pytest.mark.parametrize(
    "written",
    [
        "东检刑不诉〔2025〕12号",
        "东检刑不诉[2025]12号",
        "东检刑不诉（2025）12号",
        "东检刑不诉［２０２５］第０１２号",
        " 东检刑不诉 【2025】 12 号 ",
        "东检刑不诉﹝2025﹞0012",
    ],
)
def test_a_papers_number_has_one_way_of_writing(written: str) -> None:
    assert paper_number(written) == "东检刑不诉〔2025〕12号"


def test_brackets_inside_the_organs_word_stay_apart_from_the_year() -> None:
    assert paper_number("东公（交）行罚决字[2025]088号") == "东公（交）行罚决字〔2025〕88号"


def test_a_number_without_a_year_only_loses_width_and_blanks() -> None:
    assert paper_number(" ＱＺ-５５１２０ ") == "QZ-55120"


@given(st.text(min_size=1))
def test_writing_a_number_twice_changes_nothing(text: str) -> None:
    try:
        once = paper_number(text)
    except RecordError as error:
        assert error.reason == "bad_number"  # noqa: PT017 only blanks come here
        return
    assert paper_number(once) == once


def test_a_kept_number_is_printed_without_its_organ() -> None:
    kept = of_organ("11371102MA0000015Y", "东检刑不诉〔2025〕12号")
    assert printed(kept) == "东检刑不诉〔2025〕12号"
    assert printed("LX-20817") == "LX-20817"
