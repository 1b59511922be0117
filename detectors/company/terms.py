"""What the model of shell companies asks of the law."""

from __future__ import annotations

import msgspec

from detectors import Term


class CompanyLaw(msgspec.Struct, frozen=True):
    other_kinds: tuple[str, ...]  #: words in the kind of who is in the register and no company
    shell_charges: tuple[str, ...]
    alive: Term
    ring_enter: int
    ring_leave: int
    ring_within: Term
    ring_idle_pct: int
    idle_after: Term
    dormant: Term | None
    suspension: Term | None
    revoked: Term | None
    publish: Term | None
    liquidation_group: Term | None
