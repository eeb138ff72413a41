"""The adapter against the practice marketplace, which knows the contract but not the adapter."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mkt_tui.adapters.base import (
    FindsSent,
    ListsOrders,
    ListsTickets,
    ReadsThread,
    Replies,
    SendsFiles,
)
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.errors import AccessRefused, Refused
from mkt_tui.domain.ticket_operations import File, Reply
from mkt_tui.domain.tickets import Audience, Role, TicketSnapshot
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import World
from tests.adapters.marketplace import channel

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def world() -> World:
    return replace(invent(450, 3, NOW), clock=Clock())


@dataclass
class Sandbox:
    world: World
    slug: str = "carrefour"

    @property
    def transport(self) -> httpx.ASGITransport:
        return httpx.ASGITransport(app=create_app(self.world))

    @property
    def key(self) -> str:
        shop = self.world.shop(self.slug)
        assert shop is not None
        return shop.identity.api_key

    def adapter(self, key: str | None = None, **options: str) -> MiraklAdapter:
        options = {"requests_per_second": "1000", **options}
        return MiraklAdapter(
            channel(f"http://sandbox/{self.slug}", options),
            lambda: key or self.key,
            transport=self.transport,
        )

    async def customer_writes(self, thread: str, body: str) -> None:
        async with httpx.AsyncClient(transport=self.transport, base_url="http://sandbox") as http:
            url = f"/control/{self.slug}/customer-message"
            answer = await http.post(url, json={"thread_id": thread, "body": body})
        assert answer.status_code == 201


@pytest.fixture
def sandbox(world: World) -> Sandbox:
    return Sandbox(world)


async def all_tickets(adapter: MiraklAdapter) -> tuple[list[TicketSnapshot], str]:
    pages = [page async for page in adapter.tickets(None)]
    return [item for page in pages for item in page.items], pages[-1].cursor


async def test_the_adapter_says_what_it_can_do(sandbox: Sandbox) -> None:
    adapter = sandbox.adapter()
    for port in (ListsTickets, ListsOrders, ReadsThread, Replies, FindsSent):
        assert isinstance(adapter, port)


async def test_every_thread_and_order_of_the_world_arrives(sandbox: Sandbox) -> None:
    shop = sandbox.world.shop("carrefour")
    assert shop is not None
    async with sandbox.adapter() as adapter:
        tickets, _ = await all_tickets(adapter)
        orders = [item async for page in adapter.orders(None) for item in page.items]
    assert {each.code for each in tickets} == set(shop.threads)
    assert {each.number for each in orders} == set(shop.orders)
    assert all(each.messages for each in tickets)
    assert all(each.customer for each in tickets if Role.CUSTOMER in each.participants)
    assert {each.order_number for each in tickets} <= set(shop.orders)
    assert any(each.personal.document and each.finance.payments for each in orders)


async def test_only_what_is_new_is_read_again(sandbox: Sandbox) -> None:
    async with sandbox.adapter() as adapter:
        tickets, cursor = await all_tickets(adapter)
        oldest = min(tickets, key=lambda ticket: ticket.updated_at)
        await sandbox.customer_writes(oldest.code, "Alguém aí?")
        [page] = [page async for page in adapter.tickets(cursor)]
    found = {each.code: each for each in page.items}
    assert page.complete
    assert len(found) <= 2
    assert found[oldest.code].messages[-1].body == "Alguém aí?"
    assert found[oldest.code].waiting is Role.CUSTOMER


async def test_a_thread_has_more_than_the_list_shows(sandbox: Sandbox) -> None:
    async with sandbox.adapter() as adapter:
        tickets, _ = await all_tickets(adapter)
        ticket = tickets[0]
        for number in range(100):
            await sandbox.customer_writes(ticket.code, f"mensagem {number}")
        listed = (await anext(adapter.tickets(None))).items[0]
        whole = await adapter.thread(ticket.code)
    assert len(listed.messages) == 100
    assert len(whole.messages) == len(ticket.messages) + 100


async def test_a_wrong_key_is_refused(sandbox: Sandbox) -> None:
    async with sandbox.adapter(key="not-the-key") as adapter:
        with pytest.raises(AccessRefused):
            await adapter.check()


async def test_the_shop_s_number_goes_with_every_request(sandbox: Sandbox) -> None:
    async with sandbox.adapter(shop_id="2001") as adapter:
        await adapter.check()
    async with sandbox.adapter(shop_id="9999") as adapter:
        with pytest.raises(Refused, match="shop_id"):
            await adapter.check()


async def test_a_side_that_does_not_take_part_is_refused(sandbox: Sandbox) -> None:
    async with sandbox.adapter() as adapter:
        tickets, _ = await all_tickets(adapter)
        lonely = next((each for each in tickets if len(each.participants) == 1), None)
        if lonely is None:
            pytest.skip("this world has no such thread")
        other = Audience.OPERATOR if Role.CUSTOMER in lonely.participants else Audience.CUSTOMER
        with pytest.raises(Refused):
            await adapter.reply(Reply("op-1", lonely.code, "Olá!", other, NOW))


async def test_files_arrive_with_their_reply(sandbox: Sandbox) -> None:
    files = (File("foto.jpg", "/9g="), File("nota fiscal é.pdf", "JVBERg=="))
    async with sandbox.adapter() as adapter:
        assert isinstance(adapter, SendsFiles)
        found, _cursor = await all_tickets(adapter)
        ticket = next(each for each in found if Role.CUSTOMER in each.participants)
        reply = Reply("op-1", ticket.code, "Segue a foto", Audience.CUSTOMER, NOW, files=files)
        delivery = await adapter.reply(reply)
        message = (await adapter.thread(ticket.code)).messages[-1]
    assert message.code == delivery.remote_code
    assert [(each.name, each.size) for each in message.attachments] == [
        ("foto.jpg", 2),
        ("nota fiscal é.pdf", 4),
    ]
    shop = sandbox.world.shop("carrefour")
    assert shop
    kept = [shop.attachments[each.code].content for each in message.attachments]
    assert kept == [b"\xff\xd8", b"%PDF"]
