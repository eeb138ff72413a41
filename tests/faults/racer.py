"""One of several processes that want the same tickets and the same outbox.

    python -m tests.faults.racer PLACE NAME MARKETPLACE

It tries to claim every ticket; whoever has one sends a reply to it, and delivers whatever is due in
the outbox, its own replies and the others'. The marketplace is a file: a line for each message.
Nothing may surface but the end. It begins when it is told a line.
"""

import asyncio
import os
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from mkt_tui.adapters.base import Adapter
from mkt_tui.cache import channels, claims
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress
from mkt_tui.config import Settings
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import find_home
from mkt_tui.sync.outbox import Outbox

_BETWEEN_DELIVERIES = 20
# As long as a claim may be.
_LONG = timedelta(minutes=9)


class Line:
    """A marketplace that writes down what it is sent; a short line at the end of a file is atomic."""

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        del channel, secret
        self.file = -1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def check(self) -> None:
        return None

    async def reply(self, reply: Reply) -> Delivery:
        os.write(self.file, f"{reply.ticket_code} {reply.operation}\n".encode())
        return Delivery(reply.operation)


def main(place: str, name: str, marketplace: str) -> None:
    """Race, and tell how many tickets were won."""
    server = os.environ.get(DATABASE_VARIABLE)
    # Who wins does not hang on the disk: thousands of waits for it would only be slow.
    database = Database(ServerAddress(server) if server else Path(place), durable=False)
    desk = Desk(database, Settings(), find_home(Path(place).parent), name)
    (channel,) = channels.all_channels(database)
    adapter = Line(channel, lambda: "")
    adapter.file = os.open(marketplace, os.O_WRONLY | os.O_APPEND)
    outbox = Outbox(database, desk.clock, name)
    tickets = [row[0] for row in database.rows("SELECT id FROM ticket")]
    random.Random(name).shuffle(tickets)
    sys.stdin.readline()
    won = race(desk, tickets, lambda: deliver(outbox, channel, adapter))
    sys.stdout.write(f"{won}\n")


def race(desk: Desk, tickets: list[int], deliver: Callable[[], None]) -> int:
    """Claim, answer, deliver."""
    won = 0
    for number, ticket in enumerate(tickets, 1):
        if claims.take(desk.database, ticket, desk.agent, datetime.now(UTC), _LONG) is None:
            won += 1
            talk = conversation.load(desk, ticket)
            replying.send(desk, talk, Draft("Chega amanhã.", Audience.BOTH))
        if number % _BETWEEN_DELIVERIES == 0:
            deliver()
    deliver()
    return won


def deliver(outbox: Outbox, channel: Channel, adapter: Adapter) -> None:
    """Deliver what is due now."""
    asyncio.run(outbox.deliver(channel, adapter))


if __name__ == "__main__":
    main(*sys.argv[1:])
