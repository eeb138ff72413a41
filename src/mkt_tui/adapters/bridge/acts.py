"""What a shop does with tickets and orders beside writing: close, send, cancel, hand in invoices.

Every write carries a key made of its operation, and the bridge answers the same key with its first
result again for seven days. So what cannot be seen at the bridge may simply be sent once more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote

from mkt_tui.adapters.bridge.orders import sku_of
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.nfe import access_key
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Doubtful, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    Parcel,
    ShipOrder,
    UploadDocument,
)
from mkt_tui.domain.ticket_operations import CloseTicket
from mkt_tui.i18n import N_

TICKETS: Final = "/v1/tickets"
ORDERS: Final = "/v1/orders"
_DONE: Final = Delivery("")
_CLOSED: Final = "closed"
_SENT: Final = ("shipped", "delivered")
_CANCELLED: Final = "cancelled"
_DELIVERED: Final = "delivered"
# Seven days by the contract, a day less for clocks that differ.
_KEYS_LAST: Final = timedelta(days=6)


class TicketActs:
    """What is done with tickets; the adapter gives its connection."""

    SHIPS_PARCELS: ClassVar[bool] = True

    _channel: Channel
    _http: Http
    _clock: Callable[[], datetime]

    async def close_ticket(self, wanted: CloseTicket) -> Delivery:
        """Close a ticket."""
        path = path_to(TICKETS, wanted.ticket_code, "status")
        await self._http.send("PUT", path, {"status": _CLOSED}, headers=key_of(wanted.operation))
        return _DONE

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the ticket or the order; what is not there may be sent again under its key.

        Raises:
            Doubtful: The bridge may have forgotten the key, so a person must decide.
        """
        if await self._is_seen(wanted):
            return _DONE
        self.check_key(wanted.queued_at)
        return None

    def check_key(self, queued_at: datetime) -> None:
        """Check that the bridge still knows the keys of that time.

        Raises:
            Doubtful: It may have forgotten them: sending again could do it twice.
        """
        if self._clock() - queued_at > _KEYS_LAST:
            raise Doubtful(
                channel=self._channel.name,
                detail=N_("it is too old to be sent again safely"),
            )

    async def _is_seen(self, wanted: Operation) -> bool:
        """Tell whether the bridge shows that it was carried out."""
        if isinstance(wanted, CloseTicket):
            return await self._status(TICKETS, wanted.ticket_code) == _CLOSED
        return False

    async def _status(self, collection: str, code: str) -> object:
        try:
            return (await self._http.get(path_to(collection, code), {})).data.get("status")
        except Refused:
            return None


class Acts(TicketActs):
    """What is done with orders besides."""

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Tell of each parcel under a key of its own."""
        path = path_to(ORDERS, wanted.order_number, "shipments")
        for number, parcel in enumerate(wanted.parcels, 1):
            content = _parcel(parcel, wanted.queued_at)
            key = key_of(f"{wanted.operation}-{number}")
            await self._http.send("POST", path, content, headers=key)
        return _DONE

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Declare an order delivered."""
        path = path_to(ORDERS, wanted.order_number, "delivery")
        content = {"delivered_at": wanted.queued_at.isoformat(timespec="seconds")}
        await self._http.send("POST", path, content, headers=key_of(wanted.operation))
        return _DONE

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel an order, which the contract knows whole only."""
        if wanted.shares:
            raise NotAllowed(
                what=N_("This channel cancels whole orders only"),
                remedy=N_("Cancel the whole order, or do it in the marketplace's own portal."),
            )
        path = path_to(ORDERS, wanted.order_number, "cancellation")
        content = {"reason": wanted.reason or "seller"}
        await self._http.send("POST", path, content, headers=key_of(wanted.operation))
        return _DONE

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Hand in the invoice of an order, an NF-e, whose access key is read from the file."""
        path = path_to(ORDERS, wanted.order_number, "invoice")
        content = {"key": access_key(wanted.data), "xml_base64": wanted.content}
        await self._http.send("POST", path, content, headers=key_of(wanted.operation))
        return _DONE

    async def _is_seen(self, wanted: Operation) -> bool:
        match wanted:
            # Of several parcels the status tells nothing.
            case ShipOrder() if len(wanted.parcels) == 1:
                return await self._status(ORDERS, wanted.order_number) in _SENT
            case DeliverOrder():
                return await self._status(ORDERS, wanted.order_number) == _DELIVERED
            case CancelOrder():
                return await self._status(ORDERS, wanted.order_number) == _CANCELLED
        return await super()._is_seen(wanted)


def path_to(collection: str, code: str, *more: str) -> str:
    """Return the address of a ticket or an order, or of something below it."""
    # Dots are quoted too, or a ticket called ".." would lead to another operation.
    return "/".join((collection, quote(code, safe="").replace(".", "%2E"), *more))


def key_of(operation: str) -> dict[str, str]:
    """Return the header that makes it safe to send an operation again."""
    return {"Idempotency-Key": operation}


def _parcel(parcel: Parcel, at: datetime) -> dict[str, Any]:
    told = {
        "carrier": parcel.carrier,
        "tracking_code": parcel.number,
        "tracking_url": parcel.url,
        "shipped_at": at.isoformat(timespec="seconds"),
    }
    items = [{"sku": sku_of(each.line), "quantity": each.quantity} for each in parcel.shares]
    return {name: value for name, value in told.items() if value} | (
        {"items": items} if items else {}
    )
