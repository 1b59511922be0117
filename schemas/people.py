"""People (公安户籍, 民政, 卫健, 残联): deaths, residents, second numbers, lists of the needy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import REGION
from schemas.identifiers import birth_date
from schemas.record import Record, record_type

#: Registers that record a death, in the order in which a model believes them.
DEATH_AUTHORITIES = ("police", "health", "cremation", "civil_affairs")

#: A number was given anew, was wrong, or was given to one person twice.
IDENTITY_REASONS = ("reissued", "corrected", "duplicate")

#: Lists of people; ``known_card``: social security cards found in the hands of a card harvester.
LISTS = (
    "低保",
    "低保边缘",
    "刚性支出困难",
    "特困",
    "残疾",
    "孤儿",
    "事实无人抚养",
    "困境儿童",
    "known_card",
)

SEXES = ("0", "1", "2", "9")  #: GB/T 2261.1: unknown, male, female, not stated


@record_type
class Death(Record, frozen=True, kw_only=True):
    """A death as one register has it; a cancelled entry stays, marked, and proves no death."""

    DAY: ClassVar[str] = "died_on"
    KEY: ClassVar[tuple[str, ...]] = ("authority", "person")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"authority": DEATH_AUTHORITIES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    person: str
    died_on: date
    authority: str
    cancelled: bool = False
    cause: str = ""
    name: str = ""


@record_type
class Resident(Record, frozen=True, kw_only=True):
    """An entry of the household register."""

    DAY: ClassVar[str] = "hukou_since"
    KEY: ClassVar[tuple[str, ...]] = ("person",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"sex": SEXES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"region": REGION}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("children",)

    person: str
    birth: date | None = None
    sex: str = ""
    household_no: str = ""
    region: str = ""
    hukou_since: date | None = None
    name: str = ""
    children: tuple[str, ...] = ()  #: the numbers of this person's children

    @property
    def born(self) -> date:
        """The birth date: the register's own, else the one in the identity number."""
        return self.birth or birth_date(self.person)


@record_type
class Identity(Record, frozen=True, kw_only=True):
    """Two numbers of one person: what came under ``old`` belongs to ``new``."""

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("old", "new")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"reason": IDENTITY_REASONS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("old", "new")}

    old: str
    new: str
    since: date | None = None
    reason: str = ""


@record_type
class Listing(Record, frozen=True, kw_only=True):
    """A person's entry on a list, such as those who live on 低保, while it stands.

    ``grade`` is that of the list, such as the degree of a disability (1 to 4).
    """

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("list", "person", "since")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"list": LISTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    list_no: str = ""
    person: str
    list: str
    since: date
    until: date | None = None
    grade: str = ""
    name: str = ""
