"""What the bridge's adapter and practice shop say to each other, against our own document."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from mkt_tui.adapters.acts import carry_out, look_for
from mkt_tui.adapters.bridge import BridgeAdapter
from mkt_tui.adapters.bridge.orders import read_order
from mkt_tui.adapters.bridge.tickets import read_ticket
from mkt_tui.adapters.testing import check_texts, clock, run
from mkt_tui.domain.errors import Doubtful, NotAllowed, Refused
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    Parcel,
    Share,
    ShipOrder,
    UploadDocument,
)
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.ticket_operations import CloseTicket, Reply
from mkt_tui.domain.tickets import Audience, Role
from tests.adapters.practice import first_file
from tests.adapters.test_bridge_conforms import BridgePractice
from tests.contract.documents import Checked, Document
from tests.contract.openapi import ContractBroken

DOCUMENT = Document(("own", "ticket-order-bridge.openapi.json"), "/marabraz")
NFE = b'<NFe><infNFe Id="NFe%s"/></NFe>' % (b"4" * 44)


def opened(practice: BridgePractice, wire: httpx.AsyncBaseTransport) -> BridgeAdapter:
    adapter = practice.adapter(wire)
    assert isinstance(adapter, BridgeAdapter)
    return adapter


def test_the_adapter_and_the_practice_keep_the_document() -> None:
    async def story() -> None:
        practice = BridgePractice(130)
        wire = Checked(practice.transport, DOCUMENT)
        async with opened(practice, wire) as adapter:
            await adapter.check()
            pages = [page async for page in adapter.tickets(None)]
            assert [page async for page in adapter.tickets(pages[-1].cursor)]
            place = first_file(each for page in pages for each in page.items)
            assert await adapter.attachment(place)
            sold = [page async for page in adapter.orders(None)]
            order = sold[-1].items[-1]
            assert await adapter.order(order.number) == order
            assert await adapter.order("..") is None
            ticket = next(each for page in pages for each in page.items if each.together)
            for audience in ticket.audiences:
                await adapter.reply(
                    Reply(f"op-{audience}", ticket.code, f"{audience}!", audience, clock()())
                )
        assert wire.checked > 130

    run(story())


def test_a_reply_sent_again_is_there_once() -> None:
    """What cannot be seen is sent again under its key, and the first answer comes back."""

    async def story() -> None:
        practice = BridgePractice(1)
        [code] = practice.tickets()
        before = len(practice.received(code))
        async with opened(practice, Checked(practice.transport, DOCUMENT)) as adapter:
            reply = Reply("op-1", code, "Já enviamos.", Audience.CUSTOMER, clock()())
            assert await adapter.find_sent(reply) is None
            first = await adapter.reply(reply)
            assert await adapter.reply(reply) == first
            assert await adapter.find_sent(reply) == first
            assert len(practice.received(code)) == before + 1
            with pytest.raises(Refused, match="another request"):
                await adapter.reply(replace(reply, text="Outra coisa."))

    run(story())


def test_what_is_older_than_the_keys_is_left_to_a_person() -> None:
    async def story() -> None:
        practice = BridgePractice(1)
        [code] = practice.tickets()
        long_ago = clock()() - timedelta(days=8)
        async with opened(practice, practice.transport) as adapter:
            reply = Reply("op-1", code, "Já enviamos.", Audience.CUSTOMER, long_ago)
            with pytest.raises(Doubtful, match="too old"):
                await adapter.find_sent(reply)
            with pytest.raises(Doubtful, match="too old"):
                await adapter.find_done(CloseTicket("op-2", code, long_ago))

    run(story())


def test_acts_are_told_once_and_found_again() -> None:
    async def story() -> None:
        practice = BridgePractice(60)
        first, second, third = [
            each for each in practice.shop.orders.values() if each.state == "SHIPPING"
        ][:3]
        thread = next(each for each in practice.shop.threads.values() if each.waiting_since)
        share = Share(f"1:{first.lines[0].sku}", 1)
        parcels = (
            Parcel("Correios", "AA123456785BR", url="https://rastreio.example/1"),
            Parcel("Correios", "AA123456799BR", shares=(share,)),
        )
        now = clock()()
        acts: list[tuple[Operation, bool]] = [
            (ShipOrder("op-ship", first.id, parcels[:1], now), True),
            (ShipOrder("op-ship-2", second.id, (parcels[0],), now), True),
            (DeliverOrder("op-delivered", second.id, now), True),
            (CancelOrder("op-cancel", third.id, (), None, now), True),
            (CloseTicket("op-close", thread.id, now), True),
        ]
        async with opened(practice, Checked(practice.transport, DOCUMENT)) as adapter:
            nfe = b64encode(NFE).decode()
            invoice = UploadDocument("op-nf", first.id, "nfe", "nf.xml", nfe, now)
            assert await look_for(adapter, invoice) is None
            await carry_out(adapter, invoice)
            await carry_out(adapter, invoice)
            for wanted, is_seen in acts:
                assert await look_for(adapter, wanted) is None
                done = await carry_out(adapter, wanted)
                assert (await look_for(adapter, wanted) == done) is is_seen
                assert await carry_out(adapter, wanted) == done, "told again, nothing changes"
            sold = await adapter.order(first.id)
            assert sold
            assert sold.status is OrderStatus.SHIPPED
            # Of several parcels nothing is told; sent again, each is there once.
            several = ShipOrder("op-ship-3", first.id, parcels, now)
            await carry_out(adapter, several)
            assert await look_for(adapter, several) is None
            closed = await adapter.thread(thread.id)
            assert (closed.waiting, closed.audiences) == (None, ())
        assert first.has_invoice
        assert (first.state, second.state, third.state) == ("SHIPPED", "RECEIVED", "CANCELED")
        assert thread.closed

    run(story())


def test_what_the_contract_cannot_carry_is_refused_here() -> None:
    async def story() -> None:
        practice = BridgePractice(5)
        order = next(iter(practice.shop.orders))
        now = clock()()
        part = CancelOrder("op", order, (Share("1:x", 1),), None, now)
        scan = UploadDocument("op", order, "nfe", "nf.pdf", b64encode(b"%PDF").decode(), now)
        long = Reply("op", next(iter(practice.tickets())), "x" * 4001, Audience.CUSTOMER, now)
        async with opened(practice, practice.transport) as adapter:
            for wanted, why in ((part, "whole"), (scan, "NF-e"), (long, "4000")):
                with pytest.raises(NotAllowed, match=why):
                    await carry_out(adapter, wanted)

    run(story())


def test_a_page_that_the_bridge_forgot_is_read_from_the_newest_change_on() -> None:
    async def story() -> None:
        practice = BridgePractice(130)

        class Forgetful(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if "cursor" in request.url.params:
                    return httpx.Response(410, json={"code": "gone", "message": "Cursor ended"})
                return await practice.transport.handle_async_request(request)

        async with opened(practice, practice.transport) as adapter:
            first = await anext(adapter.tickets(None))
        found = {each.code for each in first.items}
        async with opened(practice, Forgetful()) as adapter:
            async for page in adapter.tickets(first.cursor):
                found |= {each.code for each in page.items}
        assert found == practice.tickets()

    run(story())


TICKET = {
    "id": "77",
    "protocol": "AT-9",
    "status": "open",
    "kind": "exchange",
    "subject": "Troca",
    "due_at": "2026-03-12T12:00:00-03:00",
    "created_at": "2026-03-10T12:00:00-03:00",
    "updated_at": "2026-03-10T13:00:00-03:00",
}


def message(role: str, audience: str, **more: str) -> dict[str, object]:
    return {
        "id": f"{role}-{audience}",
        "author": {"role": role, "name": "Ana"},
        "audience": audience,
        "body": "Olá",
        "created_at": "2026-03-10T12:30:00-03:00",
        **more,
    }


def test_a_ticket_says_who_waits() -> None:
    asked = message("customer", "both")
    ticket = read_ticket(TICKET, [asked])
    check_texts(ticket)
    assert (ticket.subject, ticket.kind) == ("Troca (AT-9)", "exchange")
    assert (ticket.waiting, ticket.audiences) == (Role.CUSTOMER, tuple(Audience))
    assert ticket.due_at
    for status in ("closed", "waiting_customer", "waiting_operator"):
        assert read_ticket(TICKET | {"status": status}, [asked]).waiting is None
    for nobody in (
        message("system", "both"),
        message("operator", "customer"),
        message("operator", "internal"),
    ):
        assert read_ticket(TICKET, [nobody]).waiting is None
        assert read_ticket(TICKET | {"status": "waiting_seller"}, [nobody]).waiting
    stopped = message("seller", "customer", moderation="rejected")
    ticket = read_ticket(TICKET | {"allowed_actions": ["reply_operator"]}, [asked, stopped])
    assert ticket.waiting is Role.CUSTOMER
    assert ticket.audiences == (Audience.OPERATOR,)
    assert "rejected" in ticket.messages[1].author_name


def test_two_lines_of_one_sku_stay_two() -> None:
    item = {"sku": "A1", "name": "Mesa", "quantity": 2, "price_cents": 1000}
    order = read_order({"id": "5", "updated_at": TICKET["updated_at"], "items": [item] * 2}, "BRL")
    assert [each.line for each in order.items] == ["1:A1", "2:A1"]
    assert order.finance.items == 4000


def test_a_wrong_request_is_found() -> None:
    reply = {"audience": "customer", "body": "Olá"}
    url = "http://practice/marabraz/v1/tickets"
    wrong = [
        httpx.Request("GET", f"{url}?offset=10"),
        httpx.Request("POST", f"{url}/1/messages", json=reply),
        httpx.Request(
            "POST",
            f"{url}/1/messages",
            headers={"Idempotency-Key": "1"},
            json=reply | {"audience": "internal"},
        ),
    ]
    for request in wrong:
        with pytest.raises(ContractBroken):
            DOCUMENT.check_request(request)
