"""Small worlds for tests: believable snapshots with one word changed at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.cache.order_upserts import write_orders
from mkt_tui.cache.streams import Stream
from mkt_tui.cache.ticket_upserts import write_tickets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import HouseRules
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.deadlines.rules import book
from mkt_tui.domain.orders import (
    Address,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
)
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def message(
    code: str = "m1", body: str = "Onde está meu pedido?", hours: float = 2
) -> MessageSnapshot:
    """A customer's message of some hours ago."""
    return MessageSnapshot(
        code, Role.CUSTOMER, "Maria Silva", (Role.SHOP,), body, NOW - hours * HOUR
    )


def ticket(code: str = "t1", hours: float | None = 2, **changes: object) -> TicketSnapshot:
    """A ticket that has waited for some hours; None hours = nobody waits."""
    since = None if hours is None else NOW - hours * HOUR
    plain = TicketSnapshot(
        code=code,
        order_number="100-A",
        customer="Maria Silva",
        subject="Onde está meu pedido?",
        waiting_since=since,
        waiting=None if hours is None else Role.CUSTOMER,
        created_at=since or NOW - 50 * HOUR,
        updated_at=since or NOW - 40 * HOUR,
        participants=(Role.CUSTOMER, Role.OPERATOR),
        messages=(message(f"{code}-m1", hours=hours or 50),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the caller names its fields


def order(number: str = "100-A", **changes: object) -> OrderSnapshot:
    """An order of one item."""
    plain = OrderSnapshot(
        number=number,
        site_number="SP-1",
        status=OrderStatus.SHIPPED,
        marketplace_status="SHIPPED",
        customer="Maria Silva",
        currency="BRL",
        created_at=NOW - 90 * HOUR,
        updated_at=NOW - 20 * HOUR,
        personal=Personal(
            name="Maria Silva", document="52998224725", address=Address(city="Bauru")
        ),
        items=(OrderItem("1", "SKU1", "Chaleira", 1, 9990, 9990, 1000, "SHIPPED"),),
        finance=Finance(9990, 1000, 10990, payments=(Payment("credit_card", 3, 10990),)),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the caller names its fields


def channel(
    database: Database,
    name: str = "Carrefour",
    base_url: str = "http://127.0.0.1:9",
    adapter: str = "mirakl",
) -> Channel:
    """An enabled channel in the cache."""
    plain = Channel(0, name, adapter, "BR", base_url, "env:NO", "America/Sao_Paulo", enabled=True)
    channels.add_channel(database, plain, NOW, "ana")
    found = channels.find_channel(database, name)
    assert found is not None
    return found


def clocks(where: Channel, **rules: dict[str, object]) -> Clocks:
    """The clocks of a channel by the house's rules and those given."""
    return Clocks(book({}, rules, HouseRules()), where)


def read(
    database: Database,
    where: Channel,
    *tickets: TicketSnapshot,
    registered_at: datetime | None = NOW,
) -> None:
    """Let a page of tickets come in."""
    page = Stream(where.id, "tickets", "cursor", complete=True)
    write_tickets(database, page, tickets, registered_at, clocks(where))


def read_orders(database: Database, where: Channel, *orders: OrderSnapshot) -> None:
    """Let a page of orders come in."""
    write_orders(database, Stream(where.id, "orders", "cursor", complete=True), orders)
