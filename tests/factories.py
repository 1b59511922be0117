"""One factory per record type, every field with a default: a test says only what it is about.

All people are invented: their numbers say that they were born in 1899 and have valid check digits.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from schemas import (
    Activity,
    Affiliate,
    Appointment,
    Benefit,
    BenefitAdjustment,
    BenefitPayment,
    CaseCard,
    CaseStep,
    CivilCase,
    Claimant,
    ClueCount,
    Company,
    CompanyEvent,
    Convict,
    CorrectionEvent,
    CorrectionSpell,
    Death,
    Decision,
    Dishonest,
    Document,
    DrugOrder,
    Enrolment,
    Execution,
    HarvestedUse,
    Holding,
    Identity,
    Incident,
    JointPaid,
    Judgment,
    Licence,
    Listing,
    Litigant,
    MaterialFlow,
    NearbySchool,
    ParentState,
    PartyEnded,
    Pause,
    Penalty,
    PoliceCase,
    Post,
    Project,
    ProjectEvent,
    PropertyItem,
    Receipt,
    Record,
    Refund,
    Reply,
    Resident,
    Restraint,
    RingMember,
    School,
    Settlement,
    Source,
    TrafficCheck,
    WageMonth,
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


def identity(**fields: Any) -> Identity:
    return _made(
        Identity, fields, old=person(), new=person(2), since=date(2020, 5, 6), reason="corrected"
    )


def listing(**fields: Any) -> Listing:
    return _made(Listing, fields, person=person(), list="低保", since=date(2023, 1, 1))


def enrolment(**fields: Any) -> Enrolment:
    return _made(
        Enrolment,
        fields,
        person=person(),
        organisation=organisation(),
        kind="pension",
        since=date(2022, 3, 1),
        agency=PENSIONS,
    )


def case_card(**fields: Any) -> CaseCard:
    return _made(
        CaseCard,
        fields,
        case_no=f"{PROCURATORATE}/东检刑诉受〔2024〕310号",
        opened_on=date(2024, 12, 2),
        cause="盗窃罪",
        department="第一检察部",
        fields=(("是否认罪认罚", "是"), ("告知日期", "")),
        agency=PROCURATORATE,
    )


def receipt(**fields: Any) -> Receipt:
    return _made(
        Receipt,
        fields,
        voucher_no="PZ-2025-0071",
        for_no=f"{COURT}/（2024）鲁1102刑初301号",
        party=person(),
        kind="paid",
        on=date(2025, 2, 3),
        amount_fen=500_000,
        agency=COURT,
    )


def police_case(**fields: Any) -> PoliceCase:
    return _made(
        PoliceCase,
        fields,
        police_case_no=f"{POLICE}/东公刑立〔2024〕87号",
        party=person(),
        charge="264",
        filed_on=date(2024, 3, 10),
        agency=POLICE,
    )


def incident(**fields: Any) -> Incident:
    return _made(
        Incident,
        fields,
        incident_no="SG-3711020024017",
        person=person(),
        role="victim",
        on=date(2024, 8, 5),
        kind="traffic",
        harm="轻伤",
        liability_pct=0,
        agency=POLICE,
    )


def property_item(**fields: Any) -> PropertyItem:
    return _made(
        PropertyItem,
        fields,
        case_no=f"{COURT}/（2024）鲁1102刑初301号",
        party=person(),
        kind="fine",
        amount_fen=2_000_000,
        effective_on=date(2024, 9, 20),
        due_on=date(2024, 10, 20),
        agency=COURT,
    )


def civil_case(**fields: Any) -> CivilCase:
    return _made(
        CivilCase,
        fields,
        case_no=f"{COURT}/（2024）鲁1102民初1207号",
        court=COURT,
        city="371100",
        cause="民间借贷纠纷",
        filed_on=date(2024, 4, 8),
        amount_fen=5_000_000,
        plaintiffs=(person(),),
        defendants=(organisation(),),
        agency=COURT,
    )


def execution(**fields: Any) -> Execution:
    return _made(
        Execution,
        fields,
        case_no=f"{COURT}/（2024）鲁1102执2210号",
        debtor=person(),
        court=COURT,
        filed_on=date(2024, 6, 3),
        claim_fen=8_000_000,
        agency=COURT,
    )


def dishonest(**fields: Any) -> Dishonest:
    return _made(
        Dishonest,
        fields,
        case_no=f"{COURT}/（2024）鲁1102执2210号",
        party=person(),
        court="东港区人民法院",
        filed_on=date(2024, 6, 3),
        limb="2",
        listed_on=date(2024, 9, 2),
        agency=COURT,
    )


def correction_event(**fields: Any) -> CorrectionEvent:
    return _made(
        CorrectionEvent,
        fields,
        file_no="SJ-2024-031",
        person=person(),
        kind="reported",
        on=date(2024, 9, 27),
        agency=JUSTICE,
    )


def company(**fields: Any) -> Company:
    return _made(
        Company,
        fields,
        uscc=organisation(),
        name="日照某某商贸有限公司",
        registered_on=date(2021, 6, 1),
        status="存续",
        agency=MARKET,
    )


def company_event(**fields: Any) -> CompanyEvent:
    return _made(
        CompanyEvent,
        fields,
        uscc=organisation(),
        kind="annual_report",
        on=date(2024, 6, 20),
        agency=MARKET,
    )


def activity(**fields: Any) -> Activity:
    return _made(
        Activity,
        fields,
        uscc=organisation(),
        month=date(2024, 7, 1),
        insured=3,
        invoices_fen=1_200_000,
        tax_fen=36_000,
    )


def appointment(**fields: Any) -> Appointment:
    return _made(
        Appointment,
        fields,
        person=person(),
        organisation=organisation(),
        role="legal_rep",
        since=date(2021, 6, 1),
        agency=MARKET,
    )


def holding(**fields: Any) -> Holding:
    return _made(
        Holding,
        fields,
        register="371102-BDC",
        object_no="鲁（2019）东港区不动产权第0012号",
        owner=person(),
        kind="realty",
        value_fen=60_000_000,
        since=date(2019, 5, 8),
    )


def project(**fields: Any) -> Project:
    return _made(
        Project,
        fields,
        project_no="371102202403010101",
        name="某某花园二期",
        builder=organisation(1),
        contractor=organisation(2),
        permit_on=date(2024, 3, 1),
    )


def project_event(**fields: Any) -> ProjectEvent:
    return _made(
        ProjectEvent,
        fields,
        project_no="371102202403010101",
        kind="allocation",
        on=date(2024, 5, 6),
        amount_fen=40_000_000,
    )


def wage_month(**fields: Any) -> WageMonth:
    return _made(
        WageMonth,
        fields,
        project_no="371102202403010101",
        person=person(),
        month=date(2024, 5, 1),
        days=22,
        due_fen=770_000,
        paid_fen=770_000,
        paid_on=date(2024, 6, 10),
    )


def settlement(**fields: Any) -> Settlement:
    return _made(
        Settlement,
        fields,
        settlement_no="JS-2024-88120",
        person=person(),
        institution=organisation(),
        kind="住院",
        in_on=date(2024, 8, 6),
        out_on=date(2024, 8, 19),
        settled_on=date(2024, 8, 19),
        diagnoses=("S06.500x002",),
        fund_fen=1_830_000,
    )


def material_flow(**fields: Any) -> MaterialFlow:
    return _made(
        MaterialFlow,
        fields,
        flow_no="LD-2024-5512",
        organisation=organisation(),
        kind="manifest",
        code="900-214-08",
        on=date(2024, 7, 2),
        mass_g=180_000,
    )


def school(**fields: Any) -> School:
    return _made(
        School,
        fields,
        school_no="3137001234",
        name="某某小学",
        kind="小学",
        gates=((119.4601, 35.4233),),
        opened_on=date(2010, 9, 1),
    )


def post(**fields: Any) -> Post:
    return _made(
        Post,
        fields,
        post="appointment/1",
        person=person(),
        organisation=organisation(),
        role="legal_rep",
        since=date(2021, 6, 1),
        agency=MARKET,
    )


def convict(**fields: Any) -> Convict:
    return _made(
        Convict,
        fields,
        judgment="judgment/1",
        organisation=organisation(),
        person=person(),
        charges=("266",),
        effective_on=date(2024, 9, 20),
    )


def ring_member(**fields: Any) -> RingMember:
    return _made(
        RingMember,
        fields,
        uscc=organisation(),
        traits=("address=某路1号楼201", "phone=06330000000"),
        registered_on=date(2021, 6, 1),
        since=date(2021, 6, 1),
    )


def litigant(**fields: Any) -> Litigant:
    return _made(
        Litigant,
        fields,
        tie="household=3711020001",
        party=person(),
        link="household",
        since=date(2015, 1, 1),
    )


def affiliate(**fields: Any) -> Affiliate:
    return _made(
        Affiliate,
        fields,
        party=person(),
        related=person(2),
        link="household",
        since=date(2015, 1, 1),
    )


def claimant(**fields: Any) -> Claimant:
    return _made(
        Claimant,
        fields,
        case_no=f"{COURT}/（2024）鲁1102民初1207号",
        person=person(),
        defendant=organisation(),
        filed_on=date(2024, 4, 8),
    )


def party_ended(**fields: Any) -> PartyEnded:
    return _made(
        PartyEnded,
        fields,
        case_no=f"{POLICE}/东公（交）行罚决字〔2025〕88号",
        party=person(),
        ended_on=date(2025, 6, 1),
        how="died",
    )


def joint_paid(**fields: Any) -> JointPaid:
    return _made(
        JointPaid,
        fields,
        case_no=f"{COURT}/（2024）鲁1102刑初200号",
        party=person(),
        kind="restitution",
        paid_fen=500_000,
        last_on=date(2025, 3, 3),
    )


def nearby_school(**fields: Any) -> NearbySchool:
    return _made(
        NearbySchool,
        fields,
        licence_no="WB-371102-0031",
        holder=organisation(),
        school_no="3137001234",
        school_kind="小学",
        distance_m=140,
        opened_on=date(2010, 9, 1),
    )


def harvested_use(**fields: Any) -> HarvestedUse:
    return _made(
        HarvestedUse,
        fields,
        person=person(),
        organisation=organisation(),
        month=date(2024, 5, 1),
        settlements=4,
        amount_fen=88_000,
    )


def parent_state(**fields: Any) -> ParentState:
    return _made(
        ParentState,
        fields,
        parent=person(2),
        child=person(),
        state="imprisoned",
        since=date(2024, 3, 12),
    )


def clue_count(**fields: Any) -> ClueCount:
    return _made(
        ClueCount,
        fields,
        alert="0123456789abcdef",
        model="D01",
        rule="paid_after_death",
        act=date(2024, 5, 10),
        agency=PENSIONS,
    )


def _made(cls: type[R], given: dict[str, Any], **default: Any) -> R:
    made = record(cls.__name__, **(default | given))
    assert isinstance(made, cls)
    return made


#: Every factory by the name of the type that it makes.
FACTORIES = {
    "Activity": activity,
    "Affiliate": affiliate,
    "Appointment": appointment,
    "Benefit": benefit,
    "BenefitAdjustment": adjustment,
    "BenefitPayment": payment,
    "CaseCard": case_card,
    "CaseStep": case_step,
    "CivilCase": civil_case,
    "Claimant": claimant,
    "ClueCount": clue_count,
    "Company": company,
    "CompanyEvent": company_event,
    "Convict": convict,
    "CorrectionEvent": correction_event,
    "CorrectionSpell": correction_spell,
    "Death": death,
    "Decision": decision,
    "Dishonest": dishonest,
    "Document": document,
    "DrugOrder": drug_order,
    "Enrolment": enrolment,
    "Execution": execution,
    "HarvestedUse": harvested_use,
    "Holding": holding,
    "Identity": identity,
    "Incident": incident,
    "JointPaid": joint_paid,
    "Judgment": judgment,
    "Licence": licence,
    "Listing": listing,
    "MaterialFlow": material_flow,
    "NearbySchool": nearby_school,
    "ParentState": parent_state,
    "PartyEnded": party_ended,
    "Pause": pause,
    "Penalty": penalty,
    "PoliceCase": police_case,
    "Post": post,
    "Project": project,
    "ProjectEvent": project_event,
    "PropertyItem": property_item,
    "Receipt": receipt,
    "Refund": refund,
    "Reply": reply,
    "Resident": resident,
    "Restraint": restraint,
    "Litigant": litigant,
    "RingMember": ring_member,
    "School": school,
    "Settlement": settlement,
    "TrafficCheck": traffic_check,
    "WageMonth": wage_month,
}
