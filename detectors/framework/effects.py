"""What follows from a message, or from one slice of one: to be sent, then stored, in this order."""

from __future__ import annotations

from detectors.framework.state import Head
from schemas.alert import Transition
from schemas.change import Put, Remove


class Failure:
    """A model that raised over a dossier: its alerts stay as they were, and somebody must look."""

    __slots__ = ("error", "model", "subject")

    def __init__(self, model: str, subject: str, error: Exception) -> None:
        self.model, self.subject, self.error = model, subject, error

    def __repr__(self) -> str:
        return f"Failure({self.model}, {self.subject}, {type(self.error).__name__})"


class Effects:
    """Transitions for the alerts topic, derived rows for the changes topic, state to write.

    ``head`` is the position that is applied once the state is written; every state batch ends with
    the head of its last effect.
    """

    __slots__ = ("derived", "failures", "head", "offset", "transitions", "writes")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.transitions: list[Transition] = []
        self.derived: list[Put | Remove] = []
        self.writes: list[tuple[bytes, bytes]] = []
        self.failures: list[Failure] = []
        self.head = Head(offset)
