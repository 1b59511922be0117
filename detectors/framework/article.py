"""One row of a parameter: a value, the article it stands in, and from which day it is the law."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from detectors.framework.term import Term, decode_term


class Article(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row holds from ``in_force_from`` until the next row of the same region begins.

    A row without value says that from that day there is no such rule. Only under a ``legal`` row is
    lateness a fault; a ``product`` row is a setting of this product and is printed as such.
    """

    in_force_from: date
    basis: str
    verified: bool  #: whether the wording was read in a full text of the law
    value: Any = None
    kind: Literal["legal", "product"] = "legal"
    region: str = ""  #: prefix of the region code where it applies; empty: everywhere
    quote: str = ""
    note: str = ""  #: in English, and where there is none in Chinese in that language too
    note_zh: str = ""
    starts: str = ""  #: what the term runs from, where the law changed that
    article: str | tuple[str, ...] = ()  #: entries of articles.toml; the first gives the value
    extensions: tuple[Term, ...] = ()
    pauses: tuple[str, ...] = ()  #: grounds whose days are left out

    @property
    def articles(self) -> tuple[str, ...]:
        """Entries of ``articles.toml`` that the row rests on."""
        return (self.article,) if isinstance(self.article, str) else self.article


def read_rows(rows: object, place: str, mistakes: list[str]) -> tuple[Article, ...]:
    """Read the rows of one parameter, adding each mistake with its place."""
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        mistakes.append(
            f"{place}: one or more rows of {{value, in_force_from, basis, verified, kind}}"
        )
        return ()
    found: list[Article] = []
    for number, row in enumerate(rows):
        here = f"{place}[{number}]"
        try:
            article = msgspec.convert(row, Article, dec_hook=decode_term)
        except msgspec.ValidationError as error:
            mistakes.append(f"{here}: {error}")
            continue
        if not article.basis.strip():
            mistakes.append(f"{here}.basis: names the article, or says that there is none")
        if article.value is not None and "kind" not in row:
            mistakes.append(f'{here}.kind: a row with a value is kind = "legal" or "product"')
        if article.region and not article.region.isdigit():
            mistakes.append(
                f"{here}.region: {article.region!r} is no prefix of a region code (digits)"
            )
        earlier = [other for other in found if other.region == article.region]
        if earlier and earlier[-1].in_force_from >= article.in_force_from:
            mistakes.append(
                f"{here}.in_force_from: {article.in_force_from} does not follow "
                f"{earlier[-1].in_force_from}; rows stand in order of their first day"
            )
        found.append(article)
    return tuple(found)
