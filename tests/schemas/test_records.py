"""Record types: what is stored stays readable, and every row goes where its type says."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import (
    RECORD_TYPES,
    Record,
    RecordError,
    Source,
    Suit,
    Tokens,
    decode_record,
    record_key,
)
from schemas.codes import ORGANS, check_codes
from schemas.field_rule import slots_of
from schemas.grid import metres_between, square, squares_within
from schemas.keys import identity_fields
from schemas.record import SUBJECT_KINDS
from schemas.steps import STEPS
from tests.factories import (
    FACTORIES,
    case_step,
    civil_case,
    decision,
    execution,
    judgment,
    licence,
    organisation,
    person,
    ring_member,
    school,
)

OURS = sorted(name for name, cls in RECORD_TYPES.items() if cls.__module__.startswith("schemas."))
GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "records_v1.json").read_text("utf-8"))
every_type = pytest.mark.parametrize("name", OURS)


def values_of(cls: type[Record], name: str, kind: object) -> st.SearchStrategy[Any]:
    """Legal values of a field, by its codes, its form or its Python type."""
    if name in cls.CODES:
        coded = st.sampled_from(cls.CODES[name])
        return st.lists(coded, max_size=3).map(tuple) if kind == tuple[str, ...] else coded
    if name in cls.FORMS:
        formed = st.from_regex(cls.FORMS[name], fullmatch=True)
        return st.lists(formed, max_size=3).map(tuple) if kind == tuple[str, ...] else formed
    words = st.text(min_size=1, max_size=12)
    days = st.dates(date(1800, 1, 1), date(2200, 12, 31))
    whole = st.integers(-(2**63), 2**63 - 1)
    point = st.tuples(st.floats(73, 135), st.floats(3, 54))
    by_type: dict[object, st.SearchStrategy[Any]] = {
        str: words,
        date: days,
        int: whole,
        bool: st.booleans(),
        tuple[str, ...]: st.lists(words, max_size=3).map(tuple),
        tuple[float, float]: point,
        tuple[tuple[float, float], ...]: st.lists(point, max_size=3).map(tuple),
        tuple[date, ...]: st.lists(days, max_size=3).map(tuple),
        tuple[int, ...]: st.lists(whole, max_size=3).map(tuple),
        tuple[tuple[str, str], ...]: st.lists(st.tuples(words, words), max_size=3).map(tuple),
        tuple[Suit, ...]: st.lists(
            st.builds(Suit, words, words, words, words, days, whole, st.just(())), max_size=3
        ).map(tuple),
        tuple[tuple[date, date | None], ...]: st.lists(
            st.tuples(days, st.none() | days), max_size=3
        ).map(tuple),
    }
    return by_type[kind]


def rows_of(cls: type[Record]) -> st.SearchStrategy[Record]:
    needed: dict[Any, st.SearchStrategy[Any]] = {}
    free: dict[Any, st.SearchStrategy[Any]] = {}
    for slot in slots_of(cls).values():
        values = values_of(cls, slot.attribute, slot.type)
        (needed if slot.required else free)[slot.attribute] = values
    return st.fixed_dictionaries(needed, optional=free).map(
        lambda fields: cls(source=Source("feed", "key"), **fields)
    )


@every_type
@given(data=st.data())
def test_a_row_survives_being_stored(name: str, data: st.DataObject) -> None:
    row = data.draw(rows_of(RECORD_TYPES[name]))
    stored = msgspec.json.encode(row)
    assert decode_record(name, stored) == row
    assert msgspec.json.encode(decode_record(name, stored)) == stored


@every_type
def test_rows_stored_by_the_first_version_are_read_and_written_as_they_were(name: str) -> None:
    for stored in GOLDEN[name]:
        row = decode_record(name, json.dumps(stored).encode())
        assert json.loads(msgspec.json.encode(row)) == stored
        check_codes(row)


@every_type
def test_no_field_became_required_was_dropped_or_was_moved_since_the_first_version(
    name: str,
) -> None:
    least, full = GOLDEN[name]
    slots = slots_of(RECORD_TYPES[name])
    first = [field for field in full if field not in ("type", "source")]
    assert [slot for slot in slots if slot in first] == first
    assert {slot.name for slot in slots.values() if slot.required} | {"type", "source"} == set(
        least
    )


@every_type
def test_a_field_appended_later_leaves_stored_rows_readable(name: str) -> None:
    cls = RECORD_TYPES[name]
    later = msgspec.defstruct(
        name, [("added_on", date | None, None)], bases=(cls,), frozen=True, tag=name
    )
    for stored in GOLDEN[name]:
        data = json.dumps(stored).encode()
        row: Any = msgspec.json.decode(data, type=later)
        assert row.added_on is None
        assert json.loads(msgspec.json.encode(row)) == stored
        newer = msgspec.json.encode(msgspec.structs.replace(row, added_on=date(2026, 1, 1)))
        assert decode_record(name, newer) == decode_record(name, data)  # and the other way round


def test_the_golden_file_names_every_type() -> None:
    assert sorted(GOLDEN) == OURS == sorted(FACTORIES)


@every_type
def test_a_type_names_only_fields_that_it_has(name: str) -> None:
    cls = RECORD_TYPES[name]
    attributes = {slot.attribute for slot in slots_of(cls).values()}
    hints = get_type_hints(cls)
    assert cls.DAY in attributes
    assert hints[cls.DAY] in (date, date | None)
    assert set(cls.KEY) <= attributes
    assert cls.KEY
    assert set(cls.CODES) | set(cls.FORMS) <= attributes
    assert cls.ROUTES
    assert set(cls.ROUTES) <= {*SUBJECT_KINDS, "party"}
    assert {field for fields in cls.ROUTES.values() for field in fields} <= {
        *attributes,
        *(key for key, value in vars(cls).items() if isinstance(value, property)),
    }
    assert set(cls.PERSONS) | set(cls.TOKENS) | set(cls.NAMES.values()) <= attributes
    assert cls.__doc__


@every_type
def test_a_factory_makes_a_legal_row_that_reaches_a_subject(name: str) -> None:
    row = FACTORIES[name]()
    assert type(row) is RECORD_TYPES[name]
    check_codes(row)
    subjects = Tokens("secret").subjects(row)
    assert subjects
    assert not any(person() in subject for subject in subjects)
    assert row.day > date.min or name == "Resident"


@every_type
def test_a_key_under_a_token_shows_nobodys_number(name: str) -> None:
    row = FACTORIES[name]()
    token = Tokens("secret").person
    assert person() not in record_key(row, token)
    assert (person() in record_key(row)) == bool(identity_fields(type(row)) & set(type(row).KEY))


def test_a_decision_goes_to_its_party_and_its_case() -> None:
    tokens = Tokens("secret")
    row = decision(party=organisation(3))
    assert tokens.subjects(row) == (f"case:{row.case_no}", f"organisation:{organisation(3)}")


def test_a_judgment_goes_to_the_companies_that_it_names() -> None:
    row = judgment(organisations=(organisation(1), organisation(2)))
    assert {s for s in Tokens("x").subjects(row) if s.startswith("organisation:")} == {
        f"organisation:{organisation(1)}",
        f"organisation:{organisation(2)}",
    }


def test_a_licence_with_a_point_goes_to_its_cell() -> None:
    assert licence().cell == ""
    assert licence(point=(119.29, 35.4)).cell == "11929,3540"
    assert "cell:11929,3540" in Tokens("x").subjects(licence(point=(119.2999, 35.4099)))


def test_a_school_goes_to_every_square_near_a_gate() -> None:
    gate = (119.4601, 35.4233)
    row = school(gates=(gate, (119.5, 35.4)))
    assert school(gates=()).cells == ()
    assert square(gate) in row.cells
    for bearing in range(0, 360, 5):
        for metres in (10, 200, 700, 999):
            east = metres * math.sin(math.radians(bearing)) / (111_320 * math.cos(0.6183))
            north = metres * math.cos(math.radians(bearing)) / 111_000
            near = licence(point=(gate[0] + east, gate[1] + north))
            assert set(Tokens("x").subjects(near)) & set(Tokens("x").subjects(row))


@given(st.floats(73, 135), st.floats(3, 54), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_who_is_within_a_distance_is_in_a_square_within_it(
    east: float, north: float, aside: float, up: float
) -> None:
    one, other = (east, north), (east + aside, north + up)
    if metres_between(one, other) <= 1000:
        assert square(other) in squares_within(one, 1000)
        assert square(one) in squares_within(other, 1000)


def test_a_distance_is_that_of_a_map() -> None:
    # By the radii of curvature of the ellipsoid (GRS 80), along a meridian and a parallel.
    assert metres_between((119.46, 35.42), (119.46, 35.4291)) == pytest.approx(1009.6, rel=0.005)
    assert metres_between((119.46, 35.42), (119.4752, 35.42)) == pytest.approx(1380.4, rel=0.005)


def test_a_civil_case_goes_to_all_its_parties_and_names_each() -> None:
    row = civil_case(
        plaintiffs=(person(1), organisation(1)),
        plaintiff_names=("王小明", "甲公司"),
        defendants=(person(2),),
        third_parties=(person(3),),
    )
    tokens = Tokens("x")
    assert set(tokens.subjects(row)) == {
        f"case:{row.case_no}",
        f"organisation:{organisation(1)}",
        *(f"person:{tokens.person(person(n))}" for n in (1, 2, 3)),
    }
    assert row.called(organisation(1)) == "甲公司"
    assert row.called(person(2)) == ""


def test_a_row_with_two_parties_calls_neither_by_the_others_name() -> None:
    row = execution(debtor=person(1), creditor=organisation(1), debtor_name="王小明")
    assert row.called(person(1)) == "王小明"
    assert row.called(organisation(1)) == ""
    convicted = judgment(name="王小明", organisations=(organisation(1),))
    assert convicted.called(organisation(1)) == ""
    assert convicted.called(person()) == "王小明"


def test_a_company_is_told_to_each_pair_of_its_attributes_and_none_stands_in_clear() -> None:
    member = ring_member(traits=("agent=甲", "email=a@b.cn", "phone=06330000000"))
    subjects = Tokens("x").subjects(member)
    assert len(subjects) == 3
    assert all(subject.startswith("pair:") and "0633" not in subject for subject in subjects)
    without = ring_member(traits=("agent=甲", "phone=06330000000"))
    assert {*Tokens("x").subjects(without)} < {*subjects}


def test_a_licences_class_is_called_class_on_the_wire() -> None:
    assert json.loads(msgspec.json.encode(licence(class_="A1")))["class"] == "A1"


def test_an_unknown_code_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(RecordError, match="non_prosecution_relative") as caught:
        check_codes(decision(kind="不起诉"))
    assert (caught.value.reason, caught.value.column) == ("unknown_code", "kind")
    with pytest.raises(RecordError, match="charges"):
        check_codes(decision(charges=("264", "盗窃罪")))


def test_a_step_belongs_to_its_organ() -> None:
    check_codes(case_step(organ="procuratorate", step="transferred"))
    with pytest.raises(RecordError, match="no step of court"):
        check_codes(case_step(organ="court", step="transferred"))
    assert set(STEPS) == set(ORGANS)
