"""Community correction (司法行政, 监狱): sentences served outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type

#: 管制, 缓刑, 假释, 暂予监外执行.
CORRECTIONS = ("control", "probation", "parole", "temporary_release")

#: Why it ended. ``revoked``: 撤销缓刑、假释; ``recalled``: 收监; ``fraud``: the temporary release
#: had been got by fraud; ``escaped``: 脱逃. The time of the last two is not time served.
CORRECTION_ENDS = (
    "completed",
    "revoked",
    "recalled",
    "fraud",
    "escaped",
    "pardoned",
    "died",
    "transferred",
)


@record_type
class CorrectionSpell(Record, frozen=True, kw_only=True):
    """One person's time under supervision, from entry (入矫) to the end of the term (期满).

    ``effective_on`` is the day on which the judgment or decision behind it took effect.
    """

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("file_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": CORRECTIONS,
        "end_reason": CORRECTION_ENDS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    file_no: str
    case_no: str = ""
    person: str
    kind: str
    effective_on: date | None = None
    place: str = ""
    since: date
    until: date | None = None
    end_reason: str = ""
    name: str = ""
