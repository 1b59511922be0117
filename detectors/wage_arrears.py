"""D15: a building site without wage account, deposit or guarantee, or on which wages are owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Spell,
    Term,
    detector,
    latch,
    performed,
    standing,
    window,
)
from detectors.site.project import Site, SiteFacts
from detectors.site.wages import WageLaw, crime_line, underpaid
from schemas import Project, ProjectEvent, Record, WageMonth

#: Duty, the events that perform it, and the parameter with the time for it. A bank's guarantee may
#: stand for the deposit.
DUTIES = (
    ("no_account", ("account_opened",), "account_term"),
    ("no_deposit", ("deposit", "guarantee"), "deposit_term"),
    ("no_guarantee", ("guarantee",), "guarantee_term"),
)


class D15Terms(WageLaw, frozen=True):
    no_account: bool | None
    no_deposit: bool | None
    no_guarantee: bool | None
    account_term: Term
    deposit_term: Term
    guarantee_term: Term
    labour_fee_cycle: Term | None
    complaints: int
    complaints_window: Term
    complaints_leave: int


class DutyFacts(SiteFacts, frozen=True, kw_only=True):
    permit_on: date | None
    contract_on: date | None
    deadline: Deadline
    ordered_on: date | None
    done_on: date | None


class CycleFacts(SiteFacts, frozen=True, kw_only=True):
    last_on: date | None
    last_fen: int | None
    started_on: date | None
    stops: tuple[Spell, ...]
    deadline: Deadline
    next_on: date | None


class ComplaintFacts(SiteFacts, frozen=True, kw_only=True):
    days: tuple[date, ...]
    times: int
    window: str
    spell: Spell


Law = Context[D15Terms]


@detector(
    "D15",
    subject="project",
    reads=(Project, ProjectEvent, WageMonth),
    terms=D15Terms,
    on_tick=True,
)
def wage_arrears(dossier: Dossier, context: Context[D15Terms]) -> Iterator[Finding]:
    """A site secures its workers' wages, is funded month by month, and pays them."""
    projects = dossier.of(Project)
    site = Site(dossier, projects[-1] if projects else None)
    for rule, kinds, term in DUTIES:
        yield from _secured(context, site, rule, kinds, term)
    yield from _funded(context, site)
    yield from underpaid(context, site)
    yield from crime_line(context, site)
    yield from _complained(context, site)


def _secured(
    context: Law, site: Site, rule: str, kinds: tuple[str, ...], term: str
) -> Iterator[Finding]:
    """Account, deposit and guarantee stand soon after permit and contract."""
    project = site.project
    days = [day for day in (project.permit_on, project.contract_on) if day] if project else []
    start = max(days, default=project.started_on if project else None)
    if project is None or start is None:
        return
    law = context.law(start, site.region)
    if not getattr(law, rule):
        return
    deadline = context.calendar.deadline(start, getattr(law, term))
    done = site.dossier.first(ProjectEvent, kind=kinds)
    late = deadline.due or start
    ordered = next((o for o in site.orders(to_pay=False) if o.on >= late), None)
    judged = performed(
        context,
        deadline,
        done.on if done else None,
        refuted_by=ProjectEvent,
        # After an order to put it right, to be late is a fault.
        legal=ordered is not None and (done is None or ordered.on <= done.on),
        kind=kinds,
    )
    facts = DutyFacts(
        **site.told(),
        permit_on=project.permit_on,
        contract_on=project.contract_on,
        deadline=deadline,
        ordered_on=ordered.on if ordered else None,
        done_on=done.on if done else None,
    )
    rows = (project, *((ordered,) if ordered else ()), *((done,) if done else ()))
    halted = project.stopped_on is not None and project.stopped_on <= (deadline.due or start)
    excuse = "stopped" if halted else ""
    yield site.finding(rule, rule, judged, start, (rule, term), facts, rows, excuse=excuse)


def _funded(context: Law, site: Site) -> Iterator[Finding]:
    """No more than a month lies between two allocations of the labour cost, stops left out."""
    allocations = {e.on: e for e in site.dossier.of(ProjectEvent, kind="allocation")}
    stops, project = site.stops(), site.project
    begun = project.started_on if project else None
    days: list[date] = list(allocations) or ([begun] if begun else [])
    for place, day in enumerate(days):
        law = context.law(day, site.region)
        if law.labour_fee_cycle is None:
            continue
        last = allocations.get(day)
        following = days[place + 1] if place + 1 < len(days) else None
        plain = context.calendar.deadline(day, law.labour_fee_cycle)
        deadline = context.calendar.deadline(day, law.labour_fee_cycle, stops)
        judged = performed(
            context,
            deadline,
            following,
            refuted_by=ProjectEvent,
            legal=context.legal("labour_fee_cycle", day, site.region),
            kind="allocation",
        )
        finished = project.finished_on if project else None
        if following is None and finished and finished <= (deadline.due or finished):
            judged = Judged(Outcome.LAPSED)
        excuse = ""
        if deadline.due is None and following is None:
            excuse = "stopped"
        elif following and deadline.due and (plain.due or day) < following <= deadline.due:
            excuse = "seasonal_stop"
        facts = CycleFacts(
            **site.told(),
            last_on=last.on if last else None,
            last_fen=last.amount_fen if last else None,
            started_on=None if last else begun,
            stops=deadline.paused,
            deadline=deadline,
            next_on=following,
        )
        rows: list[Record] = [last] if last else []
        rows += [project] if project and not last else []
        rows += [allocations[following]] if following else []
        yield site.finding(
            "cycle_gap",
            f"cycle/{last.source.key if last else 'start'}",
            judged,
            day,
            ("labour_fee_cycle",),
            facts,
            rows,
            excuse=excuse,
        )


def _complained(context: Law, site: Site) -> Iterator[Finding]:
    """So many complaints within the time, until they are fewer again."""
    told = site.dossier.of(ProjectEvent, kind="complaint")
    complaints = list({(e.on, e.doc_no or e.source.key): e for e in told}.values())
    if not complaints:
        return
    law = context.law(complaints[0].on, site.region)
    steps = window((event.on for event in complaints), law.complaints_window)
    spells = latch(steps, law.complaints, law.complaints_leave)
    begun = [spell for spell in spells if context.reached(spell.since)]
    spell = begun[-1] if begun else next(iter(spells), None)
    if spell is None:
        return
    first = law.complaints_window.before(spell.since)
    rows = [e for e in complaints if first < e.on and e.on in Spell(first, spell.until)]
    facts = ComplaintFacts(
        **site.told(),
        days=tuple(event.on for event in rows),
        times=law.complaints,
        window=law.complaints_window.text,
        spell=spell,
    )
    yield site.finding(
        "complaints",
        "complaints",
        Judged(standing(context, spell)),
        spell.since,
        ("complaints", "complaints_window"),
        facts,
        rows,
    )
