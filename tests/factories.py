"""One factory per record type, every field with a default: a test says only what it is about.

All people are invented: their numbers say that they were born in 1899 and have valid check digits.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from schemas import (
    Benefit,
    BenefitAdjustment,
    BenefitPayment,
    CaseStep,
    CorrectionSpell,
    Death,
    Decision,
    Document,
    DrugOrder,
    Judgment,
    Licence,
    Pause,
    Penalty,
    Record,
    Refund,
    Reply,
    Resident,
    Restraint,
    Source,
    TrafficCheck,
)
from schemas.identifiers import credit_number, resident_number
from schemas.keys import record_key
from schemas.record import RECORD_TYPES

R = TypeVar("R", bound=Record)

REGION = "371102"
PROCURATORATE = credit_number("11", REGION, 1)
POLICE = credit_number("11", REGION, 2)
PENSIONS = credit_number("11", REGION, 3)
COURT = credit_number("11", REGION, 4)
MARKET = credit_number("11", REGION, 5)
JUSTICE = credit_number("11", REGION, 6)


def person(n: int = 1) -> str:
    """The identity number of invented person ``n`` (0 to 364 634)."""
    days, order = divmod(n, 999)
    born = date(1899, 1, 1) + timedelta(days)
    if born.year != 1899:
        raise ValueError(f"person {n}: only 364 635 numbers can be made for 1899")
    return resident_number(REGION, born, order + 1)


def organisation(n: int = 1) -> str:
    """The credit code of invented company ``n`` (0 to 999 999)."""
    return credit_number("91", REGION, n)


def record(type_name: str, **fields: Any) -> Record:
    """A row of the named type with these fields and nothing else but a source.

    The source may be given whole (``source=``) or by ``feed``, ``key``, ``agency`` and ``region``;
    by default the feed is the type's name in lower case and the key is made of its key fields.
    A type that has a field ``agency`` or ``region`` of its own takes the same value there.
    """
    cls = RECORD_TYPES[type_name]
    source = fields.pop("source", None)
    feed = fields.pop("feed", type_name.lower())
    key = fields.pop("key", None)
    place = {
        name: fields.get(name, default)
        if name in cls.__struct_fields__
        else fields.pop(name, default)
        for name, default in (("agency", ""), ("region", REGION))
    }
    if source is None:
        bare = cls(source=Source(feed=feed, key=""), **fields)
        source = Source(feed=feed, key=record_key(bare) if key is None else key, **place)
    return cls(source=source, **fields)


def death(**fields: Any) -> Death:
    return _made(Death, fields, person=person(), died_on=date(2024, 3, 15), authority="police")


def resident(**fields: Any) -> Resident:
    return _made(Resident, fields, person=person(), sex="1", region=REGION)


def benefit(**fields: Any) -> Benefit:
    return _made(
        Benefit,
        fields,
        benefit_no="LX-20817",
        person=person(),
        scheme="employee_pension",
        since=date(2010, 1, 1),
        agency=PENSIONS,
    )


def payment(**fields: Any) -> BenefitPayment:
    """A payment for ``month``, paid on its tenth day unless ``paid_on`` says otherwise."""
    month = fields.setdefault("month", date(2024, 4, 1))
    return _made(
        BenefitPayment,
        fields,
        benefit_no="LX-20817",
        person=person(),
        scheme="employee_pension",
        paid_on=month.replace(day=10),
        amount_fen=278_000,
        agency=PENSIONS,
    )


def adjustment(**fields: Any) -> BenefitAdjustment:
    return _made(
        BenefitAdjustment,
        fields,
        benefit_no="LX-20817",
        person=person(),
        scheme="employee_pension",
        effective_on=date(2025, 1, 1),
        delta_fen=11_230,
        agency=PENSIONS,
    )


def refund(**fields: Any) -> Refund:
    return _made(
        Refund,
        fields,
        for_no="LX-20817",
        person=person(),
        refunded_on=date(2025, 11, 3),
        amount_fen=1_000_000,
        agency=PENSIONS,
    )


def decision(**fields: Any) -> Decision:
    return _made(
        Decision,
        fields,
        decision_no=f"{PROCURATORATE}/东检刑不诉〔2025〕12号",
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        party=person(),
        kind="non_prosecution_relative",
        charges=("133-1",),
        decided_on=date(2025, 1, 24),
        agency=PROCURATORATE,
    )


def case_step(**fields: Any) -> CaseStep:
    return _made(
        CaseStep,
        fields,
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        party=person(),
        organ="procuratorate",
        step="transferred",
        on=date(2025, 1, 27),
        agency=PROCURATORATE,
    )


def pause(**fields: Any) -> Pause:
    return _made(
        Pause,
        fields,
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        party=person(),
        ground="consultation",
        since=date(2025, 2, 6),
        agency=PROCURATORATE,
    )


def document(**fields: Any) -> Document:
    return _made(
        Document,
        fields,
        doc_no=f"{PROCURATORATE}/东检行意〔2025〕7号",
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        party=person(),
        kind="opinion",
        recipient=POLICE,
        issued_on=date(2025, 2, 20),
        served_on=date(2025, 2, 21),
        reply_due=date(2025, 4, 21),
        agency=PROCURATORATE,
    )


def reply(**fields: Any) -> Reply:
    return _made(
        Reply,
        fields,
        doc_no=f"{PROCURATORATE}/东检行意〔2025〕7号",
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        party=person(),
        kind="will_punish",
        replied_on=date(2025, 3, 20),
        filed_on=date(2025, 3, 18),
        agency=POLICE,
    )


def penalty(**fields: Any) -> Penalty:
    return _made(
        Penalty,
        fields,
        decision_no=f"{POLICE}/东公（交）行罚决字〔2025〕88号",
        party=person(),
        cause="drunk_driving",
        kinds=("吊销许可证件",),
        decided_on=date(2025, 5, 12),
        agency=POLICE,
    )


def restraint(**fields: Any) -> Restraint:
    return _made(
        Restraint,
        fields,
        measure_no="QZ-55120",
        case_no=f"{POLICE}/东公刑立〔2024〕87号",
        person=person(),
        kind="detention",
        organ="police",
        since=date(2024, 3, 12),
        agency=POLICE,
    )


def drug_order(**fields: Any) -> DrugOrder:
    return _made(
        DrugOrder,
        fields,
        order_no=f"{POLICE}/东公（禁）社戒决字〔2024〕5号",
        person=person(),
        kind="community",
        decided_on=date(2024, 5, 6),
        reported_on=date(2024, 5, 13),
        agency=POLICE,
    )


def traffic_check(**fields: Any) -> TrafficCheck:
    return _made(
        TrafficCheck,
        fields,
        check_no="JC-3711020024001",
        person=person(),
        on=date(2024, 6, 1),
        bac_mg=126,
        handled_on=date(2024, 6, 5),
        agency=POLICE,
    )


def judgment(**fields: Any) -> Judgment:
    return _made(
        Judgment,
        fields,
        case_no=f"{COURT}/（2024）鲁1102刑初301号",
        party=person(),
        court=COURT,
        charges=("264",),
        outcome="guilty",
        penalty="有期徒刑",
        months=18,
        pronounced_on=date(2024, 9, 9),
        effective_on=date(2024, 9, 20),
        sentence_since=date(2024, 3, 12),
        sentence_until=date(2025, 9, 11),
        agency=COURT,
    )


def correction_spell(**fields: Any) -> CorrectionSpell:
    return _made(
        CorrectionSpell,
        fields,
        file_no="SJ-2024-031",
        case_no=f"{COURT}/（2024）鲁1102刑初301号",
        person=person(),
        kind="probation",
        effective_on=date(2024, 9, 20),
        since=date(2024, 9, 27),
        until=date(2026, 9, 19),
        agency=JUSTICE,
    )


def licence(**fields: Any) -> Licence:
    return _made(
        Licence,
        fields,
        licence_no="371100412217",
        holder=person(),
        kind="driving",
        class_="C1",
        issued_on=date(2015, 4, 2),
        status="valid",
        agency=POLICE,
    )


def _made(cls: type[R], given: dict[str, Any], **default: Any) -> R:
    made = record(cls.__name__, **(default | given))
    assert isinstance(made, cls)
    return made


#: Every factory by the name of the type that it makes.
FACTORIES = {
    "Benefit": benefit,
    "BenefitAdjustment": adjustment,
    "BenefitPayment": payment,
    "CaseStep": case_step,
    "CorrectionSpell": correction_spell,
    "Death": death,
    "Decision": decision,
    "Document": document,
    "DrugOrder": drug_order,
    "Judgment": judgment,
    "Licence": licence,
    "Pause": pause,
    "Penalty": penalty,
    "Refund": refund,
    "Reply": reply,
    "Resident": resident,
    "Restraint": restraint,
    "TrafficCheck": traffic_check,
}
