"""What happens in the agencies' databases while everybody watches: SQL, and what must follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from schemas.alert import Kind, Reason
from schemas.errors import SettingsError

if TYPE_CHECKING:
    import psycopg

#: The day of the story at its beginning, and when the driver's case is looked at again.
FIRST_DAY, LATER_DAY = date(2026, 1, 20), date(2026, 4, 1)

#: Whose lives are played and whose feeds are captured: the story is about two of these.
MODELS = ("D01", "D02", "D03", "D11")

#: The feed whose rows leave it when their publication ends.
PUBLISHED = "market-penalty"

Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the district to whom nothing has happened."""

    number: str
    name: str
    paper: str  #: number of the pension or of the licence


@dataclass(frozen=True, slots=True)
class Follows:
    """A transition that must follow a step."""

    model: str
    rule: str
    person: Person
    kind: Kind
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction, and what follows from it."""

    title: str
    statements: tuple[tuple[str, Values], ...]
    follows: tuple[Follows, ...] = ()
    day: date | None = None  #: the clock's day from here on


_PENSIONERS = """
SELECT sfzh, xm, dybh FROM hrss.yl_dy AS d
WHERE xzlb = '110' AND dytzrq IS NULL
  AND EXISTS (SELECT FROM hrss.yl_ff WHERE dybh = d.dybh AND ssny = '202512')
  AND NOT EXISTS (SELECT FROM police.hj_swzx WHERE gmsfhm = d.sfzh)
  AND NOT EXISTS (SELECT FROM health.sw_zm WHERE sfzh = d.sfzh)
  AND NOT EXISTS (SELECT FROM civil.hh_jl WHERE szsfzh = d.sfzh)
  AND NOT EXISTS (SELECT FROM civil.sh_dy WHERE sfzh = d.sfzh)
  AND NOT EXISTS (SELECT FROM police.zf_qzcs WHERE gmsfhm = d.sfzh)
ORDER BY dybh LIMIT 3
"""

_DRIVERS = """
SELECT gmsfhm, xm, dabh FROM traffic.jg_jsz AS d
WHERE zt = 'A' AND clrq < '2024-01-01'
  AND NOT EXISTS (SELECT FROM traffic.jg_jjjc WHERE gmsfhm = d.gmsfhm)
  AND NOT EXISTS (SELECT FROM police.jd_jdjl WHERE gmsfhm = d.gmsfhm)
  AND NOT EXISTS (SELECT FROM transport.cy_zg WHERE sfzh = d.gmsfhm)
ORDER BY dabh LIMIT 1
"""


def cast(connection: psycopg.Connection) -> tuple[Person, Person, Person, Person]:
    """Three pensioners and a driver."""
    pensioners = [Person(*row) for row in connection.execute(_PENSIONERS)]
    drivers = [Person(*row) for row in connection.execute(_DRIVERS)]
    connection.commit()
    if len(pensioners) < 3 or not drivers:
        raise SettingsError("too few people for the story: --people 500 or more")
    return pensioners[0], pensioners[1], pensioners[2], drivers[0]


def story(
    first: Person, second: Person, third: Person, driver: Person, ended: Sequence[str]
) -> list[Step]:
    """The steps, in order; ``ended``: decisions whose publication comes to its end."""

    def paid(person: Person, kind: Kind, reason: Reason | None = None) -> Follows:
        return Follows("D01", "paid_after_death", person, kind, reason)

    def kept(kind: Kind) -> Follows:
        return Follows("D11", "drunk_not_revoked", driver, kind)

    insert_death = (
        "INSERT INTO police.hj_swzx (zxbh, gmsfhm, xm, swrq, swyy, cxbz, djsj)\n"
        "VALUES (%s, %s, %s, %s, '疾病', '0', %s)"
    )
    wrong_death = ("ZX-CDC-2", second.number, third.name, "20250910", "2026-01-19 16:20:00")
    return [
        Step(
            "The police register a death. Nobody was paid too long yet: nothing to say",
            (
                (
                    insert_death,
                    ("ZX-CDC-1", first.number, first.name, "20251220", "2025-12-23 09:00:00"),
                ),
            ),
        ),
        Step(
            "The pension of the month after is paid all the same",
            (
                (
                    "INSERT INTO hrss.yl_ff (ffxh, dybh, sfzh, xzlb, ssny, ffrq, ffje)\n"
                    "VALUES (%s, %s, %s, '110', '202601', '2026-01-15', 3180.40)",
                    (f"{first.paper}-202601", first.paper, first.number),
                ),
            ),
            (paid(first, Kind.RAISED),),
        ),
        Step(
            "The entry of the death was a mistake and is cancelled",
            (("UPDATE police.hj_swzx SET cxbz = '1' WHERE zxbh = %s", ("ZX-CDC-1",)),),
            (paid(first, Kind.WITHDRAWN, Reason.SOURCE),),
        ),
        Step(
            "A death of September is entered late, under the number of somebody who lives",
            ((insert_death, wrong_death),),
            (paid(second, Kind.RAISED),),
        ),
        Step(
            "The wrong number is put right: withdrawn at one person, raised at the other",
            (
                (
                    "UPDATE police.hj_swzx SET gmsfhm = %s WHERE zxbh = %s",
                    (third.number, "ZX-CDC-2"),
                ),
            ),
            (paid(second, Kind.WITHDRAWN, Reason.SOURCE), paid(third, Kind.RAISED)),
        ),
        Step(
            "The entry is deleted",
            (("DELETE FROM police.hj_swzx WHERE zxbh = %s", ("ZX-CDC-2",)),),
            (paid(third, Kind.WITHDRAWN, Reason.SOURCE),),
        ),
        Step(
            "Another deletion: a penalty's publication ends, its decision stands",
            tuple(("DELETE FROM market.xzcf WHERE cf_wsh = %s", (one,)) for one in ended[:1]),
        ),
        Step(
            "A driver is stopped with 168 mg. The licence may still be revoked in time",
            (
                (
                    "INSERT INTO traffic.jg_jjjc"
                    " (jcbh, gmsfhm, xm, jcsj, jjhl, cllx, yyfl, sgzz, zsty, clrq)\n"
                    "VALUES (%s, %s, %s, '2026-01-16 21:40:00', 168, '1', '0', '0', '0', "
                    "'2026-01-16')",
                    ("JC-CDC-1", driver.number, driver.name),
                ),
            ),
        ),
        Step(
            "Ten weeks later the register of licences is complete, and nothing was entered",
            (
                (
                    "UPDATE traffic.jg_jsz_coverage SET complete_until = %s WHERE id = 1",
                    ("2026-03-31",),
                ),
            ),
            (kept(Kind.RAISED),),
            day=LATER_DAY,
        ),
        Step(
            "The licence is revoked, late",
            (
                (
                    "UPDATE traffic.jg_jsz SET zt = 'B', ztrq = '2026-04-01' WHERE dabh = %s",
                    (driver.paper,),
                ),
            ),
            (kept(Kind.CURED),),
        ),
    ]
