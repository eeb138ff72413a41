"""What adapter and practice marketplace of Casas Bahia say to each other, against the document."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mkt_tui.adapters.acts import carry_out
from mkt_tui.adapters.base import ListsOrders, ListsTickets, Replies
from mkt_tui.adapters.cnova import CnovaAdapter
from mkt_tui.adapters.cnova.orders import read_order
from mkt_tui.adapters.cnova.tickets import read_ticket
from mkt_tui.adapters.testing import check_texts, clock, run
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    ExchangeOrder,
    Parcel,
    Share,
    ShipOrder,
)
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.ticket_operations import CloseTicket, HandTicket, Reply, StartThread
from mkt_tui.domain.tickets import Audience, Role
from tests.adapters.test_cnova_conforms import CnovaPractice
from tests.contract.documents import Checked, Document
from tests.contract.openapi import ContractBroken, shared_dir

# Its own examples hold "1" for a whole number, and lists of texts for free values.
DOCUMENT = Document(
    ("cnova", "cnova-v2.reconstructed.openapi.json"),
    "/casasbahia/api/v2",
    frozenset({"paymentType", "value"}),
)
ORDER = "/orders/{}/trackings/{}"


def example(name: str) -> Any:
    path = shared_dir() / "contracts" / "cnova" / "examples" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_adapter_and_the_practice_keep_the_document() -> None:
    async def story() -> None:
        practice = CnovaPractice(60)
        wire = Checked(practice.transport, DOCUMENT)
        async with practice.adapter(wire) as adapter:
            await adapter.check()
            assert isinstance(adapter, ListsTickets)
            assert isinstance(adapter, ListsOrders)
            assert isinstance(adapter, Replies)
            pages = [page async for page in adapter.tickets(None)]
            assert [page async for page in adapter.tickets(pages[-1].cursor)]
            sold = [page async for page in adapter.orders(None)]
            assert [page async for page in adapter.orders(sold[-1].cursor)]
            ticket = next(each for page in pages for each in page.items if each.participants)
            for audience in ticket.audiences:
                await adapter.reply(Reply("op", ticket.code, f"{audience}!", audience, clock()()))
        assert wire.checked > 100

    run(story())


def test_acts_are_told_once_and_found_again() -> None:
    async def story() -> None:
        practice = CnovaPractice(40)
        order = next(each for each in practice.shop.orders.values() if each.state == "SHIPPING")
        thread = next(each for each in practice.shop.threads.values() if each.waiting_since)
        parcel = Parcel("Correios", "AA123456785BR", url="https://rastreio.example/1")
        ship = ShipOrder("op-ship", order.id, (parcel,), clock()())
        close = CloseTicket("op-close", thread.id, clock()())
        cancel = CancelOrder("op-cancel", order.id, (), None, clock()())
        async with practice.adapter(Checked(practice.transport, DOCUMENT)) as adapter:
            assert isinstance(adapter, CnovaAdapter)
            for wanted in (ship, close):
                assert await adapter.find_done(wanted) is None
                done = await carry_out(adapter, wanted)
                assert await adapter.find_done(wanted) == done
                assert await carry_out(adapter, wanted) == done, "told again, nothing changes"
            assert (order.state, order.delivery) == ("SHIPPED", "op-ship-1")
            assert thread.closed
            await carry_out(adapter, cancel)
            assert order.state == "CANCELED"
            with pytest.raises(NotAllowed):
                await adapter.find_done(cancel)

    run(story())


def test_what_was_sent_is_delivered_exchanged_and_comes_back() -> None:
    async def story() -> None:
        practice = CnovaPractice(40)
        order = next(each for each in practice.shop.orders.values() if each.state == "SHIPPING")
        ship = ShipOrder("op-ship", order.id, (Parcel("Correios", "AA123456785BR"),), clock()())
        deliver = DeliverOrder("op-deliver", order.id, clock()())
        one = (Share(f"{order.id}-1", 1),)
        back = Parcel("", "BR1", shares=one)
        exchange = ExchangeOrder("op-x", order.id, back, returned=False, queued_at=clock()())
        returned = ExchangeOrder("op-r", order.id, back, returned=True, queued_at=clock()())
        async with practice.adapter(Checked(practice.transport, DOCUMENT)) as adapter:
            assert isinstance(adapter, CnovaAdapter)
            await carry_out(adapter, ship)
            assert await adapter.find_done(deliver) is None
            done = await carry_out(adapter, deliver)
            assert order.state == "RECEIVED"
            assert await adapter.find_done(deliver) == done
            assert await carry_out(adapter, deliver) == done, "told again, nothing changes"
            for wanted in (exchange, returned):
                with pytest.raises(NotAllowed):
                    await adapter.find_done(wanted)
                done = await carry_out(adapter, wanted)
                assert await adapter.find_done(wanted) == done
                assert await carry_out(adapter, wanted) == done
        assert [(each.kind, each.items, each.number) for each in order.steps] == [
            ("exchange", (f"{order.id}-1",), "BR1"),
            ("return", (f"{order.id}-1",), "BR1"),
        ]

    run(story())


def test_a_ticket_goes_to_the_marketplace_once_and_only_it_reads_why() -> None:
    async def story() -> None:
        practice = CnovaPractice(40)
        thread = next(each for each in practice.shop.threads.values() if each.waiting_since)
        hand = HandTicket("op-hand", thread.id, "Extravio pela transportadora.", clock()())
        async with practice.adapter(Checked(practice.transport, DOCUMENT)) as adapter:
            assert isinstance(adapter, CnovaAdapter)
            assert await adapter.find_done(hand) is None
            done = await carry_out(adapter, hand)
            assert await adapter.find_done(hand) == done
            with pytest.raises(NotAllowed):
                await carry_out(adapter, hand)
        assert [each.text for each in practice.received(thread.id)].count(hand.text) == 1
        assert practice.received(thread.id)[-1].readers == {Role.OPERATOR}

    run(story())


def test_a_first_message_opens_one_ticket_and_is_found_by_its_words() -> None:
    async def story() -> None:
        practice = CnovaPractice(40)
        order = next(iter(practice.shop.orders.values()))
        words = "Olá! Precisamos confirmar\no endereço de entrega."
        first = StartThread("op-1", order.id, words, Audience.CUSTOMER, "Endereço", clock()())
        again = StartThread("op-2", order.id, words, Audience.CUSTOMER, "Endereço", clock()())
        before = set(practice.tickets())
        async with practice.adapter(Checked(practice.transport, DOCUMENT)) as adapter:
            assert isinstance(adapter, CnovaAdapter)
            assert await adapter.find_done(first) is None
            await carry_out(adapter, first)
            [opened] = practice.tickets() - before
            assert await adapter.find_done(first) == Delivery(opened)
            await asyncio.sleep(60)
            later = replace(again, queued_at=clock()())
            with pytest.raises(NotAllowed):
                await adapter.find_done(later)
            with pytest.raises(NotAllowed):
                await carry_out(adapter, replace(again, audience=Audience.OPERATOR))
        assert [each.text for each in practice.received(opened)] == [words]

    run(story())


def test_what_the_practice_does_on_request_keeps_the_document() -> None:
    async def story() -> None:
        practice = CnovaPractice(40)
        order = next(each for each in practice.shop.orders.values() if each.state == "SHIPPING")
        code = next(each for each in practice.shop.threads.values() if each.waiting_since).id
        tracking = example("tracking_sent_request") | {"items": [f"{order.id}-1"]}
        # The document writes linkXml where its example writes linkXML.
        tracking["invoice"]["linkXml"] = tracking["invoice"].pop("linkXML")
        secret = json.loads(practice.secret())
        async with httpx.AsyncClient(
            transport=Checked(practice.transport, DOCUMENT),
            base_url="http://practice/casasbahia/api/v2",
            headers=secret,
        ) as http:
            sent = await http.post(ORDER.format(order.id, "sent"), json=tracking)
            twice = await http.post(ORDER.format(order.id, "sent"), json=tracking)
            seen = await http.get(f"/orders/{order.id}")
            handed = await http.put(
                f"/tickets/{code}/assignee", json=example("ticket_assignee_put.synthetic")
            )
            closed = await http.put(
                f"/tickets/{code}/status", json=example("ticket_status_put.synthetic")
            )
            first = example("ticket_new_post.synthetic") | {"to": seen.json()["customer"]["email"]}
            begun = await http.post("/tickets", json=first)
        assert (sent.status_code, twice.status_code) == (201, 400)
        assert seen.json()["status"] == "SHP"
        assert [each.status_code for each in (handed, closed, begun)] == [204, 204, 201]

    run(story())


def test_its_examples_are_read() -> None:
    messages = example("ticket_messages.synthetic")["messages"]
    [row] = example("tickets_list.synthetic")["tickets"]
    ticket = read_ticket(row, messages, {"lojista"})
    check_texts(ticket)
    assert [each.author for each in ticket.messages] == [Role.CUSTOMER, Role.OPERATOR]
    assert ticket.waiting is Role.CUSTOMER
    assert Audience.BOTH not in ticket.audiences
    assert ticket.due_at
    for row in [example("order_detail"), *example("orders_list")["orders"]]:
        order = read_order(row, None)
        check_texts(order)
        assert order.finance.total
        assert order.status is OrderStatus.WAITING


def test_a_wrong_request_is_found() -> None:
    wrong = [
        httpx.Request("GET", "http://practice/casasbahia/api/v2/tickets?state=opened"),
        httpx.Request("GET", "http://practice/casasbahia/api/v2/tickets/1/messages"),
        httpx.Request("PUT", "http://practice/casasbahia/api/v2/tickets/1/messages"),
        httpx.Request(
            "POST",
            "http://practice/casasbahia/api/v2/tickets/1/messages",
            json={"visibility": "both"},
        ),
    ]
    for request in wrong:
        with pytest.raises(ContractBroken):
            DOCUMENT.check_request(request)
