"""A whole alert in one language, in the order in which a prosecutor reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from detectors.framework.calendar import Calendar
from detectors.framework.card import Card
from detectors.framework.law_words import law_lines
from detectors.framework.plain import fen_words, joined, term_words
from detectors.framework.texts import render
from detectors.framework.words import charge, word, word_in
from schemas.alert import Evidence, Proof, Reason, Status, Text, Transition
from schemas.numbers import printed

_CHINA = timezone(timedelta(hours=8))
FOOTER = {
    "zh": "机器线索，供核查，不作认定。",
    "en": "A machine-made lead for verification; it establishes nothing.",
}
_STATUS = {
    Status.HOLDS: ("成立", "holds"),
    Status.CURED: ("已补正（逾期）", "performed late"),
    Status.LAPSED: ("已终止", "lapsed"),
    Status.WITHDRAWN: ("已撤回", "withdrawn"),
    Status.SUPERSEDED: ("已由新线索取代", "superseded"),
}
_REASON = {
    Reason.SOURCE: ("来源记录已更正或删除", "the records no longer support it"),
    Reason.EXEMPT: ("存在法定或正当理由", "there is a lawful reason"),
    Reason.COVERAGE: ("来源数据是否完整尚不确定", "the source is not known to be complete"),
    Reason.DEADLINE_MOVED: ("期限变动，尚未届满", "the deadline moved and has not passed"),
    Reason.UNREADABLE: ("所依据的记录无法读取", "a record it rests on cannot be read"),
    Reason.RULES: ("规则变更", "the rules changed"),
}
_SEVERITY = {"low": ("低", "low"), "medium": ("中", "medium"), "high": ("高", "high")}
_PLAIN = frozenset((str, int, bool))
_TOKEN = re.compile(r"[0-9a-f]{20}")
_NOTICE = ("期限将届满", "term running out")
_UNCONFIRMED = ("待数据完整后确认", "unconfirmed until the source is complete")


def anatomy(
    card: Card,
    transition: Transition,
    lang: str,
    *,
    calendar: Calendar | None = None,
    withheld: tuple[str, ...] = (),
    names: Mapping[str, str] | None = None,
) -> Text:
    """All parts of the text of ``transition``, whose own ``texts`` are not read.

    Nothing in it depends on today: dates are those of the rows and of the transitions. An ended
    alert is told with the facts it was last told with. ``withheld`` are permissions of the card
    that the deployment does not grant: the text says that such records were not used. ``names``
    are what agencies are called in this language, by code.
    """
    n = 0 if lang == "zh" else 1
    facts = msgspec.json.decode(bytes(transition.facts) or b"{}")
    parts = render(
        card,
        transition.rule,
        lang,
        cured=transition.status is Status.CURED,
        facts=facts if isinstance(facts, Mapping) else {},
        calendar=calendar,
        names=names,
    )
    ended = "" if transition.status.active else _STATUS[transition.status][n]
    head = f"【{ended}】" if lang == "zh" else f"{ended.capitalize()}: "
    return Text(
        title=(head if ended else "") + parts.title,
        status=" · ".join(_status(card, transition, lang, names or {})),
        subject=_subject(transition, lang, names or {}),
        facts=parts.facts,
        sum=parts.sum,
        law=tuple(law_lines(transition.basis, lang)),
        looked_for=(
            *(_looked_for(proof, lang) for proof in transition.looked_for),
            *(_withheld(permission, lang) for permission in withheld),
        ),
        innocent=tuple(f"□ {item}" for item in card.false_positives.in_(lang)),
        respond=_respond(card, transition, lang),
        evidence=tuple(_evidence(transition, lang, names or {})),
        footer=FOOTER[lang],
    )


def _status(
    card: Card, transition: Transition, lang: str, names: Mapping[str, str]
) -> Iterator[str]:
    zh, n = lang == "zh", 0 if lang == "zh" else 1
    yield f"{card.id} {card.family if zh else card.title.en}"
    word_of = _STATUS[transition.status][n]
    if transition.reason is not None:
        why = _REASON[transition.reason][n]
        excuse = card.excuses.get(transition.excuse)
        why = excuse.in_(lang) if excuse is not None else why
        word_of += f"（{why}）" if zh else f" ({why})"
    yield word_of
    if transition.status.active:
        if transition.stage == "notice":
            yield _NOTICE[n]
        if transition.unconfirmed:
            yield _UNCONFIRMED[n]
        yield _SEVERITY.get(transition.severity, (transition.severity,) * 2)[n]
        if transition.amount_fen:
            yield fen_words(transition.amount_fen)
    yield f"第{transition.revision}版" if zh else f"revision {transition.revision}"
    raised, changed = _on(transition.raised_ms or transition.at_ms), _on(transition.at_ms)
    yield f"首次发现 {raised}" if zh else f"first found {raised}"
    if changed != raised:
        yield f"最近变化 {changed}" if zh else f"last change {changed}"
    agency = names.get(transition.agency) or transition.agency_name or transition.agency
    if agency:
        yield f"被监督单位：{agency}" if zh else f"against: {agency}"
    if transition.superseded_by:
        yield f"取代线索 {transition.superseded_by}" if zh else f"now {transition.superseded_by}"
    if transition.replaces:
        yield f"承接线索 {transition.replaces}" if zh else f"replaces {transition.replaces}"


def _subject(transition: Transition, lang: str, names: Mapping[str, str]) -> str:
    zh = lang == "zh"
    kind, _, key = transition.subject.partition(":")
    shown = transition.party or (printed(key) if kind not in ("person", "pair") else "")
    if kind == "pair" and shown:
        shown = joined([_attribute(part, lang) for part in shown.split("|")], lang)
    elif kind == "agency" and key in names:
        shown = f"{names[key]}（{key}）" if zh else f"{names[key]} ({key})"
    if not shown:
        shown = "（身份信息从略）" if zh else "(identity not shown)"
    text = f"对象：{shown}" if zh else f"Subject: {shown}"
    if transition.former:
        numbers = joined(list(transition.former), lang)
        text += (
            f"；部分证据登记在曾用号码 {numbers} 名下"
            if zh
            else (f"; some of the evidence stands under the former number {numbers}")
        )
    return text


def _attribute(part: str, lang: str) -> str:
    """One attribute that a group shares, ``attribute=value`` in words; a token is nobody's text."""
    name, given, value = part.partition("=")
    if not given:
        return part
    called = word_in("field", name, lang) or name
    if _TOKEN.fullmatch(value):
        return f"{called}（同一人）" if lang == "zh" else f"{called} (the same person)"
    return f"{called} {value}"


def _looked_for(proof: Proof, lang: str) -> str:
    zh = lang == "zh"
    sep = "；" if zh else "; "
    narrowed = sep.join(
        joined([word(value, lang, field=name, kinds=(proof.kind,)) for value in values], lang)
        for name, values in proof.which.items()
    )
    what = word_in("record", proof.kind, lang) or proof.kind
    if narrowed:
        what += f"（{narrowed}）" if zh else f" ({narrowed})"
    asked = _between(proof.asked_since, proof.asked_until, zh)
    if proof.complete_since is None or proof.complete_until is None:
        return f"{what}：{asked}未见相反记录" if zh else f"{what}: nothing to the contrary {asked}"
    complete = _between(proof.complete_since, proof.complete_until, zh)
    feeds = joined(list(proof.feeds), lang)
    feeds = f"{feeds}，" if feeds and zh else f"{feeds}, " if feeds else ""
    if zh:
        return f"{what}：{asked}未见相反记录（{feeds}数据完整 {complete.strip()}）"
    return f"{what}: nothing to the contrary {asked} ({feeds}complete {complete})"


def _withheld(permission: str, lang: str) -> str:
    name = word_in("permission", permission, lang) or permission
    if lang == "zh":
        return f"未获授权，未使用：{name}"
    return f"not used, because not granted: {name}"


def _respond(card: Card, transition: Transition, lang: str) -> str:
    zh = lang == "zh"
    if transition.status is Status.CURED:
        return "已补正，仅列入统计。" if zh else "Repaired: nothing beyond the statistics."
    if not transition.status.active:
        return (
            "无需处理；已据此采取的措施请复核。"
            if zh
            else "Nothing to do; reconsider what was already done because of it."
        )
    respond = card.respond[transition.rule]
    within = term_words(respond.within, lang) if respond.within else ""
    if not within:
        return respond.in_(lang)
    return f"{respond.zh}（{within}内）" if zh else f"{respond.en} (within {within})"


def _evidence(transition: Transition, lang: str, names: Mapping[str, str]) -> Iterator[str]:
    zh = lang == "zh"
    for row in transition.evidence:
        yield _row(row, lang, names.get(row.agency, row.agency))
    more = transition.evidence_count - len(transition.evidence)
    if more > 0:
        yield f"另有 {more} 条" if zh else f"{more} more"
    if transition.evidence_hash:
        yield f"摘要 {transition.evidence_hash}" if zh else f"digest {transition.evidence_hash}"


def _row(row: Evidence, lang: str, agency: str) -> str:
    zh = lang == "zh"
    kind = word_in("record", row.kind, lang) or row.kind
    where = f"{agency}·" if agency else ""
    shown = [
        _field(row.kind, name, value, lang)
        if value.__class__ in _PLAIN
        else f"{word_in('field', name, lang) or name} {_value(row.kind, name, value, lang)}"
        for name, value in row.fields.items()
    ]
    text = f"{where}{kind} {printed(row.key)}"
    if shown:
        text += f"（{'，'.join(shown)}）" if zh else f" ({', '.join(shown)})"
    at = row.position
    if at is not None:
        text += f" @ {row.feed} {at.epoch}/{at.partition}/{at.offset}"
    return text


@lru_cache(maxsize=50_000, typed=True)
def _field(kind: str, name: str, value: str | int, lang: str) -> str:
    """A field as evidence shows it; an alert that is updated shows the same rows again."""
    return f"{word_in('field', name, lang) or name} {_value(kind, name, value, lang)}"


def _value(kind: str, name: str, value: object, lang: str) -> str:
    if isinstance(value, list | tuple):
        return joined([_value(kind, name, item, lang) for item in value], lang)
    if name.endswith("_fen") and isinstance(value, int):
        return fen_words(value)
    if name == "charges":
        return charge(str(value), lang)
    if isinstance(value, str):
        found = word_in(f"{kind}.{name}", value, lang) or word_in(name, value, lang)
        return found or (printed(value) if name.endswith("_no") else value)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    return str(value)


def _between(since: date, until: date, zh: bool) -> str:
    return f"{since} 至 {until} " if zh else f"{since} to {until}"


def _on(ms: int) -> str:
    """The day of a transition as people in China date it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(_CHINA).date().isoformat()
