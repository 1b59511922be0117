"""Community correction (司法行政, 监狱): sentences served outside, and what happens meanwhile."""

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

#: ``lost`` is 脱管 and ``found`` its end; ``leave`` 请假外出; ``transfer`` 执行地变更;
#: ``proposal_`` 提请撤销、收监、逮捕.
CORRECTION_EVENTS = (
    "notice_received",
    "papers_received",
    "reported",
    "admonition",
    "warning",
    "lost",
    "found",
    "leave",
    "hospital",
    "transfer",
    "told_of_detention",
    "proposal_revoke",
    "proposal_recall",
    "proposal_arrest",
    "closed",
)

_TO_PERSON: dict[str, tuple[str, ...]] = {"person": ("person",)}


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
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

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


@record_type
class CorrectionEvent(Record, frozen=True, kw_only=True):
    """Something that happened under supervision; ``told_on``: the day the office learnt of it."""

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("file_no", "kind", "on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": CORRECTION_EVENTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

    file_no: str
    case_no: str = ""
    person: str
    kind: str
    on: date
    until: date | None = None
    told_on: date | None = None
    reason: str = ""
    name: str = ""
