"""The district's people: numbers with valid check digits, names, and what each draws or holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from faker import Faker

from schemas.identifiers import resident_number
from streams.district.places import REGION

ADULT = 19  #: from this age on someone draws and holds things; lives cast adults unless they say so

_CHILDREN = 0.15  #: their share in the population
_SURNAMES, _GIVEN = 200, 600  # names are drawn from pools: a name of its own costs Faker 30 µs

#: scheme codes of the benefit tables (human resources, civil affairs)
EMPLOYEE, CIVIL_SERVICE, RESIDENT, FUNERAL, SURVIVOR = "110", "120", "210", "810", "820"
MINIMUM_LIVING, OLD_AGE = "11", "21"


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person as the district's tables know them on the first day."""

    index: int
    number: str
    name: str
    born: date
    male: bool
    household: str
    age: int  #: whole years on the first day
    pension: str = ""  #: scheme code of the pension; empty: none
    pension_fen: int = 0
    allowance: str = ""  #: scheme code of a civil affairs benefit; empty: none
    allowance_fen: int = 0
    licence: str = ""  #: file number of the driving licence; empty: none
    licence_class: str = ""
    certificate: str = ""  #: number of the transport certificate; empty: none

    @property
    def pension_no(self) -> str:
        return f"LX{self.index:08d}"

    @property
    def allowance_no(self) -> str:
        return f"MZ{self.index:08d}"


def names(rng: Random) -> tuple[list[str], list[str]]:
    """Pools of surnames and given names, drawn by Faker from the seeded generator."""
    faker = Faker("zh_CN")
    faker.seed_instance(rng.getrandbits(32))
    return (
        [faker.last_name() for _ in range(_SURNAMES)],
        [faker.first_name() for _ in range(_GIVEN)],
    )


def populate(rng: Random, count: int, today: date) -> list[Person]:
    """Everyone who lives in the district on ``today``, children too, in ascending index."""
    surnames, given = names(rng)
    taken: dict[date, int] = {}
    people = []
    draw = rng.random
    for index in range(1, count + 1):
        born = date.fromordinal(_birthday(draw, today))
        male = draw() < 0.5
        order = taken.get(born, 0)
        taken[born] = order + 1
        # 499 sequence codes a sex and birthday: enough for two million people.
        number = resident_number(REGION, born, order % 499 * 2 + (1 if male else 2))
        name = surnames[int(draw() * _SURNAMES)] + given[int(draw() * _GIVEN)]
        people.append(_with_claims(draw, index, number, name, born, male, today))
    return people


def _birthday(draw: Callable[[], float], today: date) -> int:
    chance = draw()
    if chance < _CHILDREN:
        years = 0.1 + (ADULT - 0.2) * chance / _CHILDREN
    else:
        years = ADULT + 76 * draw() ** 1.15
    return today.toordinal() - int(years * 365.25)


def _with_claims(
    draw: Callable[[], float],
    index: int,
    number: str,
    name: str,
    born: date,
    male: bool,
    today: date,
) -> Person:
    household = f"H{index // 3:07d}"
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < ADULT:
        return Person(index, number, name, born, male, household, age)
    pension = allowance = licence = licence_class = certificate = ""
    pension_fen = allowance_fen = 0
    if age >= (60 if male else 55):
        chance = draw()
        pension = EMPLOYEE if chance < 0.55 else RESIDENT if chance < 0.9 else CIVIL_SERVICE
        pension_fen = (
            18_000 + int(draw() * 60) * 100
            if pension == RESIDENT
            else 210_000 + int(draw() * 38_000) * 10
        )
    chance = draw()
    if age >= 80:  # everybody draws the allowance; who reaches the age is granted it
        allowance, allowance_fen = OLD_AGE, 10_000 + int(draw() * 4) * 5_000
    elif chance > 0.985:
        allowance, allowance_fen = MINIMUM_LIVING, 60_000 + int(draw() * 50) * 500
    if 21 <= age < 72 and draw() < 0.46:
        licence = f"3799{index:08d}"
        chance = draw()
        licence_class = "C1" if chance < 0.86 else "B2" if chance < 0.95 else "A2"
        if 24 <= age < 60 and licence_class != "C1" and draw() < 0.7:
            certificate = f"379902{index:08d}"
    return Person(
        index,
        number,
        name,
        born,
        male,
        household,
        age,
        pension,
        pension_fen,
        allowance,
        allowance_fen,
        licence,
        licence_class,
        certificate,
    )
