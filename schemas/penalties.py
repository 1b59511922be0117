"""Administrative penalties (双公示 and the agencies' own case systems)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type

#: Kinds of penalty by the names of 行政处罚法 9, as 双公示 uses them.
PENALTY_KINDS = (
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "行政拘留",
    "其他",
)

#: What was punished, and the articles of the criminal law that the same act may fall under.
CAUSES: Mapping[str, tuple[str, ...]] = {
    "drink_driving": ("133-1",),
    "drunk_driving": ("133-1",),
    "dangerous_driving": ("133-1",),
    "traffic_accident": ("133",),
    "hit_and_run": ("133",),
    "unlicensed_driving": (),
    "theft": ("264",),
    "fraud": ("266",),
    "assault": ("234",),
    "affray": ("293",),
    "damage": ("275",),
    "extortion": ("274",),
    "seizure": ("267",),
    "embezzlement": ("270",),
    "indecency": ("237",),
    "insult": ("246",),
    "trespass": ("245",),
    "obstruction": ("277",),
    "gambling": ("303",),
    "prostitution": ("358", "359"),
    "drug_use": (),
    "drug_possession": ("348",),
    "drug_shelter": ("354",),
    "cybercrime_aid": ("287-2",),
    "concealment": ("312",),
    "false_papers": ("280",),
    "explosives": ("125", "128", "130"),
    "border": ("322",),
    "counterfeit_goods": ("213", "214"),
    "inferior_goods": ("140",),
    "unsafe_food": ("143",),
    "toxic_food": ("144",),
    "false_drugs": ("141", "142"),
    "illegal_business": ("225",),
    "tobacco": ("140", "225"),
    "tax_evasion": ("201",),
    "false_invoices": ("205", "205-1"),
    "smuggling": ("153",),
    "false_advertising": ("222",),
    "pyramid_selling": ("224-1",),
    "unpaid_wages": ("276-1",),
    "work_safety": ("134", "134-1", "135"),
    "pollution": ("338",),
    "hazardous_waste": ("338",),
    "fishing": ("340",),
    "hunting": ("341",),
    "farmland": ("342",),
    "mining": ("343",),
    "logging": ("344", "345"),
    "other": (),
    "supervision_breach": (),
}

PARTY_KINDS = ("法人及非法人组织", "自然人", "个体工商户")  #: 行政相对人类别 of 双公示


@record_type
class Penalty(Record, frozen=True, kw_only=True):
    """A penalty decision on one party.

    The first half are the fields of 双公示, whose sums come in 万元 and must be converted by the
    contract; from ``act_on`` on they come from the agency's own case system. Of the sums only
    ``goods_fen``, ``sales_fen``, ``gain_fen`` and ``tax_fen`` measure the act; the fine does not.
    ``agency`` is the code of the organ that punished.
    """

    DAY: ClassVar[str] = "decided_on"
    KEY: ClassVar[tuple[str, ...]] = ("decision_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "cause": tuple(CAUSES),
        "kinds": PENALTY_KINDS,
        "party_kind": PARTY_KINDS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("decision_no",), "party": ("party",)}

    decision_no: str
    party: str
    party_kind: str = ""
    representative: str = ""
    cause: str = ""
    facts: str = ""
    basis: str = ""
    kinds: tuple[str, ...] = ()
    content: str = ""
    fine_fen: int = 0
    confiscated_fen: int = 0
    suspended_licence: str = ""
    decided_on: date
    valid_until: date | None = None
    shown_until: date | None = None  #: end of publication: says nothing of the penalty
    agency: str = ""
    act_on: date | None = None
    filed_on: date | None = None
    served_on: date | None = None
    report_on: date | None = None  #: the written report for transfer reached the head of the agency
    suit_notice: bool | None = None  #: whether the decision tells of the right to sue
    goods_fen: int | None = None
    sales_fen: int | None = None
    gain_fen: int | None = None
    tax_fen: int | None = None
    mass_g: int | None = None
    area_m2: int | None = None
    land_kind: str = ""
    sticks: int | None = None
    prior_in_2y: int | None = None
    annulled_on: date | None = None
    name: str = ""
    demolition: bool = False  #: orders buildings on unlawfully occupied land removed (限期拆除)
    tax_share_pct: int | None = None  #: the tax evaded, of all tax due, rounded down
