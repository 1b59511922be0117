"""D17: two people held in two cases, extended, passed on, released, appraised, in any order."""

from __future__ import annotations

from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe

_CASES = tuple(f"{make.POLICE}/东公刑立〔2025〕{n}号" for n in (1, 2))
_OWN = f"{make.PROCURATORATE}/东检刑诉受〔2025〕1号"
_HELD = days("2025-03-03", "2025-03-06", "2025-03-31")
_LATER = days("2025-03-13", "2025-04-30", "2025-05-06", "2025-06-02", "2025-07-07")
_STEPS = {
    "police": ("extended", "s156", "s158", "s159", "restart_160", "sent_for_prosecution"),
    "procuratorate": (
        "arrest_requested",
        "arrest_reviewed",
        "review",
        "s172",
        "returned_for_supplement",
        "resubmitted",
        "extended",
        "review_ended",
        "med_application",
    ),
    "court": ("first_instance", "second_instance", "s208", "s243", "med_accepted", "med_decided"),
    "lock_up": ("warning_sent", "released"),
}


def _restraint(rng: Random) -> Record:
    n = rng.randint(1, 3)
    since = rng.choice(_HELD)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        case_no=rng.choice((*_CASES, _CASES[0], "")),
        person=rng.choice(PEOPLE),
        kind=rng.choice(("detention", "arrest", "arrest", "bail")),
        organ=rng.choice(("police", "police", "police", "procuratorate", "court")),
        since=since,
        until=maybe(rng, _LATER, 0.4),
        end_reason=rng.choice(("", "lifted")),
    )


def _step(rng: Random) -> Record:
    organ = rng.choice(tuple(_STEPS))
    step = rng.choice(_STEPS[organ])
    on = rng.choice((*_HELD, *_LATER))
    return make.case_step(
        feed=f"{organ}-step",
        key=f"{step}-{rng.randint(1, 2)}",
        case_no=rng.choice((*_CASES, _CASES[0], _OWN)),
        party=rng.choice(PEOPLE),
        organ=organ,
        step=step,
        on=on,
        until=maybe(rng, _LATER, 0.2),
        other_no=rng.choice(("", "", _CASES[0])),
        procedure=rng.choice(("", "", "fast", "simple")),
        ground=rng.choice(("", "gang")) if step == "extended" else "",
    )


def _passed_on(rng: Random) -> Record:
    """The steps that lead from one stage to the next, in the case of the measures."""
    step, on = rng.choice(
        (
            ("arrest_requested", "2025-03-06"),
            ("review", "2025-04-30"),
            ("returned_for_supplement", "2025-05-20"),
            ("resubmitted", "2025-07-07"),
        )
    )
    return make.case_step(
        feed="procuratorate-step",
        key=f"on-{step}",
        case_no=_CASES[0],
        party=rng.choice(PEOPLE),
        organ="procuratorate",
        step=step,
        on=days(on)[0],
    )


def _appraisal(rng: Random) -> Record:
    return make.pause(
        feed="police-appraisal",
        key=f"A{rng.randint(1, 2)}",
        case_no=rng.choice(_CASES),
        party=rng.choice(PEOPLE),
        ground=rng.choice(("psychiatric_appraisal", "psychiatric_appraisal", "appraisal")),
        since=rng.choice(days("2025-03-10", "2025-04-01")),
        until=maybe(rng, days("2025-03-20", "2025-04-15"), 0.8),
        result=rng.choice(("", "irresponsible", "irresponsible", "responsible")),
    )


def _medical(rng: Random) -> Record:
    organ, step = rng.choice(
        (
            ("police", "med_opinion"),
            ("procuratorate", "med_application"),
            ("court", "med_accepted"),
            ("court", "med_decided"),
        )
    )
    return make.case_step(
        feed=f"{organ}-step",
        key=f"{step}-{rng.randint(1, 2)}",
        case_no=rng.choice(_CASES),
        party=rng.choice(PEOPLE),
        organ=organ,
        step=step,
        on=rng.choice(days("2025-04-18", "2025-05-06", "2025-06-20", "2025-08-11")),
    )


def _case(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.police_case(
        key=f"P{n}",
        police_case_no=_CASES[n - 1],
        party=rng.choice(PEOPLE),
        charge=rng.choice(("234", "234", "264")),
        filed_on=rng.choice(days("2025-03-01", "2025-03-05")),
    )


D17 = Theme(
    "D17",
    ("D17",),
    (
        (4, _restraint),
        (6, _step),
        (3, _passed_on),
        (4, _appraisal),
        (4, _medical),
        (3, _case),
    ),
    days("2025-03-08")[0],
    days("2025-11-20")[0],
    (
        *(Supply(f"{organ}-step", "CaseStep", {"organ": (organ,)}) for organ in _STEPS),
        Supply("restraint", "Restraint"),
    ),
    length=90,
    at_least=4,
)
