"""A reply reaches the marketplace once, whatever the marketplace answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mkt_tui.cache import drafts, operations, threads
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import Held
from mkt_tui.domain import errors
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import ChannelError, UserError
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role
from mkt_tui.sync.outbox import Outbox
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter, FakeMarketplace
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def shop(desk: Desk) -> Channel:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    read_orders(desk.database, shop, order())
    return shop


@pytest.fixture
def marketplace() -> FakeMarketplace:
    return FakeMarketplace()


def adapter(shop: Channel, marketplace: FakeMarketplace) -> FakeAdapter:
    made = FakeAdapter(shop, lambda: "key")
    made.marketplace = marketplace
    return made


def write(desk: Desk, audience: Audience = Audience.BOTH) -> str:
    return replying.send(desk, conversation.load(desk, 1), Draft("Chega amanhã.", audience))


def state(desk: Desk, operation: str) -> OperationState:
    outcome = operations.outcome(desk.database, operation)
    assert outcome is not None
    return outcome.state


async def deliver(desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock) -> int:
    outbox = Outbox(desk.database, clock, "worker")
    return await outbox.deliver(shop, adapter(shop, marketplace))


async def test_a_reply_is_sent_once_and_only_once(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    operation = write(desk, Audience.OPERATOR)
    assert await deliver(desk, shop, marketplace, clock) == 1
    assert await deliver(desk, shop, marketplace, clock) == 0
    assert [(each.text, each.audience) for each in marketplace.sent] == [
        ("Chega amanhã.", Audience.OPERATOR)
    ]
    assert state(desk, operation) is OperationState.SENT


@pytest.mark.parametrize(
    "trouble",
    [
        errors.Unreachable(channel="c", url="u", detail="refused"),
        errors.RateLimited(channel="c"),
        errors.Unavailable(channel="c", status=503),
        errors.SecretMissing(channel="c", reference="env:X", detail="not set"),
    ],
)
async def test_what_surely_did_not_arrive_is_tried_again_later(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, trouble: UserError
) -> None:
    operation = write(desk)
    marketplace.trouble.append(trouble)
    assert await deliver(desk, shop, marketplace, clock) == 0
    assert state(desk, operation) is OperationState.QUEUED
    assert await deliver(desk, shop, marketplace, clock) == 0
    clock.go(seconds=5)
    assert await deliver(desk, shop, marketplace, clock) == 1
    assert len(marketplace.sent) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        errors.Refused(channel="c", status=400, detail="too long"),
        errors.AccessRefused(channel="c", status=401, secret="env:X"),
    ],
)
async def test_a_definite_no_brings_the_ticket_and_the_words_back(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, trouble: ChannelError
) -> None:
    operation = write(desk)
    marketplace.trouble.append(trouble)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.FAILED
    clock.go(hours=9)
    await deliver(desk, shop, marketplace, clock)
    assert marketplace.sent == []
    assert drafts.find(desk.database, 1, "ana") == Draft("Chega amanhã.", Audience.BOTH, seen=1)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_doubtful_reply_is_looked_for_before_anything_else(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, arrived: bool
) -> None:
    operation = write(desk)
    marketplace.trouble.append(errors.Doubtful(channel="c", detail="time-out"))
    marketplace.accepts_before_trouble = arrived
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.UNKNOWN
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.UNKNOWN
    clock.go(minutes=1)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.SENT
    assert len(marketplace.sent) == 1


async def test_one_message_settles_one_of_two_doubtful_replies_in_the_same_words(
    desk: Desk,
    shop: Channel,
    marketplace: FakeMarketplace,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, bea = write(desk), replace(desk, agent="bea")
    with pytest.raises(Held) as held:
        write(bea)
    known = {each.mark for each in held.value.news}
    draft = Draft("Chega amanhã.", Audience.BOTH)
    second = replying.send(bea, conversation.load(bea, 1), draft, known=known)
    marketplace.trouble += [errors.Doubtful(channel="c", detail="time-out")] * 2
    await deliver(desk, shop, marketplace, clock)

    async def only_one(_self: FakeAdapter, _reply: Reply) -> Delivery:
        return Delivery("m-7")

    monkeypatch.setattr(FakeAdapter, "find_sent", only_one)
    clock.go(minutes=1)
    await deliver(desk, shop, marketplace, clock)
    assert {state(desk, first), state(desk, second)} == {
        OperationState.SENT,
        OperationState.UNKNOWN,
    }
    assert marketplace.sent == []


async def test_a_worker_that_died_while_sending_leaves_one_message(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    operation = write(desk)
    claimed = operations.claim(desk.database, shop.id, "dead", clock(), timedelta(minutes=2))
    assert claimed
    assert isinstance(claimed.wanted, Reply)
    marketplace.sent.append(claimed.wanted)
    clock.go(minutes=3)
    await deliver(desk, shop, marketplace, clock)
    # Its clock may only have been set: it is given time to end what it is at.
    assert state(desk, operation) is OperationState.UNKNOWN
    clock.go(minutes=1)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.SENT
    assert len(marketplace.sent) == 1
    assert len(threads.messages(desk.database, 1)) == 2


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
async def test_a_desk_clock_that_is_set_neither_delays_nor_doubles_a_reply(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock, hours: int
) -> None:
    operation = replying.send(
        desk,
        conversation.load(desk, 1),
        Draft("Chega amanhã.", Audience.BOTH),
        hold=timedelta(seconds=5),
    )
    clock.go(hours=hours, seconds=5)
    marketplace.trouble.append(errors.Doubtful(channel="c", detail="time-out"))
    marketplace.accepts_before_trouble = True
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.UNKNOWN
    clock.go(hours=-hours, minutes=1)
    await deliver(desk, shop, marketplace, clock)
    clock.go(minutes=2)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.SENT
    assert len(marketplace.sent) == 1


async def test_a_claim_taken_before_the_clock_was_set_back_is_void(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    operation = write(desk)
    assert operations.claim(desk.database, shop.id, "dead", clock(), timedelta(minutes=2))
    clock.go(hours=-1)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.UNKNOWN
    clock.go(minutes=1)
    await deliver(desk, shop, marketplace, clock)
    await deliver(desk, shop, marketplace, clock)
    assert state(desk, operation) is OperationState.SENT


async def test_a_reply_that_moderation_takes_back_later_is_open_again(
    desk: Desk, shop: Channel, marketplace: FakeMarketplace, clock: Clock
) -> None:
    operation = write(desk)
    assert await deliver(desk, shop, marketplace, clock) == 1
    assert state(desk, operation) is OperationState.SENT
    clock.go(minutes=5)
    ours = MessageSnapshot(
        "remote-1", Role.SHOP, "ana (rejected: phone)", (Role.CUSTOMER,), "Chega amanhã.",
        clock.now, rejected="phone",
    )  # fmt: skip
    known = ticket()
    later = replace(known, updated_at=clock.now, messages=(*known.messages, ours))
    for _again in range(2):
        read(desk.database, shop, later)
        assert state(desk, operation) is OperationState.FAILED
        talk = conversation.load(desk, 1)
        assert talk.ticket.state == 0, "somebody must answer it"
        assert talk.draft is not None
        assert talk.draft.text == "Chega amanhã."
        assert "rejected: phone" in talk.messages[-1].author_name
    (told,) = [each for each in threads.operations(desk.database, 1) if each.error]
    assert "took the reply back (phone)" in str(UserError.from_json(told.error or ""))
