"""Money given back through a connection that breaks: at the marketplace exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stamina

from mkt_tui.cache import operations, order_records
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk import acting, beginning, documents, order_acts
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, rude_shop


@pytest.fixture(scope="module")
def shop() -> Iterator[RudeShop]:
    with rude_shop(tickets=500) as shop:
        yield shop


@dataclass
class Agent:
    """Somebody at a desk who acts on orders, and the engine that carries it out."""

    desk: Desk
    clock: Clock

    @property
    def engine(self) -> Engine:
        return Engine(self.desk.database, self.desk.settings, self.clock)

    def order(self, shop: RudeShop, *states: str) -> order_records.OrderRecord:
        """Return a paid order in one of these states that has given nothing back."""
        number = next(
            each["order_id"]
            for each in told(shop, order_state_codes=",".join(states))
            if each["customer_debited_date"]
            and not any(line["refunds"] for line in each["order_lines"])
        )
        (record,) = order_records.orders(self.desk.database, number)
        return record

    async def does(self, record: order_records.OrderRecord, act: Operation) -> list[str]:
        """Have it carried out, and let time pass until it is settled; return its states."""
        order_acts.perform(self.desk, record, act)
        return await self.settle(self.desk.channels()[record.channel_id], act.operation)

    async def settle(self, channel: Channel, operation: str) -> list[str]:
        states: list[str] = []
        for _ in range(4):
            self.clock.go(minutes=2)
            await self.engine.deliver_now(channel)
            outcome = operations.outcome(self.desk.database, operation)
            assert outcome is not None
            states.append(outcome.state)
        return states


@pytest.fixture
async def agent(shop: RudeShop, home: Home) -> Any:
    clock = Clock(datetime.now(UTC))
    database = Database(home.cache_file)
    add_channel(database, shop, home.data / "key")
    with stamina.set_testing(True, attempts=3):
        agent = Agent(Desk(database, Settings(), home, "ana", clock), clock)
        (result,) = await agent.engine.once()
        assert result.error is None
        yield agent
    shop.be()
    database.close()


def told(shop: RudeShop, number: str | None = None, **wanted: str) -> list[dict[str, Any]]:
    """Return one order, or a hundred, as OR11 tells them."""
    query: dict[str, Any] = {"order_ids": number} if number else {"max": 100, **wanted}
    answer = httpx.get(
        f"{shop.offered['base_url']}/api/orders",
        params=query,
        headers={"Authorization": shop.offered["secret"]},
    )
    found: list[dict[str, Any]] = answer.json()["orders"]
    return found


def said_to_operator(shop: RudeShop) -> list[str]:
    answer = httpx.get(
        f"{shop.offered['base_url']}/api/inbox/threads",
        params={"entity_type": "SELLER_OPERATOR", "with_messages": "true"},
        headers={"Authorization": shop.offered["secret"]},
    )
    return [each["body"] for thread in answer.json()["data"] for each in thread["messages"]]


SETTLED = {
    "reset-after-accept@write x1": ["unknown", "sent", "sent", "sent"],
    "truncated@write x1": ["unknown", "sent", "sent", "sent"],
    "reset-before@write x1": ["unknown", "sent", "sent", "sent"],
    "503-retry-after:7@write x1": ["queued", "sent", "sent", "sent"],
    "400@write x1": ["failed"] * 4,
}


@pytest.mark.parametrize("fault", SETTLED)
async def test_a_refund_is_paid_back_once(agent: Agent, shop: RudeShop, fault: str) -> None:
    record = agent.order(shop, "SHIPPED", "RECEIVED")
    act = order_acts.refund(agent.desk, record, "19")
    shop.be(fault)
    states = await agent.does(record, act)
    [order] = told(shop, record.number)
    refunds = [each for line in order["order_lines"] for each in line["refunds"]]
    assert states == SETTLED[fault]
    copies = 0 if states[-1] == OperationState.FAILED else len(order["order_lines"])
    assert len(refunds) == copies
    if copies:
        paid = sum(each["amount"] + each["shipping_amount"] for each in refunds)
        assert round(paid * 100) == act.total


@pytest.mark.parametrize("fault", ["reset-after-accept@write x1", "stall-after-accept:0@write x1"])
@pytest.mark.parametrize("reason", [None, "30"])
async def test_an_order_is_cancelled_once(
    agent: Agent, shop: RudeShop, fault: str, reason: str | None
) -> None:
    record = agent.order(shop, "SHIPPING")
    shop.be(fault)
    states = await agent.does(record, order_acts.cancel(agent.desk, record, reason))
    assert states[-1] == "sent"
    [order] = told(shop, record.number)
    assert order["order_state"] == "CANCELED"
    for line in order["order_lines"]:
        assert len(line["cancelations"]) == (1 if reason else 0)


async def test_a_message_to_the_marketplace_is_there_once(agent: Agent, shop: RudeShop) -> None:
    (channel,) = agent.desk.channels().values()
    prepared = beginning.with_marketplace(agent.desk, channel)
    wanted = beginning.written(prepared, "Oferta", "A oferta sumiu.")
    shop.be("reset-after-accept@write x1")
    acting.send(agent.desk, channel, wanted)
    await agent.settle(channel, wanted.operation)
    bodies = said_to_operator(shop)
    assert bodies.count(wanted.text) == 1


async def test_a_document_is_deleted_once(agent: Agent, shop: RudeShop) -> None:
    record = agent.order(shop, "SHIPPED", "RECEIVED")
    (held,) = await documents.listed(agent.desk, record)
    shop.be("reset-after-accept@write x1")
    act = order_acts.delete_document(agent.desk, record, held)
    assert await agent.does(record, act) == ["unknown", "sent", "sent", "sent"]
    assert await documents.listed(agent.desk, record) == ()
