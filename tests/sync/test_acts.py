"""Acts on orders travel as replies do: once, with doubts that are looked into, and people who decide."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mkt_tui.adapters import registry
from mkt_tui.cache import channels, operations, order_records, queries
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import acting, conversation, doubts, overview, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import errors
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operation_kinds import Kind, OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import CancelOrder, Parcel, Share, ShipOrder
from mkt_tui.domain.tickets import Audience
from mkt_tui.sync.outbox import Outbox
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter, FakeMarketplace
from tests.worlds import NOW, channel, order, read, read_orders, ticket

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    monkeypatch.setattr(registry, "load", lambda _name: FakeAdapter)
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    read_orders(desk.database, shop, order())
    return shop


@pytest.fixture
def marketplace() -> FakeMarketplace:
    return FakeMarketplace()


def shipping(number: str = "100-A", operation: str = "op1") -> ShipOrder:
    parcels = (
        Parcel("Correios", "AA123456785BR", shares=(Share("1", 1),)),
        Parcel("BRT", "0912", carrier_code="BRT", url="https://vas.brt.it/1"),
    )
    return ShipOrder(operation, number, parcels, NOW)


async def deliver(desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock) -> int:
    adapter = FakeAdapter(shop, lambda: "key")
    adapter.marketplace = marketplace
    return await Outbox(desk.database, clock, "worker").deliver(shop, adapter)


def state(desk: Desk, operation: str = "op1") -> OperationState:
    outcome = operations.outcome(desk.database, operation)
    assert outcome is not None
    return outcome.state


def send(desk: Desk, shop: Channel, clock: Clock, wanted: Operation | None = None) -> None:
    acting.send(desk, shop, wanted or shipping())
    clock.go(seconds=desk.settings.hold_seconds)


async def test_an_act_arrives_whole_and_once_and_leaves_the_tickets_alone(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    channels.mark_success(desk.database, shop.id, "orders", NOW, NOW + 60 * MINUTE)
    send(desk, shop, clock)
    assert await deliver(desk, shop, marketplace, clock) == 1
    assert await deliver(desk, shop, marketplace, clock) == 0
    assert marketplace.done == [shipping()]
    (told,) = order_records.order_operations(desk.database, shop.id, "100-A")
    assert (told.kind, told.state) == (Kind.SHIP, "sent")
    row = queries.ticket(desk.database, 1)
    assert row
    assert (row.state, row.delivery) == (0, None)
    # What it changed there is read soon.
    assert channels.stream_status(desk.database, shop.id)["orders"].next_try_at is None


async def test_an_act_can_be_taken_back_until_it_leaves(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    acting.send(desk, shop, shipping())
    assert await deliver(desk, shop, marketplace, clock) == 0
    recalled = replying.recall(desk)
    assert recalled
    assert (recalled.kind, recalled.order_number) == (Kind.SHIP, "100-A")
    clock.go(hours=1)
    assert await deliver(desk, shop, marketplace, clock) == 0
    assert marketplace.done == []
    assert replying.recall(desk) is None


def test_one_act_at_a_time_on_an_order(desk: Desk, shop: Channel) -> None:
    acting.send(desk, shop, shipping())
    with pytest.raises(NotAllowed, match="still on its way"):
        acting.send(replace(desk, agent="bea"), shop, shipping(operation="op2"))
    acting.send(desk, shop, shipping("200-B", "op3"))


async def test_a_refused_act_asks_for_a_person_who_may_try_it_again(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    send(desk, shop, clock)
    marketplace.trouble.append(errors.Refused(channel="c", status=400, detail="no such carrier"))
    await deliver(desk, shop, marketplace, clock)
    assert overview.look(desk).acts == 1
    doubt = doubts.first(desk)
    assert doubt
    assert doubt.wanted == shipping()
    assert "no such carrier" in str(doubt.refused)
    assert not doubt.can_have_arrived
    doubts.send_again(desk, doubt)
    await deliver(desk, shop, marketplace, clock)
    assert marketplace.done == [shipping()]
    assert (overview.look(desk).acts, doubts.first(desk)) == (0, None)


async def test_a_refused_act_waits_for_what_was_sent_in_its_place(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    send(desk, shop, clock)
    marketplace.trouble.append(errors.Refused(channel="c", status=400, detail="no such carrier"))
    await deliver(desk, shop, marketplace, clock)
    doubt = doubts.first(desk)
    assert doubt
    send(desk, shop, clock, shipping(operation="op2"))
    with pytest.raises(NotAllowed, match="still on its way"):
        doubts.send_again(desk, doubt)
    await deliver(desk, shop, marketplace, clock)
    assert marketplace.done == [shipping(operation="op2")]
    assert state(desk) is OperationState.FAILED


async def test_a_refused_act_is_put_aside(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    send(desk, shop, clock)
    marketplace.trouble.append(errors.Refused(channel="c", status=400, detail="no"))
    await deliver(desk, shop, marketplace, clock)
    doubt = doubts.first(desk)
    assert doubt
    doubts.give_up(desk, doubt)
    assert (overview.look(desk).acts, doubts.first(desk)) == (0, None)
    with pytest.raises(NotAllowed, match="settled meanwhile"):
        doubts.send_again(desk, doubt)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_doubtful_act_is_looked_for_before_anything_else(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, arrived: bool
) -> None:
    send(desk, shop, clock)
    marketplace.trouble.append(errors.Doubtful(channel="c", detail="time-out"))
    marketplace.accepts_before_trouble = arrived
    await deliver(desk, shop, marketplace, clock)
    assert state(desk) is OperationState.UNKNOWN
    clock.go(minutes=1)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk) is OperationState.SENT
    assert marketplace.done == [shipping()]


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_the_marketplace_cannot_tell_a_person_settles(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, arrived: bool
) -> None:
    wanted = CancelOrder("op1", "100-A", (), "CUSTOMER_REQUEST", NOW)
    send(desk, shop, clock, wanted)
    claimed = operations.claim(desk.database, shop.id, "dead", clock(), MINUTE)
    assert claimed
    for _round in range(3):
        clock.go(minutes=10)
        await deliver(desk, shop, marketplace, clock)
        assert state(desk) is OperationState.UNKNOWN
    doubt = doubts.first(desk)
    assert doubt
    assert doubt.wanted == wanted
    (doubts.it_arrived if arrived else doubts.give_up)(desk, doubt)
    assert state(desk) is (OperationState.SENT if arrived else OperationState.RECALLED)
    acts = [act for (act,) in desk.database.rows("SELECT act FROM audit ORDER BY id DESC LIMIT 1")]
    assert acts == ["cancel.settled-sent" if arrived else "cancel.given-up"]


def test_what_a_channel_cannot_do_is_said_before(desk: Desk, shop: Channel) -> None:
    assert acting.abilities(shop) == {Kind.REPLY, Kind.SHIP}
    facts = acting.confirmation(shop, shipping())
    assert facts.deed == "Ship order 100-A in 2 parcels"
    assert facts.details[0] == "Correios AA123456785BR (1 × 1)"
    with pytest.raises(NotAllowed, match="portal"):
        acting.confirmation(shop, CancelOrder("op1", "100-A", (), None, NOW))


async def test_a_damaged_act_is_refused_and_holds_up_nobody(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    acting.send(desk, shop, shipping())
    desk.database.execute("UPDATE operation SET payload = '{\"parcels\": 3}'")
    send(desk, shop, clock, shipping("200-B", "op2"))
    assert await deliver(desk, shop, marketplace, clock) == 1
    assert (state(desk), state(desk, "op2")) == (OperationState.FAILED, OperationState.SENT)
    doubt = doubts.first(desk)
    assert doubt
    assert doubt.wanted is None
    assert isinstance(doubt.refused, UserError)


def test_the_real_mirakl_can_reply(desk: Desk) -> None:
    assert Kind.REPLY in acting.abilities(channel(desk.database))


async def test_where_no_thread_can_be_read_a_person_may_say_that_a_reply_arrived(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    # The fake adapter reads no threads, as mails cannot be read back.
    ticket_id = queries.page(desk.database, queries.QueueFilter(), None, 0, 10)[0].id
    talk = conversation.load(desk, ticket_id)
    replying.send(desk, talk, Draft("Chega amanhã.", Audience.CUSTOMER))
    marketplace.trouble = [errors.Doubtful(channel="Carrefour", detail="no answer in time")]
    await deliver(desk, shop, marketplace, clock)
    doubt = doubts.first(desk)
    assert doubt is not None
    assert doubt.can_have_arrived
    doubts.it_arrived(desk, doubt)
    assert doubts.first(desk) is None
