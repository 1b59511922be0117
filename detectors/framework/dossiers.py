"""The dossiers of one partition: rows go in, and whoever is concerned is looked at."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from detectors.framework.coverage import Knowledge
from detectors.framework.effects import Effects
from detectors.framework.looking import Looking, Moment
from detectors.framework.merged import Heard, Place, replaced_by, taken_in
from detectors.framework.news import is_news
from detectors.framework.passing_on import pass_everything_on, pass_on, take_everything_back
from detectors.framework.registry import Derivation
from detectors.framework.remembered import AlertState, Subject
from detectors.framework.restoring import Restored
from detectors.framework.row import GONE, READ, UNREADABLE, Row, Standing
from detectors.framework.ruleset import RuleSet, Running
from detectors.framework.sharing import interned
from detectors.framework.state import Known, merged_entry, received_entry, row_key, row_value
from detectors.framework.tombstones import Tombstones
from detectors.framework.wakeups import WakeUps
from schemas.alert import Cause
from schemas.change import Forward, Put, RowChange, Unreadable
from schemas.people import Identity
from schemas.record import RECORD_TYPES, Record, decode_record
from schemas.subject import Tokens

Kinds = dict[type[Record], None]
"""Record types in a fixed order: in which order models look must not depend on chance."""


class Dossiers:
    """Every subject of one partition, with the indexes of whom to look at again."""

    def __init__(
        self, found: Restored, tokens: Tokens, partition: int, knowledge: Knowledge
    ) -> None:
        subjects = found.subjects
        self.subjects, self.partition = subjects, partition
        self._tokens, self._knowledge = tokens, knowledge
        self._looking = Looking(subjects, tokens, partition, knowledge)
        self._tombstones = Tombstones({name: subjects[name] for name in sorted(found.empty)})

    @property
    def ruleset(self) -> RuleSet | None:
        return self._looking.ruleset

    @ruleset.setter
    def ruleset(self, ruleset: RuleSet | None) -> None:
        self._looking.ruleset = ruleset

    @property
    def evaluations(self) -> Counter[str]:
        return self._looking.evaluations

    @property
    def waiting(self) -> int:
        return len(self._looking.wakeups)

    def _subject(self, name: str) -> Subject:
        subject = self.subjects.get(name)
        if subject is None:
            name = sys.intern(name)
            subject = self.subjects[name] = Subject(name, self._tokens.person)
        return subject

    # ---- one record changes

    def change(self, message: RowChange, effects: Effects, known: Known, at_ms: int) -> None:
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
            subject = self._subject(name)
        state = READ
        if record is None:
            state = UNREADABLE if isinstance(message, Unreadable) else GONE
        redriven = old is not None and old.standing.redriven
        redriven = redriven or (not isinstance(message, Unreadable) and message.redriven)
        standing = Standing.of(
            message.kind, position.epoch, position.partition, state, redriven, message.term
        )
        row = Row(record, position.offset, standing)
        shown = old if subject.merged is None else subject.row(feed, key)
        subject.set_row(feed, key, row)
        cause = Cause(
            self.partition,
            effects.offset,
            str(message.__struct_config__.tag),
            feed,
            position,
            message.source_time_ms,
        )
        moment = Moment(effects, known, at_ms, cause)
        raw = message.row if isinstance(message, Put) else None
        effects.writes.append((row_key(name, feed, key), row_value(moment.mark, row, raw)))
        if state == GONE:
            self._tombstones.add(name, feed, key, row)
        now = row if subject.merged is None else subject.row(feed, key)
        if subject.target:
            pass_on(name, subject, {(feed, key): shown}, moment)
        kinds = _kinds(shown, now)
        if kinds:
            self._follow(name, subject, kinds, moment)

    def forwarded(self, message: Forward, effects: Effects, known: Known, at_ms: int) -> None:
        """Take in what the dossier of a former number passes on."""
        name, sender = message.subject, message.sender
        rows = [taken_in(item, interned) for item in message.rows]
        subject = self._subject(name)
        merged = subject.merge()
        last = merged.heard.get(sender)
        if last is not None and message.at < last.at:
            return  # an owner that was frozen says again what it said
        moment = Moment(effects, known, at_ms, Cause(self.partition, effects.offset, "forward"))
        before: dict[Place, Row | None] = {}
        for item, row in zip(message.rows, rows, strict=True):
            place = item.feed, item.key
            before[place] = subject.row(*place)
            subject.receive(sender, *place, row)
            effects.writes.append(received_entry(moment.mark, name, sender, place, row))
        renamed = subject.heard(sender, Heard(message.at, message.former))
        effects.writes.append(merged_entry(moment.mark, name, merged))
        if subject.target:
            pass_on(name, subject, before, moment, renamed=renamed)
        elif renamed:
            self._looking.again(name, subject, None, moment)
            self._looking.derive(name, subject, moment)
        else:
            kinds: Kinds = {}
            for place, old in before.items():
                kinds |= _kinds(old, subject.row(*place))
            if kinds:
                self._follow(name, subject, kinds, moment)

    def _follow(self, name: str, subject: Subject, kinds: Kinds, moment: Moment) -> None:
        """Rows of these types changed: look at the dossier, if it is the one that counts."""
        if Identity in kinds and self._redirect(name, subject, moment):
            return
        ruleset = self.ruleset
        if subject.target or ruleset is None:
            return
        about = subject.dossier.kind
        woken: Iterable[Running] = ()
        reading: Iterable[Derivation] = ()
        for kind in kinds:
            more = ruleset.woken_by(about, kind)
            woken = {r.model.id: r for r in (*woken, *more)}.values() if woken else more
            also = ruleset.derivations_of(about, kind)
            reading = {d.name: d for d in (*reading, *also)}.values() if reading else also
        if woken:
            self._looking.changed(name, subject, woken, moment)
        if reading:
            self._looking.derive(name, subject, moment, reading)

    def _redirect(self, name: str, subject: Subject, moment: Moment) -> bool:
        """Begin or cease to pass on to another number's dossier; whether that changed."""
        dossier = subject.dossier
        said = dossier.every(Identity)
        number = replaced_by(said, dossier.key, self._tokens.person) if said else ""
        target = self._tokens.subject("person", number) if number else ""
        if target == subject.target:
            return False
        if subject.target:
            take_everything_back(name, subject, moment)
        opened = not target
        subject.merge().target = sys.intern(target)
        moment.effects.writes.append(merged_entry(moment.mark, name, subject.merge()))
        if target:
            pass_everything_on(name, subject, moment)
            self._looking.close(name, subject, moment)
        if opened:
            self._looking.again(name, subject, None, moment)
        self._looking.derive(name, subject, moment)
        return True

    # ---- many dossiers are looked at again

    def due(self, known: Known) -> dict[str, set[str] | None]:
        """Whom a tick concerns, and with which models: days that came, questions that are answered,
        dossiers touched since the last tick, tombstones that may go."""
        due: dict[str, set[str] | None] = {}

        def add(name: str, model: str | None) -> None:
            models = due.setdefault(name, set())
            if model is not None and models is not None:
                models.add(model)

        wakeups = self._looking.wakeups
        for name, model in wakeups.reached(known.as_of, self.subjects):
            add(name, model)
        for name, model in wakeups.answered(self._knowledge, self.subjects):
            add(name, model)
        for name in self._looking.touched:
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
        self._looking.wakeups = WakeUps(self.subjects)
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
        moment = Moment(effects, known, at_ms, cause)
        effects.writes += self._tombstones.expire(name, subject, known.floor, moment.mark)
        rules = models is None and cause.op == "rules"
        if rules and self._redirect(name, subject, moment):
            return
        if subject.target:
            if rules:
                self._looking.close(name, subject, moment)
            return
        self._looking.again(name, subject, models, moment)
        if rules:
            self._looking.derive(name, subject, moment)
            self._looking.recount(name, subject, moment)

    def active(self) -> dict[tuple[str, str, str], AlertState]:
        """The active set: (subject, model, obligation) to the alert's state."""
        return {
            (name, model, obligation): state
            for name, subject in self.subjects.items()
            for model, alerts in subject.alerts.items()
            for obligation, state in alerts.items()
            if state.status.active
        }


def _kinds(before: Row | None, now: Row | None) -> Kinds:
    """The types whose models a change concerns; none when only a position moved.

    Both types where a feed's contract says another one now.
    """
    if before is None or now is None:
        row = now or before
        return {RECORD_TYPES[row.standing.kind]: None} if row is not None else {}
    if before.state == now.state and before.record == now.record:
        return {}
    return {RECORD_TYPES[row.standing.kind]: None for row in (now, before)}
