"""The dossiers of one partition: rows go in, models look, what they say is settled into alerts."""

from __future__ import annotations

import sys
from collections import Counter

from detectors.framework.coverage import Knowledge
from detectors.framework.deriving import derive
from detectors.framework.effects import Effects, Failure
from detectors.framework.evaluate import NOTHING, NOTHING_ASKED, Evaluation, evaluate
from detectors.framework.news import is_news
from detectors.framework.ruleset import RuleSet, Running
from detectors.framework.settle import settle
from detectors.framework.state import (
    GONE,
    READ,
    UNREADABLE,
    AlertState,
    Known,
    Row,
    Standing,
    Subject,
    alert_entry,
    interned,
    looked_entry,
    made_entry,
    row_key,
    row_value,
)
from detectors.framework.telling import Telling
from detectors.framework.tombstones import Tombstones
from detectors.framework.wakeups import WakeUps
from schemas.alert import Cause, Reason
from schemas.change import Put, Remove, Unreadable
from schemas.fence import fence
from schemas.record import RECORD_TYPES, decode_record
from schemas.subject import Tokens


class Dossiers:
    """Every subject of one partition, with the indexes of whom to look at again."""

    def __init__(
        self, subjects: dict[str, Subject], tokens: Tokens, partition: int, knowledge: Knowledge
    ) -> None:
        self.subjects, self.partition = subjects, partition
        self.ruleset: RuleSet | None = None
        self.evaluations: Counter[str] = Counter()
        self._tokens, self._knowledge = tokens, knowledge
        for subject in subjects.values():
            subject.dossier.known_by(tokens.person)
        self._wakeups, self._tombstones = WakeUps(subjects), Tombstones(subjects)
        self._touched = {name for name, subject in subjects.items() if subject.touched}

    @property
    def waiting(self) -> int:
        return len(self._wakeups)

    # ---- one record changes

    def change(
        self,
        message: Put | Remove | Unreadable,
        effects: Effects,
        known: Known,
        at_ms: int,
    ) -> None:
        """Apply one row change and look at the dossier again with the models that read its type."""
        name = message.subject
        subject = self.subjects.get(name)
        if isinstance(message, Put):
            record = interned(decode_record(message.kind, message.row))
            feed, key = record.source.feed, record.source.key
        else:
            record, feed, key = None, message.feed, message.key
        old = subject.rows.get((feed, key)) if subject else None
        position = message.position
        if not is_news(old, message, known.floor.get(feed, ())):
            return
        if subject is None:
            subject = self.subjects[sys.intern(name)] = Subject(name)
            subject.dossier.known_by(self._tokens.person)
        state = (
            READ if record is not None else UNREADABLE if isinstance(message, Unreadable) else GONE
        )
        redriven = not isinstance(message, Unreadable) and message.redriven
        redriven = redriven or (old is not None and old.standing.redriven)
        at = position.epoch, position.partition
        row = Row(
            record, position.offset, Standing.of(message.kind, *at, state, redriven, message.term)
        )
        subject.set_row(feed, key, row)
        mark = fence(effects.offset)
        raw = message.row if isinstance(message, Put) else None
        effects.writes.append((row_key(name, feed, key), row_value(mark, row, raw)))
        if state == GONE:
            self._tombstones.add(name, feed, key, row)
        if old is not None and old.state == state and old.record == record:
            return  # only its position moved
        ruleset, kind = self.ruleset, RECORD_TYPES[message.kind]
        if ruleset is None:
            return
        op = str(message.__struct_config__.tag)
        cause = Cause(self.partition, effects.offset, op, feed, position, message.source_time_ms)
        looked = False
        subject_kind = subject.dossier.kind
        woken = ruleset.woken_by(subject_kind, kind)
        if old is not None and old.standing.kind != message.kind:  # the feed's contract says so now
            before = RECORD_TYPES[old.standing.kind]
            woken = tuple(
                {r.model.id: r for r in (*woken, *ruleset.woken_by(subject_kind, before))}.values()
            )
        for running in woken:
            if running.model.detector.on_tick:
                subject.touched.add(running.model.id)
                self._touched.add(name)
                looked = True
            else:
                looked |= self._look(name, subject, running, effects, known, at_ms, cause)
        if looked:
            effects.writes.append(looked_entry(mark, name, subject))
        if ruleset.derivations_of(subject_kind, kind):
            self._derive(name, subject, effects)

    # ---- many dossiers are looked at again

    def due(self, known: Known) -> dict[str, set[str] | None]:
        """Whom a tick concerns, and with which models: days that came, questions that are answered,
        dossiers touched since the last tick, tombstones that may go."""
        due: dict[str, set[str] | None] = {}

        def add(name: str, model: str | None) -> None:
            models = due.setdefault(name, set())
            if model is not None and models is not None:
                models.add(model)

        for name, model in self._wakeups.reached(known.as_of, self.subjects):
            add(name, model)
        for name, model in self._wakeups.answered(self._knowledge, self.subjects):
            add(name, model)
        for name in self._touched:
            for model in self.subjects[name].touched:
                add(name, model)
        for name in self._tombstones.below(known.floor):
            add(name, None)
        return due

    def leaning(self) -> list[str]:
        """Subjects of which a model used or waits for an answer about completeness.

        The questions of all of them are put again: one that had been set aside, because the source
        began too late for it, may be answered by and by now that beginnings have moved.
        """
        self._wakeups = WakeUps(self.subjects)
        return [
            name
            for name, subject in self.subjects.items()
            if any(asked.leaned or asked.waits for asked in subject.asked.values())
        ]

    def again(
        self,
        name: str,
        models: set[str] | None,
        effects: Effects,
        known: Known,
        at_ms: int,
        cause: Cause,
    ) -> None:
        """Look at one dossier again; ``models`` None: with every model, and derive anew."""
        subject = self.subjects[name]
        mark = fence(effects.offset)
        effects.writes += self._tombstones.expire(name, subject, known.floor, mark)
        if self.ruleset is None:
            return
        wanted = [
            running
            for running in self.ruleset.of(subject.dossier.kind)
            if models is None or running.model.id in models
        ]
        looked = bool(subject.touched)
        subject.touched.clear()
        self._touched.discard(name)
        for running in wanted:
            looked |= self._look(name, subject, running, effects, known, at_ms, cause)
        if models is None:
            looked |= self._retire(name, subject, effects, known, at_ms, cause)
        if looked:
            effects.writes.append(looked_entry(mark, name, subject))
        if models is None and cause.op == "rules":
            self._derive(name, subject, effects)

    def _retire(
        self, name: str, subject: Subject, effects: Effects, known: Known, at_ms: int, cause: Cause
    ) -> bool:
        """End the alerts of models that the rules do not run any more; forget what those asked."""
        if self.ruleset is None:
            return False
        forgot = False
        for model in sorted({*subject.alerts, *subject.asked} - set(self.ruleset.running)):
            forgot |= subject.asked.pop(model, None) is not None
            retired = self.ruleset.retired(model)
            self._settle(name, subject, model, retired, NOTHING, effects, at_ms, cause)
        return forgot

    # ---- one model looks at one dossier

    def _look(
        self,
        name: str,
        subject: Subject,
        running: Running,
        effects: Effects,
        known: Known,
        at_ms: int,
        cause: Cause,
    ) -> bool:
        """Evaluate and settle; whether what the model waits for has changed.

        A model that raises is asked again at the next tick: the day or the answer that woke it is
        used up, and it may be able to say then what it could not say now.
        """
        model = running.model.id
        self.evaluations[model] += 1
        needs = running.model.detector.needs
        if needs and not (
            model in subject.alerts or model in subject.asked or subject.dossier.has(needs)
        ):
            return False  # it says and asks nothing, as before; so it is with most dossiers
        try:
            now = evaluate(
                running, subject.dossier, known.as_of, self._knowledge, subject.unreadable
            )
            if now.said or model in subject.alerts:
                self._settle(name, subject, model, running, now, effects, at_ms, cause)
        except Exception as error:  # a model's mistake must not stop the partition
            effects.failures.append(Failure(model, name, error))
            subject.touched.add(model)
            self._touched.add(name)
            return True
        if subject.asked.get(model, NOTHING_ASKED) == now.asked:
            return False
        if now.asked == NOTHING_ASKED:
            del subject.asked[model]
        else:
            subject.asked[model] = now.asked
            self._wakeups.add(name, model, now.asked)
        return True

    def _settle(
        self,
        name: str,
        subject: Subject,
        model: str,
        running: Running | None,
        now: Evaluation,
        effects: Effects,
        at_ms: int,
        cause: Cause,
    ) -> None:
        if self.ruleset is None:
            return
        before = subject.alerts.get(model, {})
        telling = Telling(name, subject, self._tokens, at_ms, cause, self.ruleset.rules)

        def vanished(alert: AlertState) -> Reason:
            if any(subject.was(key, UNREADABLE) for key in alert.evidence):
                return Reason.UNREADABLE
            return Reason.RULES if cause.op == "rules" else Reason.SOURCE

        for obligation, state, transition in settle(model, running, before, now, telling, vanished):
            subject.alerts.setdefault(model, {})[obligation] = state
            effects.transitions.append(transition)
            effects.writes.append(
                alert_entry(fence(effects.offset), name, model, obligation, state)
            )

    def _derive(self, name: str, subject: Subject, effects: Effects) -> None:
        if self.ruleset is None:
            return
        try:
            sent = derive(name, subject, self.ruleset, self._tokens, self.partition, effects.offset)
        except Exception as error:  # as for a model: what was sent stays as it was
            effects.failures.append(Failure("derived", name, error))
            return
        if sent:
            effects.derived += sent
            effects.writes.append(made_entry(fence(effects.offset), name, subject))

    def active(self) -> dict[tuple[str, str, str], AlertState]:
        """The active set: (subject, model, obligation) to the alert's state."""
        return {
            (name, model, obligation): state
            for name, subject in self.subjects.items()
            for model, alerts in subject.alerts.items()
            for obligation, state in alerts.items()
            if state.status.active
        }
