"""Who is appointed is told of the post, with the trade and what became of the organisation."""

from __future__ import annotations

from datetime import date

from detectors.derived.post import post
from detectors.framework.dossier import Dossier
from schemas import Post, Record
from tests import factories as make

ORG, ON = make.organisation(), date(2024, 3, 1)


def posts(*rows: Record) -> list[Post]:
    made = list(post.derive(Dossier(f"organisation:{ORG}", rows)))
    assert all(isinstance(row, Post) for row in made)
    return made  # type: ignore[return-value]


def told(*rows: Record) -> Post:
    (only,) = posts(make.appointment(key="A1"), *rows)
    return only


def test_every_appointment_is_told_to_its_person_under_its_own_key() -> None:
    both = posts(make.appointment(key="A1"), make.appointment(key="A2", person=make.person(2)))
    assert [(p.post, p.person) for p in both] == [("A1", make.person()), ("A2", make.person(2))]
    assert posts(make.company()) == []


def test_the_trade_is_that_of_the_post_or_else_of_the_company() -> None:
    assert told(make.company(sectors=("H62",))).sectors == ("H62",)
    (own,) = posts(make.appointment(key="A1", sectors=("P83",)), make.company(sectors=("H62",)))
    assert own.sectors == ("P83",)


def test_the_end_of_the_company_ends_the_post_and_a_revoked_licence_does_not() -> None:
    assert told(make.company(status="注销", status_on=ON)).until == ON
    assert told(make.company_event(kind="cancelled", on=ON)).until == ON
    revoked = told(make.company(status="吊销", status_on=ON))
    assert (revoked.until, revoked.revoked_on) == (None, ON)
    assert told(make.company_event(kind="closed_by_order", on=ON)).revoked_on == ON
    (left,) = posts(
        make.appointment(key="A1", until=date(2023, 1, 1)),
        make.company(status="注销", status_on=ON),
    )
    assert left.until == date(2023, 1, 1)


def test_a_food_licence_counts_from_its_issue_until_the_last_one_ended() -> None:
    first = make.licence(key="L1", licence_no="L1", holder=ORG, kind="food", issued_on=ON)
    assert (told(first).food_since, told(first).food_until) == (ON, None)
    ended = make.licence(
        key="L2",
        licence_no="L2",
        holder=ORG,
        kind="food",
        issued_on=date(2023, 1, 1),
        ended_on=date(2024, 6, 1),
        end_kind="cancelled",
    )
    assert told(ended).food_until == date(2024, 6, 1)
    assert told(first, ended).food_until is None
    run_out = make.licence(
        key="L3",
        licence_no="L3",
        holder=ORG,
        kind="food",
        issued_on=date(2019, 1, 1),
        valid_until=date(2023, 12, 31),
    )
    assert told(run_out).food_until == date(2023, 12, 31)


def test_only_a_penalty_that_took_a_food_licence_says_so_and_not_one_that_was_annulled() -> None:
    lost = make.licence(
        key="L1",
        licence_no="L1",
        holder=ORG,
        kind="food",
        issued_on=date(2023, 1, 1),
        ended_on=ON,
        end_kind="revoked",
    )

    def penalty(**fields: object) -> Record:
        given = {"key": "P1", "decision_no": "P1", "party": ORG, "decided_on": ON}
        return make.penalty(**{**given, **fields})

    assert told(lost, penalty()).food_revoked_no == "P1"
    assert told(lost, penalty(suspended_licence="食品经营许可证L1")).food_revoked_on == ON
    assert told(lost, penalty(suspended_licence="营业执照X9")).food_revoked_on is None
    assert told(lost, penalty(annulled_on=ON)).food_revoked_on is None
    assert told(lost, penalty(kinds=("罚款",))).food_revoked_on is None
    assert told(penalty()).food_revoked_on is None
