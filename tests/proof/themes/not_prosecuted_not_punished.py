"""D03: chains of deadlines around Spring Festival 2025 (holidays from 28 January to 4 February)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import CASES, PEOPLE, Supply, Theme, days, maybe, other

_DECIDED = days("2025-01-22", "2025-01-24", "2025-01-26")
_MOVED = days("2025-01-20", "2025-01-27", "2025-02-05", "2025-02-06", "2025-02-10")
_SERVED = days("2025-02-14", "2025-02-21")
_ANSWERED = days("2025-02-20", "2025-03-20", "2025-04-21", "2025-04-22")


def decision(rng: Random) -> Record:
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
        revoked_on=maybe(rng, days("2025-03-03"), 0.1),
    )


def step(rng: Random) -> Record:
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
        until=maybe(rng, days("2025-02-24", "2025-03-05"), 0.7) if kind == "extended" else None,
    )


def _pause(rng: Random) -> Record:
    since = rng.choice(_MOVED)
    return make.pause(
        key=f"P{rng.randint(1, 2)}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        ground=rng.choice(("consultation", "consultation", "appraisal")),
        since=since,
        until=maybe(rng, (since + timedelta(days=3), since + timedelta(days=12)), 0.6),
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
        served_on=maybe(rng, _SERVED, 0.9),
        reply_due=maybe(rng, days("2025-03-10", "2025-04-21"), 0.5),
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
        filed_on=maybe(rng, days("2025-02-21", "2025-03-01"), 0.6),
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
        decided_on=rng.choice(days("2025-01-10", "2025-05-12", "2025-06-20", "2025-08-01")),
        annulled_on=maybe(rng, days("2025-08-10"), 0.15),
        agency=rng.choice((make.MARKET, make.POLICE)),
        sealed_basis=rng.choice(("", "", "", "public_security")),
    )


_STEPS = ("transferred", "review_ended")
_RECIPIENTS = (make.MARKET, make.POLICE)

D03 = Theme(
    "D03",
    ("D03",),
    ((5, decision), (6, step), (3, _pause), (3, _opinion), (3, _answer), (1, _penalty)),
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
    other("D03", "transfer", "7 wd", "product"),
    at_least=4,
)
