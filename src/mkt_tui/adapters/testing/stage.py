"""What every test of the kit does on a practice marketplace."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final, Self
from unittest import SkipTest

from mkt_tui.adapters.base import (
    Adapter,
    ListsListings,
    ListsOrders,
    ListsReturns,
    ListsSales,
    ListsTickets,
    ListsTitles,
    Page,
    Replies,
)
from mkt_tui.adapters.testing import wire
from mkt_tui.adapters.testing.checks import hold
from mkt_tui.adapters.testing.practice import Practice
from mkt_tui.adapters.testing.virtual_time import clock
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, TicketSnapshot

LISTS: Final[dict[str, type[Any]]] = {
    "tickets": ListsTickets,
    "orders": ListsOrders,
    "returns": ListsReturns,
    "listings": ListsListings,
    "titles": ListsTitles,
    "sales": ListsSales,
}


class Stage:
    """A practice marketplace, the wire to it, and an ear on every log.

    Raises:
        AssertionError: On leaving, when a secret was told to a log.
    """

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.wire = wire.Wire(practice.transport, practice.sign_in)
        self.clock = clock()
        self._ear = _Ear()
        self._numbers = count(1)

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self._ear)
        root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self._ear)
        root.setLevel(self._level)
        self._check_untold(self._ear.heard, "A log line")

    @asynccontextmanager
    async def adapter(self) -> AsyncIterator[Adapter]:
        """Open a new adapter, as after a crash.

        A while later: what the one before asked for must not count against its rate.
        """
        await self.pass_time(self.practice.recovers)
        async with self.practice.adapter(self.wire) as adapter:
            yield adapter

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Read with a new adapter."""
        async with self.adapter() as adapter:
            if not isinstance(adapter, ListsTickets):
                raise SkipTest("it lists no tickets")
            async for page in adapter.tickets(cursor):
                yield page

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Read with a new adapter."""
        async with self.adapter() as adapter:
            if not isinstance(adapter, ListsOrders):
                raise SkipTest("it lists no orders")
            async for page in adapter.orders(cursor):
                yield page

    async def all_tickets(self) -> dict[str, TicketSnapshot]:
        """Return every ticket, by its code; empty when the adapter lists none."""
        try:
            return {each.code: each async for page in self.tickets(None) for each in page.items}
        except SkipTest:
            return {}

    async def all_orders(self) -> dict[str, OrderSnapshot]:
        """Return every order, by its number; empty when the adapter lists none."""
        try:
            return {each.number: each async for page in self.orders(None) for each in page.items}
        except SkipTest:
            return {}

    def reply(self, ticket_code: str, audience: Audience, text: str = "") -> Reply:
        """Return a reply of now, in words that no other reply has."""
        number = next(self._numbers)
        text = text or f"Olá! Resposta nº {number}: R$ 5 < R$ 6 & pronto.\n\nAté logo."
        operation = f"00000000-0000-4000-8000-{number:012}"
        return Reply(operation, ticket_code, text, audience, self.clock())

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, which costs none."""
        await asyncio.sleep(seconds)

    def refuse(self, read: int | None = None, write: int | None = None) -> None:
        """Answer with these statuses from now on."""
        self.wire.reads = wire.answering(read) if read else None
        self.wire.writes = wire.answering(write) if write else None

    async def failure(self, act: Callable[[Any], Awaitable[object]]) -> UserError | None:
        """Return the error that `act` ends with on a new adapter, None when all is well."""
        try:
            async with self.adapter() as adapter:
                await act(adapter)
        except UserError as error:
            self._check_untold([str(error), error.to_json()], "An error")
            return error
        return None

    async def reply_fails(self, reply: Reply) -> UserError | None:
        """Return the error that sending `reply` ends with, None when it is delivered."""

        async def send(adapter: Adapter) -> None:
            if isinstance(adapter, Replies):
                await adapter.reply(reply)

        return await self.failure(send)

    def _check_untold(self, texts: Iterable[str], what: str) -> None:
        for text in texts:
            for secret in {*self.practice.secrets, *self.wire.tokens}:
                hold(secret not in text, f"{what} holds a secret.")


class _Ear(logging.Handler):
    """Hears what every logger says, arguments and tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))
