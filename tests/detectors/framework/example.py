"""A small model of one duty: card, terms and facts that several tests share."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from detectors import Deadline, Term

PATH = Path(__file__).with_name("example.toml")


class Terms(msgspec.Struct, frozen=True):
    """The parameters of the example."""

    transfer: Term
    penalty: Term | None
    distance_m: int | None


class Month(msgspec.Struct, frozen=True):
    month: date
    standing: str
    amount_fen: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the example prints."""

    agency: str = "本院"
    decision_no: str = "11371102000000000X/东检刑不诉〔2025〕12号"
    decided_on: date = date(2025, 1, 24)
    kind: str = "non_prosecution_relative"
    charges: tuple[str, ...] = ("133-1",)
    deadline: Deadline = Deadline(date(2025, 1, 24), "3 wd", date(2025, 2, 5))
    done_on: date | None = None
    months: tuple[Month, ...] = ()
    paid_fen: int = 0


def raw_card() -> dict[str, Any]:
    """The card as TOML reads it, for tests that break it."""
    return tomllib.loads(PATH.read_text("utf-8"))
