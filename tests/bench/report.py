"""The tables: for a terminal, or as Markdown for a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from streams.district.tables import TABLES
from tests.bench.bench import Bench, Case
from tests.bench.machine import Machine
from tests.bench.plan import (
    EMBEDDED,
    KAFKA,
    MEASURES,
    P99_AIM_MS,
    RATE,
    ROW_AIM_BYTES,
    Measure,
    Size,
)
from tests.bench.sample import Figure, figures

Rows = list[list[str]]
Found = Mapping[Case, Mapping[str, Figure]]

LOGS = {EMBEDDED: "embedded", KAFKA: "Kafka", "": ""}
TITLES = {
    "throughput": (
        "measured", "log", "records/s", "least–most", "CPU µs/record", "× Quix", "× stock", "aim",
        "records",
    ),
    "latency": (
        f"{RATE} records/s", "log", "p50 ms", "p99 ms", "p99 least–most", "intake p50/p99",
        "detect p50/p99", "delivery p50/p99", "slowest", "aim",
    ),
    "recovery": (
        "recovered", "log", "seconds", "rows/s", "of it from the log, s", "CPU µs/row", "MiB",
        "rows",
    ),
    "dossiers": ("dossiers", "found", "aim"),
    "models": (
        "model", "", "records that touch it", "µs a touching record", "evaluations",
        "µs an evaluation", "p99 µs", "share of the engine",
    ),
}  # fmt: skip


def tables(bench: Bench) -> dict[str, Rows]:
    """The rows of each table, for what was measured."""
    found: Found = {case: figures(samples) for case, samples in bench.samples.items()}
    made: dict[str, Rows] = {}
    for measure in MEASURES:
        for broker in measure.brokers or ("",):
            numbers = found.get((measure.name, broker))
            if numbers:
                rows = made.setdefault(measure.group, [])
                rows += _ROWS[measure.group](measure, broker, numbers, found)
    return made


def _throughput(measure: Measure, broker: str, n: Mapping[str, Figure], found: Found) -> Rows:
    rate = n["per_s"]
    aim = measure.aim if measure.aim_broker in ("", broker) else 0
    return [[
        measure.title, LOGS[broker], _number(rate.median), _range(rate),
        f"{n['cpu_us'].median:.1f}",
        _ratio(rate, found, "quix"), _ratio(rate, found, "stock-faust"),
        _aim(rate.median, aim, rate.median >= aim), _number(n["records"].median),
    ]]  # fmt: skip


def _ratio(rate: Figure, found: Found, yardstick: str) -> str:
    other = found.get((yardstick, KAFKA))
    return f"{rate.median / other['per_s'].median:.1f}" if other else ""


def _latency(measure: Measure, broker: str, n: Mapping[str, Figure], found: Found) -> Rows:
    p99 = n["p99_all"]

    def hop(name: str) -> str:
        return f"{n[f'p50_{name}'].median:.0f} / {n[f'p99_{name}'].median:.0f}"

    return [[
        measure.title, LOGS[broker], f"{n['p50_all'].median:.0f}", f"{p99.median:.0f}",
        _range(p99), hop("intake"), hop("detect"), hop("delivery"),
        f"{n['slowest'].median:.0f}", _aim(p99.median, P99_AIM_MS, p99.median <= P99_AIM_MS),
    ]]  # fmt: skip


def _recovery(measure: Measure, broker: str, n: Mapping[str, Figure], found: Found) -> Rows:
    return [[
        measure.title, LOGS[broker], f"{n['seconds'].median:.1f}", _number(n["per_s"].median),
        f"{n['log_s'].median:.1f}", f"{n['cpu_us'].median:.1f}", f"{n['grown_mib'].median:.0f}",
        _number(n["records"].median),
    ]]  # fmt: skip


def _dossiers(measure: Measure, broker: str, n: Mapping[str, Figure], found: Found) -> Rows:
    if measure.name == "memory":
        size = n["row_bytes"].median
        rows, subjects = _number(n["rows"].median), _number(n["subjects"].median)
        what = f"bytes a row, of {rows} rows in {subjects} dossiers"
        return [[what, f"{size:.0f}", _aim(size, ROW_AIM_BYTES, size <= ROW_AIM_BYTES)]]
    steps = [name for name in n if name.startswith("us_")]
    return [
        [f"µs for the record that makes a dossier {int(step[3:]):,}", f"{n[step].median:.0f}", ""]
        for step in steps
    ]


def _models(measure: Measure, broker: str, n: Mapping[str, Figure], found: Found) -> Rows:
    """The dearest first."""
    ids = sorted(
        (name.removeprefix("share_") for name in n if name.startswith("share_")),
        key=lambda model: -n[f"share_{model}"].median,
    )
    return [
        [
            model, "", _number(n[f"touched_{model}"].median), f"{n[f'us_{model}'].median:.1f}",
            _number(n[f"evaluations_{model}"].median), f"{n[f'each_us_{model}'].median:.0f}",
            f"{n[f'p99_us_{model}'].median:.0f}", f"{n[f'share_{model}'].median:.1%}",
        ]
        for model in ids
    ]  # fmt: skip


_ROWS = {
    "models": _models,
    "throughput": _throughput,
    "latency": _latency,
    "recovery": _recovery,
    "dossiers": _dossiers,
}


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ")


def _range(figure: Figure) -> str:
    return f"{_number(figure.least)}–{_number(figure.most)}" if figure.runs > 1 else ""


def _aim(value: float, aim: float, reached: bool) -> str:
    return f"{_number(aim)} {'✓' if reached else '✗'}" if aim else ""


def notes(bench: Bench, machine: Machine, size: Size) -> list[str]:
    """What the figures were taken on and with."""
    c = bench.counts
    said = [f"Machine: {machine}."]
    said.append(
        f"Medians of {size.runs} interleaved runs (latency {size.latency_runs}, recovery "
        f"{size.recovery_runs}), each in a process of its own; CPU is that process's: the broker "
        "and Redis run beside it on the same machine and are not counted in it."
    )
    load = [f"Load: a district of {size.people:,} people over two years"]
    if sent := c.get("mixed", c.get("debezium")):
        load.append(
            f"{sent:,} messages of {len(TABLES)} feeds with repeats, corrections and broken ones"
        )
    if "changes" in c:
        load.append(
            f"{c['changes']:,} changes of {c['subjects']:,} subjects, {c['ticks']} ticks among "
            f"them, {c['transitions']:,} transitions"
        )
    if "ledger" in c:
        load.append(f"for delivery {c['ledger']:,} transitions of a denser district")
    said.append("; ".join(load) + ".")
    said.append(
        "Throughput counts from the first chunk at the agent to the last one's end. The yardsticks "
        "decode the same changes and read and write one value each; no model runs there."
    )
    said.append(
        "Latency: pension payments, of which one in ten, or every one, goes to a dead person and "
        "raises or updates an alert (in the district one change in 300 does); from the moment it "
        "was due to be sent to a subscriber's XREAD. On Kafka the worker is one process beside "
        "producer and broker, on the embedded log one process with the producer."
    )
    return said


def print_report(bench: Bench, machine: Machine, size: Size) -> None:
    """Print the tables for a person."""
    console = Console(width=None if Console().is_terminal else 150)
    for group, rows in tables(bench).items():
        table = Table(box=box.SIMPLE_HEAD, title=group, title_justify="left")
        for number, title in enumerate(TITLES[group]):
            table.add_column(title, justify="left" if number < 2 else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for note in notes(bench, machine, size):
        console.print(note, soft_wrap=False)
    for (name, broker), reason in bench.failed.items():
        console.print(f"FAILED {name} {broker}: {reason}", style="red", markup=False)


def markdown(bench: Bench, machine: Machine, size: Size) -> str:
    """The same as Markdown."""
    lines: list[str] = []
    for group, rows in tables(bench).items():
        lines += _markdown_table(TITLES[group], rows)
    lines += [f"- {note}" for note in notes(bench, machine, size)]
    return "\n".join(lines) + "\n"


def _markdown_table(titles: Sequence[str], rows: Rows) -> list[str]:
    ruler = ["---", "---", *["---:"] * (len(titles) - 2)]
    return [*("| " + " | ".join(row) + " |" for row in (titles, ruler, *rows)), ""]
