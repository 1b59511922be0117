"""The signals of a sham: each is a function of a cluster's window, with its points in the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from detectors.framework.term import Term
from detectors.sham.cluster import Cluster


class SignalTerms(msgspec.Struct, frozen=True):
    """What the card says of the signals; a model that scores has these among its parameters."""

    points: dict[str, int]
    most: float  #: nearly all: this share of the suits
    some: float  #: a good part
    sums: int  #: a few different sums
    spread: float  #: sums that lie so close together, above and below their middle
    distress: Term  #: so near to the suits


class Signal(msgspec.Struct, frozen=True):
    """A fact: a signal that is on, what was counted of how many suits, and its points."""

    signal: str
    found: int
    suits: int
    points: int


Judge = Callable[[Cluster, SignalTerms], int]
"""How many suits, or events, show the signal; 0 where they are too few."""


def same_agent(cluster: Cluster, law: SignalTerms) -> int:
    """One agent, no lawyer, acts for nearly all plaintiffs."""
    return _share(cluster, cluster.agent()[1], law.most)


def amounts(cluster: Cluster, law: SignalTerms) -> int:
    """The sums are a few only, or lie close together."""
    number, different, least, greatest = cluster.amounts()
    alike = different <= law.sums or greatest - least <= law.spread * (greatest + least)
    return _share(cluster, number if alike else 0, law.most)


def quick(cluster: Cluster, law: SignalTerms) -> int:
    """Nearly all are settled before the court within days of filing."""
    return _share(cluster, cluster.marked("quick"), law.most)


def no_defence(cluster: Cluster, law: SignalTerms) -> int:
    """In nearly all the defendant does not appear."""
    return _share(cluster, cluster.marked("absent"), law.most)


def insolvent(cluster: Cluster, law: SignalTerms) -> int:
    """Others enforce against the defendant, or it goes bankrupt: they would have to share."""
    return cluster.distress(law.distress)


def uninsured(cluster: Cluster, law: SignalTerms) -> int:
    """Nearly all sue for wages and were never insured by the defendant."""
    known = cluster.insurance_known()
    return _share(cluster, cluster.marked("uninsured") if known else 0, law.most)


def unlikely(cluster: Cluster, law: SignalTerms) -> int:
    """A good part are too young, gravely disabled, or insured by another employer."""
    return _share(cluster, cluster.marked("unlikely"), law.some)


def blacklisted(cluster: Cluster, law: SignalTerms) -> int:
    """An agent of former shams acts in them."""
    return cluster.marked("blacklisted")


SIGNALS: Mapping[str, Judge] = {
    function.__name__: function
    for function in (
        same_agent,
        amounts,
        quick,
        no_defence,
        insolvent,
        uninsured,
        unlikely,
        blacklisted,
    )
}


def signals_of(cluster: Cluster, law: SignalTerms) -> tuple[Signal, ...]:
    """The signals that are on in the window; one without points in the card is off."""
    counted = ((name, SIGNALS[name](cluster, law)) for name in SIGNALS if name in law.points)
    return tuple(
        Signal(name, found, len(cluster), law.points[name]) for name, found in counted if found
    )


def _share(cluster: Cluster, number: int, share: float) -> int:
    return number if number >= share * len(cluster) else 0
