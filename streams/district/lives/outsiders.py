"""People who came from elsewhere: they sue and are sued here, and no register of the district has
them. They take nobody from the other lives."""

from __future__ import annotations

from datetime import date, timedelta

from schemas.identifiers import resident_number
from streams.district.lives.stage import Stage
from streams.district.people import Person
from streams.district.places import REGION

_NAMES = ("赵建军", "钱秀英", "孙志强", "李桂兰", "周海涛", "吴丽华", "郑国庆", "王春梅")

#: The population has numbers of even and odd order below it.
_ORDER = 999

#: From here on one of them is born each day.
_BORN = date(1966, 1, 1)
_DAYS = 12_000


def outsider(stage: Stage) -> Person:
    """Somebody of working age whom nobody else in the district is."""
    serial = int(stage.numbers.serial("", 9))
    born = _BORN + timedelta(serial % _DAYS)
    number = resident_number(REGION, born, _ORDER)
    age = (stage.script.window.since - born).days // 365
    return Person(-serial, number, stage.rng.choice(_NAMES), born, True, "", age)
