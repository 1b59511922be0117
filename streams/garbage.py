"""The garbage collector, set for processes that hold millions of records and make few cycles."""

from __future__ import annotations

import gc

#: New containers between two looks at the young, and how many of those there are between two looks
#: at older ones: Python's own 700 has it look through every chunk several times, in vain.
_THRESHOLDS = 50_000, 20, 50


def look_seldom() -> None:
    """Look for cycles seldom. What reference counts free, which is nearly all, is freed at once."""
    gc.set_threshold(*_THRESHOLDS)


def keep() -> None:
    """Never look through what is here now again: state that was recovered stays."""
    gc.freeze()
