"""What follows from a message, or from one slice of one: to be sent, then stored, in this order."""

from __future__ import annotations

import traceback
from pathlib import Path

from detectors.framework.state import Head
from schemas.alert import Transition
from schemas.change import Forward, Put, Remove

MODEL_FAILED = "model_failed"
DOSSIER_TOO_BIG = "dossier_too_big"
PASSED_ON_TOO_OFTEN = "passed_on_too_often"


class Failure:
    """What could not be done over a dossier, so that somebody must look.

    A model raised: its alerts stay as they were. Or a limit was reached: the dossier has more rows
    than the model takes on, or rows went from number to number too often. ``again``: the same was
    said before of this dossier, and has not been otherwise since.
    """

    __slots__ = ("again", "error", "model", "reason", "subject")

    def __init__(
        self,
        model: str,
        subject: str,
        error: Exception,
        reason: str = MODEL_FAILED,
        *,
        again: bool = False,
    ) -> None:
        self.model, self.subject, self.error = model, subject, error
        self.reason, self.again = reason, again

    @property
    def place(self) -> str:
        """The kind of error and the line that raised it; an exception's text may quote a row."""
        frames = traceback.extract_tb(self.error.__traceback__)
        where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        return type(self.error).__name__ + where

    def __repr__(self) -> str:
        return f"Failure({self.model}, {self.subject}, {self.reason}, {type(self.error).__name__})"


class Effects:
    """Transitions for the alerts topic, derived rows for the changes topic, state to write.

    ``head`` is the position that is applied once the state is written; every state batch ends with
    the head of its last effect.
    """

    __slots__ = ("derived", "failures", "head", "offset", "transitions", "writes")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.transitions: list[Transition] = []
        self.derived: list[Put | Remove | Forward] = []
        self.writes: list[tuple[bytes, bytes]] = []
        self.failures: list[Failure] = []
        self.head = Head(offset)
