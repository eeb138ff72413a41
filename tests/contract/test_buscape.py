"""What adapter and practice marketplace of Buscapé say to each other, against the document of 2018."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import httpx

from mkt_tui.adapters.acts import can, carry_out, look_for
from mkt_tui.adapters.buscape import BuscapeAdapter
from mkt_tui.adapters.buscape.orders import STATES, read_order
from mkt_tui.adapters.testing import clock, run
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.order_operations import DecideOrder, Parcel, ShipOrder, UploadDocument
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from mkt_tui.sandbox.buscape.orders import order_json
from tests.adapters.test_buscape_conforms import BuscapePractice
from tests.contract.openapi import shared_dir

NOTE = (
    '<nfeProc xmlns="http://www.portalfiscal.inf.br/nfe"><NFe><infNFe Id="NFe'
    + "3" * 44
    + '"><ide><serie>1</serie><nNF>42</nNF><dhEmi>2026-03-09T10:00:00-03:00</dhEmi></ide>'
    "<det><prod><CFOP>5102</CFOP></prod></det><total><ICMSTot><vNF>99.99</vNF></ICMSTot></total>"
    "</infNFe></NFe></nfeProc>"
).encode()


def document() -> dict[str, Any]:
    path = shared_dir() / "contracts" / "buscape" / "schemas-and-examples.json"
    blocks: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["blocks"]
    return blocks


def shape(value: Any) -> Any:
    """Names of objects, all the way down; of a list its first row."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def opened(practice: BuscapePractice) -> BuscapeAdapter:
    adapter = practice.adapter(practice.transport)
    assert isinstance(adapter, BuscapeAdapter)
    return adapter


def test_the_example_of_the_document_is_read() -> None:
    order = dict(document()["4_notifica_o_de_pedido"][0]["order"])
    text = json.dumps(order).replace("YYYY-MM-DDThh:mm:ss", "2018-03-01T12:30:00")
    found = read_order(json.loads(text))
    assert found.status is OrderStatus.TO_SHIP
    assert found.finance.total == found.finance.items == 9999
    assert found.personal.name == "Primeiro Nome Ultimo Nome"
    assert found.billing.has_invoice is None, "no key is told yet"
    assert found.items[0].sku == "12345678"


def test_the_practice_shows_orders_as_the_document_does() -> None:
    async def story() -> None:
        wanted = document()["4_notifica_o_de_pedido"][0]["order"]
        for order in BuscapePractice(3).shop.orders.values():
            assert shape(order_json(order)) == shape(wanted)

    run(story())


def test_every_state_is_walked_once_in_half_an_hour() -> None:
    async def story() -> None:
        practice = BuscapePractice(120)
        now = clock()
        async with opened(practice) as adapter:
            pages = [page async for page in adapter.orders(None)]
            assert len(pages) >= len(STATES)
            assert {each.number for page in pages for each in page.items} == practice.orders()
            soon = [page async for page in adapter.orders(pages[-1].cursor)]
            assert [page.items for page in soon] == [()]
            assert soon[0].complete
            before = now()
            while (now() - before).total_seconds() < 1_801:
                await adapter.order("none")
            again = [page async for page in adapter.orders(pages[-1].cursor)]
            assert len(again) == len(STATES), "only what changed since is asked for"
        assert practice.too_fast == 0

    run(story())


async def acted(adapter: BuscapeAdapter, wanted: Any) -> OrderSnapshot:
    assert await look_for(adapter, wanted) is None
    await carry_out(adapter, wanted)
    assert await look_for(adapter, wanted) is not None
    found = await adapter.order(wanted.order_number)
    assert found is not None
    return found


def test_an_order_is_accepted_invoiced_and_sent() -> None:
    async def story() -> None:
        practice = BuscapePractice(60)
        orders = list(practice.shop.orders.values())
        now = datetime.now(UTC)
        first, second = orders[0], orders[1]
        first.state = second.state = "WAITING_ACCEPTANCE"
        async with opened(practice) as adapter:
            lines = tuple(each.line for each in (await acted_on(adapter, first.id)).items)
            found = await acted(adapter, DecideOrder("1", first.id, lines, (), now))
            assert found.marketplace_status == "accept"
            refused = await acted(adapter, DecideOrder("2", second.id, (), lines, now))
            assert refused.status is OrderStatus.REFUSED
            first.state = "SHIPPING"
            note = b64encode(NOTE).decode()
            nota = UploadDocument("3", first.id, "nfe", "nfe.xml", note, now)
            assert (await acted(adapter, nota)).billing.has_invoice
            parcel = Parcel("Correios", "AA123456789BR")
            sent = await acted(adapter, ShipOrder("4", first.id, (parcel,), now))
            assert (sent.status, sent.tracking.number) == (OrderStatus.SHIPPED, parcel.number)

    run(story())


async def acted_on(adapter: BuscapeAdapter, number: str) -> OrderSnapshot:
    found = await adapter.order(number)
    assert found is not None
    return found


def test_what_its_api_lacks_is_not_offered() -> None:
    for kind in (Kind.CANCEL, Kind.REFUND, Kind.TRACK, Kind.CLOSE, Kind.THREAD):
        assert not can(BuscapeAdapter, kind)


def test_a_list_inside_an_object_is_read_too() -> None:
    async def story() -> None:
        practice = BuscapePractice(1)
        row = order_json(next(iter(practice.shop.orders.values())))
        bare = httpx.MockTransport(lambda _request: httpx.Response(200, json={"orders": [row]}))
        adapter = BuscapeAdapter(practice.channel, practice.secret, transport=bare, clock=clock())
        async with adapter:
            pages = [page async for page in adapter.orders(None)]
        assert pages[0].items[0].number == row["orderID"]

    run(story())
