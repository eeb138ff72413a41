"""What a shop does with tickets and orders beside writing: close, send, cancel.

A parcel has an identifier of the shop's own (`sellerDeliveryId`) that must be unique. It is made of
the operation, so a parcel that was told already is known, and refused if it were told again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from mkt_tui.adapters.cnova.wire import moment
from mkt_tui.adapters.fields import Json, Misread, parts
from mkt_tui.adapters.http import Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed
from mkt_tui.domain.operations import (
    CancelOrder,
    CloseTicket,
    Delivery,
    Operation,
    Parcel,
    Share,
    ShipOrder,
)
from mkt_tui.i18n import N_

_CLOSED = "closed"


class Acts:
    """The acts of one shop; the adapter gives its connection."""

    SHIPS_PARCELS: ClassVar[bool] = True

    _channel: Channel
    _http: Http

    async def close_ticket(self, wanted: CloseTicket) -> Delivery:
        """Close a ticket; closing it twice changes nothing."""
        path = f"{ticket_path(wanted.ticket_code)}/status"
        await self._http.send("PUT", path, {"ticketStatus": _CLOSED})
        return Delivery(_CLOSED)

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Tell of each parcel that was not told of yet."""
        order = await self._order(wanted.order_number)
        told = _told(order)
        for number, parcel in enumerate(wanted.parcels, 1):
            identifier = f"{wanted.operation}-{number}"
            if identifier not in told:
                content = self._parcel(order, parcel, identifier) | {
                    "occurredAt": moment(wanted.queued_at)
                }
                await self._http.send("POST", _tracking(wanted.order_number, "sent"), content)
        return Delivery(f"{wanted.operation}-{len(wanted.parcels)}")

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel the items of an order, or some of them."""
        order = await self._order(wanted.order_number)
        content = {
            "items": _items(order, wanted.shares),
            "occurredAt": moment(wanted.queued_at),
            "sellerDeliveryId": f"{wanted.operation}-1",
        }
        await self._http.send("POST", _tracking(wanted.order_number, "cancel"), content)
        return Delivery(f"{wanted.operation}-1")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look for the parcels of a shipment, or at the state of a ticket."""
        if isinstance(wanted, ShipOrder):
            told = _told(await self._order(wanted.order_number))
            names = [f"{wanted.operation}-{each}" for each in range(1, len(wanted.parcels) + 1)]
            return Delivery(names[-1]) if names and told.issuperset(names) else None
        if isinstance(wanted, CloseTicket):
            query: dict[str, str | int] = {"code": wanted.ticket_code, "_offset": 0, "_limit": 1}
            rows = (await self._http.get("/tickets", query)).data.get("tickets")
            closed = isinstance(rows, list) and any(_is_closed(each) for each in rows)
            return Delivery(_CLOSED) if closed else None
        raise NotAllowed(
            what=N_("This channel cannot tell whether it was carried out"),
            remedy=N_("Look in the marketplace's own portal."),
        )

    async def _order(self, number: str) -> Mapping[str, Any]:
        order = (await self._http.get(f"/orders/{_quoted(number)}", {})).data
        try:
            for key in ("trackings", "items"):
                parts(order, key)
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        return order

    def _parcel(self, order: Json, parcel: Parcel, identifier: str) -> dict[str, Any]:
        content: dict[str, Any] = {
            "items": _items(order, parcel.shares, unsent=True),
            "number": parcel.number,
            "sellerDeliveryId": identifier,
            "carrier": {"name": parcel.carrier},
        }
        return content | ({"url": parcel.url} if parcel.url else {})


def ticket_path(ticket_code: str) -> str:
    """Return the address of a ticket."""
    return f"/tickets/{_quoted(ticket_code)}"


def _is_closed(row: object) -> bool:
    return isinstance(row, dict) and row.get("status") == _CLOSED


def _tracking(number: str, kind: str) -> str:
    return f"/orders/{_quoted(number)}/trackings/{kind}"


def _quoted(text: str) -> str:
    # Dots are quoted too, or a ticket called ".." would lead to another operation.
    return quote(text, safe="").replace(".", "%2E")


def _told(order: Json) -> set[str]:
    return {str(each.get("sellerDeliveryId")) for each in parts(order, "trackings")}


def _items(order: Json, shares: Iterable[Share], *, unsent: bool = False) -> list[str]:
    """Return the items of the shares, all of them where there are none; an item is one piece."""
    chosen = [each.line for each in shares]
    return chosen or [
        str(each.get("id"))
        for each in parts(order, "items")
        if not (unsent and each.get("sent") is True)
    ]
