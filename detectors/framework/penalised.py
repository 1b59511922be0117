"""A party's penalties, found by number or by the charge that the act may fall under."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from detectors.framework.grouped import grouped
from schemas import Penalty
from schemas.penalties import CAUSES


class Penalties:
    """A party's penalties by number, and by the charge that the act may fall under: no number
    links a penalty to a criminal case. Annulled ones punish nothing."""

    def __init__(self, penalties: Sequence[Penalty]) -> None:
        self._numbered = grouped(penalties, "decision_no")
        self._found: dict[tuple[str, str], list[Penalty]] = {}
        for penalty in penalties:
            for charge in () if penalty.annulled_on else CAUSES.get(penalty.cause, ()):
                for agency in {"", penalty.agency}:
                    self._found.setdefault((agency, charge), []).append(penalty)

    def numbered(self, number: str) -> tuple[Penalty, ...]:
        return self._numbered.get(number, ()) if number else ()

    def by(self, agency: str, charges: Iterable[str], since: date) -> Iterator[Penalty]:
        """For each charge the first on or after a day; any agency's if none is named."""
        for charge in charges:
            found = self._found.get((agency, charge), [])
            place = bisect_left(found, since, key=lambda penalty: penalty.decided_on)
            yield from found[place : place + 1]
