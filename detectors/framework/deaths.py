"""Which entry of a death counts where several registers tell of one."""

from __future__ import annotations

from detectors.framework.dossier import Dossier
from schemas import Death
from schemas.people import DEATH_AUTHORITIES


def accepted_death(dossier: Dossier) -> Death | None:
    """The entry of the most reliable register that was not cancelled, and of two in that register
    the later death; None where nobody says that the person died."""
    return min(
        (death for death in dossier.of(Death) if not death.cancelled),
        key=lambda d: (DEATH_AUTHORITIES.index(d.authority), -d.died_on.toordinal()),
        default=None,
    )
