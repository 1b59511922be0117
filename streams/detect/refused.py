"""What detection could not do, for the quarantine: messages it cannot read, models that failed.

An entry names no value of a row: where a message does not decode, or where in a model's code it
failed and over which dossier. A model's exception may quote the row, so its text is left out.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from detectors.framework.effects import Failure
from streams.intake.quarantine import Quarantined
from streams.log.records import LogRecord

BAD_MESSAGE, MODEL_FAILED = "bad_message", "model_failed"

#: Stands where an entry of intake names its feed.
CHANGES = "changes"


def of_message(partition: int, record: LogRecord, why: str) -> Quarantined:
    """A message of the changes topic that was passed over."""
    return Quarantined(CHANGES, 0, partition, BAD_MESSAGE, record, detail=why)


def of_failure(partition: int, record: LogRecord, failure: Failure) -> Quarantined:
    """A model that failed on a dossier; what it had said of it before stands.

    The entry is named for model and subject: one tick may fail on many dossiers.
    """
    cause = LogRecord(record.offset, record.timestamp_ms, failure.subject.encode(), None)
    name = f"{failure.model}@{failure.subject}"
    return Quarantined(name, 0, partition, MODEL_FAILED, cause, detail=place_of(failure.error))


def place_of(error: BaseException) -> str:
    """Type of an exception and the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where
