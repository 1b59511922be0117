"""Every company is shown to each pair of attributes that it has: a pair's dossier is the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from detectors import Dossier, derivation
from schemas import Activity, Company, CompanyEvent, Judgment, Record, RingMember, Source
from schemas.derived import IdleSpell

#: attribute of the pair, and the field of the register that it is read from
TRAITS = {
    "address": "address_unit",
    "agent": "agent",
    "email": "email",
    "phone": "phone",
    "representative": "representative",
}
IDLE_MONTHS = 6
OPEN = ("", "存续", "歇业")


@derivation(
    subject="organisation",
    reads=(Company, CompanyEvent, Activity, Judgment),
    yields=(RingMember,),
)
def ring_members(dossier: Dossier) -> Iterator[Record]:
    """One row, told to the n(n−1)/2 pairs of a company's n attributes; one that changes an
    attribute leaves the pairs of the old one, because the row does not go there any more."""
    company = next(reversed(dossier.of(Company)), None)
    if company is None:
        return
    traits = tuple(
        f"{name}={value}" for name, field in TRAITS.items() if (value := getattr(company, field))
    )
    if len(traits) < 2:
        return
    months = dossier.of(Activity)
    yield RingMember(
        source=Source("", company.source.key, company.source.agency, company.source.region),
        uscc=company.uscc,
        name=company.name,
        traits=traits,
        representative=company.representative_name,
        registered_on=company.registered_on,
        since=company.registered_on,
        until=company.status_on if company.status not in OPEN else None,
        idle=_idle(months),
        # Not the last month and its figures: with every declaration all pairs would be told.
        reported_from=months[0].month if months else None,
        abnormal=_abnormal(dossier),
        in_case=any(j.outcome == "guilty" and j.effective_on for j in dossier.of(Judgment)),
    )


def _abnormal(dossier: Dossier) -> bool:
    """Whether the last word of the list of abnormal companies is an entry."""
    words = dossier.of(CompanyEvent, kind=("abnormal_in", "abnormal_out"))
    return bool(words) and words[-1].kind == "abnormal_in" and words[-1].until is None


def _idle(months: Sequence[Activity]) -> tuple[IdleSpell, ...]:
    """Spells that begin when six reported months on end showed nothing, and last until a month
    that shows something or that nobody reported."""
    spells: list[IdleSpell] = []
    run: list[date] = []
    for row in (*months, None):
        quiet = row is not None and _nothing(row)
        if row is not None and quiet and (not run or row.month == _next(run[-1])):
            run.append(row.month)
            continue
        if len(run) >= IDLE_MONTHS:
            begins = _next(run[IDLE_MONTHS - 1])
            spells.append((begins, None if row is None else _next(run[-1])))
        run = [row.month] if row is not None and quiet else []
    return tuple(spells)


def _nothing(row: Activity) -> bool:
    """A month that was reported, and shows nobody insured, no invoice and no tax."""
    if row.insured or row.invoices_fen or row.tax_fen:
        return False
    return not (row.insured is None and row.invoices_fen is None and row.tax_fen is None)


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
