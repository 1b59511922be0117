"""Where lives are played: casts people by what they draw or hold, finds days that leave room."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from schemas.identifiers import credit_number
from streams.district.event import Row
from streams.district.payments import monthly_fen, payment_row
from streams.district.people import EMPLOYEE, Person
from streams.district.places import REGION
from streams.district.rows import (
    allowance_row,
    certificate_row,
    licence_row,
    pension_row,
    resident_row,
    yuan,
)
from streams.district.script import Paper, PayPlan, Script

Role = str


class NoRoom(Exception):
    """The window is too short, or nobody is left, for this life: it is left out."""


class Stage:
    """One district while its lives are written."""

    def __init__(self, script: Script, people: list[Person], rng: Random) -> None:
        self.script, self.rng = script, rng
        self.numbers = script.numbers
        self.life = ""  #: name of the life that is played
        self._pools = _pools(people, rng)
        self._taken: set[int] = set()
        self._companies = 0

    # ---- casting

    def take(self, role: Role) -> Person:
        """Someone of a role who is in no other life."""
        pool = self._pools[role]
        while pool:
            person = pool.pop()
            if person.index not in self._taken:
                self._taken.add(person.index)
                return person
        raise NoRoom(f"no {role} is left")

    def pensioner(self) -> Person:
        """A retired employee with nothing but the pension."""
        return self.take("pensioner")

    def company(self) -> tuple[str, str]:
        """A new company's credit code and name."""
        self._companies += 1
        surname = self._pools["anyone"][0].name[:1]
        name = f"{REGION[-2:]}号{surname}氏商贸有限公司（{self._companies}）"
        return credit_number("91", REGION, self._companies), name

    # ---- days

    def day(self, before_end: int, *, after_start: int = 20, not_before: date = date.min) -> date:
        """A random day that leaves ``before_end`` days to play and ten for things to settle."""
        window = self.script.window
        first = max(window.since + timedelta(after_start), not_before)
        last = window.until - timedelta(before_end + 15)
        if last < first:
            raise NoRoom(f"{before_end + after_start + 15} days are needed")
        return first + timedelta(self.rng.randrange((last - first).days + 1))

    def days(self, low: int, high: int) -> timedelta:
        return timedelta(self.rng.randint(low, high))

    # ---- papers

    def open(
        self, feed: str, on: date, *, entered: date | None = None, note: str = "", **row: object
    ) -> Paper:
        return self.script.open(feed, on, row, entered=entered, note=note)

    def pension(self, person: Person) -> Paper:
        return self._standing("hrss-benefit", pension_row(person))

    def allowance(self, person: Person) -> Paper:
        return self._standing("civil-benefit", allowance_row(person))

    def licence(self, person: Person) -> Paper:
        return self._standing("traffic-licence", licence_row(person))

    def certificate(self, person: Person) -> Paper:
        return self._standing("transport-certificate", certificate_row(person))

    def residence(self, person: Person) -> Paper:
        return self._standing("police-resident", resident_row(person, self.script.window.since))

    def _standing(self, feed: str, row: Row) -> Paper:
        return self.script.stands(feed, row)

    def pay(self, person: Person) -> PayPlan:
        """The plan of the person's pension, which is paid every month unless it says otherwise."""
        return self.script.plan_of(person.pension_no)

    def payment(
        self,
        person: Person,
        month: date,
        on: date,
        *,
        fen: int = 0,
        benefit_no: str = "",
        scheme: str = "",
        note: str = "",
    ) -> Paper:
        """One pension payment outside the monthly run; the run then leaves the month out."""
        number = benefit_no or person.pension_no
        plan = self.script.plan_of(number)
        plan.gaps.add(month)
        amount = fen or monthly_fen(person, month, self.script.window, plan)
        row = payment_row(
            "hrss-payment", number, person, scheme or person.pension, month, on, amount
        )
        return self.open("hrss-payment", on, entered=on, note=note, **row)

    def refund(self, person: Person, for_no: str, on: date, fen: int) -> Paper:
        """Money given back to the human resources bureau."""
        return self.open(
            "hrss-refund",
            on,
            tkpzh=self.numbers.serial("TK-"),
            dybh=for_no,
            sfzh=person.number,
            tkrq=on.isoformat(),
            tkje=yuan(fen),
        )

    def paid_fen(self, person: Person, months: list[date]) -> int:
        """What the pension of these months comes to."""
        plan = self.script.plan_of(person.pension_no)
        return sum(monthly_fen(person, m, self.script.window, plan) for m in months)

    def expect(
        self,
        model: str,
        rule: str,
        person: Person | str,
        obligation: str,
        *steps: tuple[date, str],
    ) -> None:
        self.script.expect(self.life, model, rule, person, obligation, *steps)


def _pools(people: list[Person], rng: Random) -> dict[Role, list[Person]]:
    pools: dict[Role, list[Person]] = {
        "pensioner": [],
        "resident_pensioner": [],
        "aged": [],
        "driver": [],
        "carrier": [],
        "pedestrian": [],
        "anyone": [],
    }
    for person in people:
        if person.pension == EMPLOYEE and not person.allowance:
            pools["pensioner"].append(person)
        elif person.pension and not person.allowance:
            pools["resident_pensioner"].append(person)
        elif person.allowance and not person.pension:
            pools["aged"].append(person)
        elif not person.pension and person.certificate:
            pools["carrier"].append(person)
        elif not person.pension and person.licence:
            pools["driver"].append(person)
        elif not person.pension and not person.allowance:
            pools["pedestrian"].append(person)
        pools["anyone"].append(person)
    for pool in pools.values():
        rng.shuffle(pool)
    return pools
