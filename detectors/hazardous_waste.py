"""D18: hazardous waste that must have arisen and was handed to nobody, or was stored too long."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Waiting,
    detector,
    latch,
    month_of,
    performed,
    standing,
)
from detectors.waste.producer import Producer, WasteLaw, expected_kg
from schemas import CaseStep, Company, MaterialFlow, Penalty


class NoManifestFacts(msgspec.Struct, frozen=True):
    since: date
    litres: int
    density_g_per_l: int
    yield_pct: int
    expected_kg: int
    stock_kg: int | None
    penalties: int | None
    deadline: Deadline


class Window(msgspec.Struct, frozen=True):
    """A fact: the balance of the year that ends with a month."""

    month: date
    litres: int
    expected_kg: int
    accounted_kg: int
    pct: int


class BalanceFacts(msgspec.Struct, frozen=True):
    since: date
    density_g_per_l: int
    yield_pct: int
    penalties: int | None
    windows: tuple[Window, ...]


class StoredFacts(msgspec.Struct, frozen=True):
    code: str
    on: date
    mass_kg: int
    gone_on: date | None
    deadline: Deadline


Law = Context[WasteLaw]


@detector(
    "D18",
    subject="organisation",
    reads=(Company, MaterialFlow, CaseStep, Penalty),
    terms=WasteLaw,
    needs=(MaterialFlow,),
    on_tick=True,
)
def hazardous_waste(dossier: Dossier, context: Context[WasteLaw]) -> Iterator[Finding]:
    """What is bought leaves as waste with a manifest, and a licensed operator stores no year."""
    flows = [f for f in dossier.of(MaterialFlow) if dossier.is_subject(f.organisation)]
    producer = Producer(dossier, flows)
    if producer.purchases:
        yield from _no_manifest(context, producer)
        yield from _balance(context, producer)
    yield from _stored(context, dossier, flows)


def _no_manifest(context: Law, producer: Producer) -> Iterator[Finding]:
    """A year from a purchase in which more than a little was bought and no manifest was made."""
    bought = producer.unaccounted()
    purchase = bought[0] if bought else producer.purchases[-1]
    law = context.law(purchase.on, producer.region)
    year = Spell(purchase.on, month_of(law.within.after(purchase.on)).until)
    for candidate in bought:
        now = context.law(candidate.on, producer.region)
        after = Spell(candidate.on, month_of(now.within.after(candidate.on)).until)
        if now.manifest is not None and producer.litres(after) > now.litres:
            purchase, law, year = candidate, now, after
            break
    litres, stock_kg = producer.litres(year), producer.stock_kg(year)
    expected = expected_kg(law, litres)
    due = year.until or purchase.on
    deadline = Deadline(purchase.on, law.within.text, due)
    judged = performed(
        context, deadline, None, refuted_by=MaterialFlow, legal=False, kind=("manifest",)
    )
    outcome, excuse = judged.outcome, ""
    if law.manifest is None or litres <= law.litres or not bought:
        outcome = Outcome.LAPSED
    elif producer.trades_only(law):
        outcome, excuse = Outcome.EXEMPT, "broker"
    elif stock_kg * 100 >= expected * law.enter_pct:  # a token stock explains no more than itself
        outcome, excuse = Outcome.EXEMPT, "stock_declared"
    elif producer.manifests and outcome is Outcome.PENDING and judged.waiting is Waiting.NOT_DUE:
        outcome = Outcome.LAPSED  # what was bought before has been handed over, in time or late
    yield Finding(
        rule="no_manifest",
        obligation="no_manifest",
        outcome=outcome,
        excuse=excuse,
        waiting=judged.waiting,
        act=purchase.on,
        basis=("manifest", "litres", "within", "density_g_per_l", "yield_pct"),
        facts=NoManifestFacts(
            purchase.on,
            litres,
            law.density_g_per_l,
            law.yield_pct,
            expected,
            stock_kg or None,
            len(producer.penalties) or None,
            deadline,
        ),
        evidence=_evidence(producer, year),
        agency=producer.agency,
        region=producer.region,
    )


def _balance(context: Law, producer: Producer) -> Iterator[Finding]:
    """At each month's end: what was handed over or kept in a year, by what must have arisen."""
    windows, open_months = _windows(context, producer)
    law = context.law(windows[-1].month if windows else producer.purchases[0].on, producer.region)
    # A share falls short by the more, the smaller it is: the latch counts what is missing.
    steps = [(window.month, 100 - window.pct) for window in windows]
    spells = latch(steps, 101 - law.enter_pct, 101 - law.leave_pct)
    if not spells and not open_months:
        return
    since = spells[-1].since if spells else open_months[0]
    shown = tuple(w for w in windows if w.month >= since)
    broker = producer.trades_only(law)
    year = _year_to(shown[-1].month if shown else since, law)
    yield Finding(
        rule="balance",
        obligation="balance",
        outcome=Outcome.EXEMPT
        if broker
        else standing(context, spells[-1])
        if spells
        else Outcome.PENDING,
        excuse="broker" if broker else "",
        waiting=Waiting.NOT_COVERED,
        act=since,
        basis=("manifest", "enter_pct", "leave_pct", "density_g_per_l", "yield_pct"),
        facts=BalanceFacts(
            since, law.density_g_per_l, law.yield_pct, len(producer.penalties) or None, shown
        ),
        evidence=_evidence(producer, year),
        agency=producer.agency,
        region=producer.region,
    )


def _windows(context: Law, producer: Producer) -> tuple[list[Window], list[date]]:
    """The years that ended with a month and are known to be complete; and the months of the others.

    A year in which little was bought is balanced whatever was handed over; one in which nothing was
    is for the rule on manifests to tell.
    """
    windows: list[Window] = []
    unknown: list[date] = []
    first = producer.purchases[0].on
    month = month_of(context.law(first, producer.region).within.after(first)).since - DAY
    while context.reached(month + DAY):
        law = context.law(month, producer.region)
        year = _year_to(month, law)
        if law.manifest is None:
            pass
        elif context.covered(MaterialFlow, year, kind=("purchase", "manifest")):
            litres = producer.litres(year)
            handed = producer.handed_kg(year)
            expected = expected_kg(law, litres) if litres > law.litres and handed else 0
            accounted = handed + producer.stock_kg(year)
            pct = min(accounted * 100 // expected, 100) if expected else 100
            windows.append(Window(month, litres, expected, accounted, pct))
        else:
            unknown.append(month)
        month = month_of(month + DAY).until or month
    return windows, unknown


def _year_to(month: date, law: WasteLaw) -> Spell:
    """The months that end with this one, as many as the balance goes over."""
    first = month_of(month).since
    months = first.year * 12 + first.month - 1 - (law.within.number - 1)
    return Spell(date(months // 12, months % 12 + 1, 1), month)


def _stored(context: Law, dossier: Dossier, flows: Sequence[MaterialFlow]) -> Iterator[Finding]:
    """What a licensed operator takes in leaves within the year; the first in is the first out."""
    inflows, told = defaultdict(list), defaultdict(list)
    for flow in flows:
        if flow.kind == "inflow" and flow.licensed_operator and flow.mass_g:
            inflows[flow.code].append(flow)
        elif flow.kind == "stock" or (flow.kind == "manifest" and flow.mass_g):
            told[flow.code].append(flow)
    granted = dossier.of(CaseStep, step="extended", organ="agency")
    for code, rows in inflows.items():
        gone = _first_out(rows, told[code])
        for flow, gone_on in zip(rows, gone, strict=True):
            law = context.law(flow.on, flow.source.region)
            if law.storage is None:
                continue
            deadline = context.calendar.deadline(flow.on, law.storage)
            inside = Spell(flow.on, deadline.due)
            longer = next((step for step in granted if step.on in inside), None)
            if longer is not None and longer.until is not None:
                deadline = Deadline(flow.on, law.storage.text, longer.until)
            judged = performed(
                context, deadline, gone_on, refuted_by=MaterialFlow, kind=("manifest", "stock")
            )
            excused = longer is not None and longer.until is None
            yield Finding(
                rule="stored_over_1y",
                obligation=f"{flow.source.key}/stored",
                outcome=Outcome.EXEMPT if excused else judged.outcome,
                excuse="extension" if excused else "",
                waiting=judged.waiting,
                act=flow.on,
                basis=("storage",),
                facts=StoredFacts(code, flow.on, (flow.mass_g or 0) // 1000, gone_on, deadline),
                evidence=(flow, *((longer,) if longer else ())),
                agency=flow.source.agency,
                region=flow.source.region,
            )


def _first_out(
    inflows: Sequence[MaterialFlow], told: Sequence[MaterialFlow]
) -> Iterator[date | None]:
    """For each inflow in order the day on which the last of it had left.

    An operator that treats waste itself makes no manifest of it: the stock that it declares says
    what was left on that day, and all that came before is gone.
    """
    days = [flow.on for flow in inflows]
    taken = [0, *accumulate(flow.mass_g or 0 for flow in inflows)]
    told = sorted(told, key=lambda flow: (flow.on, flow.kind == "stock"))
    out, place = 0, 0
    for amount in taken[1:]:
        while out < amount and place < len(told):
            flow, mass = told[place], told[place].mass_g or 0
            left = taken[bisect_right(days, flow.on)] - mass
            out = max(out, left) if flow.kind == "stock" else out + mass
            place += 1
        yield told[place - 1].on if out >= amount and place else None


def _evidence(producer: Producer, year: Spell) -> tuple[MaterialFlow | Company | Penalty, ...]:
    flows = (*producer.purchases, *producer.manifests, *producer.stocks)
    company = (producer.company,) if producer.company else ()
    inside = [flow for flow in flows if flow.on in year] or producer.purchases[:1]
    return (*company, *inside, *producer.penalties)
