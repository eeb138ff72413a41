"""What an adapter may be able to do.

An adapter is one class per marketplace. It says what it can do by what it implements; callers ask
with isinstance and show what is absent as unavailable. Everything it returns is in domain words,
with outside text already made safe; everything it raises is a `ChannelError`.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Generic, Protocol, Self, TypeVar, runtime_checkable

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.listings import Listing
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.orders import OrderDocument, OrderSnapshot, Shipment, Unreadable
from mkt_tui.domain.publishing import Sale, TitleSnapshot
from mkt_tui.domain.returns import Returnable, ReturnSnapshot
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import AttachmentPlace, TicketSnapshot

Snapshot = TypeVar("Snapshot", covariant=True)


@dataclass(frozen=True, slots=True)
class Page(Generic[Snapshot]):
    """A step of an incremental read.

    Attributes:
        items: The snapshots, each complete in itself.
        cursor: Where to go on from; to be stored in the same transaction as the items.
        complete: Whether the read has now seen everything there was.
        total: How many items the whole read has, where the marketplace says so.
        unreadable: Orders of the page that were told of and could not be read (M1).
    """

    items: tuple[Snapshot, ...]
    cursor: str
    complete: bool
    total: int | None = None
    unreadable: tuple[Unreadable, ...] = ()


class Adapter(Protocol):
    """What every adapter is: made from a channel and its secret, checked, closed.

    `secret` is called when a request needs it and its result is never kept, so a key that was
    changed on disk works at once. An adapter that needs several secrets lists their names in a
    class attribute SECRETS and reads them through `adapters.secrets.Secrets`. UNAVAILABLE may say,
    by the names of `desk.capabilities`, why it lacks what others do; OWN_FILES names options that are
    files it writes itself, which a channel made at a desk has in the secret store; NEEDS names the option without
    which a channel cannot do something (A15).
    """

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def check(self) -> None:
        """Make one harmless authorised request.

        Raises:
            ChannelError: What is wrong with the address, the key or the answer.
        """
        ...


@runtime_checkable
class ListsTickets(Protocol):
    """Reads the tickets that changed."""

    def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield pages of what changed since `cursor` (None = everything).

        A read that breaks off goes on from the last page's cursor. The pages may repeat a ticket,
        never skip one.
        """
        ...


@runtime_checkable
class ListsOrders(Protocol):
    """Reads the orders that changed."""

    def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield pages of what changed since `cursor`; see `ListsTickets.tickets`."""
        ...


@runtime_checkable
class ListsTitles(Protocol):
    """Reads a publisher's titles that changed."""

    def titles(self, cursor: str | None) -> AsyncIterator[Page[TitleSnapshot]]:
        """Yield pages of what changed since `cursor`; see `ListsTickets.tickets`."""
        ...


@runtime_checkable
class ReadsTitle(Protocol):
    """Reads one title by its ISBN."""

    async def title(self, isbn: str) -> TitleSnapshot | None:
        """Return the title with files and deliveries; None when the portal has none such."""
        ...


@runtime_checkable
class ListsSales(Protocol):
    """Reads a publisher's sales."""

    def sales(self, cursor: str | None) -> AsyncIterator[Page[Sale]]:
        """Yield pages of lines since `cursor`; a line that comes again replaces itself."""
        ...


@runtime_checkable
class ListsReturns(Protocol):
    """Reads the returns that changed."""

    def returns(self, cursor: str | None) -> AsyncIterator[Page[ReturnSnapshot]]:
        """Yield pages of what changed since `cursor`; see `ListsTickets.tickets`."""
        ...


def least_every(adapter: object, stream: str) -> timedelta:
    """Return how far apart two looks at a list must be at least, by what its adapter says.

    It says so in EVERY, by the names of the lists: "tickets", "orders", "returns" ..., in seconds.
    """
    every: Mapping[str, float] = getattr(adapter, "EVERY", {})
    return timedelta(seconds=every.get(stream, 0.0))


@runtime_checkable
class ReadsNamedOrders(Protocol):
    """Tells several orders by their numbers in one request."""

    async def orders_named(self, numbers: Sequence[str]) -> tuple[OrderSnapshot, ...]:
        """Return those of these orders, at most a hundred, that are there and make sense."""
        ...


@runtime_checkable
class ReadsOrder(Protocol):
    """Reads one order by its number."""

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return the order as it is now; None when the marketplace has none of that number."""
        ...


@runtime_checkable
class ListsListings(Protocol):
    """Reads what the shop offers, with the pieces in stock."""

    def listings(self, cursor: str | None) -> AsyncIterator[Page[Listing]]:
        """Yield pages of what changed since `cursor`, or of everything; see `ListsTickets.tickets`."""
        ...


@runtime_checkable
class ListsShipments(Protocol):
    """Tells the parcels of an order, where the marketplace keeps several; takes acts on each.

    `TrackOrder.shipment` and `ShipOrder.shipments` name them.
    """

    async def shipments(self, number: str) -> tuple[Shipment, ...]:
        """Return the parcels as they are now.

        Raises:
            NotAllowed: This marketplace keeps no more than one for an order.
        """
        ...


@runtime_checkable
class TellsReturnable(Protocol):
    """Tells what of an order its customer may send back."""

    async def returnable(self, lines: Sequence[str]) -> tuple[Returnable, ...]:
        """Return it for these order lines as it is now; those not told of cannot come back."""
        ...


@runtime_checkable
class HoldsDocuments(Protocol):
    """Hands out the documents of orders."""

    async def documents(self, number: str) -> tuple[OrderDocument, ...]:
        """Return the documents of an order, in the marketplace's sequence."""
        ...

    async def document(self, code: str) -> bytes:
        """Return the file of a document.

        Raises:
            ChannelError: Why it cannot be had, such as that it is gone.
        """
        ...


@runtime_checkable
class HoldsAttachments(Protocol):
    """Hands out the files that came with messages (T25)."""

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return the file of an attachment.

        Raises:
            ChannelError: Why it cannot be had, such as that it is gone.
        """
        ...


@runtime_checkable
class ReadsThread(Protocol):
    """Reads one ticket with all its messages."""

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return the ticket as it is now."""
        ...


@runtime_checkable
class HearsNews(Protocol):
    """Is told when there is something new, so that nobody has to ask all the time."""

    async def news(self) -> None:
        """Return when there are new tickets, or may be.

        Raises:
            ChannelError: It cannot be heard now.
            NotAllowed: It can never be heard at this channel.
        """
        ...


@runtime_checkable
class TellsExpiry(Protocol):
    """Knows when what it asks with ends."""

    def key_expires_at(self) -> datetime | None:
        """Return when the token ends that requests go with now; None = there is none yet.

        Raises:
            SecretMissing: Where it is kept cannot be read.
        """
        ...


@runtime_checkable
class Replies(Protocol):
    """Delivers replies."""

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver `reply`, once.

        Raises:
            Unreachable, RateLimited, Unavailable: It certainly did not arrive; it may be retried.
            AccessRefused, Refused, NotAllowed: A definite no.
            Doubtful: It may have arrived; only `find_sent` or a person can tell.
        """
        ...


@runtime_checkable
class SendsFiles(Protocol):
    """Sends `Reply.files` along; a reply with files is given to no adapter without it."""

    SENDS_FILES: ClassVar[bool]


@runtime_checkable
class FindsSent(Protocol):
    """Tells whether a doubtful reply arrived."""

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Return the marketplace's word on `reply`, None when it surely is not there.

        Raises:
            Doubtful: It cannot be told; a person must settle it.
        """
        ...
