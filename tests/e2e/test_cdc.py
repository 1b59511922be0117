"""From COMMIT in an agency's database to the alert in Redis, through the real Debezium engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.alert import Kind, Reason, Transition
from schemas.errors import DongjianError
from streams.cdc.capture import check_installed
from streams.demo.cdc import Loaded, Told, run
from streams.demo.cdc_story import MODELS, Step
from streams.demo.deployment import prepare
from streams.district import District
from streams.local.server import find_program
from tests.conftest import KAFKA_REQUIRED, require_kafka

WITHIN_S = 30.0  #: generous: a busy machine must not make it red


def require_capture() -> None:
    """Skip, or fail where it is required, when PostgreSQL or the extra is missing."""
    require_kafka(given=False)
    try:
        check_installed()
        find_program("pg_isready", "postgresql", places=Path("/usr/lib/postgresql").glob("*/bin"))
    except DongjianError as reason:
        if KAFKA_REQUIRED:
            raise
        pytest.skip(f"no change data capture: {reason}")


def named(transition: Transition) -> tuple[str, str, Kind, Reason | None]:
    return transition.model, transition.rule, transition.kind, transition.reason


@pytest.mark.slow
@pytest.mark.broker
def test_each_transaction_is_followed_by_what_must_follow(tmp_path: Path) -> None:
    require_capture()
    loads: list[Loaded] = []
    steps: list[Step] = []
    tellings: list[Told] = []
    district = District(seed=1, people=500, dirty=False, models=MODELS)
    run(prepare(tmp_path / "demo"), district, loads.append, steps.append, tellings.append)
    assert loads[0].rows > 5_000
    planted = loads[0].verdict
    assert planted.right, "the district's own violations are found in the snapshot, and no others"
    assert planted.total().found > 20
    assert [told.step for told in tellings] == steps
    followed = [[named(seen.transition) for seen in told.seen] for told in tellings]
    raised = ("D01", "paid_after_death", Kind.RAISED, None)
    withdrawn = ("D01", "paid_after_death", Kind.WITHDRAWN, Reason.SOURCE)
    assert followed == [
        [],  # a death, and nobody paid too long
        [raised],  # a payment after it
        [withdrawn],  # the death is cancelled
        [raised],  # a death under the wrong number
        [withdrawn, raised],  # put right: here withdrawn, there raised
        [withdrawn],  # deleted
        [],  # deleted, because its publication ended
        [],  # a drunk driver whose licence may still be revoked in time
        [("D11", "drunk_not_revoked", Kind.RAISED, None)],  # the register is complete
        [("D11", "drunk_not_revoked", Kind.CURED, None)],  # revoked late
    ]
    put_right = tellings[4].seen
    assert put_right[0].transition.subject != put_right[1].transition.subject
    assert put_right[0].transition.alert == tellings[3].seen[0].transition.alert
    assert put_right[1].transition.alert == tellings[5].seen[0].transition.alert
    assert tellings[8].seen[0].transition.cause.op == "tick"
    assert all(seen.after_s < WITHIN_S for told in tellings for seen in told.seen)
