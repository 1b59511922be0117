"""What SQL, written from the law, finds on the last day of the same district."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from streams.district import District
from tests.catalogue.score import Mistake
from tests.oracle.moment import Moment
from tests.oracle.oracle import ORACLES, dumped


class Agreement(msgspec.Struct, frozen=True):
    """One model against its oracle, whose rules its file names."""

    model: str
    agreed: int  #: active alerts that both find
    only_model: int
    only_oracle: int


def agreements(
    district: District, models: Iterable[str]
) -> tuple[tuple[Agreement, ...], list[Mistake]]:
    """Every model of these that has an oracle, and what only one of the two finds."""
    found: list[Agreement] = []
    mistakes: list[Mistake] = []
    wanted = [model for model in models if model in ORACLES]
    if wanted:
        with tempfile.TemporaryDirectory() as folder:
            moment = Moment(district, Path(folder))
            for model in wanted:
                both = moment.compare(model)
                sides = both.only_model, both.only_oracle
                found.append(Agreement(model, len(both.agreed), *map(len, sides)))
                for who, alerts in zip(("model", "SQL"), sides, strict=True):
                    mistakes += [
                        Mistake(model, alert.rule, "oracle", f"only the {who}: {dumped(alert)}")
                        for alert in alerts
                    ]
    return tuple(found), mistakes
