"""People: deaths and residents (公安户籍, 民政, 卫健)."""

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

    person: str
    birth: date | None = None
    sex: str = ""
    household_no: str = ""
    region: str = ""
    hukou_since: date | None = None
    name: str = ""

    @property
    def born(self) -> date:
        """The birth date: the register's own, else the one in the identity number."""
        return self.birth or birth_date(self.person)
