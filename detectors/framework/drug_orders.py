"""Drug orders: how long one is in force."""

from __future__ import annotations

from datetime import date

from detectors.framework.term import Term
from schemas import DrugOrder


def in_force_until(
    order: DrugOrder, community: Term | None, compulsory: Term | None, recovery: Term | None
) -> date | None:
    """The last day of an order: as it ended, as it names, or by the lawful length of its kind.

    Community treatment runs from reporting in: until then its end is not known. Isolation and
    recovery run from the decision.
    """
    if order.ended or order.until:
        return order.ended or order.until
    if order.kind == "community":
        start, term = order.reported_on, community
    else:
        start, term = order.decided_on, compulsory if order.kind == "compulsory" else recovery
    return term.after(start) if start and term else None
