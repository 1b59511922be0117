"""A deadline in words that a person can recompute: start, counted days, excluded days, due day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.plain import term_words
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from detectors.framework.words import word_in

#: Up to so many working days each is named; above, only the first and the last.
NAMED = 10

_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def chain(deadline: Deadline, language: str, calendar: Calendar) -> str:
    """How the due day follows from the start, every excluded interval named."""
    zh = language == "zh"
    start = (
        f"{deadline.start}（{_weekday(deadline.start, zh)}，当日不计）"
        if zh
        else (f"{deadline.start} (a {_weekday(deadline.start, zh)}, not counted)")
    )
    parts = [f"起算日 {start}。" if zh else f"From {start}."]
    how = _how(deadline, calendar)
    if deadline.due is None:
        parts += _open(deadline, zh)
    elif how == "stated":
        parts.append(
            f"期限届满日 {deadline.due}（以文书载明或者批准的期限为准）。"
            if zh
            else f"Due {deadline.due} (as the document states)."
        )
    else:
        parts += (
            _working(deadline, zh, calendar) if how == "working" else _dated(deadline, zh, calendar)
        )
        parts.append(f"期限届满日 {deadline.due}。" if zh else f"Due {deadline.due}.")
        if not deadline.paused:
            parts.append("无中止。" if zh else "No suspension.")
    if deadline.provisional:
        parts.append(
            "（所涉年度放假安排未知，仅按周末计算，日期暂定。）"
            if zh
            else "(Provisional: that year's holidays are not known; only weekends were left out.)"
        )
    return "".join(parts) if zh else " ".join(parts)


def _how(deadline: Deadline, calendar: Calendar) -> str:
    """Whether counting again gives this due day; if not, a document stated it."""
    try:
        term = Term(deadline.term)
    except ValueError:
        return "stated"
    for roll in (True, False):
        if calendar.deadline(deadline.start, term, deadline.paused, roll).due == deadline.due:
            return "working" if term.working else "dated"
    return "stated"


def _open(deadline: Deadline, zh: bool) -> Iterator[str]:
    since = next((pause.since for pause in deadline.paused if pause.until is None), deadline.start)
    term = term_words(deadline.term, "zh" if zh else "en")
    yield f"期限{term}。" if zh else f"The term is {term}."
    yield (
        f"自 {since} 起中止，未见结束，届满日未定。"
        if zh
        else f"Suspended from {since}, no end recorded: no due day yet."
    )


def _dated(deadline: Deadline, zh: bool, calendar: Calendar) -> Iterator[str]:
    due = deadline.due or deadline.start
    last = deadline.last or due
    term = term_words(deadline.term, "zh" if zh else "en")
    yield f"期限{term}。" if zh else f"The term is {term}."
    for pause in deadline.paused:
        days = Spell(deadline.start + DAY, last).overlap(pause)
        count = days.days() if days else 0
        if days is not None and count:
            yield (
                f"{_run(days, zh)} 中止，{count} 日不计。"
                if zh
                else f"{_run(days, zh)} suspended, {count} day{'s' * (count != 1)} left out."
            )
    if deadline.last is not None:
        why = _why(last, zh, calendar) or ("周末" if zh else "a weekend")
        yield (
            f"末日 {last}（{_weekday(last, zh)}）为{why}，顺延至 {due}（{_weekday(due, zh)}）。"
            if zh
            else f"The last day {last} ({_weekday(last, zh)}) is off ({why}): "
            f"it rolls on to {due} ({_weekday(due, zh)})."
        )


def _working(deadline: Deadline, zh: bool, calendar: Calendar) -> Iterator[str]:
    due, number = deadline.due or deadline.start, Term(deadline.term).number
    named = number <= NAMED
    count, said, weekend = 0, [], 0
    for kind, days in _runs(deadline, due, calendar):
        if kind == "counted":
            for day in days:
                count += 1
                made_up = calendar.worked_in_exchange(day)
                if named or count in (1, number) or made_up:
                    said.append(_counted(day, count, made_up, zh, deadline.start.year))
            continue
        run = _run(Spell(days[0], days[-1]), zh, deadline.start.year)
        if kind == "paused":
            said.append(f"{run} 中止不计" if zh else f"{run} suspended")
            continue
        name = next((why for day in days if (why := _why(day, zh, calendar))), "")
        if name or named:
            said.append(
                f"{run} {name or '周末'}放假不计".replace("周末放假", "周末")
                if zh
                else f"{run} {name or 'weekend'}"
            )
        else:
            weekend += len(days)
    if weekend:
        said.append(
            f"其余周末 {weekend} 日不计" if zh else f"{weekend} other weekend days left out"
        )
    text = ("，" if zh else "; ").join(said)
    yield f"{text}。" if zh else f"{text[:1].upper()}{text[1:]}."


def _runs(deadline: Deadline, due: date, calendar: Calendar) -> Iterator[tuple[str, list[date]]]:
    def kind(day: date) -> str:
        if any(day in pause for pause in deadline.paused):
            return "paused"
        return "counted" if calendar.works(day) else "off"

    first, last = deadline.start.toordinal() + 1, due.toordinal()
    for name, days in groupby(map(date.fromordinal, range(first, last + 1)), key=kind):
        yield name, list(days)


def _counted(day: date, count: int, made_up: bool, zh: bool, year: int) -> str:
    shown = _short(day, year)
    if zh:
        first = f"第{count}个工作日" if count == 1 else f"第{count}个"
        return f"{first} {shown}" + (f"（{_weekday(day, zh)}，调休上班）" if made_up else "")
    note = f" (a {_weekday(day, zh)} worked in exchange)" if made_up else ""
    return f"{'working day' if count == 1 else 'day'} {count}: {shown}{note}"


def _why(day: date, zh: bool, calendar: Calendar) -> str:
    name = calendar.holiday(day)
    return (word_in("holiday", name, "zh") or name) if zh else name


def _run(days: Spell, zh: bool, year: int | None = None) -> str:
    since, until = _short(days.since, year), _short(days.until or days.since, year)
    return since if since == until else f"{since} {'至' if zh else 'to'} {until}"


def _short(day: date, year: int | None) -> str:
    return day.isoformat()[5:] if day.year == year else day.isoformat()


def _weekday(day: date, zh: bool) -> str:
    return f"星期{_ZH_DAYS[day.weekday()]}" if zh else _EN_DAYS[day.weekday()]
