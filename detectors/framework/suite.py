"""The contract of a model, checked on any model: ours and those of packs alike.

``problems(model)`` runs every check and says what is wrong; a pack's test asserts that nothing is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import msgspec

from detectors.framework.articles import articles_beside, disagreements
from detectors.framework.cases import Case, Expect, load_cases
from detectors.framework.check_texts import check_texts
from detectors.framework.clues import OFFICES
from detectors.framework.dossier import Dossier, read_only
from detectors.framework.evaluate import Evaluation
from detectors.framework.finding import Finding, Outcome
from detectors.framework.growth import growth
from detectors.framework.registry import Model
from detectors.framework.stand import Contents, Stand
from detectors.framework.texts import render
from detectors.framework.watched import reads_of
from schemas.derived import ClueCount
from schemas.errors import CardError
from schemas.keys import identity_fields
from schemas.record import Record

ACTIVE = (Outcome.HOLDS, Outcome.CURED)
TITLES = {"zh": 40, "en": 110}  #: longest headline, in characters
WALK_BEFORE, WALK_AFTER = timedelta(days=45), timedelta(days=400)
LAG = timedelta(days=15)

Check = Callable[["Suite"], Iterator[str]]


class Suite:
    """One model with its cases, ready to be asked."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.stand = Stand(model)
        self.cases = load_cases(model.cases, self.stand.tokens.person)

    def told(self) -> Iterator[tuple[Case, Expect, tuple[Record, ...], list[Finding]]]:
        """Every moment of every case with what the model says then."""
        for case in self.cases:
            for moment, rows in case.moments():
                yield case, moment, rows, self.stand.findings(case, moment, rows)

    def basis(self) -> dict[str, tuple[str, ...]]:
        """The parameters that each rule rests on, as the cases show."""
        found: dict[str, dict[str, None]] = {rule: {} for rule in self.model.card.rules}
        for _, _, _, findings in self.told():
            for finding in findings:
                found.setdefault(finding.rule, {}).update(dict.fromkeys(finding.basis))
        return {rule: tuple(names) for rule, names in found.items()}


def cases_pass(suite: Suite) -> Iterator[str]:
    """Every case finds what it expects, and nothing that it does not."""
    for case, moment, _, findings in suite.told():
        for mismatch in moment.mismatches(findings):
            yield f"{case.name}: {mismatch}"


def card_is_complete(suite: Suite) -> Iterator[str]:
    """The cases raise every rule and every excuse of the card, whose texts print all facts."""
    card, facts = suite.model.card, dict[str, type[msgspec.Struct]]()
    told: set[str] = set()
    excuses: set[str] = set()
    basis: set[str] = set()
    for case, _, _, findings in suite.told():
        for finding in findings:
            facts[finding.rule] = type(finding.facts)
            basis.update(finding.basis)
            if finding.outcome in ACTIVE:
                told.add(finding.rule)
            if (finding.outcome is Outcome.EXEMPT) != bool(finding.excuse):
                yield f"{case.name}: {finding.obligation} {finding.outcome}: {finding.excuse!r}"
            if finding.excuse:
                excuses.add(finding.excuse)
    for rule in sorted(facts.keys() - set(card.texts)):
        yield f"texts.{rule}: missing, but the code reports that rule"
    for rule in sorted(set(card.texts) - told):
        yield f"texts.{rule}: no case raises that rule"
    for code in sorted(set(card.excuses) ^ excuses):
        yield f"excuses.{code}: stands in {'the card' if code in card.excuses else 'the code'} only"
    for name in sorted(basis - set(card.parameters)):
        yield f"parameters.{name}: named as a basis, and not in the card"
    for rule, kind in sorted(facts.items()):
        if rule in card.texts:
            try:
                check_texts(card, rule, kind)
            except CardError as error:
                yield str(error)


def articles_agree(suite: Suite) -> Iterator[str]:
    """Every legal row names its article, and says what the article says."""
    yield from disagreements(suite.model.card, articles_beside(suite.model.path.parent))


def inputs_are_what_is_read(suite: Suite) -> Iterator[str]:
    """The card names the record types that the code declares, and the fields that it reads."""
    card, reads = suite.model.card, suite.model.detector.reads
    names = {kind.__name__ for kind in reads}
    for name in sorted(set(card.inputs) ^ names):
        yield f"inputs.{name}: stands in {'the card' if name in card.inputs else 'reads'} only"
    found = reads_of(suite.stand, suite.cases)
    for name in sorted(names & set(card.inputs)):
        listed, read = set(card.inputs[name]), found.get(name, set())
        for field in sorted(listed - read):
            yield f"inputs.{name}: {field} is listed, and no case makes the code read it"
        for field in sorted(read - listed):
            yield f"inputs.{name}: {field} is read and not listed"


def lists_are_what_is_asked(suite: Suite) -> Iterator[str]:
    """The card says of each reference list that the code asks what belongs into it."""
    list(suite.told())
    card, asked = suite.model.card, set(suite.stand.lists_asked)
    if ClueCount in suite.model.detector.reads:
        asked.add(OFFICES)  # asked by the engine, for the rows of that type
    for name in sorted(asked - set(card.lists)):
        yield f"lists.{name}: missing, but the code asks that list"
    for name in sorted(set(card.lists) - asked):
        yield f"lists.{name}: no case makes the code ask that list"
    for case in suite.cases:
        for name in sorted(set(case.lists) - set(card.lists)):
            yield f"{case.name}: lists.{name} is not in the card"


def order_does_not_matter(suite: Suite) -> Iterator[str]:
    """Any order of a case's rows, and rows that come twice, give the same findings."""
    shuffled = random.Random(20)  # noqa: S311 - a fixed order of tries, no secret
    for case, moment, rows, _ in suite.told():
        said = suite.stand.contents(case, moment, rows)
        for _ in range(3):
            again = [*rows, *shuffled.choices(rows, k=len(rows) // 2)] if rows else []
            shuffled.shuffle(again)
            if suite.stand.contents(case, moment, again) != said:
                yield f"{case.name}: {moment.as_of}: another order of the rows says otherwise"


def evidence_carries(suite: Suite) -> Iterator[str]:
    """A finding rests on rows of its dossier; without them it is not made."""
    for case, moment, rows, findings in suite.told():
        keys = {(row.source.feed, row.source.key) for row in rows}
        for finding in findings:
            place = f"{case.name}: {moment.as_of}: {finding.obligation}"
            rests = {(row.source.feed, row.source.key) for row in finding.evidence}
            if not rests or not rests <= keys:
                yield f"{place}: its evidence is not made of rows of the dossier"
                continue
            left = [row for row in rows if (row.source.feed, row.source.key) not in rests]
            without = suite.stand.findings(case, moment, left)
            if finding.outcome in ACTIVE and any(
                other.obligation == finding.obligation and other.outcome in ACTIVE
                for other in without
            ):
                yield f"{place}: it is still told when all its evidence is gone"


def evaluation_changes_nothing(suite: Suite) -> Iterator[str]:
    """Rows and dossier are the same after an evaluation, and a second one says the same."""
    for case, moment, rows, _ in suite.told():
        before = msgspec.json.encode(rows)
        for dossier in suite.stand.dossiers(case, rows):
            picture = read_only(dossier)
            first = suite.stand.content(case, moment, dossier)
            if suite.stand.content(case, moment, dossier) != first:
                yield f"{case.name}: {moment.as_of}: a second evaluation says otherwise"
            if read_only(dossier) != picture:
                yield f"{case.name}: {moment.as_of}: the dossier is not what it was"
        if msgspec.json.encode(rows) != before:
            yield f"{case.name}: {moment.as_of}: a row is not what it was"


def time_is_asked_for(suite: Suite) -> Iterator[str]:
    """Day by day, a finding changes only on a day, or with a completeness, that was asked for."""
    for case in suite.cases:
        moments = list(case.moments())
        since = min(moment.as_of for moment, _ in moments) - WALK_BEFORE
        until = max(moment.as_of for moment, _ in moments) + WALK_AFTER
        days = min((until - since).days, 1200)
        for moment, rows in moments:
            for dossier in suite.stand.dossiers(case, rows):
                yield from _walk(suite, case, moment, dossier, since, days)


def _walk(
    suite: Suite, case: Case, moment: Expect, dossier: Dossier, since: date, days: int
) -> Iterator[str]:
    before: tuple[Contents, Evaluation] | None = None
    for number in range(days):
        day = since + timedelta(days=number)
        covered = day - LAG
        knowledge = suite.stand.complete(moment.since, covered)
        now = suite.stand.at(case, day, knowledge, dossier)
        changed = before is not None and now[0] != before[0]
        if before is not None and changed and not _asked(before[1], day, moment.since, covered):
            yield f"{case.name}: what is said changes on {day}, and the model did not ask"
            return
        before = now


def _asked(evaluation: Evaluation, day: date, since: date, covered: date) -> bool:
    wake, waits = evaluation.asked.wake, evaluation.asked.waits
    if wake is not None and wake <= day:
        return True
    return any(since <= wait.since and wait.until <= covered for wait in waits)


def texts_are_fit_to_print(suite: Suite) -> Iterator[str]:
    """Headlines are short, and no identity number stands in a text, a fact or an obligation."""
    card = suite.model.card
    for case, moment, rows, findings in suite.told():
        numbers = set(_numbers(rows))
        for finding in findings:
            place = f"{case.name}: {moment.as_of}: {finding.rule}"
            shown = [finding.obligation, finding.agency, str(msgspec.json.encode(finding.facts))]
            for language, longest in TITLES.items():
                if finding.outcome not in ACTIVE:
                    continue
                parts = render(
                    card,
                    finding.rule,
                    "zh" if language == "zh" else "en",
                    cured=finding.outcome is Outcome.CURED,
                    facts=finding.facts,
                )
                if len(parts.title) > longest:
                    yield f"{place}: the {language} headline has {len(parts.title)} characters"
                shown += [parts.title, *parts.facts, parts.sum]
            if any(number in text for number in numbers for text in shown):
                yield f"{place}: an identity number is shown"


def _numbers(rows: Iterable[Record]) -> Iterator[str]:
    for row in rows:
        for name in identity_fields(type(row)):
            value = getattr(row, name)
            for number in value if isinstance(value, tuple) else (value,):
                if len(number) == 18 and number[:17].isdigit():
                    yield number


def large_dossiers_stay_cheap(suite: Suite) -> Iterator[str]:
    """Four times the rows of a type cost about four times the work, not sixteen."""
    yield from growth(suite.stand, suite.cases)


CHECKS: tuple[Check, ...] = (
    cases_pass,
    card_is_complete,
    articles_agree,
    inputs_are_what_is_read,
    lists_are_what_is_asked,
    order_does_not_matter,
    evidence_carries,
    evaluation_changes_nothing,
    time_is_asked_for,
    texts_are_fit_to_print,
    large_dossiers_stay_cheap,
)


def report(model: Model) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each check in words, and what it finds wrong."""
    try:
        suite = Suite(model)
    except CardError as error:
        yield "The cases can be read.", tuple(str(error).splitlines())
        return
    for check in CHECKS:
        try:
            found = tuple(check(suite))
        except CardError as error:
            found = tuple(str(error).splitlines())
        yield (check.__doc__ or check.__name__).partition("\n")[0], found


def problems(model: Model) -> list[str]:
    """Everything that is wrong with a model; empty when it keeps its contract."""
    return [f"{check} {what}" for check, found in report(model) for what in found]
