"""``dongjian feeds``: check, list and show the contracts of agency tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from detectors.framework.packs import know_packs
from schemas.contract import Contract, load_contract, load_contracts
from schemas.errors import EnvelopeError
from schemas.field_rule import FieldRule
from streams.certify import Certificate, Certifier, Refusal
from streams.cli.decode import _lines, _split, _unwrapped
from streams.feeds import EXAMPLE

#: Record types of which the law seals rows, by the permissions that then apply.
SEALED = {
    "Decision": ("juvenile", "sexual_non_prosecution"),
    "DrugOrder": ("public_security",),
    "Judgment": ("juvenile",),
    "Penalty": ("public_security",),
    "Restraint": ("custody",),
    "Settlement": ("medical",),
    "TrafficCheck": ("public_security",),
}

#: Of these only the rows of the police.
_OF_THE_POLICE = ("Penalty", "TrafficCheck")

_contract = click.argument("contract", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(name="feeds")
def command() -> None:
    """Feed contracts: what each agency table is, and how its rows become records."""
    know_packs()


@command.command()
@_contract
@click.argument(
    "sample", default="-", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--with-key", is_flag=True, help="Each line is KEY<TAB>VALUE; else it is a value.")
def check(contract: Path, sample: str, with_key: bool) -> None:
    """Certify SAMPLE (or standard input), messages of the feed, against CONTRACT.

    Says line by line what would be quarantined and why, then what would be taken, and what the
    contract leaves open. Lines are those of `dongjian decode`. Exit code 1 when anything would be
    quarantined, or when the contract itself is wrong.
    """
    certifier = Certifier(load_contract(contract))
    with click.open_file(sample, "rb") as source:
        for number, line in _lines(source):
            for refusal in _judged(certifier, number, line, with_key):
                click.echo(str(refusal))
    for text in summary(certifier.contract, certifier.certificate):
        click.echo(text)
    sys.exit(0 if certifier.certificate.good else 1)


@command.command(name="list")
@click.argument(
    "folder",
    envvar="DONGJIAN_FEEDS",
    default=EXAMPLE,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
def list_feeds(folder: Path) -> None:
    """List the contracts in FOLDER (default: DONGJIAN_FEEDS, else those of the example)."""
    rows = [("FEED", "RECORD", "ENVELOPE", "TOPIC", "DELETION", "PROVES ABSENCE SINCE")]
    for contract in load_contracts(folder).values():
        since = ", ".join(sorted({supply.since.isoformat() for supply in contract.supplies}))
        rows.append(
            (
                contract.feed,
                contract.record,
                contract.envelope,
                contract.topic,
                _deletion(contract),
                since or "never",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command()
@_contract
def show(contract: Path) -> None:
    """Show in words what CONTRACT says."""
    read = load_contract(contract)
    console = Console(highlight=False)
    console.print(f"{read.title['zh']} · {read.title['en']}", style="bold")
    console.print(f"feed {read.feed}: {read.record} rows from {read.table}, topic {read.topic}")
    console.print(f"envelope {read.envelope}, epoch {read.epoch}, mapping version {read.version}")
    console.print(f"agency {_origin(read.agency)}, region {_origin(read.region)}")
    console.print(f"key: {', '.join(read.key)}; a removed row: {_deletion(read)}")
    table = Table("field", "from", "read as", box=None)
    for rule in read.fields:
        table.add_row(rule.name, _origin(rule), _reading(rule))
    console.print(table)
    for supply in read.supplies:
        which = ", ".join(f"{name} {'|'.join(values)}" for name, values in supply.which.items())
        console.print(
            f"absence is proven for {which or 'all rows'}, since {supply.since}, "
            f"{supply.lag_days} days behind; completeness by {read.coverage.mode}"
        )
    if not read.supplies:
        console.print("absence of a row proves nothing")


def summary(contract: Contract, certificate: Certificate) -> list[str]:
    """The certificate in lines of text."""
    refused = certificate.refused.total()
    lines = [
        f"{contract.feed}: {certificate.messages} messages, {certificate.rows} rows of "
        f"{contract.table}: {certificate.taken} become {contract.record}, "
        f"{refused} would be quarantined",
    ]
    lines += [f"  {reason}: {count}" for reason, count in certificate.refused.most_common()]
    if certificate.removed:
        lines.append(f"  {certificate.removed} removals, each meaning {_deletion(contract)}")
    if certificate.dismissed:
        lines.append(f"  {certificate.dismissed} rows name nobody (masked) and would be dismissed")
    if certificate.unjudged:
        lines.append(
            f"  {certificate.unjudged} partial rows not judged: their earlier state is not in the "
            "sample"
        )
    lines += [f"  {count} {what}: not used" for what, count in sorted(certificate.other.items())]
    if certificate.party_empty:
        share = 100 * certificate.party_empty / certificate.taken
        lines.append(
            f"note: {certificate.party_empty} of {certificate.taken} rows ({share:.1f} %) do not "
            "fill `party`: models that judge in a party's dossier do not see them"
        )
    if certificate.unordered:
        lines.append(
            f"note: {certificate.unordered} rows come without a sequence of the source: history "
            "that a connector sends again cannot be told by it from new changes"
        )
    if contract.coverage.mode == "heartbeat" and not certificate.heartbeats:
        lines.append("note: no heartbeat in the sample: until one comes, absence proves nothing")
    if certificate.unread:
        lines.append(f"note: columns not read: {', '.join(sorted(certificate.unread))}")
    lines += _unsealed(contract)
    if not certificate.rows:
        lines.append(f"note: no row of table {contract.table} in the sample")
    return lines


def _unsealed(contract: Contract) -> Iterator[str]:
    """What a contract leaves open that says of no row whether the law seals it."""
    if any(rule.name == "sealed_basis" for rule in contract.fields):
        return
    police = any(word in contract.agency_name["zh"] for word in ("公安", "警察", "交警"))
    if contract.record in _OF_THE_POLICE and not police:
        return
    if bases := SEALED.get(contract.record):
        yield (
            f"note: no row is sealed: a {contract.record} may need the permission "
            f"{' or '.join(bases)}; say so with `sealed_basis` in [fields], a value or a column"
        )


def _judged(
    certifier: Certifier, number: int, line: bytes | None, with_key: bool
) -> Iterable[Refusal]:
    """Judge one line of a sample; a line that is no message at all is refused too."""
    try:
        if line is None:
            raise EnvelopeError("too_long", "no message is that long")
        key, value = _split(line) if with_key else _unwrapped(line)
    except EnvelopeError as error:
        return [certifier.refuse_message(number, error)]
    return certifier.message(number, key, value)


def _deletion(contract: Contract) -> str:
    deletion = contract.deletion
    return f"ends({deletion.field})" if deletion.meaning == "ends" else deletion.meaning


def _origin(rule: FieldRule) -> str:
    return f"column {' or '.join(rule.columns)}" if rule.columns else f"always {rule.value}"


def _reading(rule: FieldRule) -> str:
    if not rule.columns:
        return ""
    extra = rule.unit or (rule.format if rule.kind == "date" else "")
    codes = ", ".join(f"{code} = {value}" for code, value in rule.codes.items())
    return " ".join(part for part in (rule.kind, extra, f"({codes})" if codes else "") if part)
