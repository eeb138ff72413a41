"""What a seller does to Amazon's orders, held against the official documents and the sandbox."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from mkt_tui.adapters import acts
from mkt_tui.adapters.amazon import AmazonAdapter
from mkt_tui.adapters.testing import clock, run
from mkt_tui.domain.errors import Doubtful, NotAllowed, Refused
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.order_operations import Parcel, Share, ShipOrder
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from mkt_tui.domain.ticket_operations import StartThread
from mkt_tui.domain.tickets import Audience
from tests.adapters.amazon import TOKEN, AmazonPractice
from tests.contract.swagger import Checked

REVIEW = "productReviewAndSellerFeedback"
Story = Callable[[AmazonAdapter, dict[str, OrderSnapshot]], Awaitable[None]]


def play(story: Story) -> list[str]:
    """Run `story` with every order by its marketplace status; return the operations called."""

    async def whole() -> list[str]:
        practice = AmazonPractice(60)
        wire = Checked(practice.transport, "/amazon", (TOKEN,))
        async with AmazonAdapter(practice.channel, practice.secret, transport=wire) as adapter:
            pages = [page async for page in adapter.orders(None)]
            known = {each.status.value: each for page in pages for each in page.items}
            await story(adapter, known)
        return wire.checked

    return run(whole())


def notice(
    order: OrderSnapshot, topic: str, text: str = "Confirme a cor, por favor."
) -> StartThread:
    return StartThread("op-1", order.number, text, Audience.CUSTOMER, topic, clock()())


def shipping(order: OrderSnapshot, *parcels: Parcel) -> ShipOrder:
    return ShipOrder("op-1", order.number, parcels, clock()())


def test_the_adapter_says_what_it_can_do() -> None:
    able = {kind for kind in Kind if acts.can(AmazonAdapter, kind)}
    assert able == {Kind.REPLY, Kind.THREAD, Kind.SHIP}


def test_an_order_is_shipped_and_found_shipped() -> None:
    async def story(adapter: AmazonAdapter, known: dict[str, OrderSnapshot]) -> None:
        wanted = shipping(known["to_ship"], Parcel("Correios", "AA123456785BR"))
        with pytest.raises(NotAllowed, match="does not tell"):
            await acts.look_for(adapter, wanted)
        delivery = await acts.carry_out(adapter, wanted)
        assert await acts.look_for(adapter, wanted) == delivery
        after = await adapter.order(wanted.order_number)
        assert after is not None
        assert after.status is OrderStatus.SHIPPED
        assert (after.tracking.carrier, after.tracking.number) == ("Correios", "AA123456785BR")

    assert "confirmShipment" in play(story)


def test_an_order_that_leaves_in_two_acts_keeps_both_parcels() -> None:
    """A package told again under its reference is edited, so no act may name another's."""

    async def story(adapter: AmazonAdapter, _known: dict[str, OrderSnapshot]) -> None:
        orders = [each async for page in adapter.orders(None) for each in page.items]
        order = next(each for each in orders if _several(each))
        one, *others = [Share(each.line, each.quantity) for each in order.items]
        left = [replace(one, quantity=one.quantity - 1), *others]
        shares = tuple(each for each in left if each.quantity)
        some = shipping(order, Parcel("Correios", "AA1", shares=(replace(one, quantity=1),)))
        rest = shipping(order, Parcel("Correios", "AA2", shares=shares))
        rest = replace(rest, operation="op-2")
        for wanted in (some, rest):
            await acts.carry_out(adapter, wanted)
        # The same act once more, as after a doubt, is the same package.
        await acts.carry_out(adapter, rest)
        for wanted in (some, rest):
            assert await acts.look_for(adapter, wanted)
        after = await adapter.order(order.number)
        assert after is not None
        assert after.status is OrderStatus.SHIPPED
        assert [each.detail for each in after.history if each.what == "shipped"] == ["AA1", "AA2"]

    play(story)


def _several(order: OrderSnapshot) -> bool:
    return order.status is OrderStatus.TO_SHIP and sum(each.quantity for each in order.items) > 1


def test_what_cannot_be_shipped_is_refused() -> None:
    async def story(adapter: AmazonAdapter, known: dict[str, OrderSnapshot]) -> None:
        with pytest.raises(Refused):
            await acts.carry_out(adapter, shipping(known["cancelled"], Parcel("X", "1")))
        missing = replace(known["to_ship"], number="701-0000000-0000000")
        with pytest.raises(NotAllowed, match="knows no order"):
            await acts.carry_out(adapter, shipping(missing, Parcel("X", "1")))

    play(story)


def test_a_notice_that_is_allowed_is_sent_once() -> None:
    async def story(adapter: AmazonAdapter, known: dict[str, OrderSnapshot]) -> None:
        order = known["to_ship"]
        assert "confirmOrderDetails" in await adapter.notices(order.number)
        await acts.carry_out(adapter, notice(order, "confirmOrderDetails"))

    assert play(story).count("createConfirmOrderDetails") == 1


def test_a_review_is_asked_for_once() -> None:
    async def story(adapter: AmazonAdapter, known: dict[str, OrderSnapshot]) -> None:
        order = known["delivered"]
        await acts.carry_out(adapter, notice(order, REVIEW, ""))
        with pytest.raises(NotAllowed, match="confirmDeliveryDetails"):
            await acts.carry_out(adapter, notice(order, REVIEW, ""))

    assert play(story).count("createProductReviewAndSellerFeedbackSolicitation") == 1


@pytest.mark.parametrize(
    ("topic", "text", "told"),
    [
        ("digitalAccessKey", "x", "Allowed now: confirm"),
        ("confirmOrderDetails", "", "1 to 2000"),
        ("confirmOrderDetails", "x" * 2001, "1 to 2000"),
    ],
)
def test_a_notice_that_does_not_fit_does_not_leave(topic: str, text: str, told: str) -> None:
    async def story(adapter: AmazonAdapter, known: dict[str, OrderSnapshot]) -> None:
        with pytest.raises(NotAllowed, match=told):
            await acts.carry_out(adapter, notice(known["to_ship"], topic, text))

    assert "createConfirmOrderDetails" not in play(story)


def test_a_shipment_whose_answer_is_lost_is_in_doubt() -> None:
    async def whole() -> None:
        practice = AmazonPractice(60)

        class Losing(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                answer = await practice.transport.handle_async_request(request)
                if request.url.path.endswith("shipmentConfirmation"):
                    raise httpx.ReadTimeout("practice", request=request)
                return answer

        async with AmazonAdapter(practice.channel, practice.secret, transport=Losing()) as adapter:
            pages = [page async for page in adapter.orders(None)]
            order = next(
                each for page in pages for each in page.items if each.status is OrderStatus.TO_SHIP
            )
            wanted = shipping(order, Parcel("Correios", "AA123456785BR"))
            with pytest.raises(Doubtful):
                await acts.carry_out(adapter, wanted)
            assert await acts.look_for(adapter, wanted)

    run(whole())
