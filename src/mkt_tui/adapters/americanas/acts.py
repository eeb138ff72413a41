"""What a shop does with orders: send, cancel, hand in the invoice."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from mkt_tui.adapters.fields import Json, Misread, line, part, parts
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.nfe import access_key
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    Parcel,
    ShipOrder,
    UploadDocument,
)
from mkt_tui.i18n import N_

_DONE: Final = Delivery("")


class Acts:
    """The acts of one shop; the adapter gives its connection."""

    _channel: Channel
    _sales: Http
    _zone: ZoneInfo

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Tell of the one parcel of an order."""
        if len(wanted.parcels) != 1:
            raise NotAllowed(
                what=N_("This channel takes one parcel for an order from here"),
                remedy=N_("Ship the others in the marketplace's own portal."),
            )
        order = await self._known(wanted.order_number)
        shipment = self._shipment(order, wanted.parcels[0], wanted.queued_at)
        content = {"status": "order_shipped", "shipment": shipment}
        await self._sales.send("POST", _path(wanted.order_number, "shipments"), content)
        return _DONE

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Declare an order delivered."""
        at = wanted.queued_at.astimezone(self._zone).isoformat(timespec="seconds")
        content = {"status": "complete", "delivered_date": at}
        await self._sales.send("POST", _path(wanted.order_number, "delivery"), content)
        return _DONE

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel an order; a part of one cannot be."""
        if wanted.shares:
            raise NotAllowed(
                what=N_("This channel cancels whole orders only"),
                remedy=N_("Cancel the whole order, or do it in the marketplace's own portal."),
            )
        content = {"status": "order_canceled"}
        await self._sales.send("POST", _path(wanted.order_number, "cancel"), content)
        return _DONE

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Tell the access key of an order's invoice, an NF-e, which is read from the file."""
        content = {"status": "order_invoiced", "invoice": {"key": access_key(wanted.data)}}
        await self._sales.send("POST", _path(wanted.order_number, "invoice"), content)
        return _DONE

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the order for the tracking number, the invoice's key, or that it is cancelled."""
        match wanted:
            case ShipOrder():
                order = await self._known(wanted.order_number)
                told = {line(each, "code", 200) for each in self._tracks(order)}
                wanted_numbers = {each.number for each in wanted.parcels}
                return _DONE if wanted_numbers <= told else None
            case DeliverOrder():
                order = await self._known(wanted.order_number)
                return _DONE if line(part(order, "status"), "type") == "DELIVERED" else None
            case CancelOrder():
                order = await self._known(wanted.order_number)
                return _DONE if line(part(order, "status"), "type") == "CANCELED" else None
            case UploadDocument():
                order = await self._known(wanted.order_number)
                keys = {line(each, "key") for each in parts(order, "invoices")}
                return _DONE if access_key(wanted.data) in keys else None
        raise NotAllowed(
            what=N_("This channel cannot tell whether it was carried out"),
            remedy=N_("Look in the marketplace's own portal."),
        )

    async def _known(self, number: str) -> Json:
        """Return the order as it is now, what the acts need of it being of the right kind."""
        order = (await self._sales.get(_path(number), {})).data
        try:
            part(order, "status")
            self._tracks(order)
            for key in ("items", "invoices"):
                parts(order, key)
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        return order

    def _tracks(self, order: Json) -> list[Json]:
        return [each for sent in parts(order, "shipments") for each in parts(sent, "tracks")]

    def _shipment(self, order: Json, parcel: Parcel, at: datetime) -> dict[str, Any]:
        items = [
            {"sku": each.line.partition(":")[2], "qty": each.quantity} for each in parcel.shares
        ] or [{"sku": each.get("id"), "qty": each.get("qty")} for each in parts(order, "items")]
        track = {
            "code": parcel.number,
            "carrier": parcel.carrier,
            "method": line(order, "shipping_method") or parcel.carrier,
        }
        return {
            "code": order.get("code"),
            "delivered_carrier_date": at.astimezone(self._zone).isoformat(timespec="seconds"),
            "items": items,
            "track": track | ({"url": parcel.url} if parcel.url else {}),
        }


def _path(number: str, *more: str) -> str:
    # Dots are quoted too, or an order called ".." would lead to another operation.
    return "/".join(("/orders", quote(number, safe="").replace(".", "%2E"), *more))
