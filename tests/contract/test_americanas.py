"""What adapter and practice marketplace of Americanas say to each other, against the document."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from mkt_tui.adapters.acts import can, carry_out, look_for
from mkt_tui.adapters.americanas import AmericanasAdapter
from mkt_tui.adapters.americanas.orders import read_order
from mkt_tui.adapters.americanas.tickets import read_ticket
from mkt_tui.adapters.testing import check_texts, clock, run
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operation_kinds import Kind
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
from mkt_tui.domain.tickets import Role, TicketSnapshot
from mkt_tui.sandbox.americanas.codes import order_code, sac_code
from mkt_tui.sandbox.americanas.sacs import is_mediated
from tests.adapters.test_americanas_conforms import AmericanasPractice
from tests.contract.documents import Checked, Document
from tests.contract.openapi import ContractBroken, shared_dir

DOCUMENT = Document(("b2w", "skyhub.reconstructed.openapi.json"), "/americanas")
ZONE = ZoneInfo("America/Sao_Paulo")
NFE = b64encode(b'<infNFe Id="NFe%s"/>' % (b"3" * 44)).decode()


def example(name: str) -> Any:
    path = shared_dir() / "contracts" / "b2w" / "examples" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def opened(practice: AmericanasPractice, wire: httpx.AsyncBaseTransport) -> AmericanasAdapter:
    adapter = practice.adapter(wire)
    assert isinstance(adapter, AmericanasAdapter)
    return adapter


def test_the_adapter_and_the_practice_keep_the_document() -> None:
    async def story() -> None:
        practice = AmericanasPractice(70)
        wire = Checked(practice.transport, DOCUMENT)
        async with opened(practice, wire) as adapter:
            await adapter.check()
            pages = [page async for page in adapter.tickets(None)]
            assert [page async for page in adapter.tickets(pages[-1].cursor)]
            sold = [page async for page in adapter.orders(None)]
            assert [page async for page in adapter.orders(sold[-1].cursor)]
            order = sold[-1].items[-1]
            assert await adapter.order(order.number) == order
            assert await adapter.order("Submarino-1") is None
            ticket = pages[0].items[0]
            assert await adapter.thread(ticket.code) == ticket
        assert wire.checked > 100
        assert practice.too_fast == 0

    run(story())


def test_what_the_marketplace_decides_and_asks_is_told_apart() -> None:
    async def story() -> None:
        practice = AmericanasPractice(90)
        async with opened(practice, practice.transport) as adapter:
            found = {each.code: each async for page in adapter.tickets(None) for each in page.items}
        threads = {sac_code(each): each for each in practice.shop.threads.values()}
        mediated = {code for code, each in threads.items() if is_mediated(each)}
        assert mediated
        assert mediated == {code for code, each in found.items() if each.kind == "mediation"}
        assert all("Mediação" in found[code].subject for code in mediated)
        asked = [each for each in found.values() if each.kind == "sac"]
        assert asked
        assert all(each.waiting is Role.OPERATOR for each in asked)
        for code, thread in threads.items():
            assert (found[code].waiting is None) == (thread.waiting_since is None)

    run(story())


def test_nobody_can_be_answered_from_here() -> None:
    """The form of a reply was never seen, so none is offered."""
    assert not can(AmericanasAdapter, Kind.REPLY)
    assert not can(AmericanasAdapter, Kind.CLOSE)
    assert read([message("CUSTOMER")]).audiences == ()


def test_acts_on_orders_are_told_and_found() -> None:
    async def story() -> None:
        practice = AmericanasPractice(60)
        new = [each for each in practice.shop.orders.values() if each.state == "SHIPPING"]
        ours, other = [each for each in new if not each.has_invoice][:2]
        now, parcel = clock()(), Parcel("Correios", "AA123456785BR", url="https://rastreio.example")
        acts: list[Operation] = [
            UploadDocument("op-nf", order_code(ours), "nfe", "nf.xml", NFE, now),
            ShipOrder("op-ship", order_code(ours), (parcel,), now),
            DeliverOrder("op-delivered", order_code(ours), now),
            CancelOrder("op-cancel", order_code(other), (), None, now),
        ]
        async with opened(practice, Checked(practice.transport, DOCUMENT)) as adapter:
            for wanted in acts:
                assert await look_for(adapter, wanted) is None
                done = await carry_out(adapter, wanted)
                assert await look_for(adapter, wanted) == done
                with pytest.raises(Refused, match="Invalid order status transition"):
                    await carry_out(adapter, wanted)
            sent = await adapter.order(order_code(ours))
            assert sent
            assert (sent.status, sent.tracking.number) == (OrderStatus.DELIVERED, parcel.number)
            for wrong in (
                ShipOrder("op", order_code(other), (parcel, parcel), now),
                CancelOrder("op", order_code(other), (Share("1:x", 1),), None, now),
            ):
                with pytest.raises(NotAllowed):
                    await carry_out(adapter, wrong)
        assert (ours.state, other.state) == ("RECEIVED", "CANCELED")

    run(story())


def test_its_examples_are_read() -> None:
    [row] = example("sac_list")["sacs"]
    ticket = read_ticket(row, example("sac_chats")["chats"], ZONE)
    check_texts(ticket)
    assert ticket.code == ticket.order_number == row["code"]
    assert ticket.subject.startswith("Lojas Americanas: Olá!")
    assert ticket.waiting_since == datetime(2023, 6, 7, 0, 44, 44, tzinfo=UTC)
    for row in [
        example("order_detail"),
        example("queue_order"),
        example("queue_order_2018"),
        *example("orders_list")["orders"],
        *example("orders_list_not_synced")["orders"],
    ]:
        order = read_order(row, ZONE)
        check_texts(order)
        assert order.number == row["code"]
        assert order.status is not OrderStatus.OTHER


def message(role: str, at: str = "12:00:00", **more: str) -> dict[str, object]:
    return {
        "content": "Olá",
        "created_at": f"2026-03-10T{at}",
        "part": {"role": role, "name": "Ana"},
        **more,
    }


def read(messages: list[dict[str, object]], pair: str = "CUSTOMER_SELLER") -> TicketSnapshot:
    ticket = {
        "code": "Shoptime-1",
        "order_code": "Shoptime-2",
        "status": "UNREAD",
        "updated_at": "2026-03-10T13:00:00",
    }
    return read_ticket(ticket, [{"parts": pair, "messages": messages}], ZONE)


def test_a_ticket_says_who_waits() -> None:
    assert read([message("CUSTOMER")]).waiting is Role.CUSTOMER
    assert read([message("CUSTOMER"), message("SELLER", "12:30:00")]).waiting is None
    assert read([message("CUSTOMER", replyed_at="2026-03-10T12:10:00")]).waiting is None
    asked = read([message("B2W")], "B2W_SELLER")
    assert (asked.waiting, asked.kind) == (Role.OPERATOR, "sac")
    # What customer and marketplace say to each other is not for us.
    assert read([message("CUSTOMER"), message("B2W", "12:10:00")], "CUSTOMER_B2W").waiting is None


def test_the_same_words_twice_are_two_messages() -> None:
    twice = read([message("CUSTOMER"), message("CUSTOMER")])
    assert len({each.code for each in twice.messages}) == 2
    assert read([message("CUSTOMER")]).messages[0] == twice.messages[0]


def test_a_wrong_request_is_found() -> None:
    wrong = [
        httpx.Request("GET", "http://practice/americanas/sac?page=2"),
        httpx.Request("POST", "http://practice/americanas/sac"),
        httpx.Request(
            "POST", "http://practice/americanas/orders/A-1/cancel", json={"status": "canceled"}
        ),
    ]
    for request in wrong:
        with pytest.raises(ContractBroken):
            DOCUMENT.check_request(request)
