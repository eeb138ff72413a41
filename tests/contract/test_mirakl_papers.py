"""Documents, new threads and several parcels, by the letter of the contract."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import (
    DeleteDocument,
    HandleParcel,
    Parcel,
    ParcelStep,
    Prepared,
    Share,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.ticket_operations import StartOperatorThread, StartThread
from mkt_tui.domain.tickets import Audience, Role
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.mirakl.shipments import WAREHOUSES
from mkt_tui.sandbox.records import Message, Order, Package
from mkt_tui.sandbox.server import create_app
from tests.contract.held import Held
from tests.contract.test_mirakl_acts import Market
from tests.sandbox.conftest import NOW, Clock

FILE = b"%PDF-1.7 nota"


def make(slug: str = "carrefour") -> Market:
    world = replace(invent(150, 11, NOW), clock=Clock())
    shop = world.shop(slug)
    assert shop is not None
    return Market(shop, Held(httpx.ASGITransport(app=create_app(world))), slug)


@pytest.fixture
def market() -> Market:
    return make()


def document(
    order: Order, name: str = "nota.pdf", kind: str = "CUSTOMER_INVOICE"
) -> UploadDocument:
    return UploadDocument("op", order.id, kind, name, b64encode(FILE).decode(), NOW)


async def test_an_invoice_arrives_and_is_found_again(market: Market) -> None:
    order = market.order("SHIPPED")
    order.documents.clear()
    wanted = document(order, "nota fiscal nº 12 ação.pdf")
    async with market.adapter(shop_id="2001") as adapter:
        assert await adapter.find_done(wanted) is None
        delivery = await adapter.upload_document(wanted)
        assert await adapter.find_done(wanted) == delivery
        assert await adapter.find_done(replace(wanted, type="OTHER")) is None
    [kept] = order.documents
    assert (kept.name, kept.type, kept.content) == (
        "nota fiscal no 12 acao.pdf",
        "CUSTOMER_INVOICE",
        FILE,
    )
    assert market.held.seen == ["OR72", "OR74", "OR72", "OR72"]


async def test_a_document_is_refused_with_the_marketplaces_words(market: Market) -> None:
    order = market.order("SHIPPED")
    order.documents.clear()
    async with market.adapter() as adapter:
        with pytest.raises(Refused, match="type_code: Unable to retrieve"):
            await adapter.upload_document(document(order, kind="NOTA"))
        with pytest.raises(NotAllowed, match=r"csv, doc"):
            await adapter.upload_document(document(order, "nota.exe"))
    assert order.documents == []


async def test_documents_are_listed_and_fetched_one_by_one(market: Market) -> None:
    order = market.order("SHIPPED")
    order.documents.clear()
    async with market.adapter(shop_id="2001") as adapter:
        assert await adapter.documents(order.id) == ()
        await adapter.upload_document(document(order))
        (found,) = await adapter.documents(order.id)
        assert (found.name, found.kind, found.size) == ("nota.pdf", "CUSTOMER_INVOICE", len(FILE))
        assert await adapter.document(found.code) == FILE
        with pytest.raises(Refused):
            await adapter.document("1")
    assert market.held.seen == ["OR72", "OR74", "OR72", "OR73", "OR73"]


def begin(order: Order, audience: Audience = Audience.OPERATOR) -> StartThread:
    return StartThread("op", order.id, "Falta o número da casa.", audience, "Endereço", NOW)


@pytest.mark.parametrize("audience", list(Audience))
async def test_a_thread_is_begun_and_found_again(market: Market, audience: Audience) -> None:
    order = market.order("SHIPPING")
    wanted = begin(order, audience)
    async with market.adapter() as adapter:
        assert await adapter.find_done(wanted) is None
        delivery = await adapter.start_thread(wanted)
        assert await adapter.find_done(wanted) == delivery
    thread = market.shop.threads_of(order.id)[-1]
    assert (thread.topic, thread.messages[0].id) == (
        ("FREE_TEXT", "Endereço"),
        delivery.remote_code,
    )
    assert thread.messages[0].to == tuple(role.value.upper() for role in audience.roles)


async def test_a_thread_like_one_from_before_is_left_to_a_person(market: Market) -> None:
    order = market.order("SHIPPING")
    wanted = begin(order)
    async with market.adapter() as adapter:
        await adapter.start_thread(wanted)
        thread = market.shop.threads_of(order.id)[-1]
        first: Message = thread.messages[0]
        thread.messages[0] = replace(first, sent=NOW.replace(hour=NOW.hour - 1))
        with pytest.raises(NotAllowed):
            await adapter.find_done(wanted)


def ship(order: Order, *numbers: str, each: int = 1) -> ShipOrder:
    parcels = tuple(
        Parcel("BRT", number, url="https://brt.test", shares=(Share(f"{order.id}-1", each),))
        for number in numbers
    )
    return ShipOrder("op", order.id, parcels, NOW)


def of_pieces(market: Market, pieces: int) -> Order:
    order = market.order("SHIPPING")
    order.lines = (replace(order.lines[0], quantity=pieces),)
    return order


async def test_an_order_leaves_in_several_parcels_each_told_once(market: Market) -> None:
    """The first parcel was told of before the connection broke: only the others are sent."""
    order = of_pieces(market, 3)
    async with market.adapter() as adapter:
        await adapter.ship_order(ship(order, "P1"))
        assert order.state == "SHIPPING"
        wanted = ship(order, "P1", "P2", "P3")
        assert await adapter.find_done(wanted) is None
        delivery = await adapter.ship_order(wanted)
        assert await adapter.find_done(wanted) == delivery
        assert await adapter.ship_order(wanted) == delivery
    assert [each.tracking["tracking_number"] for each in order.packages] == ["P1", "P2", "P3"]
    assert order.state == "SHIPPED"
    assert market.held.seen.count("ST01") == 2


async def test_more_pieces_than_are_left_are_refused(market: Market) -> None:
    order = of_pieces(market, 1)
    async with market.adapter() as adapter:
        with pytest.raises(Refused, match="left to ship"):
            await adapter.ship_order(ship(order, "P1", each=2))
        with pytest.raises(NotAllowed, match="which pieces"):
            await adapter.ship_order(
                ShipOrder("op", order.id, (Parcel("BRT", "1"), Parcel("BRT", "2")), NOW)
            )
    assert order.packages == []


async def test_an_operator_without_several_shipments_takes_one_parcel() -> None:
    market = make("leroymerlin")
    order = of_pieces(market, 2)
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed, match="takes one parcel"):
            await adapter.ship_order(ship(order, "P1", "P2"))
        parcel = Parcel("BRT", "P1", url="https://brt.test")
        assert await adapter.ship_order(ShipOrder("op", order.id, (parcel,), NOW)) == Delivery("")
    assert (order.state, order.shipment.number) == ("SHIPPED", "P1")


async def test_a_document_is_deleted_once_and_its_absence_settles_a_doubt(market: Market) -> None:
    order = market.order("SHIPPED")
    order.documents.clear()
    async with market.adapter(shop_id="2001") as adapter:
        await adapter.upload_document(document(order))
        (held,) = await adapter.documents(order.id)
        wanted = DeleteDocument("op", order.id, held.code, held.name, NOW)
        assert await adapter.find_done(wanted) is None
        await adapter.delete_document(wanted)
        assert await adapter.find_done(wanted) == Delivery("")
        with pytest.raises(Refused):
            await adapter.delete_document(wanted)
    assert order.documents == []
    assert market.held.seen == ["OR74", "OR72", "OR72", "OR76", "OR72", "OR76"]


def ask() -> StartOperatorThread:
    return StartOperatorThread("op", "A oferta 789 sumiu do site.", "Oferta 789", NOW)


async def test_a_thread_with_the_operator_is_about_no_order_and_is_found_again(
    market: Market,
) -> None:
    async with market.adapter(shop_id="2001") as adapter:
        await adapter.start_thread(begin(market.order("SHIPPING")))
        assert await adapter.find_done(ask()) is None
        delivery = await adapter.start_operator_thread(ask())
        assert await adapter.find_done(ask()) == delivery
        tickets = [each async for page in adapter.tickets(None) for each in page.items]
    assert market.held.seen[:4] == ["OR43", "M11", "M14", "M11"]
    [ticket] = [each for each in tickets if each.order_number is None]
    assert (ticket.subject, ticket.customer, ticket.waiting) == ("Oferta 789", None, None)
    assert ticket.participants == (Role.OPERATOR,)
    assert [each.code for each in ticket.messages] == [delivery.remote_code]


async def test_the_operator_is_not_written_to_without_words(market: Market) -> None:
    async with market.adapter() as adapter:
        for wrong in (replace(ask(), text="x"), replace(ask(), topic="")):
            with pytest.raises(NotAllowed, match="3 to 200"):
                await adapter.start_operator_thread(wrong)
    assert market.held.seen == []


async def prepared(market: Market, order: Order, *numbers: str) -> list[str]:
    """Prepare a parcel of one piece for each number, as an ERP does (ST01)."""
    shipments = [
        {
            "order_id": order.id,
            "shipment_lines": [{"order_line_id": f"{order.id}-1", "quantity": 1}],
            "tracking": {"carrier_name": "BRT", "tracking_number": number},
            "shipped": False,
        }
        for number in numbers
    ]
    headers = {"Authorization": market.shop.identity.api_key}
    async with httpx.AsyncClient(transport=market.held, base_url="http://x/carrefour") as http:
        answer = await http.post("/api/shipments", json={"shipments": shipments}, headers=headers)
    return [each["id"] for each in answer.json()["shipment_success"]]


async def test_prepared_parcels_are_put_right_and_sent_one_by_one(market: Market) -> None:
    order = of_pieces(market, 2)
    first, second = await prepared(market, order, "P1", "P2")
    right = TrackOrder("op", order.id, Parcel("Correios", "QB1", url="https://x"), NOW, first)
    both = ShipOrder("op", order.id, (), NOW, (Prepared(first, "P1"), Prepared(second, "P2")))
    async with market.adapter(shop_id="2001") as adapter:
        told = await adapter.shipments(order.id)
        assert [(each.code, each.number, each.sent) for each in told] == [
            (first, "P1", False),
            (second, "P2", False),
        ]
        assert await adapter.find_done(right) is None
        assert await adapter.track_order(right) == Delivery(first)
        assert await adapter.find_done(right) == Delivery(first)
        await adapter.ship_order(replace(both, shipments=both.shipments[:1]))
        assert order.state == "SHIPPING"
        assert await adapter.find_done(both) is None
        # What was sent before the doubt is not sent again.
        assert await adapter.ship_order(both) == Delivery(second)
        assert await adapter.find_done(both) == Delivery(second)
        assert await adapter.ship_order(both) == Delivery(second)
        (one, other) = await adapter.shipments(order.id)
    assert (one.carrier, one.number, one.url, one.pieces) == (
        *("Correios", "QB1", "https://x"),
        ((f"{order.id}-1", 1),),
    )
    assert other.sent
    assert order.state == "SHIPPED"
    assert market.held.seen.count("ST23") == 1
    assert market.held.seen.count("ST24") == 2


async def test_a_parcel_that_is_not_known_is_refused_with_the_marketplaces_words(
    market: Market,
) -> None:
    order = of_pieces(market, 1)
    async with market.adapter() as adapter:
        with pytest.raises(Refused, match="No shipment with id 'none'"):
            await adapter.track_order(TrackOrder("op", order.id, Parcel("B", "1"), NOW, "none"))
        with pytest.raises(Refused, match="No shipment with id 'none'"):
            await adapter.ship_order(ShipOrder("op", order.id, (), NOW, (Prepared("none", ""),)))


async def test_where_an_order_is_one_parcel_it_is_said() -> None:
    market = make("leroymerlin")
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed, match="takes one parcel"):
            await adapter.shipments(market.order("SHIPPED").id)


def handled(order: Order, step: ParcelStep, **told: Any) -> HandleParcel:
    return replace(HandleParcel("op", order.id, step, NOW), **told)


async def test_a_parcel_is_prepared_once_and_sent_later(market: Market) -> None:
    order = of_pieces(market, 2)
    parcels = (
        Parcel("BRT", "P1", shares=(Share(f"{order.id}-1", 1),)),
        Parcel("BRT", "P2", shares=(Share(f"{order.id}-1", 1),)),
    )
    wanted = handled(order, ParcelStep.PREPARE, parcels=parcels)
    async with market.adapter(shop_id="2001") as adapter:
        assert await adapter.find_done(wanted) is None
        await adapter.handle_parcel(replace(wanted, parcels=parcels[:1]))
        assert await adapter.find_done(wanted) is None
        delivery = await adapter.handle_parcel(wanted)
        assert await adapter.find_done(wanted) == delivery
        assert await adapter.handle_parcel(wanted) == delivery
        told = await adapter.shipments(order.id)
    assert [(each.number, each.sent) for each in told] == [("P1", False), ("P2", False)]
    assert (order.state, len(order.packages)) == ("SHIPPING", 2)
    assert market.held.seen.count("ST01") == 2


async def test_a_prepared_parcel_is_deleted_and_its_pieces_are_free(market: Market) -> None:
    order = of_pieces(market, 1)
    [code] = await prepared(market, order, "P1")
    wanted = handled(order, ParcelStep.DELETE, shipment=Prepared(code, "P1"))
    async with market.adapter(shop_id="2001") as adapter:
        assert await adapter.find_done(wanted) is None
        assert await adapter.handle_parcel(wanted) == Delivery(code)
        assert await adapter.find_done(wanted) == Delivery(code)
        with pytest.raises(Refused, match="No shipment with id"):
            await adapter.handle_parcel(wanted)
    assert order.packages == []
    assert "ST06" in market.held.seen


async def test_one_that_has_left_is_neither_deleted_nor_moved(market: Market) -> None:
    order = of_pieces(market, 2)
    [code] = await prepared(market, order, "P1")
    order.packages[0].shipped = NOW
    it = Prepared(code, "P1")
    async with market.adapter() as adapter:
        with pytest.raises(Refused, match="not in SHIPPING status"):
            await adapter.handle_parcel(handled(order, ParcelStep.DELETE, shipment=it))
        move = handled(order, ParcelStep.MOVE, shipment=it, warehouse="SP-01")
        with pytest.raises(Refused, match="not in SHIPPING status"):
            await adapter.handle_parcel(move)


async def test_a_parcel_leaves_from_another_warehouse(market: Market) -> None:
    order = of_pieces(market, 1)
    [code] = await prepared(market, order, "P1")
    wanted = handled(order, ParcelStep.MOVE, shipment=Prepared(code, "P1"), warehouse=WAREHOUSES[1])
    async with market.adapter(shop_id="2001") as adapter:
        assert await adapter.find_done(wanted) is None
        assert await adapter.handle_parcel(wanted) == Delivery(code)
        assert await adapter.find_done(wanted) == Delivery(code)
        [told] = await adapter.shipments(order.id)
        assert told.warehouse == WAREHOUSES[1]
        with pytest.raises(Refused, match="Warehouse with code X does not exist"):
            await adapter.handle_parcel(replace(wanted, warehouse="X"))
    assert "ST07" in market.held.seen


async def test_every_parcel_of_an_order_is_read_page_by_page(market: Market) -> None:
    order = of_pieces(market, 1)
    order.packages += [Package(f"s{n:03}", {}, {}, NOW, NOW) for n in range(230)]
    gone = handled(order, ParcelStep.DELETE, shipment=Prepared("s229", ""))
    async with market.adapter() as adapter:
        assert len(await adapter.shipments(order.id)) == 230
        # The last one is not taken for deleted, since its page was read.
        assert await adapter.find_done(gone) is None
