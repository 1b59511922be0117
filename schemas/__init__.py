"""The words of the monitor: records, changes, alerts, identifiers and feed contracts.

Importing this package registers every record type, so that rows of any of them can be read.
"""

from __future__ import annotations

from schemas.alert import Transition
from schemas.benefits import Benefit, BenefitAdjustment, BenefitPayment, Refund
from schemas.change import Coverage, Position, Put, Remove, Retract, Rules, Tick
from schemas.contract import Contract, load_contract, load_contracts
from schemas.correction import CorrectionSpell
from schemas.courts import Judgment
from schemas.criminal import DrugOrder, Restraint, TrafficCheck
from schemas.errors import ContractError, DongjianError, RecordError
from schemas.identifiers import credit_code, party_kind, resident_id
from schemas.keys import record_key
from schemas.mapping import Mapper, end_row
from schemas.market import Licence
from schemas.numbers import CaseNumber, case_number, paper_number, printed
from schemas.penalties import Penalty
from schemas.people import Death, Resident
from schemas.procedure import CaseStep, Decision, Document, Pause, Reply
from schemas.record import RECORD_TYPES, Record, Source, decode_record, record_type
from schemas.subject import Tokens

__all__ = [
    "RECORD_TYPES",
    "Benefit",
    "BenefitAdjustment",
    "BenefitPayment",
    "CaseNumber",
    "CaseStep",
    "Contract",
    "ContractError",
    "CorrectionSpell",
    "Coverage",
    "Death",
    "Decision",
    "Document",
    "DongjianError",
    "DrugOrder",
    "Judgment",
    "Licence",
    "Mapper",
    "Pause",
    "Penalty",
    "Position",
    "Put",
    "Record",
    "RecordError",
    "Refund",
    "Remove",
    "Reply",
    "Resident",
    "Restraint",
    "Retract",
    "Rules",
    "Source",
    "Tick",
    "Tokens",
    "TrafficCheck",
    "Transition",
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
