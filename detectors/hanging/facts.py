"""What the alerts of cases left hanging say: dates, terms and who did what."""

from __future__ import annotations

from datetime import date

import msgspec

from detectors import Deadline, Granted


class MeasureFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    measure_no: str
    organ: str | None
    deadline: Deadline
    notice: str | None
    done_on: date | None
    done_by: str | None


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    charge: str | None
    filed_on: date
    economic: bool
    deadline: Deadline
    done_on: date | None


class AfterFacts(CaseFacts, frozen=True, kw_only=True):
    measure: str
    measure_since: date
    returned_on: date | None


class FollowUpFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    decided_on: date
    charges: tuple[str, ...]
    deadline: Deadline
    done_on: date | None


class StallFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    ordered_on: date
    charge: str | None
    deadline: Deadline
    done_on: date | None


class RequestFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    measure_no: str
    deadline: Deadline
    granted: tuple[Granted, ...]
    grounds: tuple[str, ...]
    requested_on: date
    days: int
