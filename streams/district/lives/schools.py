"""Staff who work with children (D12): barred, not queried, convicted, not told of, and lawful."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from streams.district.calendar import rolled
from streams.district.lives import NoRoom, Stage, life
from streams.district.lives.trades import (
    DETENTION,
    SCHOOL,
    appoint,
    case_no,
    certificate,
    convict,
    detained,
    grown_up,
    post_key,
    queried,
    queried_always,
    told_after,
    unit,
)
from streams.district.lives.unprosecuted import overdue
from streams.district.people import Person
from streams.district.script import Paper

_HIRED, _TOLD = timedelta(10), timedelta(30)
_DUTY = date(2021, 6, 2)  # a day after the yearly query became a duty


def _hire(
    stage: Stage,
    person: Person,
    on: date,
    at: tuple[str, str],
    role: str = "teacher",
    *,
    until: date | None = None,
) -> Paper:
    return appoint(stage, person, role, on, SCHOOL, at, feed="education-post", until=until)


@life("planted", "D12", rate=2)
def hired_with_a_record_of_indecency(stage: Stage) -> None:
    person, on, school = grown_up(stage, 25, 50), stage.day(60), unit(stage, "小学")
    before = stage.script.window.since - stage.days(600, 900)
    judgment = convict(stage, person, "237", before, penalty=DETENTION)
    queried_always(stage, person, school, on)
    post = _hire(stage, person, on, school)
    stage.expect(
        "D12",
        "minors_close_contact",
        person,
        f"minors_close_contact/{case_no(judgment)}/{post_key(post)}",
        (post.known, "holds"),
    )


@life("planted", "D12", rate=2)
def hired_with_a_sealed_penalty_and_dismissed(stage: Stage) -> None:
    person, on, school = grown_up(stage, 25, 50), stage.day(200), unit(stage, "幼儿园")
    detained(stage, person, stage.script.window.since - stage.days(100, 300), "0211")
    queried_always(stage, person, school, on)
    post = _hire(stage, person, on, school, "staff_minors")
    holds, left = post.known, on + stage.days(50, 120)
    known = post.change(left, lrrq=left.isoformat())
    stage.expect("D12", "minors_close_contact", person, "", (holds, "holds"), (known, "cured"))


@life("planted", "D12", rate=2)
def teacher_after_the_qualification_was_lost(stage: Stage) -> None:
    person, on, school = grown_up(stage, 25, 50), stage.day(60), unit(stage, "中学")
    judgment = convict(stage, person, "266", stage.script.window.since - stage.days(900, 1200))
    queried_always(stage, person, school, on)
    post = _hire(stage, person, on, school)
    stage.expect(
        "D12",
        "teacher",
        person,
        f"teacher/{case_no(judgment)}/{post_key(post)}",
        (post.known, "holds"),
    )


@life("planted", "D12", rate=2)
def teachers_certificate_kept(stage: Stage) -> None:
    person, on = grown_up(stage, 25, 50), stage.day(90)
    paper = certificate(stage, "education-teacher", person, on - timedelta(3000))
    judgment = convict(stage, person, "266", on)
    stage.expect(
        "D12",
        "licence_kept",
        person,
        f"teacher/{case_no(judgment)}/{paper.record_key}",
        (told_after(on, judgment.known), "holds"),
    )


# ---- the query


@life("planted", "D12", rate=3)
def hired_without_a_query(stage: Stage) -> None:
    person, school = grown_up(stage, 25, 50), unit(stage, "培训学校")
    on = stage.day(90, after_start=200)  # a query of half a year before would be known
    post = _hire(stage, person, on, school)
    due = rolled(on + _HIRED)
    holds = max(post.known, overdue(stage, "procuratorate-query", due))
    stage.expect("D12", "no_query", person, f"query/{post_key(post)}/{on.year}", (holds, "holds"))
    _yearly_gaps(stage, person, post, on)


def _yearly_gaps(stage: Stage, person: Person, post: Paper, on: date) -> None:
    """No year after that of hiring brings a query either."""
    for year in range(on.year + 1, stage.script.window.until.year + 1):
        due = date(year, 12, 31)
        holds = max(post.known, overdue(stage, "procuratorate-query", due))
        if abs(holds - stage.script.window.until) < timedelta(15):
            raise NoRoom("the year's query is due with the end of the window")
        if holds < stage.script.window.until:
            stage.expect(
                "D12", "no_query", person, f"query/{post_key(post)}/{year}", (holds, "holds")
            )


@life("planted", "D12", rate=2)
def queried_a_month_after_hiring(stage: Stage) -> None:
    """Only the product's ten days were missed: told, and ended by the query."""
    person, school = grown_up(stage, 25, 50), unit(stage, "培训学校")
    on = stage.day(200, after_start=200)
    post = _hire(stage, person, on, school, "staff_minors")
    holds = max(post.known, overdue(stage, "procuratorate-query", rolled(on + _HIRED)))
    late = queried(stage, person, school, holds + stage.days(15, 40))
    for year in range(on.year + 1, stage.script.window.until.year + 1):
        queried(stage, person, school, max(date(year, 2, 1), late.known) + stage.days(0, 60))
    stage.expect(
        "D12",
        "no_query",
        person,
        f"query/{post_key(post)}/{on.year}",
        (holds, "holds"),
        (late.known, ""),
    )


@life("planted", "D12", rate=2)
def year_without_a_query(stage: Stage) -> None:
    """Queried at hiring, not in the first whole year, and only in the one after: told as late."""
    window = stage.script.window
    year = window.since.year
    if date(year + 1, 7, 1) > window.until:
        raise NoRoom("a year and a half are needed")
    person, school = grown_up(stage, 25, 50), unit(stage, "小学")
    hired = date(year - 1, 9, 1)
    post = _hire(stage, person, hired, school)
    queried(stage, person, school, hired - timedelta(10))
    holds = overdue(stage, "procuratorate-query", date(year, 12, 31))
    late = queried(stage, person, school, max(holds, date(year + 1, 1, 20)) + stage.days(30, 60))
    for later in range(year + 2, window.until.year + 1):
        queried(stage, person, school, date(later, 4, 1))
    stage.expect(
        "D12",
        "no_query",
        person,
        f"query/{post_key(post)}/{year}",
        (holds, "holds"),
        (late.known, "cured"),
    )


@life("look_alike", "D12", rate=2)
def dismissed_before_the_year_was_over(stage: Stage) -> None:
    person, on, school = grown_up(stage, 25, 50), stage.day(60), unit(stage, "小学")
    hired = stage.script.window.since - stage.days(30, 60)
    queried(stage, person, school, hired - timedelta(5))
    left = min(on, date(hired.year + 1, 12, 20))
    _hire(stage, person, hired, school, until=left)


@life("ordinary", "D12", rate=4)
def staff_of_a_school(stage: Stage) -> None:
    """A dozen people, all queried before hiring and every year."""
    school = unit(stage, "实验学校")
    for _ in range(4):
        person = grown_up(stage, 25, 55)
        since = stage.script.window.since - stage.days(200, 1000)
        queried_always(stage, person, school, since)
        _hire(stage, person, since, school, stage.rng.choice(("teacher", "staff_minors")))
        certificate(stage, "education-teacher", person, since - timedelta(100))


# ---- a teacher is convicted


def _convicted(stage: Stage, charge: str, on: date, **columns: Any) -> tuple[Person, Paper]:
    """A teacher dismissed on being arrested, and convicted months later."""
    person, school = grown_up(stage, 30, 50), unit(stage, "中学")
    hired, left = max(on - timedelta(900), _DUTY), on - stage.days(60, 150)
    queried_always(stage, person, school, hired, until=left)
    _hire(stage, person, hired, school, until=left)
    return person, convict(stage, person, charge, on, **columns)


def _told(stage: Stage, judgment: Paper, on: date) -> Paper:
    return stage.open(
        "court-step",
        on,
        lcxh=stage.numbers.serial("LC-"),
        ah=judgment.row["ah"],
        zjhm=judgment.row["sfzh"],
        lcdm="71",
        fsrq=on.isoformat(),
    )


@life("planted", "D12", rate=2)
def education_authority_never_told(stage: Stage) -> None:
    on = stage.day(90)
    person, judgment = _convicted(stage, "264", on)
    holds = max(judgment.known, overdue(stage, "court-step", rolled(on + _TOLD)))
    obligation = f"{case_no(judgment)}/edu_notice"
    stage.expect("D12", "edu_notice", person, obligation, (holds, "holds"))


@life("planted", "D12", rate=2)
def education_authority_told_late(stage: Stage) -> None:
    on = stage.day(200)
    person, judgment = _convicted(stage, "264", on)
    holds = max(judgment.known, overdue(stage, "court-step", rolled(on + _TOLD)))
    late = _told(stage, judgment, holds + stage.days(20, 60))
    obligation = f"{case_no(judgment)}/edu_notice"
    stage.expect("D12", "edu_notice", person, obligation, (holds, "holds"), (late.known, "cured"))


@life("planted", "D12", rate=1)
def no_ban_on_a_convicted_teacher(stage: Stage) -> None:
    on = stage.day(60)
    person, judgment = _convicted(stage, "237", on)
    _told(stage, judgment, on + stage.days(3, 20))
    obligation = f"{case_no(judgment)}/minors_court_ban"
    stage.expect("D12", "minors_court_ban", person, obligation, (judgment.known, "holds"))


@life("look_alike", "D12", rate=2)
def teacher_convicted_barred_and_told_of(stage: Stage) -> None:
    on = stage.day(60)
    _, judgment = _convicted(stage, "237", on, jzzz=(on + timedelta(1800)).isoformat())
    _told(stage, judgment, on + stage.days(3, 25))
