"""Roles: whom a life may cast, each a predicate over a person of the first day.

Roles of the district's ordinary people are here; a life that needs another sort of person declares
a role of its own in its own module. Who is cast in one life is in no other, whatever the role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from streams.district.people import ADULT, EMPLOYEE, Person

Predicate: TypeAlias = Callable[[Person], bool]

ROLES: dict[str, Predicate] = {}


def role(fits: Predicate) -> Predicate:
    """Declare a role under the name of its predicate: ``stage.take("nurse")``."""
    name = fits.__name__
    known = ROLES.setdefault(name, fits)
    if known.__module__ != fits.__module__:
        raise ValueError(f"two roles {name!r}: in {known.__module__} and {fits.__module__}")
    return fits


@role
def anyone(person: Person) -> bool:
    return person.age >= ADULT


@role
def pensioner(person: Person) -> bool:
    """A retired employee with nothing but the pension."""
    return person.pension == EMPLOYEE and not person.allowance


@role
def resident_pensioner(person: Person) -> bool:
    """Draws another pension than an employee's, and nothing else."""
    return bool(person.pension) and person.pension != EMPLOYEE and not person.allowance


@role
def aged(person: Person) -> bool:
    """Draws an allowance of civil affairs and no pension."""
    return bool(person.allowance) and not person.pension


@role
def carrier(person: Person) -> bool:
    """Holds a transport certificate."""
    return bool(person.certificate) and not person.pension and not person.allowance


@role
def driver(person: Person) -> bool:
    """Holds a driving licence and no certificate."""
    claims = person.pension or person.allowance or person.certificate
    return bool(person.licence) and not claims


@role
def pedestrian(person: Person) -> bool:
    """An adult with no pension, allowance, licence or certificate: nothing to get in the way."""
    claims = person.pension or person.allowance or person.licence
    return person.age >= ADULT and not claims


@role
def worker(person: Person) -> bool:
    """Of working age, with or without a driving licence."""
    claims = person.pension or person.allowance or person.certificate
    return 25 <= person.age < 55 and not claims


@role
def minor(person: Person) -> bool:
    """Under 18 on the first day."""
    return person.age < 18
