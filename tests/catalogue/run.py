"""Plays a district through the monitor and judges what was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby

import msgspec

from detectors.framework.batch import dossiers_of
from detectors.framework.registry import Catalogue
from detectors.framework.ruleset import RuleSet
from schemas.subject import Tokens
from streams.district import District, rules
from tests.catalogue.agreement import Agreement, agreements
from tests.catalogue.cost import measured
from tests.catalogue.final import known
from tests.catalogue.ledger import Ledger
from tests.catalogue.monitor import Monitor
from tests.catalogue.score import Line, Mistake, lines
from tests.catalogue.trade_off import SCORES, TradeOff, trade_off

TOKENS = Tokens("a secret of the catalogue")


class Made(msgspec.Struct, frozen=True):
    """Of what the table was made."""

    people: int
    organisations: int
    since: date
    until: date
    seed: int
    messages: int
    alerts: int


class Table(msgspec.Struct, frozen=True):
    made: Made
    models: tuple[Line, ...]
    trade_offs: tuple[TradeOff, ...]
    agreements: tuple[Agreement, ...] = ()


def play(
    district: District,
    catalogue: Catalogue,
    told: Callable[[date, int], None] = lambda day, messages: None,
) -> tuple[Table, list[Mistake]]:
    """The table of a district, and every mistake in it. ``told`` hears of each day."""
    ledger, messages = Ledger(), 0
    with measured() as costs:
        monitor = Monitor(district, TOKENS, ledger, catalogue)
        for day, events in groupby(district.events(), key=lambda event: event.day):
            today = list(events)
            monitor.day(day, today)
            messages += len(today)
            told(day, messages)
    del monitor
    table, mistakes = lines(district, catalogue, ledger, TOKENS, costs)
    window = district.window
    made = Made(
        len(district.people),
        len(district.organisations),
        window.since,
        window.until,
        district.seed,
        messages,
        sum(1 for _ in ledger),
    )
    agreed, apart = agreements(district, (line.model for line in table))
    scores = _trade_offs(district, catalogue)
    return Table(made, tuple(table), scores, agreed), [*mistakes, *apart]


def _trade_offs(district: District, catalogue: Catalogue) -> tuple[TradeOff, ...]:
    there = {model.id for model in catalogue.models}
    scores = [one for one in SCORES if one.model in there]
    if not scores:
        return ()
    day = district.window.until
    own = RuleSet(catalogue, rules())
    dossiers = dossiers_of(district.final_records(TOKENS, day), own, TOKENS)
    knowledge = known(district, day)
    return tuple(trade_off(one, catalogue, district, dossiers, knowledge, TOKENS) for one in scores)
