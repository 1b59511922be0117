"""Models look at one dossier; what they say is settled into alerts, what follows is passed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from detectors.framework.clues import clues, counted_for
from detectors.framework.coverage import Knowledge
from detectors.framework.deriving import derive
from detectors.framework.effects import DOSSIER_TOO_BIG, Effects, Failure
from detectors.framework.evaluate import (
    ACTIVE,
    NOTHING,
    NOTHING_ASKED,
    TOO_BIG,
    Evaluation,
    Said,
    evaluate,
)
from detectors.framework.registry import Derivation
from detectors.framework.remembered import AlertState, Subject
from detectors.framework.row import UNREADABLE
from detectors.framework.ruleset import RuleSet, Running
from detectors.framework.settle import settle
from detectors.framework.state import Known, alert_entry, looked_entry, made_entry
from detectors.framework.telling import Telling
from detectors.framework.wakeups import WakeUps
from schemas.alert import Cause, Reason, Transition, decode_transition
from schemas.change import Position
from schemas.errors import LimitError
from schemas.fence import fence
from schemas.subject import Tokens

#: Names the derivations of a dossier among what may fail over it.
DERIVED = "derived"


class Moment(msgspec.Struct, frozen=True):
    """What is being applied: its cause and time, what is known by then, and what follows."""

    effects: Effects
    known: Known
    at_ms: int
    cause: Cause

    @property
    def mark(self) -> bytes:
        return fence(self.effects.offset)


def _is_active(said: Said) -> bool:
    return said.finding.outcome in ACTIVE


class Looking:
    """Evaluates dossiers of one partition, and remembers whom to look at again."""

    def __init__(
        self, subjects: dict[str, Subject], tokens: Tokens, partition: int, knowledge: Knowledge
    ) -> None:
        self.ruleset: RuleSet | None = None
        self.evaluations: Counter[str] = Counter()
        self.wakeups = WakeUps(subjects)
        self.touched = {name for name, subject in subjects.items() if subject.touched}
        self._tokens, self._partition, self._knowledge = tokens, partition, knowledge
        #: derivation, dossier: what was made of it last, in this process
        self._derived: dict[str, dict[str, int]] = {}

    def changed(
        self, name: str, subject: Subject, woken: Iterable[Running], moment: Moment
    ) -> None:
        """Rows changed that these models read: look now, or at the next tick."""
        looked = False
        dossier = subject.dossier
        for running in woken:
            detector = running.model.detector
            if dossier.kind in detector.on_tick:
                if self._says_nothing(running, subject):
                    continue
                subject.touched |= {detector.id}
                self.touched.add(name)
                looked = True
            elif self.look(name, subject, running, moment):
                looked = True
        if looked:
            moment.effects.writes.append(looked_entry(moment.mark, name, subject))

    def again(self, name: str, subject: Subject, models: set[str] | None, moment: Moment) -> None:
        """Look at once with these models; None: with every model, and end those that do not run."""
        if self.ruleset is None:
            return
        looked = bool(subject.touched)
        subject.touched = frozenset()
        self.touched.discard(name)
        for running in self.ruleset.of(subject.dossier.kind):
            if models is None or running.model.id in models:
                looked |= self.look(name, subject, running, moment)
        if models is None:
            looked |= self._retire(name, subject, moment)
        if looked:
            moment.effects.writes.append(looked_entry(moment.mark, name, subject))

    def close(self, name: str, subject: Subject, moment: Moment) -> None:
        """Another number takes over: end what was told here, and wait for nothing."""
        if self.ruleset is not None:
            for model in sorted(subject.alerts):
                running = self.ruleset.running.get(model) or self.ruleset.retired(model)
                self._settle(name, subject, model, running, NOTHING, moment, Reason.SOURCE)
        if subject.asked or subject.touched or subject.troubles:
            subject.asked, subject.troubles, subject.touched = {}, {}, frozenset()
            self.touched.discard(name)
            moment.effects.writes.append(looked_entry(moment.mark, name, subject))

    def _retire(self, name: str, subject: Subject, moment: Moment) -> bool:
        """End the alerts of models that the rules do not run any more; forget what those asked."""
        if self.ruleset is None:
            return False
        forgot = False
        for model in sorted({*subject.alerts, *subject.asked} - set(self.ruleset.running)):
            forgot |= model in subject.asked or model in subject.troubles
            subject.set_asked(model, None)
            subject.set_trouble(model, None)
            self._settle(name, subject, model, self.ruleset.retired(model), NOTHING, moment)
        return forgot

    # ---- one model looks at one dossier

    def look(self, name: str, subject: Subject, running: Running, moment: Moment) -> bool:
        """Evaluate and settle; whether what the model waits for has changed.

        A model that raises is asked again at the next tick: the day or the answer that woke it is
        used up, and it may be able to say then what it could not say now.
        """
        if self._says_nothing(running, subject):
            return False
        model = running.model.id
        self.evaluations[model] += 1
        try:
            now = evaluate(
                running, subject.dossier, moment.known.as_of, self._knowledge, subject.unreadable
            )
            if model in subject.alerts or any(map(_is_active, now.said.values())):
                self._settle(name, subject, model, running, now, moment)
        except Exception as error:  # a model's mistake must not stop the partition
            self._troubled(name, subject, Failure(model, name, error), moment)
            subject.touched |= {model}
            self.touched.add(name)
            return True
        if now is TOO_BIG:
            too_big = LimitError(f"more than {running.model.detector.at_most} rows")
            failure = Failure(model, name, too_big, DOSSIER_TOO_BIG)
            changed = self._troubled(name, subject, failure, moment)
        else:
            changed = model in subject.troubles
            if changed:
                subject.set_trouble(model, None)
        if subject.asked.get(model, NOTHING_ASKED) == now.asked:
            return changed
        if now.asked == NOTHING_ASKED:
            subject.set_asked(model, None)
        else:
            subject.set_asked(model, now.asked)
            self.wakeups.add(name, model, now.asked)
        return True

    @staticmethod
    def _says_nothing(running: Running, subject: Subject) -> bool:
        """Whether the model says and asks nothing, as before; so it is with most dossiers."""
        needs = running.model.detector.needs
        if not needs or subject.dossier.has(needs):
            return False
        model = running.model.id
        return not (model in subject.alerts or model in subject.asked or model in subject.troubles)

    def _troubled(self, name: str, subject: Subject, failure: Failure, moment: Moment) -> bool:
        """Say what went wrong; whether it is news: a tick must not say the same each time."""
        said = f"{failure.reason}: {failure.place}"
        failure.again = subject.troubles.get(failure.model) == said
        if not failure.again:
            subject.set_trouble(failure.model, said)
        moment.effects.failures.append(failure)
        return not failure.again

    def _settle(
        self,
        name: str,
        subject: Subject,
        model: str,
        running: Running | None,
        now: Evaluation,
        moment: Moment,
        reason: Reason | None = None,
    ) -> None:
        """``reason`` of what is not reported any more, where it is not to be found out here."""
        if self.ruleset is None:
            return
        before = subject.alerts.get(model, {})
        effects = moment.effects
        telling = Telling(
            name, subject, self._tokens, moment.at_ms, moment.cause, self.ruleset.rules
        )

        def vanished(alert: AlertState) -> Reason:
            if reason is not None:
                return reason
            if any(subject.was(key, UNREADABLE) for key in alert.evidence):
                return Reason.UNREADABLE
            return Reason.RULES if moment.cause.op == "rules" else Reason.SOURCE

        counts = self.ruleset.counts(model)
        for obligation, state, transition in settle(model, running, before, now, telling, vanished):
            if counts:
                state.counted = self._count(transition, state, moment)
            subject.set_alert(model, obligation, state)
            effects.transitions.append(transition)
            effects.writes.append(alert_entry(moment.mark, name, model, obligation, state))

    def _count(self, told: Transition, state: AlertState, moment: Moment) -> str:
        """Let 类案 count an alert, or count it no more, in the dossier of the agency."""
        counted = counted_for(told)
        sent = clues(told, state.counted, counted, self._partition, moment.effects.offset)
        moment.effects.derived += sent
        return counted

    def recount(self, name: str, subject: Subject, moment: Moment) -> None:
        """Under other rules: count what was told before anybody counted."""
        for model, alerts in subject.alerts.items():
            if self.ruleset is None or not self.ruleset.counts(model):
                continue
            for obligation, state in alerts.items():
                if state.status.active and not state.counted:
                    told = decode_transition(bytes(state.last))
                    if counted_for(told):
                        state.counted = self._count(told, state, moment)
                        entry = alert_entry(moment.mark, name, model, obligation, state)
                        moment.effects.writes.append(entry)

    def derive(
        self,
        name: str,
        subject: Subject,
        moment: Moment,
        only: Iterable[Derivation] | None = None,
    ) -> None:
        """Tell others' dossiers what of the rows derived from this one is new.

        ``only``: derivations that read what has changed. After a failure all are run again.
        """
        if self.ruleset is None:
            return
        position = Position(0, self._partition, moment.effects.offset)
        if DERIVED in subject.troubles:
            only = None
        try:
            sent = derive(name, subject, self.ruleset, self._tokens, position, self._derived, only)
        except Exception as error:  # as for a model: what was sent stays as it was
            if self._troubled(name, subject, Failure(DERIVED, name, error), moment):
                moment.effects.writes.append(looked_entry(moment.mark, name, subject))
            return
        if DERIVED in subject.troubles:
            subject.set_trouble(DERIVED, None)
            moment.effects.writes.append(looked_entry(moment.mark, name, subject))
        if sent:
            moment.effects.derived += sent
            moment.effects.writes.append(made_entry(moment.mark, name, subject))
