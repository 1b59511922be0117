"""What is measured, how often and with how much."""

from __future__ import annotations

from dataclasses import dataclass

EMBEDDED, KAFKA = "embedded", "kafka"


@dataclass(frozen=True, slots=True)
class Size:
    """How big a benchmark is."""

    runs: int
    people: int  #: of the district that the loads are made of
    state_rows: int
    stock_records: int  #: for stock Faust, which would need a minute for all of them
    latency_runs: int
    latency_s: float  #: measured, after the warm-up
    recovery_runs: int


FULL = Size(3, 6_000, 500_000, 15_000, 3, 15, 3)
QUICK = Size(1, 3_000, 500_000, 8_000, 1, 8, 1)

#: Records a second at which latency is measured.
RATE = 1_000


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the tables."""

    name: str
    title: str
    group: str  #: which table
    loads: tuple[str, ...] = ()
    brokers: tuple[str, ...] = ()  #: empty: none is needed
    aim: float = 0  #: records a second
    aim_broker: str = ""  #: empty: on each


BOTH = (EMBEDDED, KAFKA)
FOUR = "changes-four"

MEASURES = (
    Measure("intake-debezium", "intake, Debezium", "throughput", ("debezium",), BOTH, 30_000),
    Measure("intake-mixed", "intake, four envelopes", "throughput", ("mixed",), BOTH, 30_000),
    Measure("detect-four", "detect, the first four models", "throughput", (FOUR,), BOTH, 40_000),
    Measure("detect", "detect, all models", "throughput", ("changes",), BOTH, 20_000),
    Measure("delivery", "delivery (transitions)", "throughput", ("ledger",), BOTH),
    Measure(
        "end-to-end", "end to end, one process", "throughput", ("mixed",), BOTH, 12_000, EMBEDDED
    ),
    Measure(
        "stock-faust",
        "yardstick: stock Faust, one table value",
        "throughput",
        ("changes",),
        (KAFKA,),
    ),
    Measure(
        "quix", "yardstick: Quix Streams, one State value", "throughput", ("changes",), (KAFKA,)
    ),
    Measure("latency", "one record in ten tells something", "latency", (), BOTH),
    Measure("latency-all", "every record tells something", "latency", (), BOTH),
    Measure("recovery-registry", "registry of intake", "recovery", ("registry",), BOTH),
    Measure("recovery-detect", "state of detection", "recovery", ("changes",), BOTH),
    Measure("models", "cost of each model", "models", ("changes",)),
    Measure("memory", "dossiers in memory", "dossiers", ("changes",)),
    Measure("big-dossier", "a dossier of 10 000 records", "dossiers", ()),
)

#: Latency: milliseconds from append to a subscriber, 99 of 100.
P99_AIM_MS = 150
#: Memory: bytes of a dossier's row.
ROW_AIM_BYTES = 500
