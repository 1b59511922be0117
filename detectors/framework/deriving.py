"""Derived rows of one dossier: what changed since they were last sent, as changes for others."""

from __future__ import annotations

import hashlib

import msgspec

from detectors.framework.ruleset import RuleSet
from detectors.framework.state import Made, Subject
from schemas.change import Position, Put, Remove
from schemas.errors import CardError
from schemas.subject import Tokens

_encode = msgspec.json.Encoder().encode


def derive(
    name: str, subject: Subject, ruleset: RuleSet, tokens: Tokens, partition: int, offset: int
) -> list[Put | Remove]:
    """Run the derivations of one dossier and return only what differs from what was sent.

    The key of a derived row begins with its producing subject, so two producers can never meet in
    one row; its position is the producer's place in the log, which grows with every change of it.
    """
    position = Position(0, partition, offset)
    sent: list[Put | Remove] = []
    now: dict[str, dict[str, Made]] = {}
    rows: dict[tuple[str, str], bytes] = {}
    for derivation in ruleset.derivations_of(subject.dossier.kind):
        reads = frozenset(derivation.reads)
        for record in derivation.derive(
            subject.dossier.shown_to(reads, _every_permission(subject))
        ):
            if type(record) not in derivation.yields:
                raise CardError(
                    f"{derivation.name} does not declare that it yields {type(record).__name__}"
                )
            kind = type(record).__name__
            source = msgspec.structs.replace(
                record.source, feed=f"derived:{kind}", key=f"{name}/{record.source.key}"
            )
            encoded = _encode(msgspec.structs.replace(record, source=source))
            made = Made(
                kind,
                source.feed,
                source.key,
                tokens.subjects(record),
                hashlib.blake2b(encoded, digest_size=16).hexdigest(),
            )
            now.setdefault(derivation.name, {})[source.key] = made
            rows[derivation.name, source.key] = encoded
    for function in sorted({*now, *subject.made}):
        before, after = subject.made.get(function, {}), now.get(function, {})
        for key in sorted({*before, *after}):
            old, new = before.get(key), after.get(key)
            if old is not None:
                for target in old.subjects:
                    if new is None or target not in new.subjects:
                        sent.append(Remove(target, old.kind, old.feed, key, position))
            if new is not None:
                for target in new.subjects:
                    if old is None or target not in old.subjects or old.digest != new.digest:
                        row = msgspec.Raw(rows[function, key])
                        sent.append(Put(target, new.kind, row, position))
    subject.made = now
    return sent


def _every_permission(subject: Subject) -> frozenset[str]:
    """A derivation reads sealed rows too: what it makes of them carries their basis on."""
    return frozenset(row.sealed_basis for row in subject.dossier.all() if row.sealed_basis)
