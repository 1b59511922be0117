"""Convictions of those who lead a company: told to the company, in the person's dossier."""

from __future__ import annotations

from collections.abc import Iterator

from detectors import Dossier, Spell, derivation, replaced
from schemas import Convict, Judgment, Post, Record, Source

LEADS = ("legal_rep",)


@derivation(subject="person", reads=(Judgment, Post), yields=(Convict,))
def convicts(dossier: Dossier) -> Iterator[Record]:
    """Whoever was found guilty led these companies while held, on trial or at the judgment.

    One that somebody else had led for years when the sentence began has nothing to do with it.
    """
    judgments = dossier.of(Judgment)
    overturned = replaced(judgments)
    for judgment in judgments:
        effective_on = judgment.effective_on
        if judgment.outcome != "guilty" or effective_on is None or judgment.case_no in overturned:
            continue
        if not dossier.is_subject(judgment.party):
            continue
        began = judgment.sentence_since or judgment.pronounced_on or effective_on
        trial = Spell(min(began, effective_on), effective_on)
        posts = dossier.of(Post, role=LEADS)
        led = {p.organisation: p for p in posts if Spell(p.since, p.until).meets(trial)}
        for organisation, post in led.items():
            yield Convict(
                source=Source(
                    "",
                    f"{judgment.source.key}/{organisation}",
                    judgment.source.agency,
                    judgment.source.region,
                ),
                judgment=judgment.case_no,
                organisation=organisation,
                person=judgment.party,
                person_name=judgment.name,
                charges=judgment.charges,
                effective_on=effective_on,
                role=post.role,
            )
