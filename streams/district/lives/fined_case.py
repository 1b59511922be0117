"""A penalty of urban management with its case, step by step, as agency, bank and court enter it."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import month_end, rolled, same_day, works
from streams.district.lives.stage import Stage
from streams.district.organisations import Organisation
from streams.district.places import AGENCIES
from streams.district.rows import yuan
from streams.district.script import Paper

DAY = timedelta(1)
URBAN = AGENCIES["urban"].code
STEPS = {
    "reminder_served": "11",
    "surcharge_demanded": "12",
    "instalments_granted": "13",
    "review_decision_served": "14",
    "applied_to_court": "15",
    "order_complied": "16",
}
COURT_STEPS = {
    "received": "1",
    "accepted": "2",
    "hearing": "3",
    "ruled": "4",
    "refused": "5",
    "executed": "6",
}


def months_after(day: date, months: int) -> date:
    """Date to date; from the last day of a month to the last day."""
    end = same_day(day, months)
    return month_end(end) if day.day >= 28 and day == month_end(day) else end


class Fined:
    """One decision, served on ``served``; what does not follow did not happen."""

    def __init__(
        self,
        stage: Stage,
        served: date,
        *,
        fen: int = 0,
        informed: bool = True,
        demolition: bool = False,
        company: bool | None = None,
    ) -> None:
        self.stage, self.served = stage, max(served, stage.script.window.since + 5 * DAY)
        rng = stage.rng
        self.companies: list[Organisation] = []  #: the party, if it is one
        if rng.random() < 0.5 if company is None else company:
            self.companies.append(stage.company())
            self.party, name = self.companies[0].number, self.companies[0].name
        else:
            person = stage.take("pedestrian" if company is False else "anyone")
            self.party, name = person.number, person.name
        self.fen = fen or rng.randint(5, 400) * 10_000
        self.number = stage.numbers.next("潮综执罚", self.served.year)
        self.case = f"{URBAN}/{self.number}"
        decided = self.served - timedelta(rng.randint(0, 3))
        self.paper = stage.open(
            "urban-penalty",
            decided,
            entered=self.served,
            cfwsh=self.number,
            dsrdm=self.party,
            dsrmc=name,
            ay="02" if demolition else "01",
            cflb="其他" if demolition else "罚款",
            cfnr="限期拆除" if demolition else "罚款",
            fkje=None if demolition else yuan(self.fen),
            jdrq=decided.isoformat(),
            sdrq=self.served.isoformat(),
            gzsq="1" if informed else "0",
            xqcc="1" if demolition else "0",
        )
        self.known = self.paper.known
        if demolition:
            self.fen = 0

    def step(self, name: str, on: date, until: date | None = None, fen: int = 0) -> Paper:
        """A step of the agency."""
        return self.stage.open(
            "urban-step",
            on,
            lcxh=self.stage.numbers.serial("CL"),
            cfwsh=self.number,
            dsrdm=self.party,
            lcdm=STEPS[name],
            fsrq=on.isoformat(),
            jzrq=until.isoformat() if until else None,
            je=yuan(fen) if fen else None,
        )

    def contest(self, kind: str, since: date, until: date | None) -> Paper:
        """A review (1) or a suit (2)."""
        return self.stage.open(
            "urban-pause",
            since,
            fyxh=self.stage.numbers.serial("FY"),
            cfwsh=self.number,
            dsrdm=self.party,
            fylx=kind,
            ksrq=since.isoformat(),
            jsrq=until.isoformat() if until else None,
        )

    def pay(self, on: date, fen: int = 0) -> Paper:
        """The party pays at the bank: all, unless a part is named."""
        return self.stage.open(
            "finance-fine",
            on,
            pzh=self.stage.numbers.serial("FK"),
            jddw=URBAN,
            cfwsh=self.number,
            jkr=self.party,
            jkrq=on.isoformat(),
            jkje=yuan(fen or self.fen),
        )

    def apply(self, on: date) -> Paper:
        """Reminded in time before, applied on the day."""
        self.step("reminder_served", on - 25 * DAY)
        return self.step("applied_to_court", on)

    def court(self, name: str, on: date, number: str) -> Paper:
        """A step of the court on the application of that number."""
        return self.stage.open(
            "court-review-step",
            on,
            lcxh=self.stage.numbers.serial("XS"),
            cfwsh=self.number,
            sqdw=URBAN,
            dsrdm=self.party,
            ah=number,
            lcdm=COURT_STEPS[name],
            fsrq=on.isoformat(),
        )

    def due(self, start: date | None = None, *, months: int = 6, days: int = 0) -> date:
        """The end of the litigation period from a day, and three months more."""
        begun = start or self.served
        litigation = (
            rolled(begun + timedelta(days)) if days else rolled(months_after(begun, months))
        )
        return rolled(months_after(litigation, 3))

    def known_missing(self, due: date) -> date:
        """The day on which it is known that by ``due`` nobody paid, contested or applied."""
        feeds = (
            "urban-step",
            "finance-fine",
            "urban-pause",
            "procuratorate-pause",
            "court-receipt",
        )
        return max(due + DAY, *(self.stage.script.complete(feed, due) for feed in feeds))

    def told(self, due: date) -> tuple[tuple[date, str], ...]:
        """Told thirty days before, not while the sources catch up, and then again."""
        missing = self.known_missing(due)
        notice = max(due - 30 * DAY, self.known)
        gap = ((due + DAY, ""),) if missing > due + DAY else ()
        return ((notice, "holds"), *gap, (missing, "holds"))

    def expect(self, rule: str, *steps: tuple[date, str], key: str = "") -> None:
        obligation = key or f"{self.case}/{rule}"
        self.stage.expect("D21", rule, self.case, obligation, *steps, kind="case")


def working(day: date) -> date:
    """The day, or the next on which offices are open."""
    while not works(day):
        day += DAY
    return day
