"""What the dossier of a replaced number tells the dossier of the number that took its place."""

from __future__ import annotations

from collections.abc import Mapping

from detectors.framework.effects import PASSED_ON_TOO_OFTEN, Failure
from detectors.framework.looking import Moment
from detectors.framework.merged import HOPS, Place, goes_on, gone, hops_of, parted, passed_on
from detectors.framework.remembered import Subject
from detectors.framework.row import GONE, Row
from schemas.change import Forward, Forwarded
from schemas.errors import LimitError

#: Rows in one message: so that the other dossier is looked at once, and no message is too big.
ROWS_AT_MOST = 500

#: Names this step among what may go wrong over a dossier.
IDENTITY = "identity"


def pass_on(
    name: str,
    subject: Subject,
    before: Mapping[Place, Row | None],
    moment: Moment,
    *,
    renamed: bool = False,
) -> None:
    """Tell how rows stand now that stood otherwise before; nothing where that is as it was.

    ``renamed``: the dossier goes by other former numbers now.
    """
    items: list[Forwarded] = []
    too_often = 0
    for place, old in before.items():
        row = subject.row(*place)
        if row == old:
            continue
        if goes_on(row):
            items.append(passed_on(place, row))
        elif goes_on(old):
            items.append(gone(place, row))
        too_often += row is not None and row.state != GONE and hops_of(row) >= HOPS
    if items or renamed:
        _tell(name, subject, (name, *subject.merge().senders()), items, moment)
    if too_often:
        error = LimitError(f"{too_often} rows came through {HOPS} numbers and go no further")
        moment.effects.failures.append(Failure(IDENTITY, name, error, PASSED_ON_TOO_OFTEN))


def pass_everything_on(name: str, subject: Subject, moment: Moment) -> None:
    """Tell all that stands here: from now on the other number's dossier is the one that counts."""
    pass_on(name, subject, dict.fromkeys(subject.places()), moment, renamed=True)


def take_everything_back(name: str, subject: Subject, moment: Moment) -> None:
    """Tell that nothing is passed on any more."""
    rows = ((place, subject.row(*place)) for place in subject.places())
    items = [gone(place, row) for place, row in rows if goes_on(row)]
    _tell(name, subject, (), items, moment)


def _tell(
    name: str,
    subject: Subject,
    former: tuple[str, ...],
    items: list[Forwarded],
    moment: Moment,
) -> None:
    at = moment.effects.offset
    for part in parted(items, ROWS_AT_MOST):
        moment.effects.derived.append(Forward(subject.target, name, at, former, part))
