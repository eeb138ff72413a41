"""The Amazon adapter and the sandbox, held against the official documents."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.amazon import AmazonAdapter
from mkt_tui.adapters.amazon.orders import read_order
from mkt_tui.adapters.testing import check_texts, run
from mkt_tui.domain.errors import AccessRefused
from mkt_tui.domain.orders import OrderItem, OrderStatus
from tests.adapters.amazon import TOKEN, AmazonPractice
from tests.contract.swagger import Checked, examples


def orders_of(file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for case in examples(file):
        response = case["response"]
        if case["status"] == 200:
            found += response.get("orders") or [response["order"]]
    return found


def test_the_official_orders_are_read() -> None:
    official = orders_of("orders_2026-01-01.cases.json")
    assert len(official) >= 8
    for each in official:
        order = read_order(each, "XXX")
        check_texts(order)
        assert order.number == each["orderId"]
        assert order.status is not OrderStatus.OTHER
        assert order.currency != "XXX"
        assert order.finance.total is not None
        assert len(order.items) == len(each["orderItems"])


def test_an_official_order_is_read_whole() -> None:
    official = orders_of("orders_2026-01-01.cases.json")
    order = read_order(next(each for each in official if each.get("tax")), "XXX")
    assert order.personal.name == order.customer == order.personal.address.name  # type: ignore[union-attr]
    assert order.billing.tax_number
    assert order.billing.has_invoice is True
    assert order.finance.payments[0].amount == order.finance.total
    assert order.transport.ship_by
    assert order.tracking.promised_until
    assert order.items[0].unit_price


def test_an_item_made_to_order_names_its_data_or_that_it_is_not_handed_out() -> None:
    official = orders_of("orders_2026-01-01.cases.json")[0]
    item = official["orderItems"][0]

    def read(custom: dict[str, Any]) -> OrderItem:
        product = {**item["product"], **custom}
        return read_order({**official, "orderItems": [{**item, "product": product}]}, "XXX").items[
            0
        ]

    url = "https://zme-caps.amazon.com/t/x/1"
    told = read({"customization": {"customizedUrl": url}})
    assert (told.customized, [each.value for each in told.customization]) == (True, [url])
    hidden = read({"customization": {}})
    assert (hidden.customized, hidden.customization) == (True, ())


def test_every_call_and_answer_keeps_the_documents() -> None:
    async def story() -> list[str]:
        practice = AmazonPractice(150)
        wire = Checked(practice.transport, "/amazon", (TOKEN,))
        adapter = practice.adapter(wire)
        assert isinstance(adapter, AmazonAdapter)
        async with adapter:
            await adapter.check()
            pages = [page async for page in adapter.orders(None)]
            assert {item.number for page in pages for item in page.items} == practice.orders()
            again = [page async for page in adapter.orders(pages[-1].cursor)]
            assert again[-1].complete
            number = min(practice.orders())
            order = await adapter.order(number)
            assert order is not None
            assert order.personal.document is None
            assert await adapter.order("701-0000000-0000000") is None
        return wire.checked

    checked = run(story())
    assert set(checked) == {"getMarketplaceParticipations", "searchOrders", "getOrder"}
    assert checked.count("searchOrders") >= 4


def test_personal_data_is_not_even_asked_for_without_the_account() -> None:
    async def story(modules: str) -> list[str]:
        asked = []

        class Ear(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                asked.append(str(request.url.params.get("includedData")))
                return await practice.transport.handle_async_request(request)

        practice = AmazonPractice(5)
        options = {**practice.channel.options, "personal_modules": modules}
        channel = replace(practice.channel, options=options)
        async with AmazonAdapter(channel, practice.secret, transport=Ear()) as adapter:
            [page] = [page async for page in adapter.orders(None)]
        told = [each.customer or each.personal.address for each in page.items]
        assert any(told) == ("orders" in modules)
        return asked

    assert "BUYER" not in "".join(run(story("")))
    assert "TAX" in run(story("invoices"))[-1]
    assert "BUYER,RECIPIENT" in run(story("orders"))[-1]


@pytest.mark.parametrize("name", ["client_id", "client_secret", "refresh_token"])
def test_wrong_secrets_are_told_without_showing_them(name: str) -> None:
    async def story() -> str:
        practice = AmazonPractice(1)
        secret = practice.secret().replace(f'"{name}": "', f'"{name}": "wrong-')
        adapter = AmazonAdapter(practice.channel, lambda: secret, transport=practice.transport)
        async with adapter:
            with pytest.raises(AccessRefused) as caught:
                await adapter.check()
        return str(caught.value)

    told = run(story())
    assert "env:PRACTICE_KEY" in told
    assert "wrong-" not in told


def test_a_token_is_fetched_once_an_hour() -> None:
    async def story() -> int:
        practice = AmazonPractice(1)
        fetched = 0

        class Ear(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                nonlocal fetched
                fetched += request.url.path.endswith(TOKEN)
                return await practice.transport.handle_async_request(request)

        adapter = AmazonAdapter(practice.channel, practice.secret, transport=Ear())
        async with adapter:
            assert adapter.key_expires_at() is None
            loop = asyncio.get_running_loop()
            began = loop.time()
            while loop.time() < began + 7_000:
                await adapter.order("701-0000000-0000000")
                await asyncio.sleep(60)
            ends = adapter.key_expires_at()
            assert ends
            assert timedelta(0) < ends - datetime.now(UTC) <= timedelta(hours=1)
        return fetched

    assert run(story()) == 2


def test_a_page_token_that_expired_starts_the_read_again() -> None:
    async def story() -> tuple[int, int]:
        practice = AmazonPractice(150)
        async with practice.adapter(practice.transport) as adapter:
            assert isinstance(adapter, AmazonAdapter)
            first = await anext(adapter.orders(None))
            await asyncio.sleep(timedelta(days=2).total_seconds())
            rest = [page async for page in adapter.orders(first.cursor)]
        return len(practice.orders()), len({item.number for page in rest for item in page.items})

    total, found = run(story())
    assert total == found


def test_a_date_of_the_past_is_what_the_first_read_begins_with() -> None:
    async def story() -> str:
        practice = AmazonPractice(1)
        asked = []

        class Ear(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                asked.append(request.url.params.get("lastUpdatedAfter"))
                return await practice.transport.handle_async_request(request)

        options = {**practice.channel.options, "orders_since": ""}
        channel = replace(practice.channel, options=options)
        async with AmazonAdapter(channel, practice.secret, transport=Ear()) as adapter:
            assert [page async for page in adapter.orders(None)]
        return str(asked[-1])

    ago = datetime.now(UTC) - datetime.fromisoformat(run(story()))
    assert timedelta(days=89) < ago < timedelta(days=91)
