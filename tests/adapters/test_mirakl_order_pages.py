"""Orders of Mirakl are read page by page, and none is missed."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mkt_tui.adapters.base import Page
from mkt_tui.domain.errors import BadAnswer, Unavailable
from mkt_tui.domain.orders import OrderSnapshot, Unreadable
from tests.adapters.marketplace import Marketplace, answers, order, orders

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


async def read(market: Marketplace, cursor: str | None = None) -> list[Page[OrderSnapshot]]:
    async with market.adapter() as adapter:
        return [page async for page in adapter.orders(cursor)]


async def test_pages_are_counted_in_an_order_that_does_not_change() -> None:
    market = answers(
        orders(order(order_id="a"), order(order_id="b"), total=3),
        orders(order(order_id="c", last_updated_date="2026-03-11T12:00:00Z"), total=3),
        orders(),
    )
    pages = await read(market)
    assert [[item.number for item in page.items] for page in pages] == [["a", "b"], ["c"]]
    assert [page.complete for page in pages] == [False, True]
    assert [page.total for page in pages] == [3, 3]
    [again] = await read(market, pages[-1].cursor)
    assert again.complete
    same = {"max": "100", "sort": "dateCreated", "order": "asc"}
    assert market.queries == [
        {**same, "offset": "0"},
        {**same, "offset": "2"},
        {**same, "offset": "0", "start_update_date": "2026-03-11T12:00:00.000Z"},
    ]


async def test_a_read_that_dies_half_way_goes_on_where_it_was() -> None:
    market = answers(orders(order(order_id="a"), total=2), 503)
    async with market.adapter() as adapter:
        reading = adapter.orders(None)
        page = await anext(reading)
        with pytest.raises(Unavailable):
            await anext(reading)
    rest = answers(orders(order(order_id="b"), total=2))
    [last] = await read(rest, page.cursor)
    assert last.complete
    assert rest.queries[0]["offset"] == "1"


async def test_without_a_total_a_short_page_is_the_last() -> None:
    full = [order(order_id=str(number)) for number in range(100)]
    market = answers({"orders": full}, {"orders": full[:99]})
    pages = await read(market)
    assert [page.complete for page in pages] == [False, True]
    assert pages[0].total is None


async def test_an_empty_page_before_the_end_is_not_taken_for_the_end() -> None:
    market = answers(orders(order(), total=2), orders(total=2))
    async with market.adapter() as adapter:
        reading = adapter.orders(None)
        pages = [await anext(reading), await anext(reading)]
        with pytest.raises(BadAnswer, match="an empty page"):
            await anext(reading)
    assert not any(page.complete for page in pages)
    again = answers(orders(order()))
    await read(again, pages[-1].cursor)
    assert again.queries[0]["offset"] == "0"


async def test_a_total_of_a_wrong_kind_is_told() -> None:
    market = answers({"orders": [], "total_count": "many"})
    with pytest.raises(BadAnswer, match="total_count"):
        await read(market)


async def test_an_order_that_cannot_be_read_is_named_and_hides_no_other() -> None:
    market = answers(orders(order(order_id="A-7", currency_iso_code=None), order(order_id="A-8")))
    (page,) = await read(market)
    assert page.unreadable == (Unreadable("A-7", "currency_iso_code"),)
    assert [each.number for each in page.items] == ["A-8"]


async def test_one_order_can_be_asked_for_by_its_number() -> None:
    market = answers(orders(order(order_id="A-7")), orders())
    async with market.adapter() as adapter:
        found = await adapter.order("A-7")
        assert found
        assert found.number == "A-7"
        assert await adapter.order("A-8") is None
    assert [each["order_ids"] for each in market.queries] == ["A-7", "A-8"]


async def test_an_order_without_a_number_ends_the_read() -> None:
    market = answers(orders(order(order_id=None)))
    with pytest.raises(BadAnswer, match="order_id"):
        await read(market)


async def test_what_changed_behind_a_long_read_is_asked_for_again() -> None:
    date = {"Date": "Tue, 10 Mar 2026 12:05:00 GMT"}
    first = httpx.Response(200, headers=date, json=orders(order(), total=2))
    late = order(order_id="b", last_updated_date=(NOW + timedelta(minutes=9)).isoformat())
    pages = await read(answers(first, orders(late, total=2)))
    market = answers(orders())
    await read(market, pages[-1].cursor)
    assert market.queries[0]["start_update_date"] == "2026-03-10T12:04:00.000Z"
