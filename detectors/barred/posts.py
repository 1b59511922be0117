"""What a person holds in a trade: posts, where several rows tell of one, and certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from detectors.barred.bans import Ban, Ground
from detectors.framework.grouped import by_number
from detectors.framework.spell import DAY, Spell
from schemas import Licence, Post, Record

#: A food licence that a person holds is a post of its own: the person runs the business.
OPERATOR = "operator"
SHAREHOLDER = "shareholder"

_SECTIONS = "ABCDEFGHIJKLMNOPQRST"  #: of the industries (GB/T 4754)


@dataclass(frozen=True, slots=True)
class Held:
    """A post or a certificate, from the first to the last day."""

    key: str
    role: str  #: of a certificate: its kind
    spell: Spell
    rows: tuple[Record, ...]
    agency: str
    region: str
    organisation: str = ""
    unit: str = ""  #: the organisation's name
    sectors: tuple[str, ...] = ()
    food: Spell | None = None  #: while the organisation has a food licence
    certificate: bool = False
    expired: bool = False

    @property
    def shareholder(self) -> bool:
        """To own a share is no post; it is told apart by an excuse."""
        return self.role == SHAREHOLDER

    def concerned(self, ban: Ban) -> bool:
        """Whether the ban could bar from it, whatever its ground."""
        if self.certificate:
            return self.role in ban.licences
        if self.outside(ban):
            return False
        return self.role in ban.roles or bool(ban.whole) or self._owned_under(ban)

    def outside(self, ban: Ban) -> bool:
        """Whether the organisation is in an industry that the ban leaves out, and in none beside
        it that the ban bars from: the whole of which that industry is a part says nothing."""
        left_out = [s for s in self.sectors if any(_alike(s, one) for one in ban.not_sectors)]
        return bool(left_out) and not any(
            any(_alike(sector, one) for one in ban.whole)
            for sector in self.sectors
            if sector not in (*left_out, *ban.whole)
            and not any(_alike(mine, sector) for mine in left_out)
        )

    def _owned_under(self, ban: Ban) -> bool:
        return self.shareholder and "legal_rep" in ban.roles

    def under(self, ban: Ban, ground: Ground) -> Spell | None:
        """The days of it that the ban can concern: all, or those with a food licence."""
        if self.certificate:  # which does not bar from itself
            own = self.rows[0] is ground.rows[0]
            return self.spell if self.role in ban.licences and not own else None
        if self.organisation == ground.organisation != "":
            return None
        if self.role not in ban.roles and not self._owned_under(ban):
            return self.spell if self._in(ban.whole) and not self.shareholder else None
        sectors = ground.sectors or ban.sectors  # a court names the trade itself
        if not sectors or self._in(sectors):
            return self.spell
        return self.spell.overlap(self.food) if self.food and "food" in sectors else None

    def _in(self, sectors: tuple[str, ...]) -> bool:
        return any(_alike(mine, one) for one in sectors for mine in self.sectors)


def held_posts(posts: Sequence[Post]) -> Iterator[Held]:
    """The posts of a person, those of one organisation and role that meet joined into one.

    Two registers may tell of one post, and a term of office that is renewed is one time in office.
    """
    groups: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        groups.setdefault((post.organisation, post.role), []).append(post)
    for rows in groups.values():
        run = [rows[0]]
        until = rows[0].until
        for row in rows[1:]:
            if until is not None and row.since > until + DAY:
                yield _post(run)
                run, until = [], row.until
            run.append(row)
            until = None if until is None or row.until is None else max(until, row.until)
        yield _post(run)


def held_licences(licences: Iterable[Licence]) -> Iterator[Held]:
    """Certificates of a trade; a food licence of a person is a post as its operator."""
    for row in by_number(licences, "licence_no"):
        until = min((day for day in (row.ended_on, row.valid_until) if day), default=None)
        food = row.kind == "food"
        yield Held(
            key=row.source.key,
            role=OPERATOR if food else row.kind,
            spell=Spell(row.issued_on, until),
            rows=(row,),
            agency=row.source.agency,
            region=row.source.region,
            food=Spell(row.issued_on, until) if food else None,
            certificate=not food,
            expired=row.end_kind == "expired" or until != row.ended_on,
        )


def _post(rows: Sequence[Post]) -> Held:
    first, last = rows[0], rows[-1]
    ends = [row.until for row in rows]
    foods = [row.food_since for row in rows if row.food_since]
    food_ends = [row.food_until for row in rows if row.food_since]
    return Held(
        key=first.source.key,
        role=first.role,
        spell=Spell(first.since, None if None in ends else max(end for end in ends if end)),
        rows=tuple(rows),
        agency=last.agency or last.source.agency,
        region=last.source.region,
        organisation=first.organisation,
        unit=last.organisation_name,
        sectors=tuple(dict.fromkeys(sector for row in rows for sector in row.sectors)),
        food=Spell(min(foods), None if None in food_ends else max(d for d in food_ends if d))
        if foods
        else None,
    )


def _alike(mine: str, named: str) -> bool:
    """Whether an industry is, or lies in, the one named; letters before the number say nothing."""
    number = named.lstrip(_SECTIONS)
    if not number:  # a whole section, by its letter
        return mine.startswith(named)
    return mine.lstrip(_SECTIONS).startswith(number)
