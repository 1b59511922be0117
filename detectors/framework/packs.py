"""Packs: installed distributions that bring models and record types of their own."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from types import ModuleType

from schemas.errors import CardError

#: The group of entry points under which a distribution names its package.
ENTRY_POINT = "dongjian.detectors"

OWN = "dongjian"
_FRAMEWORK = "detectors.framework"


@dataclass(frozen=True)
class Pack:
    """A package with models, and the distribution that brought it."""

    package: ModuleType
    origin: str
    version: str


def ours(package: str) -> Pack:
    """A package of this project."""
    try:
        release = version(OWN)
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = ""
    return Pack(importlib.import_module(package), OWN, release)


def installed_packs() -> list[Pack]:
    """Every installed pack, in an order that does not depend on the machine.

    Raises ``CardError`` when an entry point names no package; an import error is raised as it is.
    """
    found: list[Pack] = []
    mistakes: list[str] = []
    for point in entry_points(group=ENTRY_POINT):
        package = point.load()
        origin = point.dist.name if point.dist else point.name
        # Of a lone module the card beside it would not be covered by the hash of the rule set.
        if not hasattr(package, "__path__"):
            mistakes.append(f"{origin}: entry point {point.name} = {point.value} is no package")
        else:
            found.append(Pack(package, origin, point.dist.version if point.dist else ""))
    if mistakes:
        raise CardError("\n".join(mistakes))
    return sorted(found, key=lambda pack: (same_name(pack.origin), pack.package.__name__))


def know_packs() -> None:
    """Import the packs' modules: contracts and messages may name their record types."""
    for pack in installed_packs():
        for _ in modules_of(pack.package):
            pass


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """The package and all modules in it, imported; what models stand on declares none."""
    yield package
    for info in sorted(
        pkgutil.walk_packages(getattr(package, "__path__", ()), package.__name__ + "."),
        key=lambda info: info.name,
    ):
        if info.name != _FRAMEWORK and not info.name.startswith(f"{_FRAMEWORK}."):
            yield importlib.import_module(info.name)


def same_name(distribution: str) -> str:
    """One spelling for the names of a distribution that mean the same."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
