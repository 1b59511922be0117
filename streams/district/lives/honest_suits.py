"""Suits for wages and dues that are real, however alike they look (D05)."""

from __future__ import annotations

from datetime import timedelta

from schemas.identifiers import credit_number
from streams.district.lives import Stage, life
from streams.district.lives.outsiders import outsider
from streams.district.lives.shams import (
    SUPPLIER,
    batch,
    claim,
    insured,
    lately,
    ordered,
    owes_others,
)
from streams.district.places import REGION
from streams.district.rows import yuan

#: A property manager that sues in batches, as ``lists.toml`` says.
MANAGER = credit_number("91", REGION, 880_003)

# ---- look-alikes


@life("look_alike", "D05", rate=3)
def colleagues_who_worked_there(stage: Stage) -> None:
    """Signs of a batch and not enough of them: 30 points, 45 or 50."""
    kind, alike, settled, others = stage.rng.choice(
        (("1", True, 1, False), ("2", True, None, False), ("2", False, None, True))
    )
    employer, _, _, on = lately(stage, work=True, alike=alike, kind=kind, settled=settled)
    if others:
        owes_others(stage, employer, on - timedelta(60))


@life("look_alike", "D05", rate=2)
def workers_of_a_failing_employer(stage: Stage) -> None:
    """A law firm sues for all: sums of their own, insured for years, tried and judged."""
    employer, lawyer, on = stage.company(), outsider(stage), stage.day(170)
    owes_others(stage, employer, on - timedelta(30))
    for n in range(13):
        worker = outsider(stage)
        insured(stage, worker, employer, on - timedelta(700), on - timedelta(20))
        claim(
            stage,
            worker,
            employer,
            on + timedelta(2 * n),
            1_500_000 + 310_000 * n,
            agent=lawyer,
            kind="1",
            settled=None,
        )


@life("look_alike", "D05", rate=1)
def arrears_that_the_inspection_knew(stage: Stage) -> None:
    """A foreman acts for all, equal wages, settled at once; the inspection had ordered payment."""
    employer, _, _, on = batch(stage, 12)
    ordered(stage, employer, on - timedelta(40))


@life("look_alike", "D05", rate=1)
def nine_colleagues(stage: Stage) -> None:
    batch(stage, 9)


@life("look_alike", "D05", rate=1)
def a_manager_sues_for_fees(stage: Stage) -> None:
    """Forty owners owe the property manager: each is sued once, and all by one plaintiff."""
    on = stage.day(150)
    debtor, clerk = outsider(stage), outsider(stage)
    for n in range(12):
        stage.open(
            "court-civil",
            on + timedelta(n),
            entered=on + timedelta(n + 1),
            ah=stage.numbers.court("民初", on.year),
            ay="民间借贷纠纷",
            larq=(on + timedelta(n)).isoformat(),
            jarq=(on + timedelta(n + 1)).isoformat(),
            jafs="02",
            ssbd=yuan(120_000),
            yg=MANAGER,
            ygmc="望潮物业管理有限公司",
            bg=debtor.number,
            bgmc=debtor.name,
            dlr=clerk.number,
            dlrlb="2",
            dlrf="1",
            jkbh=f"WY-{debtor.index}",
        )


@life("look_alike", "D05", rate=1)
def a_great_claim_long_before(stage: Stage) -> None:
    employer, manager, on = stage.company(), outsider(stage), stage.day(300)
    claim(stage, manager, employer, on, 46_000_000)
    stage.company_event(employer, "71", on + timedelta(200))
    other, worker = stage.company(), outsider(stage)
    claim(stage, worker, other, on, 29_000_000)
    stage.company_event(other, "71", on + timedelta(100))


# ---- ordinary


@life("ordinary", "D05", rate=15)
def wages_sued_for_once(stage: Stage) -> None:
    """One worker, insured there, paid in the end."""
    employer, worker, on = stage.company(), outsider(stage), stage.day(150)
    insured(stage, worker, employer, on - timedelta(900), on - timedelta(30))
    case = claim(stage, worker, employer, on, 2_600_000, settled=None)
    closed = on + stage.days(20, 70)
    case.change(closed, jarq=closed.isoformat(), jafs=stage.rng.choice(("01", "02")))


@life("ordinary", "D05", rate=60)
def insured_by_an_employer(stage: Stage) -> None:
    insured(stage, outsider(stage), SUPPLIER, stage.day(100), None)
