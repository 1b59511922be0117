"""Dense worlds to draw records from: so few people, keys and days that nearly every record matters.

One theme per model, one for derived records, one for all at once. A record is drawn with a key out
of two or three, so that drawing is mostly correcting; its person is drawn too, so that a correction
often moves it to somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from detectors.framework.registry import Catalogue, discover
from schemas import Record, Source
from schemas.change import Coverage
from tests import factories as make
from tests.packs.rings.words import Firm

Draw = Callable[[Random], Record]

PEOPLE = tuple(make.person(n) for n in (1, 2))
CASES = tuple(f"{make.PROCURATORATE}/东检刑诉受〔2025〕{n}号" for n in (1, 2))
COURT_CASES = tuple(f"{make.COURT}/（2024）鲁1102刑初{n}号" for n in (1, 2))
FIRMS = tuple(make.organisation(n) for n in range(1, 6))


@dataclass(frozen=True)
class Supply:
    """What one feed can be said to be complete for."""

    feed: str
    kind: str
    which: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Theme:
    """What there is to draw, what is known of the feeds, and between which days it plays."""

    name: str
    models: tuple[str, ...]
    draws: tuple[tuple[int, Draw], ...]
    since: date
    until: date
    supplies: tuple[Supply, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)  #: model: parameter: other rows
    packages: tuple[str, ...] = ("detectors",)
    length: int = 60  #: acts of a history

    @property
    def catalogue(self) -> Catalogue:
        return _catalogue(self.packages).only(self.models)

    def draw(self, rng: Random) -> Record:
        weights, draws = zip(*self.draws, strict=True)
        return rng.choices(draws, weights)[0](rng)

    def redraw(self, rng: Random, feed: str, key: str) -> Record | None:
        """Another row of the same key; None when none came up."""
        for _ in range(40):
            record = self.draw(rng)
            if (record.source.feed, record.source.key) == (feed, key):
                return record
        return None

    def statements(self, rng: Random, until: date, number: int) -> tuple[Coverage, ...]:
        """Some of the feeds say how far they are complete; some of them began late.

        When a feed began belongs to the number of its statement.
        """
        told = []
        for supply in self.supplies:
            if rng.random() < 0.75:
                late = Random(f"{supply.feed}{supply.kind}{number}").random() < (
                    0.5 if number else 0.2
                )
                since = self.since + timedelta(days=9) if late else date(2000, 1, 1)
                told.append(
                    Coverage(supply.feed, supply.kind, since, until, dict(supply.which), number)
                )
        return tuple(told)


@cache
def _catalogue(packages: tuple[str, ...]) -> Catalogue:
    return discover(packages, packs=False)


def _maybe(rng: Random, values: Sequence[Any], often: float = 0.5) -> Any:
    return rng.choice(values) if rng.random() < often else None


def _days(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


def _other(model: str, parameter: str, value: object, kind: str = "product") -> dict[str, Any]:
    """A deployment's own row of one parameter of a card."""
    row = {"value": value, "kind": kind, "in_force_from": date(1979, 1, 1), "basis": "测试"}
    return {model: {parameter: [{**row, "verified": False}]}}


# ---- D01: around one death at the end of a month

_DEATHS = _days("2024-03-31", "2024-04-01", "2024-04-20")
_MONTHS = _days("2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01")


def _death(rng: Random) -> Record:
    authority = rng.choice(("police", "police", "health"))
    return make.death(
        feed=f"{authority}-death",
        key=f"death-{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(_DEATHS),
        authority=authority,
        cancelled=rng.random() < 0.2,
    )


def _benefit(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.benefit(
        key=f"B{n}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "低保", "survivor"), (8, 1, 1))[0],
        since=rng.choice(_days("2010-01-01", "2010-01-01", "2024-04-20")),
        stopped_on=_maybe(rng, _days("2024-03-10", "2024-04-30", "2024-06-20"), 0.25),
        last_proof_on=_maybe(rng, _days("2024-03-01", "2024-05-05"), 0.3),
    )


def _payment_after(rng: Random) -> Record:
    n, month = rng.randint(1, 2), rng.choice(_MONTHS)
    return make.payment(
        key=f"B{n}-{month}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "funeral"), (9, 1))[0],
        month=month,
        amount_fen=rng.choice((0, 100, 100, 200)),
        returned_on=_maybe(rng, (month.replace(day=20),), 0.1),
    )


def _refund(rng: Random) -> Record:
    return make.refund(
        key=f"refund-{rng.randint(1, 2)}",
        for_no=f"B{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        refunded_on=rng.choice(_days("2024-03-20", "2024-06-03", "2024-06-20")),
        amount_fen=rng.choice((100, 400, 400)),
        month=_maybe(rng, _MONTHS, 0.3),
    )


def _resident(rng: Random) -> Record:
    return make.resident(
        key="home", person=rng.choice(PEOPLE), region=rng.choice(("371102", "371103"))
    )


D01 = Theme(
    "D01",
    ("D01",),
    ((4, _death), (4, _benefit), (6, _payment_after), (3, _refund), (1, _resident)),
    date(2024, 4, 1),
    date(2024, 7, 20),
    (Supply("benefit", "Benefit", {"scheme": ("employee_pension",)}),),
    _other("D01", "stop", "10 d", "product"),
)


# ---- D02: two cases, months in and out of custody

_HELD = _days("2024-01-01", "2024-02-01", "2024-02-20", "2024-03-01", "2024-04-01")
_FREED = _days("2024-02-29", "2024-03-10", "2024-03-31", "2024-04-30")
_PAID = _days("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01")


def _restraint(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        case_no=rng.choice((*COURT_CASES, *COURT_CASES, "")),
        person=rng.choice(PEOPLE),
        kind=rng.choice(
            ("detention", "arrest", "arrest", "prison", "wanted", "administrative_detention")
        ),
        since=rng.choice(_HELD),
        until=_maybe(rng, _FREED, 0.6),
        end_reason=rng.choice(("", "", "acquitted", "not_prosecuted", "withdrawn", "changed")),
    )


def _correction(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.correction_spell(
        key=f"S{n}",
        file_no=f"S{n}",
        case_no=rng.choice(COURT_CASES),
        person=rng.choice(PEOPLE),
        kind=rng.choice(("control", "probation", "parole", "temporary_release")),
        since=rng.choice(_HELD),
        until=_maybe(rng, _FREED, 0.7),
        end_reason=rng.choice(("", "completed", "revoked", "fraud", "escaped")),
    )


def _judgment(rng: Random) -> Record:
    n = rng.randint(0, 1)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[n],
        party=rng.choice(PEOPLE),
        outcome=rng.choice(("acquitted", "acquitted", "guilty")),
        penalty=rng.choice(("有期徒刑", "拘役")),
        effective_on=_maybe(rng, _days("2024-04-05", "2024-05-06"), 0.8),
        pronounced_on=date(2024, 4, 1),
        replaces=rng.choice(("", "", COURT_CASES[1 - n])),
    )


def _payment_held(rng: Random) -> Record:
    n, month = rng.randint(1, 2), rng.choice(_PAID)
    return make.payment(
        key=f"B{n}-{month}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "resident_pension"), (9, 1))[0],
        month=month,
        paid_on=rng.choice((month.replace(day=10), date(2024, 6, 3), date(2024, 9, 3))),
        amount_fen=rng.choice((100, 100, 200)),
        returned_on=_maybe(rng, (month.replace(day=20),), 0.1),
    )


def _rise(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.adjustment(
        key=f"rise-{n}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        effective_on=rng.choice(_HELD),
        delta_fen=rng.choice((10, 20)),
    )


def _refund_held(rng: Random) -> Record:
    return make.refund(
        key=f"refund-{rng.randint(1, 2)}",
        for_no=rng.choice(("B1", "B2", "rise-1", "rise-2")),
        person=rng.choice(PEOPLE),
        refunded_on=rng.choice(_days("2024-03-20", "2024-06-03")),
        amount_fen=rng.choice((20, 400, 400)),
        month=_maybe(rng, _PAID, 0.3),
    )


D02 = Theme(
    "D02",
    ("D02",),
    (
        (5, _restraint),
        (3, _correction),
        (3, _judgment),
        (8, _payment_held),
        (2, _rise),
        (2, _refund_held),
    ),
    date(2024, 4, 1),
    date(2024, 9, 10),
    (Supply("payment", "BenefitPayment", {"scheme": ("employee_pension",)}),),
    _other("D02", "partial_months", "include", "product"),
)


# ---- D03: chains of deadlines around Spring Festival 2025 (holidays from 28 January to 4 February)

_DECIDED = _days("2025-01-22", "2025-01-24", "2025-01-26")
_MOVED = _days("2025-01-20", "2025-01-27", "2025-02-05", "2025-02-06", "2025-02-10")
_SERVED = _days("2025-02-14", "2025-02-21")
_ANSWERED = _days("2025-02-20", "2025-03-20", "2025-04-21", "2025-04-22")


def _decision(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.decision(
        key=f"N{n}",
        decision_no=f"N{n}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        kind=rng.choices(
            (
                "non_prosecution_relative",
                "non_prosecution_doubt",
                "non_prosecution_conditional",
                "prosecution",
            ),
            (6, 3, 1, 1),
        )[0],
        charges=rng.choice((("133-1",), ("264",))),
        decided_on=rng.choice(_DECIDED),
        revoked_on=_maybe(rng, _days("2025-03-03"), 0.1),
    )


def _step(rng: Random) -> Record:
    kind = rng.choice(
        ("transferred", "accepted", "accepted", "extended", "review_ended", "no_penalty_needed")
    )
    return make.case_step(
        feed="case-step",
        key=f"{kind}-{rng.randint(1, 2)}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        step=kind,
        on=rng.choice(_MOVED),
        until=_maybe(rng, _days("2025-02-24", "2025-03-05"), 0.7) if kind == "extended" else None,
    )


def _pause(rng: Random) -> Record:
    since = rng.choice(_MOVED)
    return make.pause(
        key=f"P{rng.randint(1, 2)}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        ground=rng.choice(("consultation", "consultation", "appraisal")),
        since=since,
        until=_maybe(rng, (since + timedelta(days=3), since + timedelta(days=12)), 0.6),
    )


def _opinion(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.document(
        key=f"O{n}",
        doc_no=f"O{n}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        recipient=rng.choice((make.MARKET, make.POLICE)),
        issued_on=rng.choice(_SERVED),
        served_on=_maybe(rng, _SERVED, 0.9),
        reply_due=_maybe(rng, _days("2025-03-10", "2025-04-21"), 0.5),
    )


def _answer(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.reply(
        key=f"A{n}",
        doc_no=f"O{n}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        kind=rng.choices(("will_punish", "punished", "refused"), (6, 1, 1))[0],
        replied_on=rng.choice(_ANSWERED),
        filed_on=_maybe(rng, _days("2025-02-21", "2025-03-01"), 0.6),
        penalty_no=rng.choice(("", "F1")),
        agency=rng.choice((make.MARKET, make.POLICE)),
    )


def _penalty(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.penalty(
        key=f"F{n}",
        decision_no=f"F{n}",
        party=rng.choice(PEOPLE),
        cause=rng.choice(("drunk_driving", "drink_driving", "theft")),
        decided_on=rng.choice(_days("2025-01-10", "2025-05-12", "2025-06-20", "2025-08-01")),
        annulled_on=_maybe(rng, _days("2025-08-10"), 0.15),
        agency=rng.choice((make.MARKET, make.POLICE)),
        sealed_basis=rng.choice(("", "", "", "public_security")),
    )


_STEPS = ("transferred", "review_ended")
_RECIPIENTS = (make.MARKET, make.POLICE)

D03 = Theme(
    "D03",
    ("D03",),
    ((5, _decision), (6, _step), (3, _pause), (3, _opinion), (3, _answer), (1, _penalty)),
    date(2025, 1, 24),
    date(2025, 8, 20),
    (
        *(
            Supply("case-step", "CaseStep", {"step": (s,), "organ": ("procuratorate",)})
            for s in _STEPS
        ),
        *(Supply(f"reply-{a[-2:]}", "Reply", {"agency": (a,)}) for a in _RECIPIENTS),
        Supply("penalty", "Penalty"),
    ),
    _other("D03", "transfer", "7 wd", "product"),
)


# ---- D11: checks, orders and licences around their limits

_STOPPED = _days("2024-06-01", "2024-06-20", "2024-07-15")
_ENDED = _days("2024-06-10", "2024-07-09", "2024-07-25", "2024-09-01")


def _check(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.traffic_check(
        key=f"C{n}",
        check_no=f"C{n}",
        person=rng.choice(PEOPLE),
        on=rng.choice(_STOPPED),
        bac_mg=rng.choice((None, 19, 20, 80, 126, 126)),
        vehicle=rng.choices(("motor", "non_motor"), (9, 1))[0],
        commercial=rng.random() < 0.2,
        accident_crime=rng.random() < 0.2,
        hit_and_run=rng.random() < 0.1,
        handled_on=_maybe(rng, _days("2024-06-05", "2024-07-20"), 0.6),
        annulled_on=_maybe(rng, _days("2024-08-01"), 0.1),
    )


def _order(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.drug_order(
        key=f"R{n}",
        order_no=f"R{n}",
        person=rng.choice(PEOPLE),
        kind=rng.choice(("community", "community", "compulsory", "recovery")),
        decided_on=rng.choice(_days("2024-05-06", "2024-06-15")),
        reported_on=_maybe(rng, _days("2024-05-13", "2024-06-20"), 0.7),
        until=_maybe(rng, _days("2024-08-20"), 0.2),
        ended=_maybe(rng, _days("2024-08-01", "2024-08-30"), 0.2),
        annulled_on=_maybe(rng, _days("2024-08-05"), 0.1),
    )


def _licence(rng: Random) -> Record:
    n = rng.randint(1, 3)
    ended = _maybe(rng, _ENDED, 0.5)
    return make.licence(
        key=f"L{n}",
        licence_no=f"L{n}",
        holder=rng.choice(PEOPLE),
        issued_on=rng.choice(_days("2015-04-02", "2015-04-02", "2024-08-01", "2024-07-01")),
        ended_on=ended,
        end_kind=rng.choice(("revoked", "revoked", "cancelled", "withdrawn", "expired"))
        if ended
        else "",
        valid_until=_maybe(rng, _days("2024-07-20", "2030-01-01"), 0.2),
    )


def _certificate(rng: Random) -> Record:
    ended = _maybe(rng, _ENDED, 0.3)
    return make.licence(
        key="Q1",
        licence_no="Q1",
        holder=rng.choice(PEOPLE),
        kind="occupation",
        issued_on=date(2016, 5, 5),
        ended_on=ended,
        end_kind="cancelled" if ended else "",
    )


def _drink_penalty(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.penalty(
        key=f"F{n}",
        decision_no=f"F{n}",
        party=rng.choice(PEOPLE),
        cause=rng.choice(("drink_driving", "drunk_driving", "theft")),
        decided_on=rng.choice(_days("2024-05-20", "2024-06-18")),
        annulled_on=_maybe(rng, _days("2024-08-01"), 0.2),
        sealed_basis=rng.choice(("", "public_security")),
    )


def _crash_judgment(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[n - 1],
        party=rng.choice(PEOPLE),
        charges=rng.choice((("133",), ("133-1",), ("264",))),
        pronounced_on=rng.choice(_days("2024-06-25", "2024-07-01")),
        effective_on=_maybe(rng, _days("2024-07-05", "2024-07-11"), 0.8),
    )


D11 = Theme(
    "D11",
    ("D11",),
    (
        (5, _check),
        (3, _order),
        (6, _licence),
        (3, _certificate),
        (2, _drink_penalty),
        (1, _crash_judgment),
    ),
    date(2024, 6, 1),
    date(2024, 11, 1),
    (
        Supply("licence", "Licence", {"kind": ("driving",)}),
        Supply("licence", "Licence", {"kind": ("occupation",)}),
    ),
    _other("D11", "drunk_mg", 127, "legal"),
)


# ---- firms and addresses: records derived twice

_FOUNDED = _days("2024-01-10", "2024-02-10")


def _firm(rng: Random) -> Record:
    return Firm(
        source=Source("firm", f"G{rng.randint(1, 5)}", make.MARKET, make.REGION),
        firm=rng.choice(FIRMS),
        address=rng.choice(("a", "a", "b", "")),
        registered_on=rng.choice(_FOUNDED),
        closed_on=_maybe(rng, _days("2024-02-20", "2024-03-20"), 0.25),
    )


RINGS = Theme(
    "rings",
    ("R01", "R02"),
    ((1, _firm),),
    date(2024, 1, 10),
    date(2024, 4, 1),
    overrides=_other("R02", "at_least", 2, "product"),
    packages=("tests.packs.rings",),
)


# ---- everything at once, and papers whose number was wrong


def _renumbered(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.traffic_check(
        key=f"C{n}",
        check_no=f"C{n}{rng.choice('ab')}",
        person=rng.choice(PEOPLE),
        on=date(2024, 6, 1),
    )


MIXED = Theme(
    "mixed",
    ("D01", "D02", "D03", "D11", "R01", "R02"),
    (
        (3, _death),
        (2, _benefit),
        (4, _payment_after),
        (4, _restraint),
        (4, _decision),
        (3, _step),
        (3, _check),
        (3, _licence),
        (4, _renumbered),
        (8, _firm),
    ),
    date(2024, 4, 1),
    date(2025, 8, 20),
    (*D01.supplies, *D02.supplies, *D03.supplies, *D11.supplies),
    {**D01.overrides, **D02.overrides, **D03.overrides, **D11.overrides, **RINGS.overrides},
    ("detectors", "tests.packs.rings"),
    length=120,
)

MODELS = (D01, D02, D03, D11)
THEMES = (*MODELS, RINGS, MIXED)
