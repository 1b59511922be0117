"""Subjects: tokens for whom or what a record is about, so that no identity number is ever a key."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from functools import lru_cache

from schemas.conversions import text
from schemas.errors import RecordError
from schemas.identifiers import party_kind, resident_id
from schemas.record import Record

#: Kinds of subject whose values stand under a token.
HIDDEN = ("person", "pair")


class Tokens:
    """Makes subjects under a deployment's secret, which is fixed for the life of an application id.

    A person's subject is ``person:`` and 80 bits of HMAC-SHA256 over the number, and so is that of
    a pair of attributes, which may be telephones and names; other subjects are public names and
    stand in clear (``organisation:91…``, ``case:…``).
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.person = lru_cache(maxsize=200_000)(self._person)

    def _person(self, number: str) -> str:
        return hmac.new(self._secret, number.encode(), hashlib.sha256).hexdigest()[:20]

    def hidden(self, value: object) -> str:
        """A person's number under its token, anything else as it is."""
        plain = text(value)
        tight = "".join(plain.split()).upper()
        if len(tight) not in (15, 18) or party_kind(tight) != "person":
            return plain
        with suppress(RecordError):  # mistyped, it still is nobody else's business
            tight = resident_id(tight).number
        return self.person(tight)

    def subject(self, kind: str, value: str) -> str:
        """``kind:value`` with the value tokenised where it tells of persons."""
        if kind == "party":
            kind = party_kind(value)
        return f"{kind}:{self.person(value)}" if kind in HIDDEN else f"{kind}:{value}"

    def subjects(self, record: Record) -> tuple[str, ...]:
        """Everyone the row is routed to, in ascending order; empty when it names nobody usable."""
        found: set[str] = set()
        for kind, names in record.ROUTES.items():
            for name in names:
                value = getattr(record, name)
                if not value:
                    continue
                if isinstance(value, tuple):
                    found.update([self.subject(kind, one) for one in value if one])
                else:
                    found.add(self.subject(kind, value))
        return tuple(sorted(found))
