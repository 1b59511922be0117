"""Building sites (D15): without account, deposit or guarantee, not funded, and in order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from streams.district.calendar import rolled, same_day
from streams.district.calendar import working_days as after_working_days
from streams.district.lives import Stage, life
from streams.district.lives.unprosecuted import overdue
from streams.district.rows import yuan
from streams.district.script import Paper

_ACCOUNT, _GUARANTEE, _ALLOCATION, _STOP, _RESTART = "01", "03", "04", "05", "06"
_DEPOSIT, COMPLAINT, ORDER, COMPLIED = "02", "07", "08", "09"
_LABOUR = (_DEPOSIT, COMPLAINT, ORDER, COMPLIED)


class Site(NamedTuple):
    """A project with its permit's number and the day on which work began."""

    stage: Stage
    number: str
    project: Paper
    started: date

    def event(self, kind: str, on: date, **row: object) -> Paper:
        feed = "hrss-site-event" if kind in _LABOUR else "housing-site-event"
        return self.stage.script.open(
            feed,
            on,
            {
                "sjbh": self.stage.numbers.serial("SJ-"),
                "xkzh": self.number,
                "sjlx": kind,
                "fsrq": on.isoformat(),
                **row,
            },
        )

    def secured(self, *left_out: str) -> None:
        """Account, deposit and guarantee within the month."""
        for kind in (_ACCOUNT, _DEPOSIT, _GUARANTEE):
            if kind not in left_out:
                self.event(kind, self.started - timedelta(2))

    def funded(self, until: date) -> date:
        """Allocated every four weeks up to a day; the day of the last one."""
        day = self.started
        while True:
            self.event(_ALLOCATION, day, je=yuan(30_000_000))
            following = day + timedelta(26)
            if following > until:
                return day
            day = following

    def finished(self, on: date) -> None:
        """The permit says so soon after the last allocation, so that no other is due."""
        self.project.change(on, jgrq=on.isoformat())

    def expect(self, rule: str, obligation: str, *steps: tuple[date, str]) -> None:
        self.stage.expect("D15", rule, self.number, obligation, *steps, kind="project")


def _open(stage: Stage, started: date) -> Site:
    """A project permitted a fortnight before work begins."""
    permit = started - timedelta(14)
    builder, contractor = stage.company(), stage.company()
    number = f"3799{stage.numbers.serial('', width=14)}"
    paper = stage.open(
        "housing-project",
        permit,
        xkzh=number,
        xmmc=f"望潮第{number[-4:]}号工程",
        jsdw=builder.number,
        jsdwmc=builder.name,
        zcb=contractor.number,
        zcbmc=contractor.name,
        xkrq=permit.isoformat(),
        htrq=(permit - timedelta(6)).isoformat(),
        kgrq=started.isoformat(),
        htje=yuan(2_000_000_000),
    )
    return Site(stage, number, paper, started)


def in_order(stage: Stage, started: date, days: int = 150) -> Site:
    """A site that is secured, funded to its end and finished."""
    site = _open(stage, started)
    site.secured()
    last = site.funded(started + timedelta(days))
    site.finished(last + timedelta(10))
    return site


# ---- security


@life("planted", "D15", rate=2)
def site_without_an_account(stage: Stage) -> None:
    site = _secured_but_for(stage, _ACCOUNT)
    due = rolled(site.started - timedelta(14) + timedelta(30))
    site.expect("no_account", "no_account", (overdue(stage, "housing-site-event", due), "holds"))


def _secured_but_for(stage: Stage, kind: str) -> Site:
    site = _open(stage, stage.day(220))
    site.secured(kind)
    site.finished(site.funded(site.started + timedelta(120)) + timedelta(10))
    return site


@life("planted", "D15", rate=1)
def site_without_a_guarantee(stage: Stage) -> None:
    site = _secured_but_for(stage, _GUARANTEE)
    due = rolled(site.started - timedelta(14) + timedelta(30))
    site.expect(
        "no_guarantee", "no_guarantee", (overdue(stage, "housing-site-event", due), "holds")
    )


@life("planted", "D15", rate=1)
def site_without_a_deposit(stage: Stage) -> None:
    """Neither deposit nor the guarantee that may stand for it: both are told."""
    site = _open(stage, stage.day(220))
    site.secured(_DEPOSIT, _GUARANTEE)
    site.finished(site.funded(site.started + timedelta(120)) + timedelta(10))
    permit = site.started - timedelta(14)
    guarantee = overdue(stage, "housing-site-event", rolled(permit + timedelta(30)))
    due = after_working_days(permit, 20)
    feeds = ("housing-site-event", "hrss-site-event")
    deposit = max(overdue(stage, feed, due) for feed in feeds)
    site.expect("no_guarantee", "no_guarantee", (guarantee, "holds"))
    site.expect("no_deposit", "no_deposit", (deposit, "holds"))


@life("planted", "D15", rate=1)
def account_opened_after_an_order(stage: Stage) -> None:
    site = _secured_but_for(stage, _ACCOUNT)
    due = rolled(site.started - timedelta(14) + timedelta(30))
    holds = overdue(stage, "housing-site-event", due)
    ordered = holds + timedelta(5)
    site.event(ORDER, ordered)
    opened = site.event(_ACCOUNT, ordered + stage.days(15, 40))
    site.expect("no_account", "no_account", (holds, "holds"), (opened.known, "cured"))


# ---- funding


@life("planted", "D15", rate=3)
def funding_stopped(stage: Stage) -> None:
    site = _open(stage, stage.day(200))
    site.secured()
    last = site.funded(site.started + timedelta(60))
    due = rolled(same_day(last, 1))
    holds = overdue(stage, "housing-site-event", due)
    site.expect("cycle_gap", "", (holds, "holds"))


@life("planted", "D15", rate=2)
def funded_again_late(stage: Stage) -> None:
    site = _open(stage, stage.day(260))
    site.secured()
    last = site.funded(site.started + timedelta(60))
    holds = overdue(stage, "housing-site-event", rolled(same_day(last, 1)))
    again = holds + stage.days(15, 40)
    late = site.event(_ALLOCATION, again, je=yuan(30_000_000))
    site.finished(again + timedelta(12))
    site.expect("cycle_gap", "", (holds, "holds"), (late.known, "cured"))


@life("look_alike", "D15", rate=3)
def stopped_over_the_winter(stage: Stage) -> None:
    site = _open(stage, stage.day(260))
    site.secured()
    last = site.funded(site.started + timedelta(60))
    since, until = last + timedelta(8), last + timedelta(70)
    site.event(_STOP, since, jsrq=until.isoformat())
    again = until + timedelta(10)
    site.event(_ALLOCATION, again, je=yuan(30_000_000))
    site.finished(again + timedelta(12))
