"""Desks that are killed at a numbered step on the way from an agent's hand to the marketplace.

    python -m tests.faults.doomed PLACE ADAPTER

Every line of stdin is a desk: ROAD TARGET STEP TEXT, where ROAD is one of ROADS and TARGET a ticket
or an order. A step is taken before every statement, transaction, commit and request of the real
code; what lies between two of them leaves nothing behind, so dying after one is dying before the
next. At the chosen step the desk kills itself with SIGKILL; when it takes fewer, it lives. Each desk
is a process, forked from this one, which has all programs in memory and nothing open. A line of
stdout tells its exit code (-9 = killed).
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import httpx

from mkt_tui.adapters import registry
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress
from mkt_tui.config import Settings
from mkt_tui.desk import conversation, order_acts, replying, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import find_home
from mkt_tui.sync.engine import Engine

LONGEST: Final = 60


class Steps:
    """Counts, and kills at one of them."""

    def __init__(self, fatal: int) -> None:
        self.count = 0
        self.fatal = fatal

    def take(self) -> None:
        """One step further."""
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(steps: Steps) -> None:
    """Take a step before every statement, transaction, commit and request."""
    execute, transaction = Database.execute, Database.transaction
    request = httpx.AsyncHTTPTransport.handle_async_request

    def execute_stepwise(self: Database, *arguments: Any) -> int:
        steps.take()
        return execute(self, *arguments)

    @contextmanager
    def transaction_stepwise(self: Database, *, durable: bool = True) -> Iterator[None]:
        steps.take()
        with transaction(self, durable=durable):
            yield
            steps.take()

    async def request_stepwise(
        self: httpx.AsyncHTTPTransport, asked: httpx.Request
    ) -> httpx.Response:
        steps.take()
        return await request(self, asked)

    for kind, name, stepwise in (
        (Database, "execute", execute_stepwise),
        (Database, "transaction", transaction_stepwise),
        (httpx.AsyncHTTPTransport, "handle_async_request", request_stepwise),
    ):
        setattr(kind, name, stepwise)


def reply(desk: Desk, ticket: str, text: str, steps: Steps) -> Channel:
    """Write an answer to a ticket and send it."""
    loaded = conversation.load(desk, int(ticket))
    draft = Draft(text, Audience.CUSTOMER)
    watch(steps)
    replying.keep(desk, int(ticket), draft)
    replying.send(desk, loaded, draft)
    return loaded.channel


def ship(desk: Desk, number: str, parcel: str, steps: Steps) -> Channel:
    """Declare an order shipped."""
    record = sheet.find(desk, number)
    watch(steps)
    order_acts.perform(desk, record, order_acts.ship(desk, record, Parcel("BRT", parcel)))
    return desk.channels()[record.channel_id]


ROADS: Final = {"reply": reply, "ship": ship}


def live(place: str, road: str, target: str, step: int, text: str) -> None:
    """Do it and deliver it."""
    server = os.environ.get(DATABASE_VARIABLE)
    database = Database(ServerAddress(server) if server else Path(place))
    settings = Settings(hold_seconds=0)
    desk = Desk(database, settings, find_home(Path(place).parent), "ana", now)
    channel = ROADS[road](desk, target, text, Steps(step))
    asyncio.run(Engine(database, settings, now).deliver_now(channel))


def now() -> datetime:
    """Return the instant it is."""
    return datetime.now(UTC)


def fork(place: str, road: str, target: str, step: str, text: str) -> int:
    """Let a desk live or die; return its exit code."""
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)
        live(place, road, target, int(step), text)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(place: str, adapter: str) -> None:
    """Fork a desk for each line of stdin."""
    registry.load(adapter)
    if os.environ.get(DATABASE_VARIABLE):
        import_module("mkt_tui.cache.engines.postgres")
    for line in sys.stdin:
        sys.stdout.write(f"{fork(place, *line.rstrip().split(' ', 3))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
