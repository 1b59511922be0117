"""Barred from food and from companies (D12), and in them; and what only looks like it."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import same_day
from streams.district.lives import Stage, life
from streams.district.lives.trades import (
    DETENTION,
    FOOD,
    SHOPS,
    TESTS,
    appoint,
    barred,
    case_no,
    convict,
    ended,
    food_licence_taken,
    grown_up,
    leave,
    obligation,
    past,
    told_after,
    unit,
)
from streams.district.places import AGENCIES

_YEAR = timedelta(365)


# ---- food


@life("planted", "D12", rate=3)
def in_food_after_a_food_crime(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(60)
    judgment = convict(stage, person, stage.rng.choice(("143", "144")), past(stage, 1))
    post = appoint(stage, person, "food_safety", on, FOOD, unit(stage, "食品厂"))
    barred(stage, person, "food_crime", case_no(judgment), post, (post.known, "holds"))


@life("planted", "D12", rate=2)
def in_food_after_a_food_crime_and_out_again(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(200)
    judgment = convict(stage, person, "144", past(stage, 2))
    post = appoint(stage, person, "food_safety", on, FOOD, unit(stage, "食品厂"))
    holds = post.known
    left = leave(post, on + stage.days(60, 120))
    barred(
        stage,
        person,
        "food_crime",
        case_no(judgment),
        post,
        (holds, "holds"),
        (max(left, on), "cured"),
    )


@life("planted", "D12", rate=2)
def stayed_in_food_after_a_food_crime(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(120)
    post = appoint(stage, person, "food_safety", past(stage, 2), FOOD, unit(stage, "食品厂"))
    judgment = convict(stage, person, "143", on)
    barred(
        stage,
        person,
        "food_crime",
        case_no(judgment),
        post,
        (told_after(on, judgment.known), "holds"),
    )


@life("planted", "D12", rate=2)
def acquitted_of_the_food_crime(stage: Stage) -> None:
    """On retrial: the alert is withdrawn."""
    person, on = grown_up(stage, 30, 55), stage.day(250)
    judgment = convict(stage, person, "144", past(stage, 1))
    post = appoint(stage, person, "food_safety", on, FOOD, unit(stage, "食品厂"))
    again = on + stage.days(80, 150)
    retrial = convict(
        stage,
        person,
        "144",
        again,
        penalty="",
        pjjg="2",
        ah=stage.numbers.court("刑再", again.year),
        yajh=judgment.row["ah"],
    )
    barred(
        stage,
        person,
        "food_crime",
        case_no(judgment),
        post,
        (post.known, "holds"),
        (retrial.known, ""),
    )


@life("planted", "D12", rate=2)
def food_licence_again_within_five_years(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 55), stage.day(60)
    penalty = food_licence_taken(stage, person, past(stage, 1))
    licence = stage.open(
        "market-food",
        on,
        xkzh=stage.numbers.serial("JY3799"),
        czrdm=person.number,
        czrmc=person.name,
        fzrq=on.isoformat(),
        zt="1",
    )
    number = f"{AGENCIES['market'].code}/{penalty.row['cf_wsh']}"
    stage.expect(
        "D12",
        "food_licence_revoked",
        person,
        f"food_licence_revoked/{number}/{licence.record_key}",
        (licence.known, "holds"),
    )


@life("planted", "D12", rate=1)
def testing_food_after_a_food_crime(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 55), stage.day(60)
    judgment = convict(stage, person, "144", past(stage, 2), penalty=DETENTION)
    post = appoint(stage, person, "driver", on, TESTS, unit(stage, "检测站"))
    barred(stage, person, "food_inspector", case_no(judgment), post, (post.known, "holds"))


@life("look_alike", "D12", rate=3)
def detention_for_a_food_crime(stage: Stage) -> None:
    """拘役 bars nobody for life; nor does owning a share."""
    person, on = grown_up(stage, 25, 55), stage.day(60)
    convict(stage, person, "144", past(stage, 1), penalty=DETENTION)
    appoint(stage, person, "food_safety", on, FOOD, unit(stage, "食品厂"))
    other = grown_up(stage, 25, 55)
    convict(stage, other, "144", past(stage, 1))
    appoint(stage, other, "shareholder", on, FOOD, unit(stage, "食品厂"))


@life("look_alike", "D12", rate=2)
def left_food_soon_after_the_judgment(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 55), stage.day(100)
    until = on + stage.days(3, 22)
    appoint(stage, person, "food_safety", past(stage, 2), FOOD, unit(stage, "食品厂"), until=until)
    convict(stage, person, "144", on)


# ---- companies


@life("planted", "D12", rate=3)
def director_within_five_years_of_the_sentence(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(60)
    served = past(stage, 1)
    judgment = convict(stage, person, "271", served - 2 * _YEAR, until=served)
    post = appoint(stage, person, "director", on, SHOPS, unit(stage, "商贸公司"))
    barred(stage, person, "director_crime", case_no(judgment), post, (post.known, "holds"))


@life("planted", "D12", rate=2)
def director_until_the_five_years_are_over(stage: Stage) -> None:
    """Told while barred; the ban ends and the alert with it."""
    person, on = grown_up(stage, 30, 55), stage.day(250)
    ends = on + stage.days(80, 150)
    served = same_day(ends, -60)
    judgment = convict(stage, person, "389", served - _YEAR, until=served)
    post = appoint(stage, person, "supervisor", on, SHOPS, unit(stage, "商贸公司"))
    barred(
        stage,
        person,
        "director_crime",
        case_no(judgment),
        post,
        (post.known, "holds"),
        (same_day(served, 60) + timedelta(1), ""),
    )


@life("planted", "D12", rate=1)
def director_after_loss_of_political_rights(stage: Stage) -> None:
    person, on = grown_up(stage, 35, 55), stage.day(60)
    rights = past(stage, 1)
    judgment = convict(
        stage,
        person,
        "234",
        rights - 4 * _YEAR,
        until=rights - 2 * _YEAR,
        bqzz=rights.isoformat(),
    )
    post = appoint(stage, person, "executive", on, SHOPS, unit(stage, "商贸公司"))
    barred(stage, person, "director_rights", case_no(judgment), post, (post.known, "holds"))


def _probation(stage: Stage, role: str, rule: str) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(60, not_before=date(2024, 7, 1))
    over = on - stage.days(60, 200)
    judgment = convict(stage, person, "271", over - 3 * _YEAR, hxqz=over.isoformat())
    post = appoint(stage, person, role, on, SHOPS, unit(stage, "商贸公司"))
    ends = same_day(over, 24 if rule == "director_probation" else 60) + timedelta(1)
    stage.expect(
        "D12",
        rule,
        person,
        obligation(rule, case_no(judgment), post),
        (post.known, "holds"),
        *ended(stage, ends),
    )


@life("planted", "D12", rate=1)
def director_within_two_years_of_probation(stage: Stage) -> None:
    _probation(stage, "director", "director_probation")


@life("planted", "D12", rate=1)
def legal_representative_after_probation(stage: Stage) -> None:
    _probation(stage, "legal_rep", "legal_rep_probation")


@life("planted", "D12", rate=1)
def director_elsewhere_after_a_revoked_licence(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.script.window.since + stage.days(40, 250)
    revoked, founded = past(stage, 0.3), past(stage, 3)
    company = stage.new_company(founded, person)
    entry = stage.register(company, files=False, zt="2", ztrq=revoked.isoformat(), hydm=SHOPS)
    stage.company_event(company, "51", revoked)
    struck_off = on + stage.days(90, 200)
    stage.company_event(company, "52", struck_off)
    entry.change(struck_off, zt="3", ztrq=struck_off.isoformat())
    first = appoint(stage, person, "legal_rep", founded, SHOPS, (company.number, company.name))
    post = appoint(stage, person, "director", on, SHOPS, unit(stage, "商贸公司"))
    barred(
        stage,
        person,
        "director_licence",
        str(first.row["rzbh"]),
        post,
        (post.known, "holds"),
        *ended(stage, same_day(revoked, 36) + timedelta(1)),
    )


@life("planted", "D12", rate=2)
def director_while_listed_as_dishonest(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(120, not_before=date(2024, 7, 1))
    listed = on - stage.days(40, 100)
    stage.open(
        "court-dishonest",
        listed,
        ah=stage.numbers.court("执", listed.year),
        sfzh=person.number,
        xm=person.name,
        larq=(listed - timedelta(60)).isoformat(),
        xwqx="1",
        fbrq=listed.isoformat(),
    )
    post = appoint(stage, person, "director", on, SHOPS, unit(stage, "商贸公司"))
    stage.expect("D12", "director_debt", person, "", (post.known, "holds"))


@life("look_alike", "D12", rate=3)
def director_six_years_after_the_sentence(stage: Stage) -> None:
    person, on = grown_up(stage, 40, 55), stage.day(60)
    convict(stage, person, "271", past(stage, 7), until=past(stage, 6))
    appoint(stage, person, "director", on, SHOPS, unit(stage, "商贸公司"))


@life("look_alike", "D12", rate=2)
def director_after_a_crime_of_another_kind(stage: Stage) -> None:
    person, on = grown_up(stage, 30, 55), stage.day(60)
    convict(stage, person, "234", past(stage, 2), until=past(stage, 1))
    appoint(stage, person, "director", on, SHOPS, unit(stage, "商贸公司"))
