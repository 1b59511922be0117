"""Derived rows of one dossier: what changed since they were last sent, as changes for others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.registry import Derivation
from detectors.framework.remembered import Made, Subject
from detectors.framework.ruleset import RuleSet
from schemas.change import Position, Put, Remove
from schemas.errors import CardError
from schemas.record import Record, bases_of, sealed_by
from schemas.subject import Tokens

_encode = msgspec.json.Encoder().encode


def derive(
    name: str,
    subject: Subject,
    ruleset: RuleSet,
    tokens: Tokens,
    partition: int,
    offset: int,
    last: dict[str, int],
) -> list[Put | Remove]:
    """Run the derivations of one dossier and return only what differs from what was sent.

    The key of a derived row begins with its producing subject, so two producers can never meet in
    one row; its position is the producer's place in the log, which grows with every change of it.
    A dossier that passes its rows on to another number's derives nothing. ``last`` remembers by
    dossier what was made of it last, as a hash of this process: most changes make the same again,
    and of the same nothing has to be written out to see that nothing differs.
    """
    about = "" if subject.target else subject.dossier.kind
    made_now = [
        (derivation.name, record)
        for derivation in ruleset.derivations_of(about)
        for record in derived(derivation, subject.dossier)
    ]
    same = hash(tuple(made_now))
    if last.get(name) == same:
        return []
    position = Position(0, partition, offset)
    sent: list[Put | Remove] = []
    now: dict[str, dict[str, Made]] = {}
    rows: dict[tuple[str, str], bytes] = {}
    for function, record in made_now:
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
        now.setdefault(function, {})[source.key] = made
        rows[function, source.key] = encoded
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
    subject.made, last[name] = now, same
    return sent


def derived(derivation: Derivation, dossier: Dossier) -> Iterator[Record]:
    """What a derivation makes of a dossier; what sealed rows made of it is sealed as they are.

    The derivation runs once over what anybody may see, and once more for each set of permissions
    that unseals more. What a set adds, or tells otherwise, gets its permissions for its basis, so
    that no derivation can forget it; a row of the same key stays for those who may not see it. A
    row that sealed rows only make vanish stays for all.
    """
    reads = frozenset(derivation.reads)
    bases = dossier.bases(derivation.reads)
    told: dict[tuple[str, str], list[tuple[frozenset[str], bytes]]] = {}
    for size in range(len(bases) + 1):
        for allowed in map(frozenset, combinations(bases, size)):
            for record in derivation.derive(dossier.shown_to(reads, allowed)):
                if type(record) not in derivation.yields:
                    raise CardError(
                        f"{derivation.name} does not declare that it yields {type(record).__name__}"
                    )
                if not bases:
                    yield record
                    continue
                place, encoded = (type(record).__name__, record.source.key), _encode(record)
                before = [(of, row) for of, row in told.get(place, ()) if of <= allowed]
                most = max((len(of) for of, _ in before), default=0)
                # Who has these permissions sees the row that most of them unseal.
                if [row for of, row in before if len(of) == most] != [encoded]:
                    told.setdefault(place, []).append((allowed, encoded))
                    yield _sealed(record, allowed)


def _sealed(record: Record, allowed: frozenset[str]) -> Record:
    """The record under these permissions, and under a key of its own beside the one for all."""
    if not allowed:
        return record
    basis = sealed_by(allowed | bases_of(record.sealed_basis))
    source = msgspec.structs.replace(record.source, key=f"{record.source.key}~{basis}")
    return msgspec.structs.replace(record, source=source, sealed_basis=basis)
