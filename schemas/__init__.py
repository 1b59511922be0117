"""The words of the monitor: records, changes, alerts, identifiers and feed contracts.

Importing this package registers every record type, so that rows of any of them can be read.
"""

from __future__ import annotations

from schemas.alert import Transition
from schemas.benefits import Benefit, BenefitAdjustment, BenefitPayment, Enrolment, Refund
from schemas.change import Coverage, Position, Put, Remove, Retract, Rules, Tick
from schemas.companies import Activity, Company, CompanyEvent
from schemas.contract import Contract, load_contract, load_contracts
from schemas.correction import CorrectionEvent, CorrectionSpell
from schemas.courts import CivilCase, Dishonest, Execution, Judgment, PropertyItem
from schemas.criminal import DrugOrder, Incident, PoliceCase, Restraint, TrafficCheck
from schemas.derived import (
    Affiliate,
    Claimant,
    ClueCount,
    Convict,
    HarvestedUse,
    Litigant,
    NearbySchool,
    ParentState,
    PartyEnded,
    Post,
    RingMember,
    Suit,
)
from schemas.errors import ContractError, DongjianError, RecordError
from schemas.identifiers import credit_code, party_kind, resident_id
from schemas.joint_debts import JointPaid
from schemas.keys import record_key
from schemas.mapping import Mapper, end_row
from schemas.market import Appointment, Holding, Licence
from schemas.medical import Settlement
from schemas.numbers import CaseNumber, case_number, paper_number, printed
from schemas.penalties import Penalty
from schemas.people import Death, Identity, Listing, Resident
from schemas.places import School
from schemas.procedure import CaseCard, CaseStep, Decision, Document, Pause, Receipt, Reply
from schemas.record import RECORD_TYPES, Record, Source, decode_record, record_type
from schemas.subject import Tokens
from schemas.waste import MaterialFlow
from schemas.works import Project, ProjectEvent, WageMonth

__all__ = [
    "RECORD_TYPES",
    "Activity",
    "Affiliate",
    "Appointment",
    "Benefit",
    "BenefitAdjustment",
    "BenefitPayment",
    "CaseCard",
    "CaseNumber",
    "CaseStep",
    "CivilCase",
    "Claimant",
    "ClueCount",
    "Company",
    "CompanyEvent",
    "Contract",
    "ContractError",
    "Convict",
    "CorrectionEvent",
    "CorrectionSpell",
    "Coverage",
    "Death",
    "Decision",
    "Dishonest",
    "Document",
    "DongjianError",
    "DrugOrder",
    "Enrolment",
    "Execution",
    "HarvestedUse",
    "Holding",
    "Identity",
    "Incident",
    "JointPaid",
    "Judgment",
    "Licence",
    "Listing",
    "Litigant",
    "Mapper",
    "MaterialFlow",
    "NearbySchool",
    "ParentState",
    "PartyEnded",
    "Pause",
    "Penalty",
    "PoliceCase",
    "Position",
    "Post",
    "Project",
    "ProjectEvent",
    "PropertyItem",
    "Put",
    "Receipt",
    "Record",
    "RecordError",
    "Refund",
    "Remove",
    "Reply",
    "Resident",
    "Restraint",
    "Retract",
    "RingMember",
    "Rules",
    "School",
    "Settlement",
    "Source",
    "Suit",
    "Tick",
    "Tokens",
    "TrafficCheck",
    "Transition",
    "WageMonth",
    "case_number",
    "credit_code",
    "decode_record",
    "end_row",
    "load_contract",
    "load_contracts",
    "paper_number",
    "party_kind",
    "printed",
    "record_key",
    "record_type",
    "resident_id",
]
