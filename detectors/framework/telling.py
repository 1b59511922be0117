"""How a finding is told: evidence with positions, articles in force, proofs, the party, texts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from detectors.framework.anatomy import anatomy
from detectors.framework.calendar import Deadline
from detectors.framework.clues import office_of
from detectors.framework.evaluate import Said, severity
from detectors.framework.finding import Finding
from detectors.framework.party import former_numbers, party_of
from detectors.framework.remembered import Subject
from detectors.framework.ruleset import Running
from schemas.alert import Basis, Cause, Evidence, Transition, alert_id
from schemas.change import Rules
from schemas.identifiers import mask_number
from schemas.keys import identity_fields
from schemas.record import Record
from schemas.subject import Tokens

LANGUAGES = ("zh", "en")
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Telling:
    """The circumstances of one evaluation: whose dossier, what caused it, under which rules."""

    subject: str
    known: Subject
    tokens: Tokens
    at_ms: int
    cause: Cause
    rules: Rules
    _party: tuple[str, str] | None = field(default=None)

    def transition(
        self, running: Running, obligation: str, said: Said, common: Mapping[str, Any]
    ) -> Transition:
        """A transition that tells an active finding, without texts and digest."""
        finding = said.finding
        if self._party is None:
            names = running.names["zh"]
            self._party = party_of(self.subject, self.known, self.tokens, names)
        plain, shown = self._party
        rows = list({(r.source.feed, r.source.key): r for r in finding.evidence}.values())
        keys = "\n".join(sorted(f"{r.source.feed}\0{r.source.key}" for r in rows))
        inputs = running.model.card.inputs
        return Transition(
            alert=alert_id(running.model.id, self.subject, obligation),
            model=running.model.id,
            rule=finding.rule,
            subject=self.subject,
            obligation=obligation,
            stage=finding.stage,
            severity=severity(running, finding),
            agency=finding.agency,
            agency_name=running.names["zh"].get(finding.agency, ""),
            region=finding.region,
            office=office_of(finding, running.offices),
            act=finding.act,
            amount_fen=finding.amount_fen,
            facts=msgspec.Raw(_encode(finding.facts)),
            basis=self._basis(running, finding),
            evidence=tuple(self._evidence(row, inputs) for row in rows[:200]),
            evidence_count=len(rows),
            evidence_hash=hashlib.blake2b(keys.encode(), digest_size=16).hexdigest(),
            looked_for=said.proofs,
            unconfirmed=finding.unconfirmed,
            provisional=_provisional(finding.facts),
            party=shown,
            party_plain=plain,
            former=former_numbers(rows, self.known, self.tokens),
            **common,
        )

    def with_texts(self, running: Running, bare: Transition) -> Transition:
        """The transition with its texts in every language."""
        card, context = running.model.card, running.context
        withheld = tuple(p for p in card.permissions if p not in running.allowed)
        texts = {
            language: anatomy(
                card,
                bare,
                language,
                calendar=context.calendar,
                withheld=withheld,
                names=running.names[language],
            )
            for language in LANGUAGES
        }
        return msgspec.structs.replace(bare, texts=texts)

    def _evidence(self, row: Record, inputs: Mapping[str, tuple[str, ...]]) -> Evidence:
        kind, people = type(row), identity_fields(type(row))
        fields = {}
        for name in inputs.get(kind.__name__, ()):
            value = getattr(row, name)
            if value not in ("", None, ()):
                fields[name] = _masked(value) if name in people else value
        held = self.known.row(row.source.feed, row.source.key)
        return Evidence(
            kind.__name__,
            row.source.feed,
            row.source.key,
            row.source.agency,
            row.day,
            held.position if held else None,
            msgspec.to_builtins(fields),
        )

    def _basis(self, running: Running, finding: Finding) -> tuple[Basis, ...]:
        rows = []
        for parameter in finding.basis:
            article = running.context.in_force(parameter, finding.act, finding.region)
            if article is not None:
                rows.append(
                    Basis(
                        parameter,
                        article.basis,
                        article.in_force_from,
                        article.verified,
                        article.kind == "legal",
                        article.value if isinstance(article.value, str) else "",
                        article.quote,
                        article.note,
                        article.note_zh,
                    )
                )
        return tuple(rows)


def _masked(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return tuple(map(mask_number, value)) if isinstance(value, tuple) else mask_number(value)


def _provisional(facts: msgspec.Struct) -> bool:
    """Whether a date among the facts was counted over a year whose holidays are not known."""
    return any(
        isinstance(value, Deadline) and value.provisional
        for value in msgspec.structs.asdict(facts).values()
    )
