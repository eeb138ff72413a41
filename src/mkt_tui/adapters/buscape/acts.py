"""What a shop does with orders: accept or refuse, hand in the invoice, tell that they were sent.

Source: document of the order API v2 (2018), sections 5.2, 6.4 and 6.5.
"""

from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from mkt_tui.adapters.buscape.orders import deliveries, read_order
from mkt_tui.adapters.fields import Json, Misread, line, part
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.nota_fiscal import read_nota
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import DecideOrder, Parcel, ShipOrder, UploadDocument
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.i18n import N_

_DONE: Final = Delivery("")
_WAITING: Final = ("new", "pending")


class Acts:
    """The acts of one shop; the adapter gives its connection."""

    _channel: Channel
    _http: Http

    async def decide_order(self, wanted: DecideOrder) -> Delivery:
        """Accept an order or refuse it, whole."""
        if wanted.accepted and wanted.refused:
            raise NotAllowed(
                what=N_("This channel takes or refuses whole orders only"),
                remedy=N_("Accept all lines, or none."),
            )
        content = {
            "eventDate": _moment(wanted.queued_at),
            "accepted": bool(wanted.accepted),
            "sellerOrder": wanted.order_number,
            "message": "",
        }
        await self._http.send("POST", path_to(wanted.order_number, "acceptance"), content)
        return _DONE

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Tell that every item was handed to its carrier (control point in_hosting)."""
        order = await self._known(wanted.order_number)
        content = [
            {
                "item": item,
                "trackingNumber": parcel.number,
                "carrier": {"name": parcel.carrier, "cnpj": parcel.carrier_code or ""},
                "tracking": _point("in_hosting", wanted.queued_at),
            }
            for parcel in wanted.parcels
            for item in _items(order, parcel)
        ]
        await self._http.send("POST", path_to(wanted.order_number, "tracking"), content)
        return _DONE

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Hand in the nota fiscal of the whole order (control point invoiced)."""
        nota = read_nota(wanted.data, ZoneInfo(self._channel.zone))
        order = await self._known(wanted.order_number)
        invoice = {
            "number": int(nota["number"]),
            "value": nota["totalAmount"],
            "url": "",
            "issuanceDate": nota["issueDate"],
            "invoiceKey": nota["key"],
        }
        content = [
            {"item": item, "tracking": _point("invoiced", wanted.queued_at), "invoice": invoice}
            for item in _items(order, None)
        ]
        await self._http.send("POST", path_to(wanted.order_number, "tracking"), content)
        return _DONE

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the order: its state, its tracking numbers, the keys of its invoices."""
        number: str = getattr(wanted, "order_number", "")
        order = await self._row(number)
        if order is not None and self._shows(order, wanted):
            return _DONE
        return None

    def _shows(self, order: Json, wanted: Operation) -> bool:
        try:
            told = deliveries(order)
            match wanted:
                case DecideOrder():
                    return line(order, "orderStatus") not in _WAITING
                case ShipOrder():
                    numbers = {line(each, "trackingNumber", 200) for each in told}
                    return {each.number for each in wanted.parcels} <= numbers
                case UploadDocument():
                    key = read_nota(wanted.data, ZoneInfo(self._channel.zone))["key"]
                    return any(line(part(each, "invoice"), "invoiceKey") == key for each in told)
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        raise NotAllowed(
            what=N_("This channel cannot tell whether it was carried out"),
            remedy=N_("Look in the marketplace's own portal."),
        )

    async def _row(self, number: str) -> Json | None:
        try:
            return (await self._http.get(path_to(number), {})).data
        except Refused as error:
            if error.parameters.get("status") != "404":
                raise
            return None

    async def _known(self, number: str) -> OrderSnapshot:
        row = await self._row(number)
        if row is None:
            raise NotAllowed(
                what=N_("The marketplace knows no such order"), remedy=N_("Check the number.")
            )
        try:
            return read_order(row)
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error


def path_to(number: str, *more: str) -> str:
    """Return the address of an order, or of something below it."""
    return "/" + "/".join((quote(number, safe="").replace(".", "%2E"), *more))


def _items(order: OrderSnapshot, parcel: Parcel | None) -> list[dict[str, Any]]:
    """Return what is in a parcel, or the whole order where it does not say."""
    shares = {each.line: each.quantity for each in parcel.shares} if parcel else {}
    return [
        {"skuSellerId": each.sku or "", "quantity": shares.get(each.line, each.quantity)}
        for each in order.items
        if not shares or each.line in shares
    ]


def _point(name: str, at: Any) -> dict[str, str]:
    return {"controlPoint": name, "description": "", "occurredAt": _moment(at)}


def _moment(at: Any) -> str:
    told: str = at.isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")
