"""Rows as agencies keep them for people to whom nothing has happened."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.event import Row
from streams.district.organisations import Organisation
from streams.district.people import OLD_AGE, Person
from streams.district.places import REGION


def yuan(fen: int) -> str:
    """An amount as payment tables have it."""
    return f"{fen // 100}.{fen % 100:02d}"


def ten_thousand_yuan(fen: int) -> str:
    """An amount as 双公示 has it, in 万元."""
    return f"{fen // 1_000_000}.{fen % 1_000_000:06d}"


def resident_row(person: Person, first_day: date) -> Row:
    settled = person.born + timedelta(30)
    return {
        "gmsfhm": person.number,
        "xm": person.name,
        "xb": "1" if person.male else "2",
        "csrq": person.born.isoformat(),
        "hh": person.household,
        "xzqh": REGION,
        "hjrq": min(settled, first_day).isoformat(),
        "zn": None,
    }


def pension_row(person: Person) -> Row:
    retired = person.born.replace(day=1) + timedelta((60 if person.male else 55) * 365 + 45)
    return {
        "dybh": person.pension_no,
        "sfzh": person.number,
        "xm": person.name,
        "xzlb": person.pension,
        "dyksrq": retired.replace(day=1).isoformat(),
        "dytzrq": None,
        "zhwh": f"{person.index * 7919 % 10_000:04d}",
        "rzrq": None,
    }


def allowance_row(person: Person) -> Row:
    return {
        "dybh": person.allowance_no,
        "sfzh": person.number,
        "xm": person.name,
        "lb": person.allowance,
        "ksrq": f"{min(2022, person.born.year + 80)}-01-01",
        "tzrq": None,
        "zhwh": f"{person.index * 6151 % 10_000:04d}",
        "rzrq": None,
    }


def company_row(company: Organisation) -> Row:
    return {
        "tyshxydm": company.number,
        "ztmc": company.name,
        "ztlx": "有限责任公司",
        "zs": company.address,
        "zsdybm": company.unit,
        "lxdh": company.phone,
        "dzyx": company.email,
        "fddbr_zjhm": company.representative.number,
        "fddbr": company.representative.name,
        "blr_zjhm": company.agent_no,
        "blr": company.agent,
        "zczb": ten_thousand_yuan(company.capital_fen),
        "jyfw": f"{company.trade}；依法须经批准的项目，经批准后方可开展经营活动",
        "hydm": company.sector,
        "clrq": company.registered_on.isoformat(),
        "zt": "1",
        "ztrq": None,
    }


def old_age_row(person: Person, on: date) -> Row:
    """The allowance of who reached eighty on a day of the window."""
    return {
        **allowance_row(person),
        "dybh": f"GL{person.index:08d}",
        "lb": OLD_AGE,
        "ksrq": on.isoformat(),
    }


def licence_row(person: Person) -> Row:
    issued = person.born + timedelta(19 * 365 + person.index % 365)
    return {
        "dabh": person.licence,
        "gmsfhm": person.number,
        "xm": person.name,
        "zjcx": person.licence_class,
        "clrq": issued.isoformat(),
        "yxqz": "2032-12-31",
        "zt": "A",
        "ztrq": None,
    }


def certificate_row(person: Person) -> Row:
    issued = person.born + timedelta(22 * 365 + person.index % 365)
    return {
        "zgzh": person.certificate,
        "sfzh": person.number,
        "xm": person.name,
        "zglb": "02" if person.licence_class == "A2" else "01",
        "fzrq": issued.isoformat(),
        "yxqz": "2031-12-31",
        "zt": "1",
        "zxrq": None,
    }
