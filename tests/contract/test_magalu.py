"""What adapter and practice marketplace of Magalu say to each other, against its documents."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.acts import carry_out
from mkt_tui.adapters.base import FindsSent, HoldsAttachments, ListsOrders, ListsTickets, Replies
from mkt_tui.adapters.magalu import MagaluAdapter
from mkt_tui.adapters.magalu.orders import read_order
from mkt_tui.adapters.magalu.tickets import read_ticket
from mkt_tui.adapters.testing import check_texts, clock, run
from mkt_tui.domain.errors import Doubtful, FileLost, NotAllowed
from mkt_tui.domain.order_operations import CancelOrder, DeliverOrder, Parcel, ShipOrder
from mkt_tui.domain.ticket_operations import File, Reply
from mkt_tui.domain.tickets import Audience, Role
from mkt_tui.sandbox.magalu.api import TOKEN_PATH
from tests.adapters.practice import first_file
from tests.adapters.test_magalu_conforms import MagaluPractice
from tests.contract.documents import Checked, Document
from tests.contract.openapi import ContractBroken, shared_dir

PARCEL = Parcel("Correios", "AA123456785BR", url="https://rastreio.example/1")
SERVICE = Document(("magalu", "sac.openapi.yaml"), "/magalu", formats=())
SALES = Document(("magalu", "open-api-orders-chat-finance.reconstructed.openapi.json"), "/magalu")


class Both(httpx.AsyncBaseTransport):
    """Holds each request against the document of its module."""

    def __init__(self, rest: httpx.AsyncBaseTransport) -> None:
        self._rest = rest
        self.service, self.sales = Checked(rest, SERVICE), Checked(rest, SALES)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(TOKEN_PATH):
            return await self._rest.handle_async_request(request)
        chosen = self.sales if "/seller/v1/" in request.url.path else self.service
        return await chosen.handle_async_request(request)


def example(name: str) -> Any:
    path = shared_dir() / "contracts" / "magalu" / "examples" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_an_order_is_told_as_sent_and_then_as_arrived_each_once() -> None:
    async def story() -> None:
        practice = MagaluPractice(40)
        order = next(each for each in practice.shop.orders.values() if each.state == "SHIPPING")
        ship = ShipOrder("op-ship", order.id, (PARCEL,), clock()())
        arrive = DeliverOrder("op-arrive", order.id, clock()())
        wire = Both(practice.transport)
        async with practice.adapter(wire) as adapter:
            assert isinstance(adapter, MagaluAdapter)
            for act, state in ((ship, "SHIPPED"), (arrive, "RECEIVED")):
                assert await adapter.find_done(act) is None
                await carry_out(adapter, act)
                assert order.state == state
                assert await adapter.find_done(act)
                sent = wire.sales.checked
                await carry_out(adapter, act)
                assert wire.sales.checked == sent + 1, "only read again"
            assert await adapter.find_done(ship)
            assert (order.shipment.carrier_name, order.shipment.number) == (
                "Correios",
                PARCEL.number,
            )
            with pytest.raises(NotAllowed):
                await adapter.ship_order(replace(ship, parcels=(PARCEL, PARCEL)))
            with pytest.raises(NotAllowed):
                await adapter.find_done(CancelOrder("op", order.id, (), None, clock()()))

    run(story())


def test_the_adapter_and_the_practice_keep_the_documents() -> None:
    async def story() -> None:
        practice = MagaluPractice(130)
        wire = Both(practice.transport)
        async with practice.adapter(wire) as adapter:
            await adapter.check()
            assert isinstance(adapter, ListsTickets)
            assert isinstance(adapter, ListsOrders)
            assert isinstance(adapter, Replies)
            pages = [page async for page in adapter.tickets(None)]
            assert [page async for page in adapter.tickets(pages[-1].cursor)]
            sold = [page async for page in adapter.orders(None)]
            assert [page async for page in adapter.orders(sold[-1].cursor)]
            place = first_file(each for page in pages for each in page.items)
            assert isinstance(adapter, HoldsAttachments)
            assert await adapter.attachment(place)
            ticket = next(each for page in pages for each in page.items if each.participants)
            for audience in ticket.audiences:
                operation = f"00000000-0000-4000-8000-{len(audience):012}"
                await adapter.reply(
                    Reply(operation, ticket.code, f"{audience}!", audience, clock()())
                )
        assert wire.service.checked > 130
        assert wire.sales.checked > 3

    run(story())


def test_more_than_two_hundred_tickets_are_read_in_windows() -> None:
    async def story() -> None:
        practice = MagaluPractice(450)
        async with practice.adapter(practice.transport) as adapter:
            assert isinstance(adapter, ListsTickets)
            found = {each.code async for page in adapter.tickets(None) for each in page.items}
        assert found == practice.tickets()
        assert practice.too_fast == 0

    run(story())


def test_what_moderation_holds_back_stays_in_doubt() -> None:
    async def story() -> None:
        practice = MagaluPractice(1)
        [code] = practice.tickets()
        async with practice.adapter(practice.transport) as adapter:
            assert isinstance(adapter, Replies)
            # The desk stops what it knows of (policies.toml); moderation may know more.
            hidden = Reply("op", code, "CPF 123.456.789-00", Audience.CUSTOMER, clock()())
            with pytest.raises(Doubtful, match="moderation"):
                await adapter.reply(hidden)

    run(story())


def test_its_examples_are_read() -> None:
    [row] = example("sac_tickets_list.synthetic")["results"]
    ticket = read_ticket(row, example("sac_messages_list.synthetic")["results"])
    check_texts(ticket)
    assert (ticket.code, ticket.order_number) == ("2024030700001", "987654")
    assert ticket.waiting is Role.CUSTOMER
    assert ticket.due_at
    order = read_order(example("order.synthetic"))
    check_texts(order)
    assert (order.finance.total, order.finance.shipping) == (5990, 990)
    assert order.transport.ship_by


def test_a_wrong_request_is_found() -> None:
    wrong = [
        httpx.Request("GET", "http://practice/magalu/seller/v0/tickets?_limit=101"),
        httpx.Request("GET", "http://practice/magalu/seller/v0/tickets?_offset=101"),
        httpx.Request("GET", "http://practice/magalu/seller/v0/tickets?updated_at__gte=2024"),
        httpx.Request(
            "POST",
            "http://practice/magalu/seller/v0/tickets/1/messages",
            json={"message": "Olá", "destination": "both", "owner": {"code": "a", "name": "b"}},
        ),
    ]
    for request in wrong:
        with pytest.raises(ContractBroken):
            SERVICE.check_request(request)


def test_files_are_put_under_their_signed_links() -> None:
    async def story() -> None:
        practice = MagaluPractice(1)
        [code] = practice.tickets()
        files = (
            File("Nota fiscal.pdf", b64encode(b"%PDF-1.7").decode()),
            File("foto.JPG", b64encode(b"\xff\xd8").decode()),
        )
        async with practice.adapter(practice.transport) as adapter:
            assert isinstance(adapter, MagaluAdapter)
            reply = Reply("op-f", code, "Segue a nota.", Audience.CUSTOMER, clock()(), files=files)
            await adapter.reply(reply)
            kept = {each.name: each.content for each in practice.shop.attachments.values()}
            assert kept["Nota fiscal.pdf"] == b"%PDF-1.7"
            assert kept["foto.jpg"] == b"\xff\xd8"
            wrong = replace(reply, operation="op-g", files=(File("x.exe", "AAAA"),))
            with pytest.raises(NotAllowed, match="no such file"):
                await adapter.reply(wrong)
        assert len(practice.received(code)) == 1

    run(story())


def test_a_file_that_does_not_arrive_is_told() -> None:
    class NoUploads(httpx.AsyncBaseTransport):
        def __init__(self, rest: httpx.AsyncBaseTransport) -> None:
            self.rest = rest

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "/uploads/" in str(request.url):
                raise httpx.ConnectError("gone")
            return await self.rest.handle_async_request(request)

    async def story() -> None:
        practice = MagaluPractice(1)
        [code] = practice.tickets()
        file = File("foto.png", b64encode(b"x").decode())
        async with practice.adapter(NoUploads(practice.transport)) as adapter:
            assert isinstance(adapter, Replies)
            reply = Reply("op-h", code, "Segue.", Audience.CUSTOMER, clock()(), files=(file,))
            with pytest.raises(
                FileLost, match="has the words of the reply, but not its file: foto"
            ):
                await adapter.reply(reply)
            assert isinstance(adapter, FindsSent)
            with pytest.raises(FileLost):
                await adapter.find_sent(reply)
        assert [each.text for each in practice.received(code)].count("Segue.") == 1

    run(story())
