"""Acts on orders, from the adapter to the practice marketplace, by the letter of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest

from mkt_tui.adapters import acts
from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import CancelOrder, EndIncident, RefundLine, RefundOrder, Share
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.records import Line, Order, Refund
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import Shop
from tests.adapters.marketplace import channel
from tests.contract.held import Held
from tests.sandbox.conftest import NOW, Clock


@dataclass
class Market:
    """One practice shop, and an adapter whose every word is checked."""

    shop: Shop
    held: Held
    slug: str = "carrefour"

    def adapter(self, **options: str) -> MiraklAdapter:
        return MiraklAdapter(
            channel(f"http://x/{self.slug}", {"requests_per_second": "1000", **options}),
            lambda: self.shop.identity.api_key,
            transport=self.held,
        )

    def order(self, *states: str) -> Order:
        """Return an order in one of these states that was paid and gave nothing back."""
        return next(
            each
            for each in self.shop.orders.values()
            if each.state in states and each.debited and not any(x.refunds for x in each.lines)
        )


@pytest.fixture
def market() -> Market:
    world = replace(invent(150, 11, NOW), clock=Clock())
    return Market(world.shops[0], Held(httpx.ASGITransport(app=create_app(world))))


def refund(order: Order, amount: int, shipping: int = 0, reason: str | None = "19") -> RefundOrder:
    lines = (RefundLine(f"{order.id}-1", amount, shipping, 1),)
    return RefundOrder("op", order.id, lines, "BRL", reason, NOW)


def cancel(order: Order, *shares: Share, reason: str | None = "34") -> CancelOrder:
    return CancelOrder("op", order.id, shares, reason, NOW)


async def test_part_of_a_line_is_refunded_to_the_cent(market: Market) -> None:
    order = market.order("SHIPPED", "RECEIVED")
    async with market.adapter(shop_id="2001") as adapter:
        delivery = await adapter.refund_order(refund(order, 1001, 7))
        found = await adapter.order(order.id)
    [entry] = order.lines[0].refunds
    assert delivery == Delivery(entry.id)
    assert (entry.amount, entry.shipping, entry.quantity, entry.reason_code) == (1001, 7, 1, "19")
    assert market.held.seen == ["OR11", "OR28", "OR11"]
    assert found is not None
    assert found.finance.refunded == 1008


async def test_more_than_is_left_is_refused_with_the_marketplaces_words(market: Market) -> None:
    order = market.order("SHIPPED", "RECEIVED")
    price = order.lines[0].price
    async with market.adapter() as adapter:
        await adapter.refund_order(refund(order, price - 1))
        with pytest.raises(Refused, match="left to refund"):
            await adapter.refund_order(refund(order, 2))
    assert [each.amount for each in order.lines[0].refunds] == [price - 1]


@pytest.mark.parametrize("kind", ["refund", "cancel"])
async def test_without_a_reason_the_reasons_are_told_and_nothing_leaves(
    market: Market, kind: str
) -> None:
    order = market.order("SHIPPING")
    share = Share(f"{order.id}-1", 1)
    wanted = (
        refund(order, 1, reason=None) if kind == "refund" else cancel(order, share, reason=None)
    )
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed) as caught:
            await acts.carry_out(adapter, wanted)
    assert ("19 Desistência" in str(caught.value)) == (kind == "refund")
    assert ("34 Produto sem estoque" in str(caught.value)) == (kind == "cancel")
    assert market.held.seen == ["RE01"]


async def test_a_whole_order_is_cancelled(market: Market) -> None:
    order = market.order("SHIPPING")
    async with market.adapter() as adapter:
        assert await adapter.find_done(cancel(order, reason=None)) is None
        await adapter.cancel_order(cancel(order, reason=None))
        assert await adapter.find_done(cancel(order, reason=None)) == Delivery("")
    assert order.state == "CANCELED"
    assert market.held.seen == ["OR11", "OR29", "OR11"]


async def test_a_whole_order_is_cancelled_with_a_reason_line_by_line(market: Market) -> None:
    order = market.order("SHIPPING")
    async with market.adapter() as adapter:
        await adapter.cancel_order(cancel(order))
    assert order.state == "CANCELED"
    assert [each.reason_code for line in order.lines for each in line.cancelations] == (
        ["34"] * len(order.lines)
    )


async def test_pieces_are_cancelled_at_their_price(market: Market) -> None:
    order = market.order("SHIPPING")
    order.lines = (replace(order.lines[0], quantity=3, shipping=1000), *order.lines[1:])
    wanted = cancel(order, Share(f"{order.id}-1", 2))
    async with market.adapter() as adapter:
        delivery = await adapter.cancel_order(wanted)
        assert await adapter.find_done(wanted) == delivery
    [entry] = order.lines[0].cancelations
    assert (entry.amount, entry.shipping) == (2 * order.lines[0].unit_price, 666)
    assert order.state == "SHIPPING"


@contextmanager
def given_back(order: Order, *entries: Refund) -> Iterator[None]:
    before: tuple[Line, ...] = order.lines
    order.lines = (replace(before[0], refunds=entries), *before[1:])
    yield
    order.lines = before


async def test_a_refund_in_doubt_is_recognised_or_left_to_a_person(market: Market) -> None:
    """Found when it is there since; absent when nothing like it is; a twin makes a person look."""
    order = market.order("SHIPPED", "RECEIVED")
    wanted = refund(order, 500)
    since = Refund("r1", 500, 1, "19", NOW + timedelta(seconds=2))
    async with market.adapter() as adapter:
        assert await adapter.find_done(wanted) is None
        with given_back(order, since):
            assert await adapter.find_done(wanted) == Delivery("r1")
        for other in (replace(since, amount=501), replace(since, reason_code="15")):
            with given_back(order, other):
                assert await adapter.find_done(wanted) is None
        with given_back(order, replace(since, created=NOW - timedelta(days=3))):
            assert await adapter.find_done(wanted) is None
        with (
            given_back(order, replace(since, created=NOW - timedelta(hours=1))),
            pytest.raises(NotAllowed),
        ):
            await adapter.find_done(wanted)


async def test_an_order_with_taxes_is_not_guessed_at(market: Market) -> None:
    order = market.order("SHIPPED", "RECEIVED")
    taxed = {"order_line_id": f"{order.id}-1", "taxes": [{"amount": 1, "code": "IVA"}]}
    answer = {"orders": [{"order_id": order.id, "order_lines": [taxed]}], "total_count": 1}
    market.held.inner = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with market.adapter() as adapter:
        with pytest.raises(NotAllowed, match="taxes"):
            await adapter.refund_order(refund(order, 100))
    assert market.held.seen == ["OR11"]


async def test_an_unknown_order_is_refused(market: Market) -> None:
    order = replace(market.order("SHIPPING"), id="none")
    async with market.adapter() as adapter:
        with pytest.raises(Refused):
            await adapter.cancel_order(cancel(order, reason=None))


async def test_an_incident_is_ended_with_one_of_the_operators_reasons(market: Market) -> None:
    order = market.order("SHIPPED", "RECEIVED")
    order.has_incident = True
    async with market.adapter() as adapter:
        wanted = EndIncident("op", order.id, None, NOW)
        known = await adapter.reasons(Kind.INCIDENT)
        with pytest.raises(NotAllowed, match=known[0].code):
            await acts.carry_out(adapter, wanted)
        wanted = replace(wanted, reason=known[0].code)
        assert await acts.look_for(adapter, wanted) is None
        await acts.carry_out(adapter, wanted)
        assert not order.has_incident
        assert await acts.look_for(adapter, wanted) == Delivery("")
        with pytest.raises(NotAllowed, match="no open incident"):
            await acts.carry_out(adapter, wanted)
        order.has_incident = True
        with pytest.raises(Refused):
            await acts.carry_out(adapter, replace(wanted, reason="unknown"))
    assert {"RE01", "OR11", "OR64"} <= set(market.held.seen)


async def test_reasons_are_told_by_the_kind_of_act(market: Market) -> None:
    async with market.adapter() as adapter:
        for kind in (Kind.CANCEL, Kind.REFUND, Kind.INCIDENT):
            assert await adapter.reasons(kind)
        assert await adapter.reasons(Kind.SHIP) == ()


async def test_orders_that_tickets_name_are_asked_for_in_one_request(market: Market) -> None:
    known = [each.id for each in list(market.shop.orders.values())[:3]]
    async with market.adapter(shop_id="2001") as adapter:
        found = await adapter.orders_named([*known, "none", "a,b"])
        assert await adapter.orders_named(["a,b"]) == ()
    assert sorted(each.number for each in found) == sorted(known)
    assert market.held.seen == ["OR11"]
