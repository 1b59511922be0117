"""The district's organisations: credit codes with valid check characters, addresses, who acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from schemas.identifiers import credit_number
from streams.district.people import Person
from streams.district.places import REGION

_STREETS = ("望潮路", "听涛街", "海塘路", "盐仓街", "渔港大道", "灯塔路", "望海巷", "潮声路")
_TRADES = {  # what it does, in its name: the class of GB/T 4754
    "商贸": "F51",
    "建材": "F5165",
    "物流": "G543",
    "餐饮管理": "H62",
    "机械": "C34",
    "纺织": "C17",
    "电子科技": "I65",
    "食品": "C14",
}
_AGENTS = 60  # one registering agent looks after about so many organisations
_WORKING = range(25, 65)


@dataclass(frozen=True, slots=True)
class Organisation:
    """One invented organisation as the register of the market has it on the first day."""

    index: int
    number: str  #: 统一社会信用代码
    name: str
    trade: str  #: the words of its name that say what it does
    sector: str  #: GB/T 4754
    address: str  #: as it is written in the register
    unit: str  #: building and room, normalised, by which addresses are compared
    phone: str
    email: str
    representative: Person
    agent: str  #: who filed the registration: a firm or a person by name
    agent_no: str  #: the agent's credit code or identity number
    capital_fen: int
    registered_on: date
    staff: int  #: persons insured through it


def found(
    rng: Random, index: int, representative: Person, registered_on: date, agents: int = 1
) -> Organisation:
    """One organisation that shares address, phone and representative with no other."""
    trade, sector = rng.choice(tuple(_TRADES.items()))
    street, house, room = rng.choice(_STREETS), index // 40 + 1, index % 40 + 101
    agent = rng.randrange(agents) + 1
    return Organisation(
        index,
        credit_number("91", REGION, index),
        f"望潮{representative.name[:1]}氏{trade}有限公司（{index}）",
        trade,
        sector,
        f"滨澜市望潮区{street}{house}号{room}室",
        f"{REGION}-{street}-{house}-{room}",
        f"0999{index:07d}",
        f"co{index}@example.invalid",
        representative,
        f"望潮代理记账有限公司（{agent}）",
        credit_number("91", REGION, 900_000 + agent),
        rng.randint(1, 50) * 10_000_000,
        registered_on,
        rng.randint(1, 12),
    )


def establish(rng: Random, count: int, people: list[Person], today: date) -> list[Organisation]:
    """The organisations that stand on ``today``. Who represents one is in no life of persons."""
    fit = [person for person in people if person.age in _WORKING and not person.certificate]
    leaders = rng.sample(fit, min(count, len(fit) // 8)) if fit else []
    if not leaders:
        return []
    agents = count // _AGENTS + 1
    organisations = []
    for index in range(1, count + 1):
        # Somebody who leads two is ordinary; nothing else is shared but the agent.
        leader = leaders[(index - 1) % len(leaders)]
        years = 0.3 + 18 * rng.random()
        organisations.append(found(rng, index, leader, today - timedelta(years * 365.25), agents))
    return organisations
