"""An alert's life as it leaves the engine: statuses, transitions and what stands behind each."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

import msgspec

from schemas.change import Position


class Status(StrEnum):
    """Where an alert stands; the first two are the active set."""

    HOLDS = "holds"
    CURED = "cured"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def active(self) -> bool:
        return self in (Status.HOLDS, Status.CURED)


class Kind(StrEnum):
    """What happened to an alert."""

    RAISED = "RAISED"
    UPDATED = "UPDATED"
    CURED = "CURED"
    LAPSED = "LAPSED"
    WITHDRAWN = "WITHDRAWN"
    REOPENED = "REOPENED"
    SUPERSEDED = "SUPERSEDED"


class Reason(StrEnum):
    """Why an alert was withdrawn."""

    SOURCE = "SOURCE"
    EXEMPT = "EXEMPT"
    COVERAGE = "COVERAGE"
    DEADLINE_MOVED = "DEADLINE_MOVED"
    UNREADABLE = "UNREADABLE"
    RULES = "RULES"


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row that an alert rests on, with the fields that the card names."""

    kind: str
    feed: str
    key: str
    agency: str
    day: date
    position: Position | None = None
    fields: dict[str, object] = {}  #: identity numbers masked


class Basis(msgspec.Struct, frozen=True, omit_defaults=True):
    """The article in force on the day of the act, as the card has it."""

    parameter: str
    basis: str
    in_force_from: date
    verified: bool
    legal: bool
    value: str = ""
    quote: str = ""
    note: str = ""
    note_zh: str = ""


class Proof(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was looked for and not found, and over which days the source is complete."""

    kind: str
    asked_since: date
    asked_until: date
    which: dict[str, tuple[str, ...]] = {}
    feeds: tuple[str, ...] = ()
    complete_since: date | None = None
    complete_until: date | None = None


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """An alert in one language, in the order of its anatomy; every part is plain text."""

    title: str
    status: str = ""
    subject: str = ""
    facts: tuple[str, ...] = ()
    sum: str = ""
    law: tuple[str, ...] = ()
    looked_for: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    respond: str = ""
    evidence: tuple[str, ...] = ()
    footer: str = ""


class Cause(msgspec.Struct, frozen=True, omit_defaults=True):
    """The message that made the transition: its place in the log and, for a change, in its feed."""

    partition: int
    offset: int
    op: str
    feed: str = ""
    position: Position | None = None
    source_time_ms: int = 0


class Transition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step in the life of an alert; revision n of an alert has one content for ever."""

    version: int = 1
    alert: str
    revision: int
    kind: Kind
    status: Status
    reason: Reason | None = None
    excuse: str = ""
    superseded_by: str = ""
    replaces: str = ""
    model: str
    rule: str
    subject: str  #: token, never an identity number
    obligation: str
    stage: str = "breach"
    severity: str = "medium"
    agency: str = ""
    agency_name: str = ""
    region: str = ""
    office: str = ""  #: below the agency, whose act it was, where the deployment names its offices
    act: date | None = None
    amount_fen: int = 0
    facts: msgspec.Raw = msgspec.Raw(b"{}")
    basis: tuple[Basis, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_count: int = 0
    evidence_hash: str = ""
    looked_for: tuple[Proof, ...] = ()
    unconfirmed: bool = False
    provisional: bool = False
    party: str = ""  #: masked, for display
    party_plain: str = ""  #: only for a subscription with the right; delivery strips it otherwise
    former: tuple[str, ...] = ()  #: former numbers of the party under which evidence stands, masked
    texts: dict[str, Text] = {}
    rules_number: int = 0
    rules_hash: str = ""
    at_ms: int  #: Kafka timestamp of the cause
    raised_ms: int = 0  #: of the first revision
    cause: Cause
    previous: str = ""  #: digest of the revision before
    digest: str = ""


_decoder = msgspec.json.Decoder(Transition)
_encoder = msgspec.json.Encoder()


def decode_transition(data: bytes) -> Transition:
    """Decode one message of the alerts topic; raises ``msgspec.DecodeError``."""
    return _decoder.decode(data)


def encode_transition(transition: Transition) -> bytes:
    """Encode one message of the alerts topic."""
    return _encoder.encode(transition)


def public(transition: Transition) -> Transition:
    """What a subscriber without the right to plain numbers gets."""
    if not transition.party_plain:
        return transition
    return msgspec.structs.replace(transition, party_plain="")


def sealed(transition: Transition) -> Transition:
    """The transition with its digest: sha256 over the previous digest and everything it says.

    The plain number is left out, so that whoever gets the public form can check it too; the subject
    stands for it.
    """
    return msgspec.structs.replace(transition, digest=_digest(transition))


def chains(transition: Transition, previous: str) -> bool:
    """Whether the digest is right and follows ``previous`` (empty for the first revision)."""
    return transition.previous == previous and transition.digest == _digest(transition)


def _digest(transition: Transition) -> str:
    bare = msgspec.structs.replace(transition, digest="", party_plain="")
    return hashlib.sha256(bare.previous.encode() + b"\0" + _encoder.encode(bare)).hexdigest()


def alert_id(model: str, subject: str, obligation: str) -> str:
    """The identity of an alert: what it is about, never what was found."""
    return hashlib.sha256(f"{model}\0{subject}\0{obligation}".encode()).hexdigest()[:24]
