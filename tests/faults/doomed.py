"""A desk that is killed at a numbered step on the way from a draft to the marketplace.

    python -m tests.faults.doomed PLACE TICKET STEP TEXT

Every statement, commit and request of the real code is a step, counted before and after it. At
the chosen one the process kills itself with SIGKILL; with step 0 it lives and prints their number.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.places import DATABASE_VARIABLE, ServerAddress
from mkt_tui.config import Settings, find_home
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.tickets import Audience
from mkt_tui.sync.engine import Engine


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
    """Make every statement, commit and request a step."""
    execute, transaction = Database.execute, Database.transaction
    request = httpx.AsyncHTTPTransport.handle_async_request

    def execute_stepwise(self: Database, *arguments: Any) -> int:
        steps.take()
        changed = execute(self, *arguments)
        steps.take()
        return changed

    @contextmanager
    def transaction_stepwise(self: Database) -> Iterator[None]:
        steps.take()
        with transaction(self):
            yield
            steps.take()
        steps.take()

    async def request_stepwise(
        self: httpx.AsyncHTTPTransport, asked: httpx.Request
    ) -> httpx.Response:
        steps.take()
        answer = await request(self, asked)
        steps.take()
        return answer

    for kind, name, stepwise in (
        (Database, "execute", execute_stepwise),
        (Database, "transaction", transaction_stepwise),
        (httpx.AsyncHTTPTransport, "handle_async_request", request_stepwise),
    ):
        setattr(kind, name, stepwise)


def main(place: str, ticket: str, step: str, text: str) -> None:
    """Write, send and deliver one reply."""
    server = os.environ.get(DATABASE_VARIABLE)
    database = Database(ServerAddress(server) if server else Path(place))
    desk = Desk(database, Settings(), find_home(Path(place).parent), "ana", now)
    loaded = conversation.load(desk, int(ticket))
    draft = Draft(text, Audience.CUSTOMER)
    steps = Steps(int(step))
    watch(steps)
    replying.keep(desk, int(ticket), draft)
    replying.send(desk, loaded, draft)
    asyncio.run(Engine(database, Settings(), now).deliver_now(loaded.channel))
    sys.stdout.write(f"{steps.count}\n")


def now() -> datetime:
    """Return the instant it is."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main(*sys.argv[1:])
