"""Who owes a property item with others is told what the others paid, and nobody what they did."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from detectors.derived.joint_paid import joint_paid
from detectors.framework.dossier import Dossier
from schemas import JointPaid, Receipt, Record
from tests import factories as make

CASE = f"{make.COURT}/（2024）鲁1102刑初200号"
DEBTORS = tuple(make.person(n) for n in (1, 2, 3))


def item(party: str, *, joint: bool = True, kind: str = "restitution") -> Record:
    return make.property_item(
        key=f"{kind}/{party}", case_no=CASE, party=party, kind=kind, joint=joint
    )


def paid(party: str, on: date, fen: int, n: int = 0, **fields: str) -> Receipt:
    return make.receipt(
        key=f"{party}/{n}",
        voucher_no=f"{n}",
        for_no=CASE,
        party=party,
        kind="paid",
        on=on,
        amount_fen=fen,
        item="",
        **fields,
    )


def told(*rows: Record) -> dict[str, tuple[int, date]]:
    made = [r for r in joint_paid.derive(Dossier(f"case:{CASE}", rows)) if isinstance(r, JointPaid)]
    assert len({row.source.key for row in made}) == len(made)
    return {row.party: (row.paid_fen, row.last_on) for row in made}


def test_each_is_told_of_the_others_and_of_their_last_day() -> None:
    rows = [item(party) for party in DEBTORS]
    rows += [paid(DEBTORS[0], date(2025, 3, 1), 100), paid(DEBTORS[1], date(2025, 3, 9), 40)]
    assert told(*rows) == {
        DEBTORS[0]: (40, date(2025, 3, 9)),
        DEBTORS[1]: (100, date(2025, 3, 1)),
        DEBTORS[2]: (140, date(2025, 3, 9)),
    }


def test_what_each_owes_alone_is_nobody_elses_business() -> None:
    rows = [item(party, joint=False) for party in DEBTORS]
    assert told(*rows, paid(DEBTORS[0], date(2025, 3, 1), 100)) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from((*DEBTORS, make.person(4))),
            st.dates(date(2025, 1, 1), date(2025, 12, 31)),
            st.integers(1, 1000),
        ),
        max_size=12,
    )
)
def test_it_is_the_sum_and_the_last_day_of_all_others(
    receipts: list[tuple[str, date, int]],
) -> None:
    rows = [paid(party, on, fen, n) for n, (party, on, fen) in enumerate(receipts)]
    found = told(*(item(party) for party in DEBTORS), *rows)
    for party in DEBTORS:
        others = [(on, fen) for who, on, fen in receipts if who in DEBTORS and who != party]
        expected = (sum(fen for _, fen in others), max(on for on, _ in others)) if others else None
        assert found.get(party) == expected
