"""Hub2b: nota fiscal, tracking and status leave through the outbox, each once, in their order."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from mkt_tui.adapters.hub2b import Hub2bAdapter
from mkt_tui.adapters.nota_fiscal import read_nota
from mkt_tui.adapters.testing.virtual_time import START
from mkt_tui.cache import channels, operations
from mkt_tui.cache.database import Database
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DecideOrder,
    DeliverOrder,
    Parcel,
    Share,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.sandbox.records import Order
from mkt_tui.sync.outbox import Outbox
from tests.adapters.test_hub2b import Hub2bPractice, play

KEY = "35260311222333000181550010000000421000000429"
PARCEL = Parcel("Correios", "AA123456785BR", url="https://rastreio.test/1")
Story = Callable[["Desk"], Awaitable[None]]


def nota(key: str = KEY, total: str = "79.14") -> bytes:
    return (
        '<nfeProc xmlns="http://www.portalfiscal.inf.br/nfe"><NFe>'
        f'<infNFe Id="NFe{key}"><ide><serie>1</serie><nNF>42</nNF>'
        "<dhEmi>2026-03-10T09:30:00-03:00</dhEmi></ide>"
        "<det><prod><CFOP>5102</CFOP></prod></det>"
        f"<total><ICMSTot><vNF>{total}</vNF></ICMSTot></total></infNFe></NFe></nfeProc>"
    ).encode()


class Breaks(httpx.AsyncBaseTransport):
    """Takes requests, and loses the answers of those writes that are to be lost."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.lose = 0
        self.writes: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method != "GET" and "/oauth2/" not in request.url.path:
            self.writes.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
            if self.lose:
                self.lose -= 1
                raise httpx.ReadError("reset by peer", request=request)
        return response


class Desk:
    """An outbox before a practice hub."""

    def __init__(self, hub: Hub2bPractice, place: Path) -> None:
        self.hub = hub
        self.wire = Breaks(hub.transport)
        self.database = Database(place / "cache.db")
        channels.add_channel(self.database, hub.channel, START, "ana")
        (self.channel,) = channels.all_channels(self.database)
        self.late = 0.0

    async def send(self, wanted: Operation) -> OperationState:
        operations.queue(self.database, wanted, self.channel.id, "ana")
        return await self.deliver(wanted)

    async def deliver(self, wanted: Operation) -> OperationState:
        adapter = Hub2bAdapter(self.hub.channel, self.hub.secret, transport=self.wire)
        async with adapter:
            await Outbox(self.database, self._clock, "worker").deliver(self.channel, adapter)
        outcome = operations.outcome(self.database, wanted.operation)
        assert outcome
        return outcome.state

    def _clock(self) -> datetime:
        return self.hub.world.clock() + timedelta(hours=self.late)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def tell(folder: Path, story: Story) -> None:
    async def whole(hub: Hub2bPractice) -> None:
        desk = Desk(hub, folder)
        try:
            await story(desk)
        finally:
            desk.database.close()

    play(folder, whole)


def to_ship(hub: Hub2bPractice) -> Order:
    return next(
        each
        for each in hub.shop.orders.values()
        if each.state == "SHIPPING" and not each.has_invoice
    )


def document(order: Order, content: bytes | None = None) -> UploadDocument:
    data = b64encode(nota() if content is None else content).decode()
    return UploadDocument("op-nota", order.id, "nfe", "nota.xml", data, START)


def shipping(order: Order, operation: str = "op-ship") -> ShipOrder:
    return ShipOrder(operation, order.id, (PARCEL,), START)


def test_the_nota_fiscal_goes_first_then_the_parcel(folder: Path) -> None:
    async def story(desk: Desk) -> None:
        order = to_ship(desk.hub)
        assert await desk.send(shipping(order, "early")) is OperationState.FAILED
        assert desk.wire.writes == []
        assert await desk.send(document(order)) is OperationState.SENT
        assert order.has_invoice
        assert await desk.send(shipping(order)) is OperationState.SENT
        assert (order.state, order.shipment.number) == ("SHIPPED", PARCEL.number)
        assert desk.wire.writes == ["POST Invoice", "POST Tracking"]

        corrected = Parcel("Correios", "BB123456785BR")
        track = TrackOrder("op-track", order.id, corrected, START)
        assert await desk.send(track) is OperationState.SENT
        assert order.shipment.number == corrected.number

    tell(folder, story)


def act_nota(order: Order) -> Operation:
    return document(order)


def act_ship(order: Order) -> Operation:
    return shipping(order)


def act_cancel(order: Order) -> Operation:
    return CancelOrder("op-cancel", order.id, (), "Sem estoque", START)


@pytest.mark.parametrize(
    ("make", "write"),
    [(act_nota, "POST Invoice"), (act_ship, "POST Tracking"), (act_cancel, "PUT Status")],
)
def test_an_answer_that_was_lost_is_read_back_and_nothing_goes_twice(
    folder: Path, make: Callable[[Order], Operation], write: str
) -> None:
    async def story(desk: Desk) -> None:
        order = to_ship(desk.hub)
        if make is act_ship:
            await desk.send(document(order))
        desk.wire.writes.clear()
        wanted, desk.wire.lose = make(order), 1
        assert await desk.send(wanted) is OperationState.UNKNOWN
        desk.late += 1
        assert await desk.deliver(wanted) is OperationState.SENT
        assert desk.wire.writes == [write]

    tell(folder, story)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"no xml",
        nota(key="1"),
        nota(total="much"),
        nota().replace(b"<nNF>42</nNF>", b""),
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
def test_what_is_no_nota_fiscal_is_not_sent(folder: Path, content: bytes) -> None:
    async def story(desk: Desk) -> None:
        assert await desk.send(document(to_ship(desk.hub), content)) is OperationState.FAILED
        assert desk.wire.writes == []

    tell(folder, story)


@pytest.mark.parametrize("lose", [0, 1])
def test_a_delivery_is_told_once_and_found_again(folder: Path, lose: int) -> None:
    async def story(desk: Desk) -> None:
        order = next(each for each in desk.hub.shop.orders.values() if each.state == "SHIPPED")
        desk.wire.lose = lose
        told = DeliverOrder("op-delivered", order.id, START)
        state = await desk.send(told)
        assert state is (OperationState.UNKNOWN if lose else OperationState.SENT)
        desk.late += 1
        assert await desk.deliver(told) is OperationState.SENT
        assert order.state == "RECEIVED"
        assert len(desk.wire.writes) == 1

    tell(folder, story)


def test_what_the_hub_cannot_do_is_said(folder: Path) -> None:
    async def story(desk: Desk) -> None:
        order = to_ship(desk.hub)
        part = CancelOrder("part", order.id, (Share("1", 1),), None, START)
        assert await desk.send(part) is OperationState.FAILED
        nowhere = CancelOrder("nowhere", "nowhere", (), None, START)
        assert await desk.send(nowhere) is OperationState.FAILED
        several = ShipOrder("several", order.id, (PARCEL, PARCEL), START)
        assert await desk.send(several) is OperationState.FAILED
        assert desk.wire.writes == []
        async with desk.hub.open() as adapter:
            with pytest.raises(NotAllowed):
                await adapter.find_done(DecideOrder("d", order.id, (), (), START))

    tell(folder, story)


def test_the_fields_of_the_nota_fiscal() -> None:
    found = read_nota(nota(), ZoneInfo("America/Sao_Paulo"))
    found.pop("xml")
    assert found == {
        "key": KEY,
        "number": "42",
        "series": "1",
        "cfop": "5102",
        "totalAmount": 79.14,
        "issueDate": "2026-03-10T09:30:00",
    }
