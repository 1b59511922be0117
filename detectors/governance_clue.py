"""类案: so many active clues of one kind against one agency that one suggestion covers them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from detectors import Context, Dossier, Finding, Spell, Term, detector, latch, standing, window
from schemas import ClueCount

#: Ids of member alerts among the facts, the latest; all of them are evidence.
SHOWN = 20


class ClueTerms(msgspec.Struct, frozen=True):
    enter: int
    counted_within: Term


class Share(msgspec.Struct, frozen=True):
    office: str
    clues: int
    amount_fen: int


class ManyAlike(msgspec.Struct, frozen=True):
    model: str
    rule_no: str
    clues: int
    amount_fen: int | None  #: None: this kind of clue has no amounts
    first: date
    last: date
    since: date
    enter: int
    counted_within: str
    members: tuple[str, ...]
    others: int | None
    offices: tuple[Share, ...]


@detector(
    "类案",
    subject="agency",
    reads=(ClueCount,),
    needs=(ClueCount,),
    terms=ClueTerms,
    on_tick=True,
)
def governance_clue(dossier: Dossier, context: Context[ClueTerms]) -> Iterator[Finding]:
    """Acts of one kind lie closer together than single failures would.

    Looked at on ticks: however many clues come between two of them, one revision tells it.
    """
    kinds: dict[tuple[str, str], list[ClueCount]] = {}
    for row in dossier.of(ClueCount):
        kinds.setdefault((row.model, row.rule), []).append(row)
    for (model, rule), rows in kinds.items():
        law = context.law(rows[-1].act)
        days = [row.act for row in rows]
        spells = latch(window(days, law.counted_within), law.enter, law.enter / 2)
        if not spells:
            continue
        spell = spells[-1]
        members = _within(rows, spell, law.counted_within)
        amount_fen = sum(row.amount_fen for row in members)
        regions = {row.region for row in members}
        yield Finding(
            rule="many_alike",
            obligation=f"{model}/{rule}",
            outcome=standing(context, spell),
            act=spell.since,
            basis=("enter", "counted_within"),
            facts=ManyAlike(
                model=model,
                rule_no=rule,
                clues=len(members),
                amount_fen=amount_fen or None,
                first=members[0].act,
                last=members[-1].act,
                since=spell.since,
                enter=law.enter,
                counted_within=law.counted_within.text,
                members=tuple(row.alert for row in members[-SHOWN:]),
                others=max(len(members) - SHOWN, 0) or None,
                offices=_shares(members),
            ),
            evidence=tuple(members),
            agency=dossier.key,
            region=regions.pop() if len(regions) == 1 else "",
            amount_fen=amount_fen,
        )


def _within(rows: Sequence[ClueCount], spell: Spell, term: Term) -> list[ClueCount]:
    """Those that the spell rests on: counted on its first day, or come in it."""
    return [
        row
        for row in rows
        if term.after(row.act) > spell.since and (spell.until is None or row.act <= spell.until)
    ]


def _shares(rows: Sequence[ClueCount]) -> tuple[Share, ...]:
    """How many fall to each office below, the most first; empty where none is known."""
    found: dict[str, list[ClueCount]] = {}
    for row in rows:
        if row.sub_agency:
            found.setdefault(row.sub_agency, []).append(row)
    shares = [
        Share(office, len(own), sum(row.amount_fen for row in own)) for office, own in found.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.clues, share.office)))
