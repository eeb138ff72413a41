"""The practice marketplace that the author of an adapter supplies."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.domain.tickets import Role


@dataclass(frozen=True, slots=True)
class Received:
    """A reply as the marketplace holds it, and the sides that can read it."""

    text: str
    readers: frozenset[Role]


class Practice(ABC):
    """A marketplace in the process of the test, living by `testing.clock()`.

    It must be written from the marketplace's documentation and share no code with the adapter, or
    one misreading hides on both sides.

    Attributes:
        secrets: What may appear in no log line and no error: keys, tokens.
        page_size: How many tickets the adapter asks for at most in one page.
        order_page_size: The same of orders, where it is another number.
        enumerations: JSON keys whose values are words of a list, which may grow any day.
        sign_in: Paths of requests that only fetch a token; no fault is played on them.
        recovers: Seconds after which the slowest of its rates has forgotten what came before.
    """

    secrets: tuple[str, ...] = ()
    page_size: int = 100
    order_page_size: int | None = None
    enumerations: tuple[str, ...] = ()
    sign_in: tuple[str, ...] = ()
    recovers: float = 120.0

    @property
    @abstractmethod
    def transport(self) -> httpx.AsyncBaseTransport:
        """How its requests are answered: httpx.ASGITransport(app), httpx.MockTransport(react)."""

    @abstractmethod
    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        """Return a new adapter that sends its requests through `transport`."""

    @abstractmethod
    def tickets(self) -> Collection[str]:
        """Return the codes of the tickets it holds."""

    @abstractmethod
    def orders(self) -> Collection[str]:
        """Return the numbers of the orders it holds; empty where the adapter reads none."""

    def hold_orders(self, count: int) -> bool:
        """Let it hold the first `count` orders only; False where it cannot, or has fewer."""
        del count
        return False

    @abstractmethod
    def received(self, ticket_code: str) -> list[Received]:
        """Return what the shop wrote in a ticket, the oldest first."""

    @abstractmethod
    def customer_writes(self, ticket_code: str, text: str) -> None:
        """Let the customer of a ticket write once more, now."""

    @property
    @abstractmethod
    def too_fast(self) -> int:
        """How many requests came faster than the marketplace allows."""
