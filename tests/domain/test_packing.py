"""Pieces in parcels: none twice, none too many, the rest in the parcel that names nothing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import Parcel, Share
from mkt_tui.domain.packing import packed, staying

ORDER = (Share("a", 3), Share("b", 1))


def parcel(number: str, **pieces: int) -> Parcel:
    return Parcel("BRT", number, shares=tuple(Share(*each) for each in pieces.items()))


def test_the_parcel_that_names_nothing_holds_what_is_left() -> None:
    first, second = packed([parcel("1", a=2), parcel("2")], ORDER)
    assert first == parcel("1", a=2)
    assert second == parcel("2", a=1, b=1)
    assert packed([parcel("1")], ORDER) == (parcel("1"),)
    assert staying([parcel("1", a=2), parcel("2", b=1)], ORDER) == (Share("a", 1),)


@pytest.mark.parametrize(
    "wrong",
    [
        [parcel("1"), parcel("2")],
        [parcel("1", a=3, b=1), parcel("2")],
        [parcel("1", a=4)],
        [parcel("1", a=2), parcel("2", a=2)],
        [parcel("1", a=0)],
        [parcel("1", c=1)],
    ],
)
def test_what_cannot_be_packed_is_refused(wrong: list[Parcel]) -> None:
    with pytest.raises(NotAllowed):
        packed(wrong, ORDER)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.integers(-1, 3)), max_size=4))
def test_no_piece_is_sent_twice(told: list[dict[str, int]]) -> None:
    parcels = [parcel(str(number), **pieces) for number, pieces in enumerate(told)]
    try:
        found = packed(parcels, ORDER)
    except NotAllowed:
        return
    sent: Counter[str] = Counter()
    for share in (share for each in found for share in each.shares):
        sent[share.line] += share.quantity
        assert share.quantity > 0
    assert all(sent[each.line] <= each.quantity for each in ORDER)
    if found and all(each.shares for each in found):
        left = {each.line: each.quantity for each in staying(found, ORDER)}
        assert all(sent[each.line] + left.get(each.line, 0) == each.quantity for each in ORDER)
