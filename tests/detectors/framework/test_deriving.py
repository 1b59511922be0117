"""What is derived from sealed rows is sealed as they are, whatever a derivation forgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from detectors.framework.deriving import derive, derived
from detectors.framework.dossier import Dossier
from detectors.framework.registry import Catalogue, derivation
from detectors.framework.remembered import Subject
from detectors.framework.row import READ, Row, Standing
from detectors.framework.ruleset import RuleSet
from schemas.change import Position, Rules
from schemas.errors import CardError
from schemas.record import Record, Source
from schemas.subject import Tokens
from tests.packs.rings.words import Firm, Member

DAY = date(2024, 1, 10)


def firm(key: str, address: str, sealed: str = "") -> Firm:
    return Firm(
        source=Source("firm", key),
        firm=f"firm {key}",
        address=address,
        registered_on=DAY,
        sealed_basis=sealed,
    )


@derivation(subject="organisation", reads=(Firm,), yields=(Member,))
def each(dossier: Dossier) -> Iterator[Record]:
    """One row of each firm."""
    for one in dossier.of(Firm):
        yield Member(source=Source("", one.source.key), firm=one.firm, address="a", since=DAY)


@derivation(subject="organisation", reads=(Firm,), yields=(Member,))
def altogether(dossier: Dossier) -> Iterator[Record]:
    """One row of all firms, which tells how many there are."""
    firms = dossier.of(Firm)
    if firms:
        yield Member(source=Source("", "all"), firm=f"{len(firms)}", address="a", since=DAY)


def made(function: object, *firms: Firm) -> dict[str, tuple[str, str]]:
    rows = derived(function, Dossier("organisation:1", firms))  # type: ignore[arg-type]
    return {row.source.key: (row.firm, row.sealed_basis) for row in rows}  # type: ignore[attr-defined]


def test_only_what_sealed_rows_add_is_sealed() -> None:
    rows = made(each, firm("1", "a"), firm("2", "a", "juvenile"))
    assert rows == {"1": ("firm 1", ""), "2~juvenile": ("firm 2", "juvenile")}


def test_what_two_permissions_tell_together_needs_both() -> None:
    rows = made(altogether, firm("1", "a", "juvenile"), firm("2", "a", "medical"))
    assert rows == {
        "all~juvenile": ("1", "juvenile"),
        "all~medical": ("1", "medical"),
        "all~juvenile+medical": ("2", "juvenile+medical"),
    }


def test_what_sealed_rows_tell_otherwise_stands_beside_what_anybody_may_know() -> None:
    rows = made(altogether, firm("1", "a"), firm("2", "a", "juvenile"))
    assert rows == {"all": ("1", ""), "all~juvenile": ("2", "juvenile")}


@pytest.mark.parametrize(
    ("granted", "seen"),
    [((), ["1"]), (("medical",), ["1"]), (("juvenile",), ["2"]), (("juvenile", "medical"), ["2"])],
)
def test_a_model_sees_one_of_them_the_one_that_says_most(
    granted: tuple[str, ...], seen: list[str]
) -> None:
    firms = (firm("1", "a"), firm("2", "a", "juvenile"))
    told = Dossier("pair:a", derived(altogether, Dossier("organisation:1", firms)))
    shown = told.shown_to(frozenset((Member,)), frozenset(granted)).of(Member)
    assert [row.firm for row in shown] == seen


def test_a_row_that_is_sealed_twice_is_seen_with_both_permissions_only() -> None:
    rows = derived(
        altogether,
        Dossier("organisation:1", (firm("1", "a", "juvenile"), firm("2", "a", "medical"))),
    )
    told = Dossier("pair:a", rows)
    for granted, seen in ((("juvenile",), ["1"]), (("juvenile", "medical"), ["2"])):
        shown = told.shown_to(frozenset((Member,)), frozenset(granted)).of(Member)
        assert [row.firm for row in shown] == seen


def test_a_type_that_is_not_declared_is_refused() -> None:
    @derivation(subject="organisation", reads=(Firm,), yields=())
    def secret(dossier: Dossier) -> Iterator[Record]:
        yield Member(source=Source("", "1"), firm="f", address="a", since=DAY)

    with pytest.raises(CardError, match="secret does not declare that it yields Member"):
        list(derived(secret, Dossier("organisation:1")))


@derivation(subject="organisation", reads=(Firm,), yields=(Member,))
def unwritable(dossier: Dossier) -> Iterator[Record]:
    """A row that no message can hold: half of a pair of surrogates is no text."""
    for one in dossier.of(Firm):
        yield Member(source=Source("", one.source.key), firm="\ud800", address="a", since=DAY)


def test_rows_that_could_not_be_sent_are_tried_again_and_not_taken_for_sent() -> None:
    rules = RuleSet(Catalogue((), (unwritable,), ()), Rules(1, ""))  # type: ignore[arg-type]
    tokens = Tokens("a secret of sixteen")
    subject = Subject("organisation:1", tokens.person)
    standing = Standing.of("Firm", 0, 0, READ, False, 0)
    subject.set_row("firm", "1", Row(firm("1", "a"), 0, standing))
    last: dict[str, dict[str, int]] = {}
    for offset in (1, 2):
        with pytest.raises(UnicodeEncodeError):
            derive("organisation:1", subject, rules, tokens, Position(0, 0, offset), last)
