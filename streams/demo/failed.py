"""The error of a demonstration that came to no end."""

from __future__ import annotations

from schemas.errors import DongjianError


class DemoFailed(DongjianError):
    """The worker stopped, something never got through, or what must follow did not."""
