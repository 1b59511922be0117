"""Rows become records exactly, or are refused with the reason and the column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import BenefitPayment, ContractError, Mapper, Penalty, RecordError, Tokens, end_row
from schemas.contract import load_contract
from schemas.conversions import fen, integer, scaled
from schemas.field_rule import MONEY_UNITS
from schemas.grid import metres_between
from schemas.record import RECORD_TYPES
from tests.factories import COURT, POLICE, benefit, organisation, payment, person
from tests.schemas.contracts import (
    ALL,
    CARDS,
    CIVIL,
    COMPANIES,
    ITEMS,
    JUDGMENTS,
    PAYMENTS,
    PENALTIES,
    SCHOOLS,
    contract,
)

TOKENS = Tokens("secret")
PAYMENT = {
    "lsh": 18446744073709551615,
    "dybh": "LX-20817 ",
    "sfz": person(5),
    "xz": "110",
    "ssq": "202404",
    "ffrq": "2024-04-10",
    "je": "2780.00",
    "thrq": None,
}
PENALTY = {
    "cfjg": POLICE,
    "xzqh": "371102",
    "wsh": "东公(交)行罚决字[2025]088号",
    "xydm": "",
    "zjhm": person(6),
    "mc": "王小明",
    "wflx": "醉驾",
    "cflb": "吊销许可证件; 罚款",
    "fkje": "0.2",
    "jdrq": "2025-05-12 00:00:00",
    "jzss": "1",
    "zl": None,
    "fc": "1",
}
JUDGMENT = {
    "ah": "(2024)鲁1102刑初301号之一",
    "fydm": COURT,
    "sfz": person(7),
    "zm": "盗窃罪,危险驾驶罪",
    "xprq": 19_975,
    "sxrq": 1_726_790_400_000,
    "dw": f"{organisation(1)}、{organisation(2)}",
}
CIVIL_CASE = {
    "ah": "(2024)鲁1102民初7号",
    "larq": "2024-04-08",
    "yg": f"{person(5)};{organisation(1)}",
    "bg": person(6),
    "dlr": f"13711201810012345; {person(8)}",
    "dlrlb": "1;2",
}
ITEM = {
    "bh": "1",
    "ah": "(2024)鲁1102刑初301号",
    "zjhm": person(7),
    "sxrq": "2024-09-20",
    "fqrq": "20241020,20250120",
    "fqje": "5000,1500.5",
}
CARD = {"ah": "(2024)鲁1102刑初301号", "rzrf": "是", "gzrq": None}
SCHOOL = {"bsm": "3137001234", "lb": "小学", "xm": "119.4601,35.4233;119.47,35.43"}
COMPANY = {"xydm": organisation(1), "djrq": "2021-06-01", "frzjh": person(5)}
SAMPLES: dict[str, dict[str, Any]] = {
    "payments": PAYMENT,
    "penalties": PENALTY,
    "judgments": JUDGMENT,
    "civil": CIVIL_CASE,
    "items": ITEM,
    "cards": CARD,
    "schools": SCHOOL,
    "companies": COMPANY,
}


def mapper(text: str, *changes: tuple[str, str]) -> Mapper:
    return Mapper(contract(text, *changes), TOKENS)


def refused(text: str, row: dict[str, Any], *changes: tuple[str, str]) -> RecordError:
    with pytest.raises(RecordError) as caught:
        mapper(text, *changes).record(row)
    return caught.value


def test_a_payment_is_mapped_field_by_field() -> None:
    read = mapper(PAYMENTS).record(PAYMENT)
    assert isinstance(read, BenefitPayment)
    assert (read.benefit_no, read.person, read.scheme) == (
        "LX-20817",
        person(5),
        "employee_pension",
    )
    assert (read.month, read.paid_on) == (date(2024, 4, 1), date(2024, 4, 10))
    assert read.amount_fen == 278_000
    assert read.source.key == "18446744073709551615"
    assert read.source.region == "371102"


def test_a_penalty_takes_agency_region_and_organ_from_columns() -> None:
    read = mapper(PENALTIES).record(PENALTY)
    assert isinstance(read, Penalty)
    assert read.decision_no == f"{POLICE}/东公（交）行罚决字〔2025〕88号"
    assert read.source.agency == read.agency == POLICE
    assert read.kinds == ("吊销许可证件", "罚款")
    assert read.fine_fen == 200_000  # 0.2 万元
    assert read.party == person(6)
    assert read.suit_notice is True
    assert read.sealed_basis == "public_security"
    assert TOKENS.person(person(6)) not in read.source.key


def test_a_judgment_keeps_the_case_and_the_raw_number() -> None:
    read: Any = mapper(JUDGMENTS).record(JUDGMENT)
    assert read.case_no == f"{COURT}/（2024）鲁1102刑初301号"
    assert read.case_no_raw == JUDGMENT["ah"]
    assert read.charges == ("264", "133-1")
    assert read.pronounced_on == date(2024, 9, 9)
    assert read.effective_on == date(2024, 9, 20)
    assert read.organisations == (organisation(1), organisation(2))


def test_a_key_hides_numbers_and_cannot_run_together() -> None:
    key = mapper(JUDGMENTS).key({"ah": "a/b", "sfz": person(7)})
    assert key == f"a%2Fb/{TOKENS.person(person(7))}"
    assert key == mapper(JUDGMENTS).key({"ah": "a/b ", "sfz": person(7).lower()})


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_different_key_columns_make_different_keys(a: str, b: str, c: str, d: str) -> None:
    read = Mapper(load_contract(JUDGMENTS), TOKENS)
    first, second = [part.strip() for part in (a, b)], [part.strip() for part in (c, d)]
    if all(first) and all(second):
        same = read.key({"ah": a, "sfz": b}) == read.key({"ah": c, "sfz": d})
        assert same == (first == second)


@pytest.mark.parametrize(
    ("text", "column", "value", "reason"),
    [
        (PAYMENTS, "sfz", "371102189901010034", "bad_identity"),
        (PAYMENTS, "sfz", organisation(), "bad_identity"),
        (PAYMENTS, "sfz", "", "no_subject"),
        (PAYMENTS, "sfz", "   ", "no_subject"),
        (PAYMENTS, "sfz", None, "no_subject"),
        (PAYMENTS, "xz", "999", "unknown_code"),
        (PAYMENTS, "xz", None, "missing_value"),
        (PAYMENTS, "ssq", "202413", "bad_date"),
        (PAYMENTS, "ffrq", "2024/04/10", "bad_date"),
        (PAYMENTS, "ffrq", "20240410", "bad_date"),
        (PAYMENTS, "ffrq", "9999-12-31", "bad_date"),
        (PAYMENTS, "ffrq", "infinity", "bad_date"),
        (PAYMENTS, "ffrq", True, "bad_type"),
        (PAYMENTS, "je", "2780.005", "bad_money"),
        (PAYMENTS, "je", "2,780.00", "bad_money"),
        (PAYMENTS, "je", "1e3", "bad_money"),
        (PAYMENTS, "je", "NaN", "bad_money"),
        (PAYMENTS, "je", 2780.0, "bad_type"),
        (PAYMENTS, "je", 10**18, "bad_money"),
        (PAYMENTS, "lsh", None, "missing_value"),
        (PENALTIES, "zl", "0.0005", "bad_integer"),
        (PENALTIES, "cflb", "罚金", "unknown_code"),
        (PENALTIES, "jzss", "是", "unknown_code"),
        (PENALTIES, "wsh", None, "missing_value"),
        (JUDGMENTS, "ah", "301", "bad_number"),
        (JUDGMENTS, "fydm", None, "missing_value"),
        (JUDGMENTS, "zm", "盗窃罪,抢夺罪", "unknown_code"),
        (JUDGMENTS, "dw", "91371102", "bad_identity"),
        (JUDGMENTS, "xprq", "soon", "bad_date"),
    ],
)
def test_a_bad_value_is_refused_with_its_reason_and_column(
    text: str, column: str, value: object, reason: str
) -> None:
    name = next(name for name, known in ALL.items() if known == text)
    error = refused(text, SAMPLES[name] | {column: value})
    assert (error.reason, error.column) == (reason, column)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_column_that_is_gone_is_told_by_name(name: str) -> None:
    reads = Mapper(load_contract(ALL[name]), TOKENS)
    for column in reads.columns:
        row = {key: value for key, value in SAMPLES[name].items() if key != column}
        if column == "zl":  # optional
            assert reads.record(row)
            continue
        with pytest.raises(RecordError) as caught:
            reads.record(row)
        assert (caught.value.reason, caught.value.column) == ("missing_column", column)


def test_a_text_that_means_nothing_leaves_the_field_empty() -> None:
    read: Any = mapper(PAYMENTS).record(PAYMENT | {"thrq": "9999-12-31"})
    assert read.returned_on is None


def test_a_masked_number_in_a_masked_feed_is_nobody_and_in_another_a_bad_one() -> None:
    masked = PENALTY | {"zjhm": "371102********0033"}
    assert refused(PENALTIES, masked).reason == "bad_identity"
    changed = ('deletion = "expiry"', 'identity = "masked"\ndeletion = "expiry"')
    assert refused(PENALTIES, masked, changed).reason == "no_subject"
    company = masked | {"xydm": organisation(4)}
    assert mapper(PENALTIES, changed).record(company).party == organisation(4)  # type: ignore[attr-defined]


def test_an_old_number_of_fifteen_digits_is_the_same_person() -> None:
    full = "371102195003070016"
    old = full[:6] + full[8:17]
    read: Any = mapper(PAYMENTS).record(PAYMENT | {"sfz": old})
    assert read.person[:17] == full[:17]


@given(st.sampled_from(sorted(MONEY_UNITS)), st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_money_is_exact_in_every_unit(unit: str, amount: int, zeros: int) -> None:
    scale = MONEY_UNITS[unit]
    written = f"{Decimal(amount).scaleb(-scale):f}"
    written += "0" * zeros if "." in written else ""
    assert fen(written, scale) == amount
    assert Decimal(fen(written, scale)) == Decimal(written).scaleb(scale)


@given(st.integers(-(10**9), 10**9))
def test_ten_thousand_yuan_are_not_taken_for_yuan(units: int) -> None:
    assert fen(units, MONEY_UNITS["wan"]) == 10_000 * fen(units, MONEY_UNITS["yuan"])
    assert fen(str(units), MONEY_UNITS["wan"]) == fen(units, MONEY_UNITS["wan"])


@given(st.floats())
def test_no_binary_fraction_becomes_money_or_a_number(value: float) -> None:
    for read in (lambda v: fen(v, 2), integer, lambda v: scaled(v, Decimal(1), True)):
        with pytest.raises(RecordError, match="bad_type"):
            read(value)


@given(st.text() | st.booleans() | st.integers() | st.none() | st.lists(st.integers(), max_size=2))
def test_any_value_in_any_column_is_read_or_refused_by_a_typed_error(value: object) -> None:
    for name, text in ALL.items():
        reads = Mapper(load_contract(text), TOKENS)
        for column in reads.columns:
            try:
                record = reads.record(SAMPLES[name] | {column: value})
            except RecordError as error:
                if not error.column:
                    assert error.reason == "no_subject"  # noqa: PT017
                    continue
                assert column in error.column.split(" or ")  # noqa: PT017 anything else fails by itself
            else:
                assert type(record) is RECORD_TYPES[record.__class__.__name__]


@given(st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14))
def test_a_moment_falls_on_the_day_of_the_tables_zone(naive: datetime, offset: int) -> None:
    reads = Mapper(load_contract(PAYMENTS), TOKENS)
    moment = naive.replace(tzinfo=UTC) - timedelta(hours=offset)
    day = moment.astimezone(ZoneInfo("Asia/Shanghai")).date()
    zulu = moment.isoformat().replace("+00:00", "Z")
    read: Any = reads.record(PAYMENT | {"ffrq": zulu})
    assert read.paid_on == day
    wall: Any = reads.record(PAYMENT | {"ffrq": naive.isoformat(sep=" ")})
    assert wall.paid_on == naive.date()


@given(st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)))
def test_counted_time_is_read_in_the_zone_that_the_contract_names(naive: datetime) -> None:
    counted = int((naive - datetime(1970, 1, 1)).total_seconds() * 1000)
    row = PAYMENT | {"ffrq": counted}
    old = 'paid_on = {column = "ffrq", kind = "date"'
    wall: Any = mapper(PAYMENTS, (old, f'{old}, format = "epoch_ms", zone = "UTC"')).record(row)
    assert wall.paid_on == naive.date()
    moment: Any = mapper(PAYMENTS, (old, f'{old}, format = "epoch_ms", zone = "Asia/Shanghai"'))
    shanghai = naive.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert moment.record(row).paid_on == shanghai


def test_the_month_of_a_payment_is_its_first_day() -> None:
    changed = ('format = "%Y%m"', 'format = "%Y-%m-%d"')
    read: Any = mapper(PAYMENTS, changed).record(PAYMENT | {"ssq": "2024-04-30"})
    assert read.month == date(2024, 4, 1)


def test_a_hash_differs_with_record_subjects_and_version() -> None:
    first, later = (
        mapper(PAYMENTS),
        mapper(PAYMENTS, ('key = ["lsh"]', 'version = 2\nkey = ["lsh"]')),
    )
    row = first.record(PAYMENT)
    subjects = TOKENS.subjects(row)
    hashes = {
        first.row_hash(row, subjects),
        first.row_hash(row, ()),
        first.row_hash(first.record(PAYMENT | {"je": "2780.01"}), subjects),
        later.row_hash(row, subjects),
    }
    assert len(hashes) == 4
    assert first.row_hash(first.record(dict(PAYMENT)), subjects) in hashes


def test_an_error_never_quotes_an_identity_number_that_strayed_into_a_column() -> None:
    for column in ("ssq", "ffrq", "je", "xz", "thrq"):
        error = refused(PAYMENTS, PAYMENT | {column: person(5)})
        assert person(5)[6:] not in str(error)


def test_a_row_that_left_a_list_ended_on_that_day_unless_it_had_ended_before() -> None:
    open_row = benefit()
    assert end_row(open_row, "stopped_on", date(2025, 5, 1)).stopped_on == date(2025, 5, 1)  # type: ignore[attr-defined]
    ended = benefit(stopped_on=date(2025, 1, 1))
    assert end_row(ended, "stopped_on", date(2025, 5, 1)) is ended
    planned = benefit(stopped_on=date(2030, 1, 1))
    assert end_row(planned, "stopped_on", date(2025, 5, 1)).stopped_on == date(2025, 5, 1)  # type: ignore[attr-defined]
    assert payment().source == payment().source


def test_the_parties_of_a_case_are_read_one_by_one_and_its_agents_as_tokens() -> None:
    row: Any = mapper(CIVIL).record(CIVIL_CASE)
    assert row.plaintiffs == (person(5), organisation(1))
    assert row.defendants == (person(6),)
    assert row.agents == ("13711201810012345", TOKENS.person(person(8)))
    assert row.agent_kinds == ("lawyer", "citizen")
    assert refused(CIVIL, CIVIL_CASE | {"bg": f"{person(6)};王小明"}).reason == "bad_identity"


def test_a_list_of_parties_must_be_read_as_parties_and_of_agents_as_tokens() -> None:
    for old in ('separator = ";", of = "party"}\nde', 'separator = ";", of = "token"'):
        new = old.replace("party", "text").replace("token", "text")
        with pytest.raises(ContractError, match="'text' is not legal here"):
            contract(CIVIL, (old, new))


def test_instalments_are_lists_of_days_and_of_sums() -> None:
    row: Any = mapper(ITEMS).record(ITEM)
    assert row.instalments_due == (date(2024, 10, 20), date(2025, 1, 20))
    assert row.instalments_fen == (500_000, 150_050)
    assert refused(ITEMS, ITEM | {"fqrq": "20241020,20250231"}).reason == "bad_date"
    assert refused(ITEMS, ITEM | {"fqje": "5000,0.005"}).reason == "bad_money"
    with pytest.raises(ContractError, match=r"instalments_fen\.unit .*missing"):
        contract(ITEMS, (', unit = "yuan"', ""))
    with pytest.raises(ContractError, match=r"instalments_due\.unit .*only a list of money"):
        contract(ITEMS, ('format = "%Y%m%d"', 'format = "%Y%m%d", unit = "fen"'))


def test_the_fields_of_a_card_keep_their_names_and_the_empty_ones_stay() -> None:
    row: Any = mapper(CARDS).record(CARD)
    assert row.fields == (("是否认罪认罚", "是"), ("gzrq", ""))
    assert refused(CARDS, {"ah": CARD["ah"], "rzrf": "是"}).reason == "missing_column"
    optional = mapper(CARDS, ('kind = "pairs"', 'kind = "pairs", optional = true'))
    sent: Any = optional.record({"ah": CARD["ah"], "rzrf": "是"})
    assert sent.fields == (("是否认罪认罚", "是"),)


def test_several_points_are_read_from_one_column() -> None:
    row: Any = mapper(SCHOOLS).record(SCHOOL)
    assert row.gates == ((119.4601, 35.4233), (119.47, 35.43))
    array: Any = mapper(SCHOOLS).record(SCHOOL | {"xm": [[119.4601, 35.4233]]})
    assert array.gates == row.gates[:1]
    assert refused(SCHOOLS, SCHOOL | {"xm": "35.4233,119.4601"}).reason == "bad_point"
    assert refused(SCHOOLS, SCHOOL | {"xm": "119.4601"}).reason == "bad_point"
    nowhere = mapper(SCHOOLS)
    with pytest.raises(RecordError, match="no_subject"):
        nowhere.record(SCHOOL | {"xm": ""})


def test_a_number_that_is_only_compared_is_never_kept_in_clear() -> None:
    row: Any = mapper(COMPANIES).record(COMPANY)
    assert row.representative == TOKENS.person(person(5))
    old = person(5)[:6] + person(5)[8:17]
    fifteen: Any = mapper(COMPANIES).record(COMPANY | {"frzjh": f" {old} "})
    assert fifteen.representative not in (old, "")
    mistyped: Any = mapper(COMPANIES).record(COMPANY | {"frzjh": person(5)[:17] + "Y"})
    company: Any = mapper(COMPANIES).record(COMPANY | {"frzjh": organisation(2)})
    assert person(5)[:17] not in mistyped.representative
    assert company.representative == organisation(2)


def test_a_subject_that_is_computed_from_a_row_is_not_known_from_a_part_of_it() -> None:
    with pytest.raises(RecordError, match="computed"):
        mapper(SCHOOLS).value("cells", SCHOOL)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_point_of_another_system_is_taken_back_to_where_it_is(datum: str) -> None:
    shift = {"gcj02": prcoords.wgs_gcj, "bd09": prcoords.wgs_bd}[datum]
    shifted = shift((35.42, 119.53))
    row = SCHOOL | {"xm": f"{shifted.lon},{shifted.lat}"}
    there: Any = mapper(SCHOOLS, ('"points"', f'"points", datum = "{datum}"')).record(row)
    assert metres_between(there.gates[0], (119.53, 35.42)) < 0.05
    elsewhere: Any = mapper(SCHOOLS).record(row)
    assert metres_between(elsewhere.gates[0], (119.53, 35.42)) > 400
