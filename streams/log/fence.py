"""The fence of state values, under the name by which the log's own modules know it."""

from __future__ import annotations

from schemas.fence import fence_of, fenced, payload_of, position_of

__all__ = ["fence_of", "fenced", "payload_of", "position_of"]
