"""Derived rows of one dossier: what changed since they were last sent, as changes for others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

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
_NEVER: Mapping[str, int] = MappingProxyType({})
_NOTHING: Mapping[str, Made] = MappingProxyType({})
_NOBODY: frozenset[str] = frozenset()


def derive(
    name: str,
    subject: Subject,
    ruleset: RuleSet,
    tokens: Tokens,
    position: Position,
    last: dict[str, dict[str, int]],
    only: Iterable[Derivation] | None = None,
) -> list[Put | Remove]:
    """Run derivations of one dossier and return only what differs from what was sent.

    ``only``: those that read what has changed; None: all, and what is not derived any more is taken
    back. A dossier that passes its rows on to another number's derives nothing.

    The key of a derived row begins with its producing subject, so two producers can never meet in
    one row; its position is the producer's place in the log, which grows with every change of it.
    ``last`` remembers, by derivation and dossier, what was made of it last, as a hash of this
    process: most changes make the same again, and of the same nothing has to be written out to see
    that nothing differs.
    """
    now: dict[str, tuple[Record, ...]] = {}
    if only is None:
        now = dict.fromkeys(subject.made, ())
        only = () if subject.target else ruleset.derivations_of(subject.dossier.kind)
    for derivation in only:
        rows = tuple(derived(derivation, subject.dossier))
        if rows or derivation.name in subject.made:
            now[derivation.name] = rows
    hashes = {
        function: same
        for function, rows in sorted(now.items())
        if last.get(function, _NEVER).get(name) != (same := hash(rows))
    }
    if not hashes:
        return []
    sent: list[Put | Remove] = []
    made = dict(subject.made)
    for function in hashes:
        after = {row.made.key: row for row in _written(name, now[function], tokens)}
        sent += _news(made.pop(function, _NOTHING), after, position)
        if after:
            made[function] = {key: row.made for key, row in after.items()}
    subject.made = made
    for function, same in hashes.items():  # not before all could be written
        if function in made:
            last.setdefault(function, {})[name] = same
        elif function in last:
            last[function].pop(name, None)
    return sent


class _Written(NamedTuple):
    """A derived row, and what is remembered of it."""

    made: Made
    row: msgspec.Raw


def _written(name: str, records: Iterable[Record], tokens: Tokens) -> Iterator[_Written]:
    for record in records:
        kind, source = type(record).__name__, record.source
        source = msgspec.structs.replace(source, feed=f"derived:{kind}", key=f"{name}/{source.key}")
        encoded = _encode(msgspec.structs.replace(record, source=source))
        digest = hashlib.blake2b(encoded, digest_size=16).hexdigest()
        made = Made(kind, source.feed, source.key, tokens.subjects(record), digest)
        yield _Written(made, msgspec.Raw(encoded))


def _news(
    before: Mapping[str, Made], after: Mapping[str, _Written], position: Position
) -> Iterator[Put | Remove]:
    """What changed of the rows of one derivation, to be told to whom it concerns."""
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is not None:
            for target in old.subjects:
                if new is None or target not in new.made.subjects:
                    yield Remove(target, old.kind, old.feed, key, position)
        if new is not None:
            for target in new.made.subjects:
                if old is None or target not in old.subjects or old.digest != new.made.digest:
                    yield Put(target, new.made.kind, new.row, position)


def derived(derivation: Derivation, dossier: Dossier) -> Iterator[Record]:
    """What a derivation makes of a dossier; what sealed rows made of it is sealed as they are.

    The derivation runs once over what anybody may see, and once more for each set of permissions
    that unseals more. What a set adds, or tells otherwise, gets its permissions for its basis, so
    that no derivation can forget it; a row of the same key stays for those who may not see it. A
    row that sealed rows only make vanish stays for all.
    """
    bases = dossier.bases(derivation.reads)
    if not bases:
        yield from _declared(derivation, dossier, _NOBODY)
        return
    told: dict[tuple[str, str], list[tuple[frozenset[str], bytes]]] = {}
    for size in range(len(bases) + 1):
        for allowed in map(frozenset, combinations(bases, size)):
            for record in _declared(derivation, dossier, allowed):
                place, encoded = (type(record).__name__, record.source.key), _encode(record)
                before = [(of, row) for of, row in told.get(place, ()) if of <= allowed]
                most = max((len(of) for of, _ in before), default=0)
                # Who has these permissions sees the row that most of them unseal.
                if [row for of, row in before if len(of) == most] != [encoded]:
                    told.setdefault(place, []).append((allowed, encoded))
                    yield _sealed(record, allowed)


def _declared(
    derivation: Derivation, dossier: Dossier, allowed: frozenset[str]
) -> Iterator[Record]:
    """What it makes of what these permissions show."""
    for record in derivation.derive(dossier.shown_to(derivation.read, allowed)):
        if type(record) not in derivation.yields:
            raise CardError(
                f"{derivation.name} does not declare that it yields {type(record).__name__}"
            )
        yield record


def _sealed(record: Record, allowed: frozenset[str]) -> Record:
    """The record under these permissions, and under a key of its own beside the one for all."""
    if not allowed:
        return record
    basis = sealed_by(allowed | bases_of(record.sealed_basis))
    source = msgspec.structs.replace(record.source, key=f"{record.source.key}~{basis}")
    return msgspec.structs.replace(record, source=source, sealed_basis=basis)
