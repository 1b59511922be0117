"""Models in a terminal: one line each, the whole card of one, and how one did in its checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Line

from detectors.framework.article import Article
from detectors.framework.articles import Entry
from detectors.framework.card import LANGUAGES, Card, Lists, Words
from detectors.framework.plain import term_words
from detectors.framework.registry import Model
from detectors.framework.suite import Suite


def listing(models: Iterable[Model]) -> Table:
    """All models: what each is about, reads and needs, and how much of its law is not verified."""
    table = Table(box=box.SIMPLE, show_lines=True, pad_edge=False)
    for heading in ("model", "title", "subject", "reads", "rules", "unverified", "from"):
        table.add_column(heading, overflow="fold")
    for model in models:
        card, asked = model.card, model.detector
        needs = f"\nneeds {', '.join(card.permissions)}" if card.permissions else ""
        table.add_row(
            Line(model.id, style="bold"),
            Line(f"{card.title.zh}\n{card.title.en}\n{card.family}"),
            Line(", ".join(asked.subjects)),
            Line(", ".join(sorted(kind.__name__ for kind in asked.reads)) + needs),
            Line(", ".join(card.rules)),
            Line(_unverified(card)),
            Line(origin(model)),
        )
    return table


def origin(model: Model) -> str:
    """The distribution that brought a model, and its version."""
    return f"{model.origin} {model.version}".strip()


def _unverified(card: Card) -> str:
    """Of the parameters that are law: those with a row whose wording nobody read in full."""
    legal = [rows for rows in card.parameters.values() if any(map(_is_law, rows))]
    doubtful = sum(any(_is_law(row) and not row.verified for row in rows) for rows in legal)
    return f"{doubtful} of {len(legal)}"


def _is_law(row: Article) -> bool:
    return row.kind == "legal" and row.value is not None


def sheet(model: Model, articles: Mapping[str, Entry]) -> Group:
    """The whole card in both languages, with the articles that its rows rest on."""
    card, asked = model.card, model.detector
    head = f"{model.id}  {card.title.zh} · {card.title.en}"
    about = [
        f"{card.family}    {', '.join(asked.subjects)}    {origin(model)}    {model.path.name}",
        f"looked at {'once a tick' if asked.on_tick else 'at each change'}"
        f"    permissions: {', '.join(card.permissions) or 'none'}",
    ]
    return Group(
        Panel(Line(head, style="bold").append("\n" + "\n".join(about), style="not bold")),
        *_section("发现 Detects", _both(card.detects)),
        *_section("监督对象 Supervises", _both(card.supervises)),
        *_section("规则 Rules", _rules(model)),
        *_section("数据 Inputs", (f"{n}: {', '.join(f)}" for n, f in card.inputs.items())),
        *_section("名单 Reference lists", _named(card.lists)),
        *_section("参数 Parameters", _parameters(card, articles)),
        *_section("不能发现 Misses", _lists(card.misses)),
        *_section("先排除 False positives", _lists(card.false_positives)),
        *_section("排除事由 Excuses", _named(card.excuses)),
        *_section("建议 What to do", _respond(card)),
        *_section("严重程度 Severity", [_severity(card)]),
        *_section("线索文本 Texts", _texts(card)),
        *_section("参考 References", (*card.references.laws, *card.references.models)),
    )


def _section(title: str, lines: Iterable[str | Line]) -> Iterator[RenderableType]:
    shown = [line if isinstance(line, Line) else Line(line) for line in lines]
    if shown:
        yield Line(f"\n{title}", style="bold cyan")
        for line in shown:
            deep = len(line.plain) - len(line.plain.lstrip())  # so that what wraps stays there
            yield Padding(line[deep:], (0, 0, 0, 2 + deep))


def _both(words: Words) -> list[str]:
    return [words.zh, words.en]


def _lists(lists: Lists) -> list[str]:
    return [f"· {text}" for language in LANGUAGES for text in lists.in_(language)]


def _named(words: Mapping[str, Words]) -> list[str]:
    return [f"{code}: {said.zh} · {said.en}" for code, said in words.items()]


def _respond(card: Card) -> Iterator[str]:
    for rule, step in card.respond.items():
        term = f" [{term_words(step.within, 'en')}]" if step.within else ""
        yield f"{rule}{term}: {step.zh} · {step.en}"


def _severity(card: Card) -> str:
    grave = card.severity
    floors = [
        f"{name} from ¥{fen / 100:,.0f}"
        for name, fen in (("medium", grave.medium_fen), ("high", grave.high_fen))
        if fen is not None
    ]
    return "; ".join((grave.default, *floors))


def _texts(card: Card) -> Iterator[str | Line]:
    for rule, languages in card.texts.items():
        for language, text in languages.items():
            yield Line(f"{rule} ({language})", style="bold")
            yield text.title
            if text.done_late:
                yield f"done late: {text.done_late}"
            yield from (f"  · {fact}" for fact in text.facts)
            if text.sum:
                yield from (f"  = {line}" for line in text.sum.splitlines())


def _rules(model: Model) -> Iterator[Line]:
    """Each rule with the parameters it rests on, and why it may be off or doubtful."""
    for rule, names in Suite(model).basis().items():
        rows = {name: model.card.parameters.get(name, ()) for name in names}
        off = [n for n, found in rows.items() if all(row.value is None for row in found)]
        doubtful = [
            n for n, found in rows.items() if any(_is_law(r) and not r.verified for r in found)
        ]
        line = Line(rule, style="bold").append(f"  ({', '.join(names)})", style="not bold")
        if off:
            said = f"  默认关闭 off by default: {', '.join(off)} has no value"
            line.append(said, style="not bold yellow")
        if doubtful:
            line.append(f"  依据未核对 unverified: {', '.join(doubtful)}", style="not bold red")
        yield line


def _parameters(card: Card, articles: Mapping[str, Entry]) -> Iterator[Line | str]:
    for name, rows in card.parameters.items():
        for row in rows:
            yield _row(name, row)
            if row.quote:
                yield f"    “{row.quote}”"
            for note in dict.fromkeys(text for text in (row.note_zh, row.note) if text):
                yield f"    {note}"
            for entry in (articles[id] for id in row.articles if id in articles):
                starts = f", from: {entry.starts}" if entry.starts else ""
                yield Line(f"    {entry.id}{starts}", style="dim")


def _row(name: str, row: Article) -> Line:
    line = Line(name, style="bold").append(f" = {_value(row.value)}", style="not bold")
    for term in row.extensions:
        line.append(f" + {term}", style="not bold")
    region = f" in {row.region}" if row.region else ""
    line.append(f"  from {row.in_force_from}{region}  {row.basis}  ", style="not bold")
    if row.value is None:
        return line.append("无此规则 no such rule", style="not bold yellow")
    if row.kind == "product":
        return line.append("产品设定 product setting", style="not bold yellow")
    if row.verified:
        return line.append("已核对 verified", style="not bold green")
    return line.append("未核对 unverified", style="bold red")


def _value(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(item)}" for name, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def checked(model: Model, results: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Group, int]:
    """Each check of a model with what it finds wrong, and how many problems there are."""
    lines: list[RenderableType] = [
        Line(f"{model.id} {model.path.stem} ({origin(model)})", style="bold")
    ]
    count = 0
    for check, found in results:
        count += len(found)
        mark, style = ("✘", "red") if found else ("✔", "green")
        lines.append(Line(f"  {mark} {check}", style=style))
        lines += (Padding(Line(problem), (0, 0, 0, 6)) for problem in found)
    return Group(*lines), count


def articles_table(articles: Iterable[Entry], used: Mapping[str, tuple[str, ...]]) -> Table:
    """Entries of the law with the models that rest on them."""
    table = Table("id", "article", "value", "in force", "read", "models", box=box.SIMPLE)
    for entry in articles:
        until = f" to {entry.in_force_until}" if entry.in_force_until else ""
        table.add_row(
            Line(entry.id),
            Line(f"{entry.law}{entry.article}"),
            Line(_value(entry.value)),
            Line(f"{entry.in_force_from}{until}"),
            Line(entry.read, style="" if entry.verified else "red"),
            Line(", ".join(used.get(entry.id, ())) or "none"),
        )
    return table
