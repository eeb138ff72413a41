"""Acts on an order at its marketplace: what may be done, what it changes, and doing it once.

They act on the marketplace only (C18): the seller's own system learns nothing of them, so the
order counts as diverged afterwards. Each is an operation of the outbox; an order on which
somebody acted before is asked about a second time (C17).
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from mkt_tui.adapters import registry
from mkt_tui.adapters.acts import KnownReason, KnowsReasons, can
from mkt_tui.cache import erp
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import queuing, refunding, returning, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.order_questions import act_name, touch
from mkt_tui.domain import packing
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DecideOrder,
    DeleteDocument,
    DeliverOrder,
    EndIncident,
    ExchangeOrder,
    Parcel,
    RefundOrder,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.orders import OrderDocument, OrderStatus
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, why
from mkt_tui.secret_references import read_secret

KINDS: Final = (
    Kind.DECIDE,
    Kind.TRACK,
    Kind.SHIP,
    Kind.PARCEL,
    Kind.CANCEL,
    Kind.REFUND,
    Kind.DOCUMENT,
    Kind.DELETE_DOCUMENT,
    Kind.INCIDENT,
    Kind.RETURN,
    Kind.DELIVER,
    Kind.EXCHANGE,
)
_LARGEST_DOCUMENT: Final = 10_000_000
_FITS: Final = {
    Kind.DECIDE: (OrderStatus.WAITING,),
    Kind.TRACK: (OrderStatus.TO_SHIP, OrderStatus.SHIPPED),
    Kind.SHIP: (OrderStatus.TO_SHIP,),
    Kind.PARCEL: (OrderStatus.TO_SHIP,),
    Kind.CANCEL: (OrderStatus.WAITING, OrderStatus.TO_SHIP),
    Kind.REFUND: (OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.DELIVERED),
    Kind.DELIVER: (OrderStatus.SHIPPED,),
    Kind.EXCHANGE: (OrderStatus.SHIPPED, OrderStatus.DELIVERED),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act, and why it cannot be done now; None = it can."""

    kind: Kind
    name: str
    obstacle: str | None


def offers(desk: Desk, record: OrderRecord) -> list[Offer]:
    """Return all acts on the order, those that cannot be done with the reason (C16)."""
    return [Offer(each, act_name(each), _obstacle(desk, record, each)) for each in KINDS]


def decide(desk: Desk, record: OrderRecord, *, accept: bool) -> DecideOrder:
    """Return the act that accepts or refuses every line of the order."""
    lines = tuple(str(each["line"]) for each in record.items)
    accepted, refused = (lines, ()) if accept else ((), lines)
    return DecideOrder(_new(), record.number, accepted, refused, desk.clock())


def track(
    desk: Desk, record: OrderRecord, parcel: Parcel, shipment: str | None = None
) -> TrackOrder:
    """Return the act that enters or corrects the tracking of the order, or of one parcel (A6)."""
    [told] = shipping.checked([parcel])
    return TrackOrder(_new(), record.number, told, desk.clock(), shipment)


def ship(desk: Desk, record: OrderRecord, *parcels: Parcel) -> ShipOrder:
    """Return the act that declares the order shipped, in one parcel or several.

    Raises:
        NotAllowed: A parcel lacks its carrier or number, or the channel takes one only.
    """
    told = shipping.checked(parcels)
    by_parcel = len(told) > 1 or any(each.shares for each in told)
    if by_parcel and not takes_parcels(desk, record):
        raise NotAllowed(
            what=_("This channel takes one parcel for an order from here"),
            remedy=_("Ship the others in the marketplace's own portal."),
        )
    return ShipOrder(_new(), record.number, told, desk.clock())


def takes_parcels(desk: Desk, record: OrderRecord) -> bool:
    """Tell whether the channel takes several parcels of an order, with the pieces in each."""
    channel = desk.channels().get(record.channel_id)
    return channel is not None and bool(
        getattr(registry.load(channel.adapter), "SHIPS_PARCELS", False)
    )


def cancel(desk: Desk, record: OrderRecord, reason: str | None) -> CancelOrder:
    """Return the act that cancels the whole order."""
    return CancelOrder(_new(), record.number, (), reason or None, desk.clock())


def deliver(desk: Desk, record: OrderRecord) -> DeliverOrder:
    """Return the act that declares the order delivered."""
    return DeliverOrder(_new(), record.number, desk.clock())


def exchange(desk: Desk, record: OrderRecord, parcel: Parcel, *, returned: bool) -> ExchangeOrder:
    """Return the act that tells of pieces that were exchanged, or came back.

    Its parcel may lack carrier and number: nothing need be on its way.

    Raises:
        NotAllowed: More pieces than the order has of an item.
    """
    [checked] = packing.packed([parcel], shipping.ordered(record))
    return ExchangeOrder(_new(), record.number, checked, returned, desk.clock())


def end_incident(desk: Desk, record: OrderRecord, reason: str | None) -> EndIncident:
    """Return the act that declares the order's incident settled."""
    return EndIncident(_new(), record.number, reason or None, desk.clock())


def reasons(desk: Desk, record: OrderRecord, kind: Kind) -> list[str]:
    """Return the codes and words that an act may name as its reason; asks the marketplace.

    For a thread. Nothing where the marketplace names none, or cannot be asked now: what was typed is
    checked there anyway.
    """
    import asyncio

    channel = desk.channels().get(record.channel_id)
    if channel is None:
        return []

    async def ask(known: type[Any]) -> tuple[KnownReason, ...]:
        secret = partial(read_secret, channel.secret, channel.name)
        async with known(channel, secret) as adapter:
            found: tuple[KnownReason, ...] = await adapter.reasons(kind)
            return found

    try:
        known = registry.load(channel.adapter)
        found = asyncio.run(ask(known)) if issubclass(known, KnowsReasons) else ()
    except UserError:
        return []
    return [f"{each.code}  {each.words}" for each in found]


def refund(desk: Desk, record: OrderRecord, reason: str | None, typed: str = "") -> RefundOrder:
    """Return the act that pays back what is left of the order, or of some items (T41).

    Args:
        typed: See `refunding.chosen`.

    Raises:
        NotAllowed: The prices are not known, nothing is left, or less than was typed.
    """
    rest = refunding.left(desk, record)
    if not rest:
        raise NotAllowed(
            what=_("All of this order is paid back already, or on its way to be"),
            remedy=_("Look at its history."),
        )
    lines = refunding.chosen(rest, record.items, record.currency, typed)
    now = desk.clock()
    return RefundOrder(_new(), record.number, lines, record.currency, reason or None, now)


def document(desk: Desk, record: OrderRecord, path: Path, kind: str) -> UploadDocument:
    """Return the act that puts a file to the order.

    Raises:
        NotAllowed: The file cannot be read, is empty or is too large.
    """
    try:
        content = path.expanduser().read_bytes()
    except OSError as error:
        raise NotAllowed(
            what=_("The file {path} cannot be read ({detail})").format(
                path=path, detail=why(error)
            ),
            remedy=_("Choose another file."),
        ) from error
    if not 0 < len(content) <= _LARGEST_DOCUMENT:
        raise NotAllowed(
            what=_("A document must have 1 byte to 10 MB"), remedy=_("Choose another file.")
        )
    data = b64encode(content).decode()
    return UploadDocument(_new(), record.number, kind, path.name, data, desk.clock())


def delete_document(desk: Desk, record: OrderRecord, wanted: OrderDocument) -> DeleteDocument:
    """Return the act that takes a document away from the order."""
    return DeleteDocument(_new(), record.number, wanted.code, wanted.name, desk.clock())


def perform(desk: Desk, record: OrderRecord, act: Operation, *, again: bool = False) -> None:
    """Put the act into the outbox and mark the order as acted on, in one transaction.

    Args:
        again: Whether the agent has been told of an earlier act and wants this one too.

    Raises:
        NotAllowed: The channel or the order's state does not allow it, somebody acted on the
            order before and `again` was not said, or that act is still on its way.
    """
    if obstacle := _obstacle(desk, record, act.kind):
        raise NotAllowed(what=obstacle, remedy=_("Look at the order in the marketplace's portal."))
    channel = desk.channels()[record.channel_id]
    now = desk.clock()
    with desk.database.transaction():
        if not again and touch(desk, record):
            raise NotAllowed(
                what=_("Somebody has acted on this order before"),
                remedy=_("Look at its history, and confirm once more."),
            )
        if isinstance(act, RefundOrder):
            refunding.check(desk, record, act)
        queuing.queue(desk, channel, act)
        desk.database.execute(
            "UPDATE sales_order SET touched = :act, touched_at = :now, touched_by = :agent"
            " WHERE channel_id = :id AND number = :number",
            {
                "act": act.kind,
                "now": to_cache(now),
                "agent": desk.agent,
                "id": record.channel_id,
                "number": record.number,
            },
        )
        erp.diverge(desk.database, (record.channel_id, record.number), desk.agent, now)


def _obstacle(desk: Desk, record: OrderRecord, kind: Kind) -> str | None:
    channel = desk.channels().get(record.channel_id)
    if channel is None:
        return _("The order's channel was removed")
    try:
        adapter = registry.load(channel.adapter)
    except UserError as error:
        return str(error)
    if not can(adapter, kind):
        if reason := getattr(adapter, "UNAVAILABLE", {}).get(kind):
            return _(reason)
        return _("{channel} does not offer that from here").format(channel=clean_line(channel.name))
    if kind is Kind.RETURN and not returning.open_of(desk, record):
        return _("The order has no open return")
    if kind in _FITS and record.status not in _FITS[kind]:
        return _("The order is not in a state for that")
    return None


def _new() -> str:
    return str(uuid4())
