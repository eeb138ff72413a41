"""Everything the practice marketplace answers, held against the official OpenAPI document."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.olist import load
from mkt_tui.sandbox.records import CUSTOMER
from mkt_tui.sandbox.world import World
from tests.contract.openapi import (
    ContractBroken,
    check_query,
    check_request_part,
    check_response,
    shared_dir,
)
from tests.sandbox.conftest import NOW, Marketplace, connect

TOPIC = {"type": "FREE_TEXT", "value": "Endereço"}


@pytest.fixture(params=["invented", "olist"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "invented":
        return invent(150, 11, NOW)
    return load(shared_dir() / "data" / "olist", 11, NOW)


@pytest.fixture(params=["carrefour", "leroymerlin"])
def market(world: World, request: pytest.FixtureRequest) -> Marketplace:
    return connect(world, request.param)


async def pages(market: Marketplace, **params: Any) -> AsyncIterator[dict[str, Any]]:
    token: str | None = None
    while True:
        asked = {**params, "page_token": token} if token else params
        check_query("M11", {name: str(value) for name, value in asked.items()})
        answer = (await market.get("inbox/threads", **asked)).json()
        yield answer
        token = answer.get("next_page_token")
        if token is None:
            return


async def test_every_thread_of_both_worlds_keeps_the_contract(market: Marketplace) -> None:
    seen = 0
    async for page in pages(market, limit=100, with_messages="true"):
        check_response("M11", 200, page)
        seen += len(page["data"])
    assert seen == len(market.shop.threads)

    bare = await market.get("inbox/threads", limit=3)
    check_response("M11", 200, bare.json())
    for each in bare.json()["data"]:
        check_response("M10", 200, await market.thread(each["id"]))


async def test_every_order_of_both_worlds_keeps_the_contract(market: Marketplace) -> None:
    total = len(market.shop.orders)
    for offset in range(0, total, 100):
        params = {"max": "100", "offset": str(offset)}
        check_query("OR11", params)
        answer = (await market.get("orders", **params)).json()
        check_response("OR11", 200, answer)
        assert answer["total_count"] == total
        assert answer["orders"]


async def test_every_write_keeps_the_contract(market: Marketplace) -> None:
    thread = next(each for each in market.shop.threads.values() if CUSTOMER in each.participants)
    message = {"body": "Segue a foto", "to": [{"type": "CUSTOMER"}]}
    check_request_part("M12", "message_input", message)
    replied = await market.reply(thread.id, message, [("files", ("foto.png", b"png"))])
    check_response("M12", 201, replied.json())

    started = {"body": "Falta o número", "to": ["CUSTOMER"], "topic": TOPIC}
    check_request_part("OR43", "thread_input", started)
    path = f"orders/{thread.order.id}/threads"
    check_response("OR43", 201, (await market.post(path, "thread_input", started)).json())

    seen = await market.thread(thread.id)
    check_response("M10", 200, seen)
    attachment = seen["messages"][-1]["attachments"][0]["id"]
    downloaded = await market.get(f"inbox/threads/{attachment}/download")
    check_response("M13", 200, downloaded.content)


async def test_shipping_keeps_the_contract(market: Marketplace) -> None:
    order = next(each for each in market.shop.orders.values() if each.state == "SHIPPING")
    tracking = {"carrier_code": "CORREIOS", "tracking_number": "AA123456785BR"}
    check_request_part("OR23", None, tracking)

    tracked = await market.put(f"orders/{order.id}/tracking", tracking)
    shipped = await market.put(f"orders/{order.id}/ship")

    check_response("OR23", tracked.status_code, tracked.content)
    check_response("OR24", shipped.status_code, shipped.content)
    seen = await market.get("orders", order_ids=order.id, order_state_codes="SHIPPED")
    check_response("OR11", 200, seen.json())
    assert seen.json()["total_count"] == 1


async def test_errors_have_one_of_the_two_known_shapes(market: Marketplace) -> None:
    refused = [
        ("M10", await market.get("inbox/threads/unknown")),
        ("M11", await market.get("inbox/threads", limit=0)),
        ("M12", await market.reply("unknown", {})),
        ("M12", await market.reply(next(iter(market.shop.threads)), {"to": []})),
        ("OR24", await market.put("orders/unknown/ship")),
    ]
    for operation, answer in refused:
        check_response(operation, answer.status_code, answer.json())


@pytest.mark.parametrize("operation", ["M10", "M11", "M12", "OR11", "OR23", "OR43"])
def test_the_validator_accepts_the_official_examples(operation: str) -> None:
    folder = shared_dir() / "contracts" / "mirakl" / "examples"
    paths = sorted(folder.glob(f"{operation}.*.json"))
    assert paths
    for path in paths:
        example = json.loads(path.read_text(encoding="utf-8"))
        if example["kind"] == "request":
            check_request_part(operation, None, example["body"])
        else:
            status = int(example["kind"].removeprefix("response"))
            check_response(operation, status, example["body"])


def test_the_validator_allows_null_and_missing_fields_but_no_wrong_type() -> None:
    check_response("M11", 200, {"data": [{"id": None, "metadata": None, "messages": None}]})
    check_response("M11", 200, {"data": [{}], "something_new": 1})
    wrong: list[tuple[str, Any]] = [
        ("M11", {"data": {}}),
        ("M11", {"data": [{"id": 5}]}),
        ("M11", {"data": [{"metadata": {"total_count": "2"}}]}),
        ("M11", {"data": [{"metadata": {"total_count": 2**31}}]}),
        ("M11", {"data": [{"date_updated": "2026-03-10 10:00"}]}),
        ("M11", {"data": [{"messages": [{"from": {"type": "CUSTOMER"}}]}]}),
        ("OR11", {"orders": [{"price": "12.50"}]}),
        ("OR11", {"orders": [{"customer": {"billing_address": {"country_iso_code": "BR"}}}]}),
        ("OR11", {"orders": [{"order_additional_fields": [{"type": "NUMERIC", "value": 3}]}]}),
    ]
    for operation, body in wrong:
        with pytest.raises(ContractBroken):
            check_response(operation, 200, body)
    with pytest.raises(ContractBroken):
        check_response("OR24", 204, b"something")
    with pytest.raises(ContractBroken):
        check_response("M11", 500, {"error": "no message"})
    with pytest.raises(ContractBroken, match="does not answer"):
        check_response("M12", 200, {})


@pytest.mark.parametrize(
    "body",
    [
        {"body": "Olá"},
        {"body": "oi", "to": []},
        {"body": "x" * 50_001, "to": []},
        {"body": "Olá", "to": ["CUSTOMER"]},
        {"body": "Olá", "to": [{"type": "BUYER"}]},
        {"body": "Olá", "to": [{}]},
        {"body": "Olá", "to": [], "attachments": []},
        {"body": "Olá", "to": [], "topic": {"type": "FREE_TEXT", "value": "ab"}},
    ],
)
def test_what_we_send_is_held_to_the_letter(body: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken):
        check_request_part("M12", "message_input", body)


def test_parts_and_bodies_that_an_operation_does_not_have_fail() -> None:
    check_request_part("OR24", None, None)
    with pytest.raises(ContractBroken):
        check_request_part("OR24", None, {})
    with pytest.raises(ContractBroken):
        check_request_part("M12", "message", {"body": "Olá", "to": []})
    with pytest.raises(ContractBroken):
        check_request_part("X99", None, {})


def test_queries_are_checked_by_name_and_by_value() -> None:
    check_query("M11", {"updated_since": "2026-03-10T10:00:00Z", "limit": "100", "locale": "pt_BR"})
    check_query("M11", {"entity_type": "MMP_ORDER", "entity_id": "1-A,2-A", "shop_id": "7"})
    check_query("OR11", {"order_state_codes": "SHIPPING,SHIPPED", "has_incident": "true"})
    wrong = [
        ("M11", {"updated_after": "2026-03-10T10:00:00Z"}),
        ("M11", {"updated_since": "2026-03-10"}),
        ("M11", {"shop_id": "seven"}),
        ("M11", {"with_messages": "1"}),
        ("OR11", {"order_state_codes": "SHIPPING,LOST"}),
        ("OR11", {"order_ids": ",".join(map(str, range(101)))}),
    ]
    for operation, params in wrong:
        with pytest.raises(ContractBroken):
            check_query(operation, params)
