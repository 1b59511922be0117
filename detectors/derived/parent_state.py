"""What keeps a parent from caring for a child: told to each child, in the parent's dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from detectors import Dossier, accepted_death, derivation
from schemas import Death, DrugOrder, Listing, ParentState, Record, Resident, Restraint, Source

#: kinds of restraint, and what they are called where a parent is meant
HELD = {
    "detention": "restrained",
    "arrest": "restrained",
    "compulsory_medical": "restrained",
    "prison": "imprisoned",
}
GRAVE = ("1", "2")  #: 重残: the two gravest of the four grades


@derivation(
    subject="person",
    reads=(Resident, Restraint, DrugOrder, Death, Listing),
    yields=(ParentState,),
)
def parent_state(dossier: Dossier) -> Iterator[Record]:
    """The register names a person's children: they are told what is known of the parent."""
    families = [row for row in dossier.of(Resident) if row.children]
    if not families:
        return
    states = list(_states(dossier))
    for family in families:
        for number, child in enumerate(family.children):
            for row, state, since, until in states:
                yield ParentState(
                    source=Source(
                        "",
                        f"{family.source.key}/{number}/{row.source.feed}/{row.source.key}",
                        family.source.agency,
                        family.region or family.source.region,
                    ),
                    parent=family.person,
                    parent_name=family.name,
                    child=child,
                    state=state,
                    since=since,
                    until=until,
                )


def _states(dossier: Dossier) -> Iterator[tuple[Record, str, date, date | None]]:
    death = accepted_death(dossier)
    if death is not None:
        yield death, "dead", death.died_on, None
    for held in dossier.of(Restraint, kind=tuple(HELD)):
        yield held, HELD[held.kind], held.since, held.until
    for order in dossier.of(DrugOrder, kind="compulsory"):
        if order.annulled_on is None:
            yield order, "compulsory_treatment", order.decided_on, order.ended or order.until
    for entry in dossier.of(Listing, list="残疾", grade=GRAVE):
        yield entry, "disabled", entry.since, entry.until
