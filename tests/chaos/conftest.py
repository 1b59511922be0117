"""The inputs of the chaos tests, made once a run."""

from __future__ import annotations

import pytest

from streams.district import District
from streams.feeds import contracts_of
from tests.chaos.deployment import Deployment
from tests.chaos.fixed_log import FixedLog, Told, fixed_log, struck
from tests.chaos.scale import DENSITY, MODELS, PEOPLE, RECORDS, SEED


@pytest.fixture(scope="session")
def district() -> District:
    return District(SEED, PEOPLE, density=DENSITY, models=MODELS)


@pytest.fixture(scope="session")
def log(district: District, tmp_path_factory: pytest.TempPathFactory) -> FixedLog:
    settings = Deployment("embedded://", "", tmp_path_factory.mktemp("log"), "fixed").settings
    made = fixed_log(settings, contracts_of(settings), district)
    assert len(made) >= RECORDS
    return made


@pytest.fixture(scope="session")
def expected(log: FixedLog, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The ledger of the fixed log as the engine alone tells it, partition by partition."""
    settings = Deployment("embedded://", "", tmp_path_factory.mktemp("told"), "fixed").settings
    return log.ledger(settings, struck())
