"""Everything in a person's dossier that may bar from a trade, by what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from detectors.barred.bans import By, Ground
from detectors.framework.dossier import Dossier
from detectors.framework.grouped import by_number
from detectors.framework.spell import DAY, Spell
from detectors.framework.verdicts import final_on
from schemas import (
    CaseStep,
    Decision,
    Dishonest,
    DrugOrder,
    Judgment,
    Licence,
    Penalty,
    Post,
    Record,
    TrafficCheck,
)

#: Certificates that bar from another of their kind when they were revoked.
_CERTIFICATES = ("guard",)

#: No law asks for more; a wrong feed may send thousands.
_DETENTIONS_AT_MOST = 10


def grounds_of(
    dossier: Dossier, hidden: Callable[[Judgment | Decision], bool]
) -> tuple[Ground, ...]:
    """All grounds in the order of their days, but for papers that must not be used."""
    found = [
        *_judgments(dossier, hidden),
        *_penalties(dossier.of(Penalty)),
        *_papers(dossier, hidden),
        *_checks(dossier.of(TrafficCheck)),
        *_certificates(dossier.of(Licence, kind=_CERTIFICATES)),
        *_companies(dossier.of(Post, role="legal_rep")),
    ]
    return tuple(sorted(found, key=lambda ground: (ground.on, ground.by, ground.no)))


def final_judgments(
    dossier: Dossier, hidden: Callable[[Judgment], bool]
) -> Iterator[tuple[Judgment, tuple[Record, ...], str]]:
    """Judgments in effect with what set them aside, and the reason for which they do not count."""
    judgments = by_number(dossier.of(Judgment), "case_no")
    replacing = {j.replaces: j for j in judgments if j.replaces}
    ordered = {s.case_no: s for s in dossier.of(CaseStep, organ="court", step="retrial_ordered")}
    for judgment in judgments:
        if not judgment.effective_on or judgment.outcome == "acquitted" or hidden(judgment):
            continue
        after: Judgment | CaseStep | None = replacing.get(judgment.case_no)
        excuse = ""
        if isinstance(after, Judgment):
            cleared = after.outcome == "acquitted" and after.effective_on
            excuse = "acquitted" if cleared else "retrial"
        elif (step := ordered.get(judgment.case_no)) and step.on >= judgment.effective_on:
            after, excuse = step, "retrial"
        yield judgment, (judgment, *((after,) if after else ())), excuse


def _judgments(dossier: Dossier, hidden: Callable[[Judgment], bool]) -> Iterator[Ground]:
    for judgment, rows, excuse in final_judgments(dossier, hidden):
        on = final_on(judgment)
        yield Ground("judgment", judgment.case_no, on, rows, excuse)
        until, probation = judgment.ban_until, judgment.probation_until
        if until is None or not judgment.ban_sectors:
            continue
        by: By = "probation_order" if probation else "court_ban"
        # A ban runs from the end of the sentence, an order for the time of probation.
        since = on if probation else (judgment.sentence_until or on) + DAY
        last = min(until, probation) if probation else until
        yield Ground(
            by, judgment.case_no, since, rows, excuse, until=last, sectors=judgment.ban_sectors
        )


def _penalties(penalties: Sequence[Penalty]) -> Iterator[Ground]:
    rows = by_number(penalties, "decision_no")
    for row in rows:
        excuse = "ground_annulled" if row.annulled_on else ""
        yield Ground("penalty", row.decision_no, row.decided_on, (row,), excuse, cause=row.cause)
    detained = tuple(r for r in rows if "行政拘留" in r.kinds)
    valid = tuple(r for r in detained if not r.annulled_on)
    for n in range(1, min(len(detained), _DETENTIONS_AT_MOST) + 1):
        # Where there would be so many without an annulment, there is a ground with an excuse.
        counted, excuse = (valid, "") if n <= len(valid) else (detained, "ground_annulled")
        yield Ground("detentions", "", counted[n - 1].decided_on, counted[:n], excuse, level=n)


def _papers(dossier: Dossier, hidden: Callable[[Judgment | Decision], bool]) -> Iterator[Ground]:
    decisions = dossier.of(Decision, kind="non_prosecution_relative")
    relative = [decision for decision in decisions if not hidden(decision)]
    for paper in by_number(relative, "decision_no"):
        excuse = "ground_annulled" if paper.revoked_on else ""
        yield Ground("decision", paper.decision_no, paper.decided_on, (paper,), excuse)
    for order in by_number(dossier.of(DrugOrder, kind="compulsory"), "order_no"):
        excuse = "ground_annulled" if order.annulled_on else ""
        yield Ground("order", order.order_no, order.decided_on, (order,), excuse)
    for entry in by_number(dossier.of(Dishonest), "case_no"):
        until = entry.delisted_on - DAY if entry.delisted_on else None
        yield Ground("listing", entry.case_no, entry.listed_on, (entry,), until=until)


def _checks(checks: Iterable[TrafficCheck]) -> Iterator[Ground]:
    for check in by_number(checks, "check_no"):
        if check.vehicle == "motor" and check.bac_mg:
            excuse = "ground_annulled" if check.annulled_on else ""
            yield Ground("check", check.check_no, check.on, (check,), excuse, level=check.bac_mg)


def _certificates(licences: Sequence[Licence]) -> Iterator[Ground]:
    """The first revocation and the second, which bars for good: a third adds nothing."""
    revoked = [row for row in by_number(licences, "licence_no") if row.end_kind == "revoked"]
    ended = sorted(
        ((day, row.licence_no, row) for row in revoked if (day := row.ended_on) is not None),
        key=lambda found: found[:2],
    )
    for n, (day, number, row) in enumerate(ended[:2]):
        yield Ground("certificate", number, day, (row,), again=n > 0)


def _companies(posts: Sequence[Post]) -> Iterator[Ground]:
    """What befell a company while the person was its legal representative."""
    closed, unfed = {}, {}  # of several registers that tell of one company, the last
    for post in posts:
        held = Spell(post.since, post.until)
        if post.revoked_on and post.revoked_on in held:
            closed[post.organisation] = post, post.post, post.revoked_on
        if post.food_revoked_on and post.food_revoked_on in held:
            unfed[post.organisation] = post, post.food_revoked_no, post.food_revoked_on
    for post, no, on in closed.values():
        yield Ground("company", no, on, (post,), organisation=post.organisation)
    for post, no, on in unfed.values():
        yield Ground("food_company", no, on, (post,), organisation=post.organisation)
