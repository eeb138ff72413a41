"""What the Mirakl adapter sends and reads, held against the official OpenAPI document."""

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.mirakl.orders import CustomFields, read_order
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.adapters.testing import check_texts
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import DecideOrder, Parcel, ShipOrder, TrackOrder
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.adapters.marketplace import Marketplace, answers, order, orders, thread, threads
from tests.contract.openapi import check_query, check_request_part, check_response, shared_dir

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SHOP = {"shop_id": "2001"}
FOLDER = ("contracts", "mirakl")


def example(name: str) -> dict[str, Any]:
    path = shared_dir().joinpath(*FOLDER, "examples", f"{name}.json")
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["body"]
    return body


def check_queries(operation: str, market: Marketplace, count: int) -> None:
    assert len(market.queries) == count
    for query in market.queries:
        assert query["shop_id"] == "2001"
        check_query(operation, query)


async def test_the_check_asks_as_m11_wants_it() -> None:
    market = answers(threads())
    async with market.adapter(SHOP) as adapter:
        await adapter.check()
    check_queries("M11", market, 1)


async def test_threads_are_asked_for_as_m11_wants_it() -> None:
    market = answers(threads(thread(), token="p2"), threads(), threads())
    async with market.adapter(SHOP) as adapter:
        pages = [page async for page in adapter.tickets(None)]
        assert [page async for page in adapter.tickets(pages[-1].cursor)]
    check_queries("M11", market, 3)
    assert "page_token" in market.queries[1]
    assert "updated_since" in market.queries[2]


async def test_orders_are_asked_for_as_or11_wants_it() -> None:
    market = answers(orders(order(), total=2), orders(order(), total=2), orders())
    async with market.adapter(SHOP) as adapter:
        pages = [page async for page in adapter.orders(None)]
        assert [page async for page in adapter.orders(pages[-1].cursor)]
    check_queries("OR11", market, 3)
    assert "start_update_date" in market.queries[2]


async def test_a_thread_is_asked_for_as_m10_wants_it() -> None:
    market = answers(thread())
    async with market.adapter(SHOP) as adapter:
        await adapter.thread("t-1")
    check_queries("M10", market, 1)
    assert market.requests[0].url.path == "/api/inbox/threads/t-1"


def only_part(request: httpx.Request) -> Message:
    """Return the one part of a multipart request, read by the standard library."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(head + request.content)
    parts = form.get_payload()
    assert isinstance(parts, list)
    assert len(parts) == 1
    assert isinstance(parts[0], Message)
    return parts[0]


@pytest.mark.parametrize("audience", list(Audience))
async def test_a_reply_is_sent_as_m12_wants_it(audience: Audience) -> None:
    confirmed = example("M12.response201.0")
    market = answers(httpx.Response(201, json=confirmed))
    async with market.adapter(SHOP) as adapter:
        delivery = await adapter.reply(
            Reply("op-1", "t-1", "Olá, \u201cMaria\u201d", audience, NOON)
        )
    assert delivery == Delivery(confirmed["message_id"])
    check_queries("M12", market, 1)
    part = only_part(market.requests[0])
    assert part.get_content_type() == "application/json"
    assert part.get_param("name", header="Content-Disposition") == "message_input"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    check_request_part("M12", "message_input", json.loads(payload))


async def test_the_official_threads_are_read() -> None:
    page = example("M11.response200.0")
    market = answers(page | {"next_page_token": None})
    async with market.adapter() as adapter:
        [found] = [page async for page in adapter.tickets(None)]
    assert [each.code for each in found.items] == [each["id"] for each in page["data"]]
    assert found.items[0].customer == "Customer display name"
    assert found.items[0].order_number is None
    check_texts(found)


def test_the_official_thread_is_read_with_its_messages() -> None:
    ticket = read_thread(example("M10.response200.0"))
    assert [each.author.value for each in ticket.messages] == ["customer", "shop"]
    assert [each.size for each in ticket.messages[1].attachments] == [200, 10]
    assert ticket.waiting is None


def test_the_official_orders_are_read() -> None:
    for each in example("OR11.response200.0")["orders"]:
        check_texts(read_order(each, CustomFields()))


async def test_the_synthetic_thread_page_is_read() -> None:
    folder = shared_dir().joinpath(*FOLDER, "examples-synthetic")
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    for page in pages:
        for row in page.get("data", []):
            ticket = read_thread(row)
            assert ticket.order_number == "DEMO-1001-A"
            assert [each.value for each in ticket.participants] == ["customer", "operator"]


def test_our_own_fakes_keep_the_contract() -> None:
    check_response("M11", 200, threads(thread(), token="p2"))
    check_response("M10", 200, thread())
    check_response("OR11", 200, orders(order()))


async def test_acts_are_sent_as_the_contract_wants_them() -> None:
    done = httpx.Response(204)
    market = answers(done)
    parcel = Parcel("BRT", "156", url="https://brt.test/156")
    async with market.adapter(SHOP) as adapter:
        await adapter.decide_order(DecideOrder("o1", "..", ("l1",), ("l2",), NOON))
        await adapter.track_order(TrackOrder("o2", "100-A", parcel, NOON))
        await adapter.ship_order(ShipOrder("o3", "100-A", (parcel,), NOON))
    for request, operation, path in zip(
        market.requests,
        ("OR21", "OR23", "OR23", "OR24"),
        ("%2E%2E/accept", "100-A/tracking", "100-A/tracking", "100-A/ship"),
        strict=True,
    ):
        assert (request.method, request.url.raw_path.split(b"?")[0].decode()) == (
            "PUT",
            f"/api/orders/{path}",
        )
        check_query(operation, dict(request.url.params))
        body = json.loads(request.content) if request.content else None
        check_request_part(operation, None, body)
