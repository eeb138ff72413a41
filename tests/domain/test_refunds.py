"""A refund never asks for more than is left, however many there were before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain import refunds
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import RefundLine

cents = st.integers(min_value=0, max_value=2_000)
names = st.sampled_from(["1", "2", "3"])
sold_lines = st.dictionaries(names, st.tuples(cents, cents), min_size=1).map(
    lambda found: [RefundLine(line, *money, quantity=2) for line, money in found.items()]
)
asked = st.lists(st.tuples(names, st.integers(min_value=-10, max_value=3_000)), max_size=12)
lines = st.builds(RefundLine, names, cents, cents)


def worth(of: RefundLine) -> int:
    return of.amount + of.shipping


@given(sold=sold_lines, asks=asked)
def test_all_refunds_together_are_never_more_than_was_paid(
    sold: list[RefundLine], asks: list[tuple[str, int]]
) -> None:
    taken: list[RefundLine] = []
    for line, amount in asks:
        rest = {each.line: each for each in refunds.left(sold, taken)}
        of_line = rest.get(line, RefundLine(line, 0))
        if 0 < amount <= worth(of_line):
            wanted = refunds.share(of_line, amount)
            assert worth(wanted) == amount
            refunds.check([wanted], tuple(rest.values()))
            taken.append(wanted)
        else:
            with pytest.raises(NotAllowed, match="more than is left"):
                refunds.share(of_line, amount)
    for bought in sold:
        back = [each for each in taken if each.line == bought.line]
        assert sum(map(worth, back)) <= worth(bought)
        assert sum(each.amount for each in back) <= bought.amount


@given(sold=sold_lines, taken=st.lists(lines, max_size=6))
def test_what_is_left_is_what_was_paid_less_what_went_back(
    sold: list[RefundLine], taken: list[RefundLine]
) -> None:
    rest = {each.line: each for each in refunds.left(sold, taken)}
    for bought in sold:
        back = sum(worth(each) for each in taken if each.line == bought.line)
        found = rest.get(bought.line)
        assert (worth(found) if found else 0) == max(worth(bought) - back, 0)
        assert found is None or found.amount >= 0 <= found.shipping
        # Pieces are told for a line that is whole, or they would be paid back twice.
        assert found is None or (found.quantity is None) == (back > 0)


@given(rest=sold_lines, line=lines)
def test_a_line_beyond_what_is_left_is_refused(rest: list[RefundLine], line: RefundLine) -> None:
    limit = next((each for each in rest if each.line == line.line), RefundLine(line.line, 0))
    if line.amount > limit.amount or line.shipping > limit.shipping:
        with pytest.raises(NotAllowed):
            refunds.check([line], tuple(rest))
    else:
        refunds.check([line], tuple(rest))
    with pytest.raises(NotAllowed):
        refunds.check([line, line, RefundLine(line.line, -1)], tuple(rest))
