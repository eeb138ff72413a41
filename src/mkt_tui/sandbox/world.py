"""The practice world: the shops with their orders and threads, kept sorted for quick pages."""

import hmac
import random
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from mkt_tui.sandbox.instants import ms_of, utc_now
from mkt_tui.sandbox.records import CUSTOMER, OPERATOR, SHOP, Attachment, Message, Order, Thread

Key = tuple[int, str]
"""Place of a thread in M11: newest update first, then the id."""


@dataclass(frozen=True, slots=True)
class ShopIdentity:
    """What distinguishes one shop account from the others."""

    slug: str
    channel: str
    number: int
    seller: str
    api_key: str
    contract: str = "mirakl"

    @property
    def publishes(self) -> bool:
        """Whether its tickets are about titles, not about orders."""
        return self.contract == "bookwire"

    @property
    def is_silent(self) -> bool:
        """Whether its API has orders and no inbox."""
        return self.contract in ("amazon", "buscape", "hub2b")

    @property
    def operator(self) -> str:
        """Display name of the marketplace's own staff."""
        return f"Operador {self.channel}"


class Shop:
    """One seller's account at one marketplace: its threads, orders and attachments.

    Args:
        tickets: How many tickets were asked for, for who invents them later.
    """

    def __init__(
        self,
        identity: ShopIdentity,
        orders: Iterable[Order],
        threads: Iterable[Thread],
        tickets: int = 0,
    ) -> None:
        self.identity = identity
        self.tickets = tickets
        by_creation = sorted(orders, key=lambda order: (order.created, order.id))
        self.orders = {order.id: order for order in by_creation}
        self.threads: dict[str, Thread] = {}
        self.attachments: dict[str, Attachment] = {}
        self._threads_of: defaultdict[str, list[Thread]] = defaultdict(list)
        self._keys: list[Key] = []
        for thread in threads:
            self._register(thread)
            self._keys.append(key_of(thread))
        self._keys.sort()

    def accepts(self, authorization: str) -> bool:
        """Tell whether `authorization` is this shop's key, bare as the contract wants it."""
        return hmac.compare_digest(authorization.encode(), self.identity.api_key.encode())

    @property
    def keys(self) -> list[Key]:
        """The places of all threads in M11's order; not to be changed."""
        return self._keys

    def keys_of_orders(self, order_ids: Iterable[str]) -> list[Key]:
        """Return the places of the threads on these orders, in M11's order."""
        wanted = dict.fromkeys(order_ids)
        return sorted(key_of(thread) for each in wanted for thread in self.threads_of(each))

    def threads_of(self, order_id: str) -> list[Thread]:
        """Return the threads on one order."""
        return self._threads_of.get(order_id, [])

    def add_thread(self, thread: Thread) -> None:
        """Take in a new thread with its first message."""
        self._register(thread)
        insort(self._keys, key_of(thread))

    def add_message(self, thread: Thread, message: Message) -> None:
        """Append `message`: the thread moves to the top and the wait is kept up to date."""
        del self._keys[bisect_left(self._keys, key_of(thread))]
        thread.waiting_since = _waiting_after(thread, message)
        if message.sender == CUSTOMER:
            thread.closed, thread.assigned = None, SHOP
        thread.messages.append(message)
        thread.updated = max(thread.updated, message.sent)
        self._keep_files(message)
        insort(self._keys, key_of(thread))

    def touch(self, thread: Thread, now: datetime) -> None:
        """Note that something of `thread` changed: it moves to the top."""
        del self._keys[bisect_left(self._keys, key_of(thread))]
        thread.updated = now
        insort(self._keys, key_of(thread))

    def _register(self, thread: Thread) -> None:
        self.threads[thread.id] = thread
        self._threads_of[thread.order.id].append(thread)
        for message in thread.messages:
            self._keep_files(message)

    def _keep_files(self, message: Message) -> None:
        self.attachments.update((each.id, each) for each in message.attachments)


@dataclass(frozen=True, slots=True)
class World:
    """The shops and the clock they live by.

    Attributes:
        rate_limit: Requests a second a Mirakl shop takes before it answers 429; None = no limit.
        paced: Whether the marketplaces keep the request rates their documentation names.
    """

    shops: tuple[Shop, ...]
    clock: Callable[[], datetime] = field(default=utc_now)
    rate_limit: float | None = None
    paced: bool = False

    def shop(self, slug: str) -> Shop | None:
        """Return the shop with this name in the address, if there is one."""
        return next((each for each in self.shops if each.identity.slug == slug), None)


_ACCOUNTS = {
    "carrefour": ("Carrefour", 2001, "Casa Prado", "mirakl"),
    "leroymerlin": ("Leroy Merlin", 2002, "Casa Prado Obras", "mirakl"),
    "casasbahia": ("Casas Bahia", 2003, "Casa Prado", "cnova"),
    "magalu": ("Magalu", 2004, "Casa Prado", "magalu"),
    "marabraz": ("Marabraz", 2006, "Casa Prado", "bridge"),
    "ricardoeletro": ("Ricardo Eletro", 2007, "Casa Prado", "bridge"),
    "americanas": ("Americanas", 2008, "Casa Prado", "americanas"),
    "amazon": ("Amazon", 2005, "Casa Prado", "amazon"),
    "bookwire": ("Bookwire", 3001, "Editora Prado", "bookwire"),
    "buscape": ("Buscapé", 2010, "Casa Prado", "buscape"),
    "hub2b": ("Hub2b", 9999, "Casa Prado Hub", "hub2b"),
}
SHOPS = tuple(_ACCOUNTS)
"""Every shop that can be played, by its name in the address."""
TWO_SHOPS = ("carrefour", "leroymerlin")


def identities(seed: int, slugs: Iterable[str] = TWO_SHOPS) -> tuple[ShopIdentity, ...]:
    """Return the shops named `slugs`; their API keys follow from the seed."""
    return tuple(_identity(seed, slug, *_ACCOUNTS[slug]) for slug in slugs)


def _identity(
    seed: int, slug: str, channel: str, number: int, seller: str, contract: str
) -> ShopIdentity:
    return ShopIdentity(slug, channel, number, seller, _key(seed, slug), contract)


def key_of(thread: Thread) -> Key:
    """Return the place of a thread in M11's order."""
    return (-ms_of(thread.updated), thread.id)


def party_waiting(thread: Thread) -> str | None:
    """Return who waits for the shop: the last sender who is not the shop, while one waits."""
    if thread.waiting_since is None:
        return None
    senders = (each.sender for each in reversed(thread.messages))
    return next((each for each in senders if each in (CUSTOMER, OPERATOR)), None)


def _waiting_after(thread: Thread, message: Message) -> datetime | None:
    if message.sender != SHOP:
        if SHOP in message.to:
            return thread.waiting_since or message.sent
        return thread.waiting_since
    # [unknown] in the contract: "Null when the shop has replied" does not say to whom. A note to
    # the operator alone leaves the customer waiting here, which is the harder case for a client.
    return None if party_waiting(thread) in message.to else thread.waiting_since


def _key(seed: int, slug: str) -> str:
    # Practice keys only: they must be the same on every start, so no secure source is wanted.
    bits = random.Random(f"api key/{seed}/{slug}").getrandbits(128)  # noqa: S311
    return str(UUID(int=bits, version=4))
