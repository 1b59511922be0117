"""D08: every clock of the table on two cases, with cards, pauses, extensions and joinings."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from detectors.deadlines.clocks import CLOCKS
from schemas import Record
from schemas.steps import STEPS
from tests import factories as make
from tests.proof.theme import CASES, PEOPLE, Supply, Theme, days, maybe

_DAYS = days(
    "2025-03-03", "2025-03-10", "2025-03-17", "2025-04-03", "2025-04-07", "2025-05-06", "2025-06-09"
)
_OWN, _POLICE = "procuratorate", "police"
_USED = {
    (organ, code)
    for clock in CLOCKS
    for organ, codes in (clock.start, *clock.done)
    if organ in STEPS
    for code in codes
}
_TAKEN = sorted(
    _USED
    | {(_OWN, code) for code in ("extended", "s172", "joined", "application_withdrawn")}
    | {("court", "extended")}
)
_KINDS = ("suggestion", "retrial_suggestion", "execution_suggestion", "pi_suggestion", "correction")


def _step(rng: Random) -> Record:
    organ, code = rng.choice(_TAKEN)
    return make.case_step(
        feed=f"{organ}-step",
        key=f"{code}-{rng.randint(1, 2)}",
        case_no=rng.choice(CASES),
        party=rng.choice(("", "", *PEOPLE)),
        organ=organ,
        step=code,
        on=rng.choice(_DAYS),
        until=maybe(rng, days("2025-04-25", "2025-06-30"), 0.5)
        if code in ("extended", "s172", "review")
        else None,
        doc_no=rng.choice(("", "", "O1", "O2")),
    )


def _returned(rng: Random) -> Record:
    """Sent back for more investigation, up to four times."""
    return make.case_step(
        feed=f"{_OWN}-step",
        key=f"back-{rng.randint(1, 4)}",
        case_no=CASES[0],
        party="",
        organ=_OWN,
        step="returned_for_supplement",
        on=rng.choice(_DAYS),
    )


def _document(rng: Random) -> Record:
    n = rng.randint(1, 3)
    issued = rng.choice(_DAYS)
    served = issued + timedelta(days=rng.choice((0, 4, 20)))
    return make.document(
        key=f"O{n}",
        doc_no=f"O{n}",
        case_no=rng.choice(CASES),
        party="",
        kind=rng.choice(_KINDS),
        recipient=rng.choice((make.MARKET, make.COURT)),
        issued_on=issued,
        served_on=maybe(rng, (served,), 0.8),
        reply_due=maybe(rng, (served + timedelta(days=14), served + timedelta(days=90)), 0.5),
        urgent=rng.random() < 0.3,
    )


def _reply(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.reply(
        key=f"A{n}",
        doc_no=f"O{n}",
        case_no=rng.choice(CASES),
        party="",
        kind=rng.choice(("corrected", "refused")),
        replied_on=rng.choice(days("2025-03-05", "2025-05-07", "2025-07-01")),
        agency=rng.choice((make.MARKET, make.COURT)),
    )


def _decision(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.decision(
        key=f"N{n}",
        decision_no=f"N{n}",
        case_no=rng.choice(CASES),
        party=rng.choice(PEOPLE),
        kind=rng.choice(("prosecution", "arrest", "non_prosecution_relative", "no_arrest_doubt")),
        decided_on=rng.choice(_DAYS),
    )


def _pause(rng: Random) -> Record:
    since = rng.choice(_DAYS)
    return make.pause(
        key=f"P{rng.randint(1, 2)}",
        case_no=rng.choice(CASES),
        party="",
        ground=rng.choice(("appraisal", "psychiatric_appraisal", "file_request", "supplement")),
        since=since,
        until=maybe(rng, (since + timedelta(days=5), since + timedelta(days=15)), 0.7),
    )


def _card(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.case_card(
        key=f"K{n}",
        case_no=rng.choice(CASES),
        opened_on=maybe(rng, _DAYS, 0.9),
        fields=(
            ("案由", rng.choice(("", "盗窃"))),
            ("起诉罪名", rng.choice(("", "盗窃罪"))),
            ("判决罪名", rng.choice(("盗窃罪", "诈骗罪"))),
            ("强制措施", rng.choice(("", "拘留"))),
            ("适用程序", rng.choice(("", "速裁"))),
        ),
    )


D08 = Theme(
    "D08",
    ("D08",),
    (
        (12, _step),
        (2, _returned),
        (4, _document),
        (2, _reply),
        (1, _decision),
        (1, _pause),
        (2, _card),
    ),
    date(2025, 3, 3),
    date(2025, 10, 20),
    (
        *(
            Supply(f"{organ}-step", "CaseStep", {"organ": (organ,)})
            for organ in (_OWN, _POLICE, "court")
        ),
        Supply("decision", "Decision"),
        Supply("document", "Document"),
        Supply("reply", "Reply"),
    ),
    length=90,
    at_least=10,
)
