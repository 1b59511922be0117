"""One property part of a criminal judgment, and what court, bank and prison enter about it."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives.fined_case import months_after
from streams.district.lives.stage import Stage
from streams.district.places import AGENCIES
from streams.district.rows import yuan
from streams.district.script import Paper

DAY = timedelta(1)
COURT = AGENCIES["court"].code
KINDS = {"fine": "1", "confiscation": "2", "restitution": "3", "disgorgement": "4"}
STEPS = {
    "handed_to_filing": "31",
    "execution_filed": "32",
    "execution_closed": "33",
    "extended": "34",
}
CLOSINGS = {"执行完毕": "01", "终结": "03"}
PAID = ("court-receipt", "finance-fine")


class Part:
    """A fine due ten days after the judgment took effect, or restitution due at once."""

    def __init__(
        self,
        stage: Stage,
        effective: date,
        *,
        kind: str = "fine",
        fen: int = 0,
        joint: bool = False,
    ) -> None:
        self.stage, self.effective, self.kind = stage, effective, kind
        person = stage.take("pedestrian")
        self.party, self.name = person.number, person.name
        self.fen = fen or stage.rng.randint(3, 60) * 100_000
        self.number = stage.numbers.court("刑初", effective.year)
        self.due = effective + 10 * DAY if kind == "fine" else effective
        self.key = f"{COURT}/{self.number}/{kind}"
        self.paper = self.item(kind, self.fen, joint=joint)

    def item(self, kind: str, fen: int, *, joint: bool = False, party: str = "") -> Paper:
        """The part, or another of the judgment."""
        due = (self.effective + 10 * DAY).isoformat() if kind == "fine" else None
        return self.stage.open(
            "court-item",
            self.effective,
            ah=self.number,
            zjhm=party or self.party,
            mc=self.name,
            lb=KINDS[kind],
            je=yuan(fen),
            gtcd="1" if joint else "0",
            sxrq=self.effective.isoformat(),
            jnqx=due,
        )

    def step(self, name: str, on: date, until: date | None = None) -> Paper:
        """A step of the court."""
        return self.stage.open(
            "court-step",
            on,
            lcxh=self.stage.numbers.serial("FL"),
            ah=self.number,
            zjhm=self.party,
            lcdm=STEPS[name],
            fsrq=on.isoformat(),
            jzrq=until.isoformat() if until else None,
        )

    def execution(self, filed: date) -> Paper:
        """The execution case."""
        return self.stage.open(
            "court-execution",
            filed,
            ah=self.stage.numbers.court("执", filed.year),
            yjwh=self.number,
            bzxr=self.party,
            bzxrmc=self.name,
            ay="罚金",
            larq=filed.isoformat(),
            sqje=yuan(self.fen),
        )

    def close(self, execution: Paper, on: date, closing: str = "执行完毕") -> date:
        """The end of an execution; returns the day on which it is known."""
        return execution.change(on, jarq=on.isoformat(), jafs=CLOSINGS[closing])

    def paid_in_execution(self, execution: Paper, on: date) -> None:
        """All is paid while the execution runs, which then ends."""
        self.pay(on)
        self.close(execution, on + DAY)

    def pay(self, on: date, fen: int = 0, *, passed_on: bool = True, party: str = "") -> Paper:
        """Paid at the court, which passes fines on to the treasury within days."""
        paid = self.stage.open(
            "court-receipt",
            on,
            skpzh=self.stage.numbers.serial("SK"),
            ah=self.number,
            sfzh=party or self.party,
            skrq=on.isoformat(),
            skje=yuan(fen or self.fen),
        )
        if passed_on and self.kind in ("fine", "confiscation"):
            self.pass_on(on + self.stage.days(3, 20), fen or self.fen)
        return paid

    def pass_on(self, on: date, fen: int) -> Paper:
        """Paid into the treasury."""
        return self.stage.open(
            "court-treasury",
            on,
            jkspzh=self.stage.numbers.serial("GK"),
            ah=self.number,
            zjhm=self.party,
            sjrq=on.isoformat(),
            sjje=yuan(fen),
        )

    def fund(self, fen: int, since: date) -> Paper:
        """A housing-fund account of the party."""
        return self.stage.open(
            "fund-holding",
            since,
            zhbh=self.stage.numbers.serial("GJJ"),
            sfzh=self.party,
            xm=self.name,
            ye=yuan(fen),
            khrq=since.isoformat(),
        )

    def propose(self, on: date, code: str = "1") -> Paper:
        """The prison proposes commutation (1) or takes it back (2)."""
        return self.stage.open(
            "prison-step",
            on,
            lcxh=self.stage.numbers.serial("JX"),
            ah=self.number,
            sfzh=self.party,
            lcdm=code,
            fsrq=on.isoformat(),
        )

    @property
    def transfer_due(self) -> date:
        return rolled(self.due + 30 * DAY)

    def missing(self, due: date, *feeds: str) -> date:
        """The day on which it is known that by ``due`` it was neither done nor paid."""
        complete = self.stage.script.complete
        return max(due + DAY, *(complete(feed, due) for feed in (*feeds, *PAID)))

    def expect(self, rule: str, *steps: tuple[date, str], key: str = "") -> None:
        self.stage.expect("D09", rule, self.party, key or f"{self.key}/{rule}", *steps)


def six_months(day: date) -> date:
    """The end of the term of an execution."""
    return rolled(months_after(day, 6))
