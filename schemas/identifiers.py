"""Identity numbers of persons and organisations: read, checked, told apart and masked.

A person's number (公民身份号码, GB 11643) is accepted on its check digit and birth date only. The
place check of python-stdnum is left out on purpose: it refuses whoever was born before the code of
the county existed (371102 before 1992).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from stdnum.cn import ric, uscc

from schemas.errors import RecordError

#: How good an identity number is; the third quality, a wrong check digit, never becomes a record.
Quality = Literal["good", "fixed15"]

_NUMBER_LIKE = re.compile(r"\d{10,17}[\dXx]?")  # also cut short, or with a digit too many
_CENTENARIANS = ("996", "997", "998", "999")  # order numbers kept for the born before 1900


class ResidentId(NamedTuple):
    """A person's number in 18 digits, and whether the source still had the 15-digit form."""

    number: str
    quality: Quality

    @property
    def born(self) -> date:
        return birth_date(self.number)

    @property
    def male(self) -> bool:
        return self.number[16] in "13579"


@lru_cache(maxsize=65_536)
def resident_id(text: str) -> ResidentId:
    """Read a person's number; raises :class:`RecordError` ``bad_identity``, never quoting it."""
    number = _plain(text)
    if len(number) == 15:
        return ResidentId(_upgraded(number), "fixed15")
    if len(number) != 18:
        raise _bad(f"{len(number)} characters, not 18 (or 15)")
    if not number[:17].isdigit():
        raise _bad("the first 17 characters are not all digits")
    _birth(number)
    if number[17] != ric.calc_check_digit(number):
        raise _bad("check digit is wrong")
    return ResidentId(number, "good")


@lru_cache(maxsize=65_536)
def credit_code(text: str) -> str:
    """Read an organisation's number (统一社会信用代码, GB 32100); raises ``bad_identity``."""
    number = _plain(text).replace("-", "")
    try:
        checked: str = uscc.validate(number)
    except uscc.InvalidLength:
        raise _bad(f"{len(number)} characters, not the 18 of a credit code") from None
    except uscc.InvalidChecksum:
        raise _bad("check character of the credit code is wrong") from None
    except uscc.ValidationError:
        raise _bad("holds characters that a credit code does not have") from None
    return checked


def party_id(text: str) -> str:
    """Read the number of a person or an organisation, whichever its form says it is."""
    number = _plain(text)
    return resident_id(number).number if party_kind(number) == "person" else credit_code(number)


def party_kind(number: str) -> Literal["person", "organisation"]:
    """Tell by form whom a number names; a damaged person's number still counts as a person's.

    What has a date where a person's number has one is a person, so that a mistyped number is never
    kept in clear. The exception are credit codes of businesses, which begin with 9 and may be all
    digits: they are told by their own check character.
    """
    if len(number) == 15:
        return "person" if number.isdigit() else "organisation"
    if len(number) != 18 or not number[:17].isdigit() or not _dated(number):
        return "organisation"
    return "organisation" if number[0] == "9" and uscc.is_valid(number) else "person"


def birth_date(number: str) -> date:
    """The birth date in an 18-digit number; raises ``bad_identity`` if there is no such day."""
    return _birth(number)


def mask_number(number: str) -> str:
    """A number for display: a person's keeps four characters at either end; others are public."""
    if party_kind(number) == "organisation":
        return number
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def quoted(value: object) -> str:
    """A value for an error text: short, and with whatever looks like a person's number masked."""
    text = repr(value)
    text = text if len(text) <= 60 else text[:57] + "…"
    return _NUMBER_LIKE.sub(lambda found: found[0][:4] + "*" * 10, text)


def mask_name(name: str) -> str:
    """A person's name for display: 王小明 becomes 王＊＊."""
    return name[:1] + "＊" * (len(name) - 1)


def resident_number(region: str, born: date, order: int) -> str:
    """Make the number that GB 11643 gives the ``order``-th (1 to 999) born there on that day."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_number(kind: str, region: str, serial: int) -> str:
    """Make a credit code: ``kind`` is the register's two characters (91 a company, 11 an organ)."""
    body = f"MA{serial:06d}"
    total = sum(
        int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )  # GB 11714, the check character of the organisation code inside
    check = (11 - total % 11) % 11
    code = f"{kind}{region}{body}{'X' if check == 10 else check}"
    return code + uscc.calc_check_digit(code)


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _upgraded(number: str) -> str:
    if not number.isdigit():
        raise _bad("a 15-character number has only digits")
    century = "18" if number[12:] in _CENTENARIANS else "19"
    body = number[:6] + century + number[6:]
    _birth(body)
    return body + ric.calc_check_digit(body + "0")


def _birth(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise _bad("its birth date does not exist") from None


def _dated(number: str) -> bool:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])).year >= 1800
    except ValueError:
        return False


def _bad(detail: str) -> RecordError:
    return RecordError("bad_identity", detail=detail)
