"""A marketplace in memory behind the adapter's ports, as obedient or as rude as a test likes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeVar

from mkt_tui.adapters.base import Page
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import ShipOrder
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import TicketSnapshot

Wanted = TypeVar("Wanted", bound=Operation)


@dataclass
class FakeMarketplace:
    """What it holds, what it was sent, and which errors it answers with next."""

    tickets: list[TicketSnapshot] = field(default_factory=list)
    orders: list[OrderSnapshot] = field(default_factory=list)
    sent: list[Reply] = field(default_factory=list)
    done: list[Operation] = field(default_factory=list)
    trouble: list[UserError] = field(default_factory=list)
    accepts_before_trouble: bool = False
    breaks_after: int | None = None
    cursors: list[str | None] = field(default_factory=list)
    key_expires_at: datetime | None = None


class FakeAdapter:
    """Speaks to a FakeMarketplace; one ticket a page."""

    marketplace: FakeMarketplace

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        self.channel = channel
        self.secret = secret

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def check(self) -> None:
        return None

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        self.marketplace.cursors.append(cursor)
        start = int(cursor or 0)
        held = self.marketplace.tickets
        for number in range(start, max(len(held), start + 1)):
            if self.marketplace.breaks_after == number:
                raise self.marketplace.trouble.pop(0)
            complete = number + 1 >= len(held)
            yield Page(tuple(held[number : number + 1]), str(min(number + 1, len(held))), complete)

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        del cursor
        yield Page(tuple(self.marketplace.orders), "all", complete=True)

    async def reply(self, reply: Reply) -> Delivery:
        self._take(self.marketplace.sent, reply)
        return Delivery(f"remote-{len(self.marketplace.sent)}")

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        self._take(self.marketplace.done, wanted)
        return Delivery("")

    def _take(self, into: list[Wanted], wanted: Wanted) -> None:
        if not self.marketplace.trouble:
            into.append(wanted)
            return
        if self.marketplace.accepts_before_trouble:
            into.append(wanted)
        raise self.marketplace.trouble.pop(0)

    async def find_sent(self, reply: Reply) -> Delivery | None:
        found = [each for each in self.marketplace.sent if each.operation == reply.operation]
        return Delivery("remote-found") if found else None

    async def find_done(self, wanted: Operation) -> Delivery | None:
        if not isinstance(wanted, ShipOrder):
            raise NotAllowed(what="This cannot be looked for", remedy="Look there.")
        return Delivery("") if wanted in self.marketplace.done else None
