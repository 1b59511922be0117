"""Shops in which cards are charged that are out of their owners' hands (D16)."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import month_start
from streams.district.lives import NoRoom, Stage, life
from streams.district.lives.insured import settle


@life("planted", "D16", rate=0.5)
def a_shop_that_charges_harvested_cards(stage: Stage) -> None:
    """Two dozen cards that the insurers know of, in one shop, within three months; each use counts
    for a year, so the clue ends a year after the second month, when too few are left."""
    recent = stage.script.window.until - timedelta(380)
    shop, month = stage.company(), month_start(stage.day(200, not_before=recent), 1)
    known = []
    for number in range(24):
        person = stage.take("anyone")
        listed_on = month - timedelta(200)
        listed = stage.open(
            "medical-card",
            listed_on,
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=listed_on.isoformat(),
        )
        on = month_start(month, number // 8) + stage.days(0, 20)
        paid = settle(stage, person, "41", on, fen=9_000, at=shop.number)
        known.append(max(paid.known, listed.known))
    stage.expect("D16", "harvested", shop, "harvested", (sorted(known)[19], "holds"))


@life("planted", "D16", rate=0.2)
def a_shop_that_charged_them_a_year_ago(stage: Stage) -> None:
    """The same, long enough ago for the clue to have ended."""
    window = stage.script.window
    shop, month = stage.company(), month_start(window.since, 1)
    ends = month_start(month, 13) + timedelta(1)
    if ends > window.until - timedelta(15):
        raise NoRoom("a year must pass")
    known = []
    for number in range(24):
        person, on = stage.take("anyone"), month_start(month, number // 8) + stage.days(0, 20)
        stage.open(
            "medical-card",
            window.since - timedelta(90),
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=f"{window.since - timedelta(90)}",
        )
        known.append(settle(stage, person, "41", on, fen=9_000, at=shop.number).known)
    steps = ((sorted(known)[19], "holds"), (ends, ""))
    stage.expect("D16", "harvested", shop, "harvested", *steps)


@life("look_alike", "D16", rate=0.2)
def a_shop_with_a_few_harvested_cards(stage: Stage) -> None:
    """Fewer than the clue asks for; and one of them twice in a month."""
    shop, month = stage.company(), month_start(stage.day(120), 1)
    for number in range(12):
        person, listed_on = stage.take("anyone"), month - timedelta(60)
        stage.open(
            "medical-card",
            listed_on,
            mdxh=stage.numbers.serial("KP-"),
            sfzh=person.number,
            xm=person.name,
            ksrq=listed_on.isoformat(),
        )
        for _ in range(1 + number % 2):
            settle(stage, person, "41", month + stage.days(0, 20), fen=7_000, at=shop.number)
