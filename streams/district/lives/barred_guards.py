"""Barred guards, ride-hailing drivers and convicts (D12), in the trade and out of it."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import same_day
from streams.district.lives import Stage, life
from streams.district.lives.driving import stop_driver
from streams.district.lives.trades import (
    DETENTION,
    GUARDS,
    SHOPS,
    TAXIS,
    appoint,
    barred,
    case_no,
    certificate,
    convict,
    detained,
    ended,
    grown_up,
    isolated,
    leave,
    past,
    told_after,
    unit,
)

_YEAR = timedelta(365)


# ---- guards


@life("planted", "D12", rate=2)
def guard_after_a_crime(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(60)
    judgment = convict(stage, person, "264", past(stage, 2), penalty=DETENTION)
    post = appoint(
        stage, person, "guard", on, GUARDS, unit(stage, "保安公司"), feed="police-guard-post"
    )
    barred(stage, person, "guard_crime", case_no(judgment), post, (post.known, "holds"))


@life("planted", "D12", rate=1)
def guard_detained_a_third_time(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(120)
    post = appoint(
        stage,
        person,
        "guard",
        past(stage, 1),
        GUARDS,
        unit(stage, "保安公司"),
        feed="police-guard-post",
    )
    detained(stage, person, past(stage, 3))
    detained(stage, person, past(stage, 2))
    third = detained(stage, person, on)
    barred(stage, person, "guard_detained", "", post, (told_after(on, third.known), "holds"))


@life("planted", "D12", rate=1)
def guard_after_isolation(stage: Stage) -> None:
    person, on = stage.adult(25, 50), stage.day(60)
    order = isolated(stage, person, past(stage, 5))
    post = appoint(
        stage, person, "guard", on, GUARDS, unit(stage, "保安公司"), feed="police-guard-post"
    )
    barred(stage, person, "guard_drugs", str(order.row["jdbh"]), post, (post.known, "holds"))


@life("planted", "D12", rate=1)
def guard_after_a_revoked_certificate(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.script.window.since + stage.days(40, 250)
    paper = certificate(stage, "police-guard", person, past(stage, 3))
    revoked = stage.script.window.since - timedelta(20)
    paper.change(revoked, zt="3", zxrq=revoked.isoformat())
    post = appoint(
        stage, person, "guard", on, GUARDS, unit(stage, "保安公司"), feed="police-guard-post"
    )
    barred(
        stage,
        person,
        "guard_revoked",
        str(paper.row["zjbh"]),
        post,
        (post.known, "holds"),
        *ended(stage, same_day(revoked, 36) + timedelta(1)),
    )


@life("planted", "D12", rate=2)
def guard_certificate_kept_and_withdrawn(stage: Stage) -> None:
    """Only the product's month was missed: the alert ends when the certificate does."""
    person, on = grown_up(stage, 25, 50), stage.day(200)
    paper = certificate(stage, "police-guard", person, past(stage, 2))
    judgment = convict(stage, person, "264", on)
    holds = told_after(on, judgment.known)
    ended = holds + stage.days(30, 90)
    known = paper.change(ended, zt="4", zxrq=ended.isoformat())
    stage.expect(
        "D12",
        "licence_kept",
        person,
        f"guard_crime/{case_no(judgment)}/{paper.record_key}",
        (holds, "holds"),
        (known, ""),
    )


@life("look_alike", "D12", rate=2)
def guard_detained_twice(stage: Stage) -> None:
    """A third detention was annulled."""
    person, on = grown_up(stage, 25, 50), stage.day(120)
    appoint(
        stage,
        person,
        "guard",
        past(stage, 1),
        GUARDS,
        unit(stage, "保安公司"),
        feed="police-guard-post",
    )
    detained(stage, person, past(stage, 2))
    detained(stage, person, past(stage, 1))
    third = detained(stage, person, on)
    third.change(on + timedelta(15), cxrq=(on + timedelta(15)).isoformat())


@life("look_alike", "D12", rate=2)
def guard_after_community_treatment(stage: Stage) -> None:
    person, on = stage.adult(25, 50), stage.day(60)
    isolated(stage, person, past(stage, 5), "1")
    appoint(stage, person, "guard", on, GUARDS, unit(stage, "保安公司"), feed="police-guard-post")


# ---- ride-hailing


@life("planted", "D12", rate=2)
def ride_hailing_after_dangerous_driving(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(60)
    judgment = convict(stage, person, "133-1", past(stage, 2), penalty=DETENTION)
    post = appoint(stage, person, "driver", on, TAXIS, unit(stage, "出行公司"))
    paper = certificate(
        stage, "transport-ride-hailing", person, on, valid_until=on + timedelta(2000)
    )
    barred(stage, person, "ride_hailing_crime", case_no(judgment), post, (post.known, "holds"))
    stage.expect(
        "D12",
        "licence_kept",
        person,
        f"ride_hailing_crime/{case_no(judgment)}/{paper.record_key}",
        (paper.known, "holds"),
    )


@life("planted", "D12", rate=1)
def ride_hailing_after_drugs(stage: Stage) -> None:
    person, on = stage.adult(25, 50), stage.day(60)
    detained(stage, person, past(stage, 2), "0401")
    post = appoint(stage, person, "driver", on, TAXIS, unit(stage, "出行公司"))
    stage.expect("D12", "ride_hailing_drugs", person, "", (post.known, "holds"))


@life("planted", "D12", rate=1)
def ride_hailing_after_drink(stage: Stage) -> None:
    person, on = stage.adult(25, 50), stage.day(60)
    check = stop_driver(stage, person, past(stage, 2), stage.rng.randint(20, 79))
    post = appoint(stage, person, "driver", on, TAXIS, unit(stage, "出行公司"))
    barred(stage, person, "ride_hailing_drink", str(check.row["jcbh"]), post, (post.known, "holds"))


@life("look_alike", "D12", rate=2)
def ride_hailing_after_a_sober_check(stage: Stage) -> None:
    person, on = stage.adult(25, 50), stage.day(60)
    stop_driver(stage, person, past(stage, 2), stage.rng.randint(1, 19))
    appoint(stage, person, "driver", on, TAXIS, unit(stage, "出行公司"))
    certificate(stage, "transport-ride-hailing", person, on, valid_until=on + timedelta(2000))


# ---- bans by a court


@life("planted", "D12", rate=2)
def in_the_trade_that_the_court_barred(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(60)
    served = past(stage, 0.2)
    judgment = convict(
        stage,
        person,
        "234",
        served - _YEAR,
        until=served,
        jzzz=(served + 4 * _YEAR).isoformat(),
        jzhy=SHOPS,
    )
    post = appoint(stage, person, "driver", on, SHOPS, unit(stage, "商店"))
    barred(stage, person, "court_ban", case_no(judgment), post, (post.known, "holds"))


@life("planted", "D12", rate=1)
def in_breach_of_an_order_on_probation(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(60)
    over = stage.script.window.until + stage.days(60, 300)
    judgment = convict(
        stage,
        person,
        "234",
        on - stage.days(50, 100),
        hxqz=over.isoformat(),
        jzzz=over.isoformat(),
        jzhy=SHOPS,
    )
    post = appoint(stage, person, "driver", on, SHOPS, unit(stage, "商店"))
    barred(stage, person, "probation_order", case_no(judgment), post, (post.known, "holds"))


@life("look_alike", "D12", rate=2)
def in_another_trade_than_the_court_barred(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(60)
    served = past(stage, 0.2)
    convict(
        stage,
        person,
        "234",
        served - _YEAR,
        until=served,
        jzzz=(served + 4 * _YEAR).isoformat(),
        jzhy=SHOPS,
    )
    appoint(stage, person, "driver", on, "C1810", unit(stage, "服装厂"))


@life("ordinary", "D12", rate=2)
def nominee_of_many_companies(stage: Stage) -> None:
    """One person in dozens of companies: lawful, and a dossier with many posts."""
    person = grown_up(stage, 30, 55)
    for _ in range(24):
        since = past(stage, 1 + 4 * stage.rng.random())
        post = appoint(stage, person, "director", since, SHOPS, unit(stage, "商贸公司"))
        if stage.rng.random() < 0.5:
            leave(post, stage.day(30))
