"""Mirakl OR11, OR23 and OR24: how a client reads and ships orders."""

from typing import Any

import pytest

from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import Order
from tests.sandbox.conftest import Marketplace


async def listed(market: Marketplace, **params: Any) -> tuple[list[str], int]:
    answer = await market.get("orders", **params)
    assert answer.status_code == 200
    content = answer.json()
    return [each["order_id"] for each in content["orders"]], content["total_count"]


async def read(market: Marketplace, order_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await market.get("orders", order_ids=order_id)).json()["orders"][0]
    return found


def in_state(market: Marketplace, state: str) -> Order:
    return next(each for each in market.shop.orders.values() if each.state == state)


async def test_offset_pages_hold_ten_orders_and_reach_every_one(market: Marketplace) -> None:
    first, total = await listed(market)
    assert len(first) == 10
    assert total == len(market.shop.orders)

    pages = [await listed(market, max=40, offset=offset) for offset in range(0, total, 40)]
    ids = [each for page, _ in pages for each in page]

    assert ids[:10] == first
    assert ids == sorted(ids, key=lambda each: (market.shop.orders[each].created, each))
    assert set(ids) == set(market.shop.orders)
    assert await listed(market, offset=total) == ([], total)
    assert (await listed(market, order="desc", max=100))[0] == ids[::-1][:100]


async def test_orders_by_id_state_and_incident(market: Marketplace) -> None:
    orders = market.shop.orders.values()
    two = [each.id for each in orders][3:5]
    shipping = {each.id for each in orders if each.state in ("SHIPPING", "SHIPPED")}

    assert await listed(market, order_ids=f"{two[1]},unknown,{two[0]}") == (two, 2)
    assert await listed(market, order_ids="unknown") == ([], 0)
    found, total = await listed(market, order_state_codes="SHIPPING,SHIPPED", max=100)
    assert (set(found), total) == (shipping, len(shipping))
    with_incident = await listed(market, has_incident="true", max=100)
    without = await listed(market, has_incident="false", max=100)
    assert with_incident[1] > 0
    assert with_incident[1] + without[1] == len(orders)


async def test_order_dates_bound_both_ends(market: Marketplace) -> None:
    by_update = sorted(market.shop.orders.values(), key=lambda each: each.updated)
    low, high = by_update[10], by_update[20]
    created = sorted(each.created for each in by_update)

    updated = await listed(
        market,
        start_update_date=to_json(low.updated),
        end_update_date=to_json(high.updated),
        max=100,
    )
    made = await listed(market, start_date=to_json(created[5]), end_date=to_json(created[8]))

    assert set(updated[0]) == {each.id for each in by_update[10:21]}
    assert made[1] == 4


@pytest.mark.parametrize(
    "params",
    [
        {"max": "101"},
        {"max": "0"},
        {"offset": "-1"},
        {"start_update_date": "1.3.2026"},
        {"order_state_codes": "SHIPPED,LOST"},
        {"has_incident": "1"},
        {"sort": "price"},
        {"order_ids": ",".join(map(str, range(101)))},
        {"channel_codes": "WEB"},
    ],
)
async def test_order_parameters_that_make_no_sense_are_refused(
    market: Marketplace, params: dict[str, str]
) -> None:
    answer = await market.get("orders", **params)
    assert answer.status_code == 400
    assert next(iter(params)) in answer.json()["message"]


async def test_tracking_then_shipping(market: Marketplace) -> None:
    order = in_state(market, "SHIPPING")
    assert (await read(market, order.id))["can_shop_ship"] is True

    tracked = await market.put(
        f"orders/{order.id}/tracking",
        {"carrier_code": "CORREIOS", "tracking_number": "AA123456785BR"},
    )
    shipped = await market.put(f"orders/{order.id}/ship")
    again = await market.put(f"orders/{order.id}/ship")

    assert (tracked.status_code, tracked.content) == (204, b"")
    assert (shipped.status_code, shipped.content) == (204, b"")
    assert again.status_code == 400
    assert "SHIPPED" in again.json()["message"]
    seen = await read(market, order.id)
    assert seen["order_state"] == "SHIPPED"
    assert {each["order_line_state"] for each in seen["order_lines"]} == {"SHIPPED"}
    assert seen["order_lines"][0]["shipped_date"] == seen["last_updated_date"]
    assert seen["shipping_company"] == "Correios"
    assert seen["shipping_tracking"] == "AA123456785BR"
    assert seen["shipping_tracking_url"].endswith("AA123456785BR")
    assert seen["can_shop_ship"] is False


async def test_an_unregistered_carrier_is_named_and_may_bring_its_address(
    market: Marketplace,
) -> None:
    order = in_state(market, "SHIPPED")
    content = {
        "carrier_name": "Transportes Silva",
        "carrier_url": "https://silva.example/42",
        "tracking_number": "42",
    }

    assert (await market.put(f"orders/{order.id}/tracking", content)).status_code == 204

    seen = await read(market, order.id)
    assert seen["shipping_carrier_code"] is None
    assert seen["shipping_company"] == "Transportes Silva"
    assert seen["shipping_tracking_url"] == "https://silva.example/42"


@pytest.mark.parametrize("state", ["WAITING_DEBIT_PAYMENT", "SHIPPED", "RECEIVED", "CANCELED"])
async def test_only_orders_to_be_shipped_can_be_shipped(market: Marketplace, state: str) -> None:
    order = in_state(market, state)
    answer = await market.put(f"orders/{order.id}/ship")
    assert answer.status_code == 400
    assert state in answer.json()["message"]
    assert order.state == state


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "carrier_name"),
        ({"carrier_code": "UNKNOWN", "tracking_number": "1"}, "carrier_name"),
        ({"carrier_code": "CORREIOS"}, "tracking_number"),
        ({"carrier_name": 5}, "carrier_name"),
        ([], "body"),
    ],
)
async def test_tracking_that_makes_no_sense_is_refused(
    market: Marketplace, content: Any, field: str
) -> None:
    order = in_state(market, "SHIPPING")
    answer = await market.put(f"orders/{order.id}/tracking", content)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


async def test_unknown_orders_are_not_found(market: Marketplace) -> None:
    for path in ("orders/none/ship", "orders/none/tracking"):
        answer = await market.put(path, {"carrier_name": "X"})
        assert (answer.status_code, answer.json()["message"]) == (404, "Order not found")


async def test_an_order_tells_whether_its_customer_wrote(market: Marketplace) -> None:
    written = next(iter(market.shop.threads.values())).order
    silent = next(
        each for each in market.shop.orders.values() if not market.shop.threads_of(each.id)
    )
    assert (await read(market, written.id))["has_customer_message"] is True
    assert (await read(market, silent.id))["has_customer_message"] is False


async def test_addresses_are_hidden_before_acceptance(market: Marketplace) -> None:
    waiting = await read(market, in_state(market, "WAITING_ACCEPTANCE").id)
    accepted = await read(market, in_state(market, "SHIPPING").id)
    assert waiting["customer"]["shipping_address"] is None
    assert accepted["customer"]["shipping_address"]["country_iso_code"] == "BRA"


async def test_every_line_of_a_new_order_is_accepted_or_refused(market: Marketplace) -> None:
    order = in_state(market, "WAITING_ACCEPTANCE")
    lines = [f"{order.id}-{place}" for place in range(1, len(order.lines) + 1)]
    path = f"orders/{order.id}/accept"
    for wrong in ([], [{"id": lines[0]}], [{"id": "other", "accepted": True}]):
        assert (await market.put(path, {"order_lines": wrong})).status_code == 400
    decided = {"order_lines": [{"id": each, "accepted": True} for each in lines]}
    assert (await market.put(path, decided)).status_code == 204
    assert (await read(market, order.id))["order_state"] == "WAITING_DEBIT_PAYMENT"
    assert (await market.put(path, decided)).status_code == 400
