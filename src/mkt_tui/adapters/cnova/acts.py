"""What a shop does with tickets and orders beside replying: close, hand over, send, deliver, cancel.

A parcel has an identifier of the shop's own (`sellerDeliveryId`) that must be unique. It is made of
the operation, so a parcel that was told already is known, and refused if it were told again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote

from mkt_tui.adapters.cnova.tickets import read_holder
from mkt_tui.adapters.cnova.wire import moment
from mkt_tui.adapters.fields import Json, Misread, parts
from mkt_tui.adapters.http import Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    ExchangeOrder,
    Parcel,
    Share,
    ShipOrder,
)
from mkt_tui.domain.ticket_operations import CloseTicket, HandTicket
from mkt_tui.domain.tickets import Role
from mkt_tui.i18n import N_

_CLOSED: Final = "closed"
_DELIVERED: Final = "ENT"


class Acts:
    """The acts of one shop; the adapter gives its connection."""

    SHIPS_PARCELS: ClassVar[bool] = True

    _channel: Channel
    _http: Http
    _user: dict[str, str]

    async def close_ticket(self, wanted: CloseTicket) -> Delivery:
        """Close a ticket; closing it twice changes nothing."""
        path = f"{ticket_path(wanted.ticket_code)}/status"
        await self._http.send("PUT", path, {"ticketStatus": _CLOSED})
        return Delivery(_CLOSED)

    async def hand_ticket(self, wanted: HandTicket) -> Delivery:
        """Make it the marketplace's turn, with words that only it reads.

        The same call passes a ticket to the shop, so one that is there already stays there.
        """
        if await self._holder(wanted.ticket_code) is Role.OPERATOR:
            raise NotAllowed(
                what=N_("The marketplace has this ticket already"),
                remedy=N_("Reply to the marketplace instead."),
            )
        content = {"user": self._user, "visibility": "private", "body": wanted.text}
        await self._http.send("PUT", f"{ticket_path(wanted.ticket_code)}/assignee", content)
        return Delivery("")

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Tell of each delivery that is not known as delivered yet, under its own identifier."""
        order = await self._order(wanted.order_number)
        sent = _deliveries(order) or {f"{wanted.operation}-1": _items(order, ())}
        for identifier, items in sent.items():
            if items:
                content = {
                    "items": items,
                    "occurredAt": moment(wanted.queued_at),
                    "sellerDeliveryId": identifier,
                }
                await self._http.send("POST", _tracking(wanted.order_number, "delivered"), content)
        return Delivery("")

    async def exchange_order(self, wanted: ExchangeOrder) -> Delivery:
        """Tell of pieces that were exchanged, or came back."""
        order = await self._order(wanted.order_number)
        identifier = f"{wanted.operation}-1"
        if identifier not in _told(order):
            content = self._parcel(order, wanted.parcel, identifier, unsent=False)
            content["occurredAt"] = moment(wanted.queued_at)
            kind = "return" if wanted.returned else "exchange"
            await self._http.send("POST", _tracking(wanted.order_number, kind), content)
        return Delivery(identifier)

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
            row = await self._ticket(wanted.ticket_code)
            return Delivery(_CLOSED) if row.get("status") == _CLOSED else None
        if isinstance(wanted, HandTicket):
            holder = await self._holder(wanted.ticket_code)
            if holder is not None:
                return Delivery("") if holder is Role.OPERATOR else None
        if isinstance(wanted, DeliverOrder):
            order = await self._order(wanted.order_number)
            left = any(_deliveries(order).values())
            return None if left or order.get("status") != "DLV" else Delivery("")
        if isinstance(wanted, ExchangeOrder):
            # That such a tracking is shown is known of those that are, not of all.
            identifier = f"{wanted.operation}-1"
            if identifier in _told(await self._order(wanted.order_number)):
                return Delivery(identifier)
        raise NotAllowed(
            what=N_("This channel cannot tell whether it was carried out"),
            remedy=N_("Look in the marketplace's own portal."),
        )

    async def _holder(self, ticket_code: str) -> Role | None:
        """Return whose turn it is; None where it is not told in a word that we know."""
        row = await self._ticket(ticket_code)
        try:
            holder = read_holder(row)
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        return holder.side if holder else None

    async def _ticket(self, ticket_code: str) -> Json:
        """Return a ticket as the list shows it.

        Raises:
            Refused: There is none.
        """
        query: dict[str, str | int] = {"code": ticket_code, "_offset": 0, "_limit": 1}
        rows = (await self._http.get("/tickets", query)).data.get("tickets")
        if not isinstance(rows, list):
            raise BadAnswer(channel=self._channel.name, detail="tickets")
        for row in rows:
            if isinstance(row, dict) and row.get("code") == ticket_code:
                return row
        raise Refused(channel=self._channel.name, status=404, detail=N_("there is no such ticket"))

    async def _order(self, number: str) -> Mapping[str, Any]:
        order = (await self._http.get(f"/orders/{_quoted(number)}", {})).data
        try:
            for key in ("trackings", "items"):
                for each in parts(order, key):
                    parts(each, "items")
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        return order

    def _parcel(
        self, order: Json, parcel: Parcel, identifier: str, *, unsent: bool = True
    ) -> dict[str, Any]:
        content: dict[str, Any] = {
            "items": _items(order, parcel.shares, unsent=unsent),
            "sellerDeliveryId": identifier,
        }
        told = {"number": parcel.number, "url": parcel.url}
        content |= {name: value for name, value in told.items() if value}
        return content | ({"carrier": {"name": parcel.carrier}} if parcel.carrier else {})


def ticket_path(ticket_code: str) -> str:
    """Return the address of a ticket."""
    return f"/tickets/{_quoted(ticket_code)}"


def _tracking(number: str, kind: str) -> str:
    return f"/orders/{_quoted(number)}/trackings/{kind}"


def _quoted(text: str) -> str:
    # Dots are quoted too, or a ticket called ".." would lead to another operation.
    return quote(text, safe="").replace(".", "%2E")


def _told(order: Json) -> set[str]:
    return {str(each.get("sellerDeliveryId")) for each in parts(order, "trackings")}


def _deliveries(order: Json) -> dict[str, list[str]]:
    """Return the items of each delivery that are not told as delivered, by its identifier."""
    found: dict[str, dict[str, None]] = {}
    for step in parts(order, "trackings"):
        items = found.setdefault(str(step.get("sellerDeliveryId") or ""), {})
        for each in parts(step, "items"):
            if step.get("controlPoint") == _DELIVERED:
                items.pop(str(each.get("id")), None)
            else:
                items[str(each.get("id"))] = None
    return {identifier: list(items) for identifier, items in found.items() if identifier}


def _items(order: Json, shares: Iterable[Share], *, unsent: bool = False) -> list[str]:
    """Return the items of the shares, all of them where there are none; an item is one piece."""
    chosen = [each.line for each in shares]
    return chosen or [
        str(each.get("id"))
        for each in parts(order, "items")
        if not (unsent and each.get("sent") is True)
    ]
