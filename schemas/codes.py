"""Code lists that several record types share, and the check that a row keeps to them."""

from __future__ import annotations

import re

from schemas.errors import RecordError
from schemas.identifiers import quoted
from schemas.record import Record
from schemas.steps import STEPS

#: Who acts or keeps someone: 检察, 公安, 法院, 行政机关, 看守所, 监狱, 司法行政, 监察.
ORGANS = (
    "procuratorate",
    "police",
    "court",
    "agency",
    "lock_up",
    "prison",
    "correction",
    "supervision",
)

#: Property parts of a judgment: 罚金, 没收财产, 责令退赔, 追缴违法所得, 没收供犯罪所用财物.
PROPERTY_ITEMS = ("fine", "confiscation", "restitution", "disgorgement", "tools")

#: An article of the criminal law: 264, or 133-1 for 第一百三十三条之一.
ARTICLE = re.compile(r"[1-9]\d{0,2}(-[1-9]\d?)?")

#: An industry (GB/T 4754): a letter, a number, or both.
INDUSTRY = re.compile(r"[A-T]|[A-T]?\d{2,4}")

#: A region's code (GB/T 2260): province, city or county.
REGION = re.compile(r"[1-9]\d{5}")

#: Permissions; a sealed row carries the name of the one that a model needs to see it.
PERMISSIONS = ("juvenile", "public_security", "sexual_non_prosecution", "medical", "custody")


def check_code(cls: type[Record], field: str, value: object) -> None:
    """Raise :class:`RecordError` ``unknown_code`` if the field is coded and the value is no code.

    The value may be a tuple, each of whose items must be one. Empty is legal where the field is
    optional: a required field that is empty is another mistake, made before this.
    """
    codes, form = cls.CODES.get(field), cls.FORMS.get(field)
    if codes is None and form is None:
        return
    for item in value if isinstance(value, tuple) else (value,):
        if item == "" or item is None:
            continue
        if codes is not None and item not in codes:
            raise RecordError("unknown_code", field, f"{quoted(item)}; legal: {', '.join(codes)}")
        if form is not None and not form.fullmatch(str(item)):
            raise RecordError(
                "unknown_code", field, f"{quoted(item)} has not the form {form.pattern}"
            )


def check_codes(record: Record) -> None:
    """Check every coded field of a row."""
    cls = type(record)
    for field in (*cls.CODES, *cls.FORMS):
        check_code(cls, field, getattr(record, field))
    check_pair(record)


def check_pair(record: Record) -> None:
    """Check that a step is one that its organ takes."""
    organ, step = getattr(record, "organ", ""), getattr(record, "step", "")
    if step and organ in STEPS and step not in STEPS[organ]:
        raise RecordError(
            "unknown_code", "step", f"{step!r} is no step of {organ}: {', '.join(STEPS[organ])}"
        )
