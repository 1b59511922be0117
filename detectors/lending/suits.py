"""Loan suits counted as courts do: each relation once, with those of related parties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import accumulate, islice
from typing import NamedTuple

import msgspec

from detectors.framework.counting import rolling
from detectors.framework.dossier import Dossier
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import Affiliate, CivilCase
from schemas.identifiers import mask_name, mask_number, party_kind

LOAN_CAUSES = ("民间借贷纠纷",)


def loan_suits(dossier: Dossier) -> list[CivilCase]:
    """The loan suits that the subject of the dossier brings, in the order of filing."""
    return [case for case in dossier.of(CivilCase) if _brings(dossier, case)]


def latest_suits(dossier: Dossier, number: int) -> list[CivilCase]:
    """The last of them. It costs the same however many there are: derivations run at each row."""
    found = (case for case in reversed(dossier.of(CivilCase)) if _brings(dossier, case))
    return list(islice(found, number))[::-1]


def _brings(dossier: Dossier, case: CivilCase) -> bool:
    return (
        case.cause in LOAN_CAUSES
        # The court that a case was moved to has it under a number of its own.
        and case.close_mode != "transfer"
        and any(map(dossier.is_subject, case.plaintiffs))
    )


class Claim(NamedTuple):
    """One loan relation: its first suit, of the subject itself or of somebody related."""

    filed_on: date
    case_no: str
    court: str
    city: str
    amount_fen: int
    signs: tuple[str, ...]
    row: CivilCase | Affiliate

    @property
    def related(self) -> bool:
        """Whether somebody related brings the suit, and the subject does not."""
        return isinstance(self.row, Affiliate)


def claims_of(own: Iterable[CivilCase], affiliates: Iterable[Affiliate]) -> list[Claim]:
    """Every loan relation once, by its first suit; a suit brought together counts as own."""
    first: dict[str, Claim] = {}
    for case in own:
        first.setdefault(
            case.loan or case.case_no,
            Claim(
                case.filed_on,
                case.case_no,
                case.court,
                case.city,
                case.amount_fen or 0,
                case.loan_signs,
                case,
            ),
        )
    mine = set(first)
    for affiliate in affiliates:
        tied = Spell(affiliate.since or date.min, affiliate.until)
        for suit in affiliate.suits:
            key = suit.loan or suit.case_no
            if key in mine or suit.filed_on not in tied:
                continue
            claim = Claim(
                suit.filed_on,
                suit.case_no,
                suit.court,
                suit.city,
                suit.amount_fen,
                suit.signs,
                affiliate,
            )
            known = first.get(key)
            if known is None or claim[:2] < known[:2]:
                first[key] = claim
    return sorted(first.values(), key=lambda claim: claim[:2])


class Related(msgspec.Struct, frozen=True):
    """A fact: a related plaintiff, masked, by what tie, with how many suits."""

    who: str
    link: str
    suits: int


def related_in(claims: Iterable[Claim]) -> tuple[Related, ...]:
    """The related plaintiffs with what ties them, masked; the most suits first."""
    suits: Counter[tuple[str, str]] = Counter()
    for claim in claims:
        if isinstance(claim.row, Affiliate):
            row, number = claim.row, mask_number(claim.row.related)
            person = party_kind(row.related) == "person"
            name = mask_name(row.related_name) if person else row.related_name
            suits[f"{name}（{number}）" if name else number, row.link] += 1
    return tuple(
        Related(who, link, number)
        for (who, link), number in sorted(suits.items(), key=lambda item: (-item[1], item[0]))
    )


class SuitWindow:
    """What lies in the window on each day on which a suit enters or leaves it.

    ``steps`` are the day, and the place of the first suit inside and of the first after it.
    """

    def __init__(self, claims: list[Claim], term: Term) -> None:
        self.claims = claims
        self.steps = list(rolling([c.filed_on for c in claims], term))
        self.amounts = list(accumulate((c.amount_fen for c in claims), initial=0))
        self.own = list(accumulate((not c.related for c in claims), initial=0))
        self.signs: dict[str, list[int]] = {
            sign: list(accumulate((sign in c.signs for c in claims), initial=0))
            for sign in sorted({sign for c in claims for sign in c.signs})
        }

    def signs_of(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(sign for sign, sums in self.signs.items() if sums[last] > sums[first])
