"""Derived records: what one dossier tells another. No feed sends them; they prove no absence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import ClassVar

import msgspec

from schemas.codes import ARTICLE, INDUSTRY
from schemas.market import ROLES
from schemas.places import SCHOOL_KINDS
from schemas.record import Record, record_type

#: How two parties belong together.
LINKS = ("household", "phone", "company", "representative")

#: Why a parent cannot care: 死亡, 失踪, 重残, 重病, 服刑, 强制戒毒, 被限制人身自由, 失联, 撤销监护.
PARENT_STATES = (
    "dead",
    "missing",
    "disabled",
    "ill",
    "imprisoned",
    "compulsory_treatment",
    "restrained",
    "lost",
    "guardianship_revoked",
)

#: How a party ended: a person died; a company was 注销, went bankrupt.
ENDS_OF_PARTIES = ("died", "cancelled", "bankrupt")

#: A company without a person insured, an invoice or a tax, from the first to the last day.
IdleSpell = tuple[date, date | None]


@record_type
class Post(Record, frozen=True, kw_only=True):
    """Told to a person: the post that an organisation's rows give them; ``post`` is their key."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("post",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"role": ROLES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"sectors": INDUSTRY}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}
    NAMES: ClassVar[Mapping[str, str]] = {
        "person": "person_name",
        "organisation": "organisation_name",
    }

    post: str
    person: str
    organisation: str
    role: str
    sectors: tuple[str, ...] = ()
    since: date
    until: date | None = None
    agency: str = ""  #: that supervises the trade
    person_name: str = ""
    organisation_name: str = ""
    revoked_on: date | None = None  #: the organisation's licence was revoked, or it was closed
    food_since: date | None = None  #: it has had a food licence from this day …
    food_until: date | None = None  #: … until this one, where all have ended
    food_revoked_on: date | None = None  #: a penalty took a food licence …
    food_revoked_no: str = ""  #: … by this decision


@record_type
class Convict(Record, frozen=True, kw_only=True):
    """Told to an organisation: who holds a post in it was convicted; ``judgment`` is the key."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "effective_on"
    KEY: ClassVar[tuple[str, ...]] = ("judgment", "organisation")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"role": ROLES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"charges": ARTICLE}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("organisation",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("person",)
    NAMES: ClassVar[Mapping[str, str]] = {"person": "person_name"}

    judgment: str
    organisation: str
    person: str
    charges: tuple[str, ...] = ()
    effective_on: date
    role: str = ""
    person_name: str = ""


@record_type
class RingMember(Record, frozen=True, kw_only=True):
    """Told to every pair of a company's attributes: the company that has both.

    ``traits`` are its attributes, each ``attribute=value``, in ascending order. ``idle`` are the
    spells that begin when six months on end show no activity.
    """

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "registered_on"
    KEY: ClassVar[tuple[str, ...]] = ("uscc",)
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"pair": ("pairs",)}

    uscc: str
    name: str = ""
    traits: tuple[str, ...] = ()
    representative: str = ""
    registered_on: date
    since: date
    until: date | None = None
    idle: tuple[IdleSpell, ...] = ()
    reported_from: date | None = None  #: activity is told of from this month on
    abnormal: bool = False
    in_case: bool = False  #: named in a judgment

    @property
    def pairs(self) -> tuple[str, ...]:
        """Each two of the attributes in one text."""
        return tuple(pair_of(*two) for two in combinations(self.traits, 2))


def pair_of(first: str, second: str) -> str:
    """Two attributes, in ascending order, in the text that names their dossier."""
    return f"{first}|{second}"


class Suit(msgspec.Struct, frozen=True, gc=False):
    """A loan suit of somebody, as it is told to those who belong to them."""

    case_no: str
    loan: str
    court: str
    city: str
    filed_on: date
    amount_fen: int = 0
    signs: tuple[str, ...] = ()


@record_type
class Litigant(Record, frozen=True, kw_only=True):
    """Told to a household or a telephone number (``tie``): who sues on loans belongs to it."""

    DERIVED: ClassVar[bool] = True
    KEY: ClassVar[tuple[str, ...]] = ("tie", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"link": LINKS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"pair": ("tie",)}
    DAY: ClassVar[str] = "since"
    PERSONS: ClassVar[tuple[str, ...]] = ("party",)

    tie: str
    party: str
    link: str
    since: date | None = None
    suits: tuple[Suit, ...] = ()
    party_name: str = ""


@record_type
class Affiliate(Record, frozen=True, kw_only=True):
    """Told to a party: another party belongs to it, by ``link``, from the first to the last day."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("party", "related", "link")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"link": LINKS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"party": ("party",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("related",)
    NAMES: ClassVar[Mapping[str, str]] = {"party": "party_name", "related": "related_name"}

    party: str
    related: str
    link: str
    since: date | None = None
    until: date | None = None
    party_name: str = ""
    related_name: str = ""
    suits: tuple[Suit, ...] = ()  #: of the related party, the latest


@record_type
class Claimant(Record, frozen=True, kw_only=True):
    """Told to a defendant: what the registers know of a person who sues it."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "filed_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "person", "defendant")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"party": ("defendant",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("person",)
    NAMES: ClassVar[Mapping[str, str]] = {"person": "person_name"}

    case_no: str
    person: str
    defendant: str
    filed_on: date
    minor: bool = False
    disabled: bool = False
    insured_elsewhere: bool = False
    employed_here: bool = False
    person_name: str = ""


@record_type
class PartyEnded(Record, frozen=True, kw_only=True):
    """Told to a case: a party of its penalty or judgment died or was dissolved."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "ended_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"how": ENDS_OF_PARTIES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("case_no",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("party",)

    case_no: str
    party: str
    ended_on: date
    how: str


@record_type
class NearbySchool(Record, frozen=True, kw_only=True):
    """Told to a licence's holder: a school whose nearest gate is ``distance_m`` away."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "opened_on"
    KEY: ClassVar[tuple[str, ...]] = ("licence_no", "school_no")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"school_kind": SCHOOL_KINDS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"party": ("holder",)}
    NAMES: ClassVar[Mapping[str, str]] = {"school_no": "school_name"}

    licence_no: str
    holder: str
    school_no: str
    school_name: str = ""
    school_kind: str
    distance_m: int
    opened_on: date | None = None
    closed_on: date | None = None
    pupils: int | None = None


@record_type
class HarvestedUse(Record, frozen=True, kw_only=True):
    """Told to a shop: a known card of a harvester was used there in one month."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "month"
    KEY: ClassVar[tuple[str, ...]] = ("person", "organisation", "month")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("organisation",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("person",)

    person: str
    organisation: str
    month: date
    settlements: int
    amount_fen: int


@record_type
class ParentState(Record, frozen=True, kw_only=True):
    """Told to a child: a parent is in a state in which nobody can care for a child."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("parent", "child", "state", "since")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"state": PARENT_STATES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("child",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("parent",)
    NAMES: ClassVar[Mapping[str, str]] = {"parent": "parent_name"}

    parent: str
    child: str
    state: str
    since: date
    until: date | None = None
    parent_name: str = ""


@record_type
class ClueCount(Record, frozen=True, kw_only=True):
    """Told to an agency: an alert against it is active. It is made of the findings, last of all."""

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "act"
    KEY: ClassVar[tuple[str, ...]] = ("alert",)
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"agency": ("agency",)}

    alert: str
    model: str
    rule: str
    act: date
    amount_fen: int = 0
    agency: str
    region: str = ""
    sub_agency: str = ""  #: where the act lies in an office below
