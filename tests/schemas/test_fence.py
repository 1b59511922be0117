"""A fence gives back its position, orders as the log does, and is never missed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.fence import fence_of, fenced, payload_of, position_of

offsets = st.integers(0, 2**63 - 1)
cursors = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12)


@given(offset=offsets, cursor=cursors, payload=st.binary())
def test_a_value_gives_back_what_it_was_made_of(offset: int, cursor: str, payload: bytes) -> None:
    value = fenced(offset, payload, cursor)
    assert position_of(value) == (offset, cursor)
    assert payload_of(value) == payload


@given(a=st.tuples(offsets, cursors), b=st.tuples(offsets, cursors), payload=st.binary())
def test_fences_order_as_log_positions(
    a: tuple[int, str], b: tuple[int, str], payload: bytes
) -> None:
    left, right = (fence_of(fenced(offset, payload, cursor)) for offset, cursor in (a, b))
    assert (left < right) == ((a[0], a[1].encode()) < (b[0], b[1].encode()))


def test_a_value_without_a_fence_is_refused() -> None:
    with pytest.raises(ValueError, match="not found"):
        fence_of(b"12345678no end")
