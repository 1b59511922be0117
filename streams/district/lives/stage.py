"""Where lives are played: casts people and organisations, finds days that leave room."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from streams.district.event import Row
from streams.district.lives.roles import ROLES, Predicate
from streams.district.organisations import Organisation, found
from streams.district.payments import monthly_fen, payment_row
from streams.district.people import Person
from streams.district.rows import (
    allowance_row,
    certificate_row,
    company_row,
    licence_row,
    pension_row,
    resident_row,
    yuan,
)
from streams.district.script import FilingPlan, Paper, PayPlan, Script, Subject


class NoRoom(Exception):
    """The window is too short, or nobody is left, for this life: it is left out."""


class Stage:
    """One district while its lives are written.

    Every play of a life draws from a generator of its own, so that a life more changes no other.
    """

    def __init__(
        self, script: Script, people: list[Person], organisations: list[Organisation]
    ) -> None:
        self.script, self.numbers = script, script.numbers
        self.rng = script.rng
        self.life = ""  #: name of the life that is played
        self._people, self._organisations = people, organisations
        self._pools: dict[str, list[Person]] = {}
        # Who represents a company that no life knows of is in no life either.
        self._cast = {one.representative.index for one in organisations}
        self._taken: set[int] = set()
        self._led: dict[int, list[int]] = {}
        for one in organisations:
            self._led.setdefault(one.representative.index, []).append(one.index)
        self._last_index = len(organisations)

    def begin(self, life: str, rng: Random) -> None:
        """Start a play of a life, with the generator for all that it draws."""
        self.life, self.rng, self.script.rng = life, rng, rng
        self.script.play += 1

    # ---- casting

    def take(self, role: str, fits: Predicate | None = None) -> Person:
        """Someone of a role, and whom ``fits`` finds fit, who is in no other life."""
        pool = self._pools.get(role)
        if pool is None:
            pool = self._pools[role] = list(filter(ROLES[role], self._people))
        start = self.rng.randrange(len(pool)) if pool else 0
        for place in range(start, start + len(pool)):
            person = pool[place % len(pool)]
            if person.index not in self._cast and (fits is None or fits(person)):
                self._cast.add(person.index)
                return person
        raise NoRoom(f"no {role} is left")

    def pensioner(self) -> Person:
        """A retired employee with nothing but the pension."""
        return self.take("pensioner")

    def adult(self, low: int = 19, high: int = 59) -> Person:
        """Someone aged ``low`` to ``high`` on the first day who draws and holds nothing."""
        return self.take("pedestrian", lambda person: low <= person.age <= high)

    def minor(self, low: int = 0, high: int = 17) -> Person:
        """A child aged ``low`` to ``high`` on the first day."""
        return self.take("minor", lambda person: low <= person.age <= high)

    def company(self) -> Organisation:
        """An organisation that is in no other life, nor is any other of who represents it.

        When none is left one is founded, for companies are.
        """
        pool = self._organisations
        start = self.rng.randrange(len(pool)) if pool else 0
        for place in range(start, start + len(pool)):
            one = pool[place % len(pool)]
            if one.index not in self._taken:
                self._taken.update(self._led[one.representative.index])
                return one
        return self.new_company()

    def new_company(
        self, registered_on: date | None = None, representative: Person | None = None
    ) -> Organisation:
        """An organisation that the population does not have: registered on a day of the window, or
        in the year before it."""
        on = registered_on or self.script.window.since - self.days(30, 360)
        self._last_index += 1
        leader = representative or self.take("worker")
        return found(self.rng, self._last_index, leader, on)

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

    def pension(self, person: Person, **columns: object) -> Paper:
        return self._standing("hrss-benefit", {**pension_row(person), **columns})

    def allowance(self, person: Person, **columns: object) -> Paper:
        return self._standing("civil-benefit", {**allowance_row(person), **columns})

    def licence(self, person: Person, **columns: object) -> Paper:
        return self._standing("traffic-licence", {**licence_row(person), **columns})

    def certificate(self, person: Person, **columns: object) -> Paper:
        return self._standing("transport-certificate", {**certificate_row(person), **columns})

    def residence(self, person: Person, **columns: object) -> Paper:
        """The household entry, as ``columns`` have it on the first day. So do the others."""
        row = resident_row(person, self.script.window.since)
        return self._standing("police-resident", {**row, **columns})

    def entry(self, company: Organisation, **columns: object) -> Paper:
        """The register's row of an organisation of the population; or of one that was founded
        because none was left, which is then registered."""
        if company.index > len(self._organisations):
            return self.register(company, files=True, **columns)
        return self._standing("market-company", {**company_row(company), **columns})

    def register(self, company: Organisation, *, files: bool = True, **columns: object) -> Paper:
        """Enter a company that a life has founded; ``files``: it declares and reports as others."""
        if files:
            self.script.founded.append(company)
        row = {**company_row(company), **columns}
        return self.script.open("market-company", company.registered_on, row)

    def filing(self, company: Organisation) -> FilingPlan:
        """What the company declares each month and year, unless the plan says otherwise."""
        return self.script.filing_of(company.number)

    def company_event(
        self, company: Organisation, kind: str, on: date, until: date | None = None, **row: object
    ) -> Paper:
        """An event of the register, by its code there (``51``: 吊销)."""
        told: Row = {
            "tyshxydm": company.number,
            "sxlx": kind,
            "fsrq": on.isoformat(),
            "jzrq": until.isoformat() if until else None,
        }
        return self.script.open("market-company-event", on, {**told, **row})

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
        subject: Subject,
        obligation: str,
        *steps: tuple[date, str],
        kind: str = "party",
    ) -> None:
        """Plant an alert: from each day on, this status (empty: no alert).

        ``subject`` is a person, an organisation, or the value of a subject of another ``kind``:
        a case (organ code, ``/``, number), a project, a pair, an agency. ``obligation`` as the
        model writes it, or empty where the life cannot know it.
        """
        self.script.expect(self.life, model, rule, subject, obligation, *steps, kind=kind)
