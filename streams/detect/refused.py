"""What detection could not do, for the quarantine: messages it cannot read, models that failed.

An entry names no value of a row: where a message does not decode, or where in a model's code it
failed and over which dossier. A model's exception may quote the row, so its text is left out.
"""

from __future__ import annotations

from detectors.framework.effects import MODEL_FAILED, Failure
from streams.intake.quarantine import Quarantined
from streams.log.records import LogRecord

BAD_MESSAGE = "bad_message"

#: Stands where an entry of intake names its feed.
CHANGES = "changes"


def of_message(partition: int, record: LogRecord, why: str) -> Quarantined:
    """A message of the changes topic that was passed over."""
    return Quarantined(CHANGES, 0, partition, BAD_MESSAGE, record, detail=why)


def of_failure(partition: int, record: LogRecord, failure: Failure) -> Quarantined:
    """What could not be done over a dossier; what was said of it before stands.

    The entry is named for model and subject: one tick may fail on many dossiers.
    """
    cause = LogRecord(record.offset, record.timestamp_ms, failure.subject.encode(), None)
    name = f"{failure.model}@{failure.subject}"
    detail = failure.place if failure.reason == MODEL_FAILED else str(failure.error)
    return Quarantined(name, 0, partition, failure.reason, cause, detail=detail)
