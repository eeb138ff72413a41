"""Several parcels of an order: told with ST01, listed with ST11, put right with ST23, sent with ST24.

One that has not left can be deleted (ST06), or told to leave from another place (ST07).

Only for operators that have several shipments switched on; the others answer 404 (facts.md).
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from mkt_tui.adapters.answers import server_words
from mkt_tui.adapters.fields import Json, Misread, code, line, part, parts, whole
from mkt_tui.adapters.http import Query
from mkt_tui.adapters.mirakl.seeking import Seeking
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import (
    HandleParcel,
    Parcel,
    ParcelStep,
    Share,
    ShipOrder,
    TrackOrder,
)
from mkt_tui.domain.orders import Shipment
from mkt_tui.i18n import N_

_SHIPMENTS: Final = "/api/shipments"
_CANCELLED: Final = "CANCELED"
_UNSENT: Final = ("SHIPPING", "READY_FOR_PICK_UP", "SHIPMENT_PREPARED")


class Shipments(Seeking):
    """Ships orders parcel by parcel, and tells of their parcels."""

    async def _ship_parcels(self, wanted: ShipOrder) -> Delivery:
        """Tell of each parcel that was not told of yet, by its tracking number (ST01)."""
        if not all(each.shares for each in wanted.parcels):
            raise NotAllowed(
                what=N_("Several parcels need to say which pieces are in each"),
                remedy=N_("Ship them in the marketplace's own portal."),
            )
        return await self._create(wanted.order_number, wanted.parcels, shipped=True)

    async def handle_parcel(self, wanted: HandleParcel) -> Delivery:
        """Prepare parcels (ST01), delete one (ST06), or say from where it leaves (ST07)."""
        if wanted.step is ParcelStep.PREPARE:
            return await self._create(wanted.order_number, wanted.parcels, shipped=False)
        told: dict[str, Any] = {"id": _code(wanted)}
        path = f"{_SHIPMENTS}/delete"
        if wanted.step is ParcelStep.MOVE:
            told["shipping_from"] = {"warehouse": {"code": wanted.warehouse}}
            path = _SHIPMENTS
        return self._taken(await self._put(path, {"shipments": [told]}), 200, 1)

    async def _create(self, number: str, parcels: Sequence[Parcel], *, shipped: bool) -> Delivery:
        """Tell of the parcels whose tracking numbers are not there yet (ST01)."""
        told = await self._told(number)
        missing = [each for each in parcels if each.number not in told]
        if not missing:
            return Delivery(told[parcels[-1].number])
        shipments = [_shipment(number, each, shipped=shipped) for each in missing]
        answer = await self._http.send("POST", _SHIPMENTS, {"shipments": shipments}, self._shop)
        return self._taken(answer, 201, len(missing))

    async def _track_parcel(self, parcel: Parcel, shipment: str) -> Delivery:
        """Put the tracking of one of several parcels right (ST23)."""
        content = {"shipments": [{"id": shipment, "tracking": _tracking(parcel)}]}
        answer = await self._http.send("POST", f"{_SHIPMENTS}/tracking", content, self._shop)
        return self._taken(answer, 200, 1)

    async def _ship_prepared(self, wanted: ShipOrder) -> Delivery:
        """Declare sent what was prepared at the marketplace (ST24), but for what has been."""
        told = {each.code: each for each in await self.shipments(wanted.order_number)}
        codes = [each.code for each in wanted.shipments]
        left = [each for each in codes if each not in told or not told[each].sent]
        if not left:
            return Delivery(codes[-1])
        content = {"shipments": [{"id": each} for each in left]}
        return self._taken(await self._put(f"{_SHIPMENTS}/ship", content), 200, len(left))

    async def _find_in_shipments(
        self, wanted: TrackOrder | ShipOrder | HandleParcel
    ) -> Delivery | None:
        match wanted:
            case TrackOrder():
                return await self._find_tracked(wanted)
            case ShipOrder():
                return await self._find_parcels(wanted)
            case HandleParcel():
                return await self._find_handled_parcel(wanted)

    async def _find_tracked(self, wanted: TrackOrder) -> Delivery | None:
        """Tell by the parcel's tracking number whether it was put right."""
        for each in await self.shipments(wanted.order_number):
            if each.code == wanted.shipment:
                return Delivery(each.code) if each.number == wanted.parcel.number else None
        return None

    async def _find_parcels(self, wanted: ShipOrder) -> Delivery | None:
        """Look for all the parcels; what is missing is sent alone when it is sent again."""
        if wanted.shipments:
            sent = {each.code for each in await self.shipments(wanted.order_number) if each.sent}
            codes = [each.code for each in wanted.shipments]
            return Delivery(codes[-1]) if sent >= {*codes} else None
        return await self._find_numbers(wanted.order_number, wanted.parcels)

    async def _find_handled_parcel(self, wanted: HandleParcel) -> Delivery | None:
        """Tell by the list whether the parcels are there, or gone, or leave from the place named."""
        if wanted.step is ParcelStep.PREPARE:
            return await self._find_numbers(wanted.order_number, wanted.parcels)
        code = _code(wanted)
        held = {each.code: each for each in await self.shipments(wanted.order_number)}
        found = held.get(code)
        if wanted.step is ParcelStep.DELETE:
            return Delivery(code) if found is None or found.cancelled else None
        return Delivery(code) if found and found.warehouse == wanted.warehouse else None

    async def _find_numbers(self, order: str, parcels: Sequence[Parcel]) -> Delivery | None:
        told = await self._told(order)
        numbers = [each.number for each in parcels]
        return Delivery(told[numbers[-1]]) if told.keys() >= set(numbers) else None

    async def _told(self, number: str) -> dict[str, str]:
        """Return the order's shipments by tracking number, but for those called off."""
        found = await self.shipments(number)
        return {each.number: each.code for each in found if each.number and not each.cancelled}

    async def shipments(self, number: str) -> tuple[Shipment, ...]:
        """Return every parcel of an order (ST11), page by page: one not read would look deleted.

        Raises:
            NotAllowed: The operator takes one parcel for an order.
        """
        try:
            query: Query = {"order_id": number, "limit": 100, **self._shop}
            found = await self._every_row(_SHIPMENTS, query)
        except Refused as refusal:
            if refusal.parameters.get("status") != "404":
                raise
            raise NotAllowed(
                what=N_("This operator takes one parcel for an order"),
                remedy=N_("Ship them in the marketplace's own portal."),
            ) from refusal
        try:
            return tuple(_read(each) for each in found if each.get("order_id") == number)
        except Misread as error:
            raise self._misread(error) from error

    def _taken(self, answer: Json, status: int, count: int) -> Delivery:
        # ST06's own example writes deletion_ for what its schema calls shipment_.
        errors = answer.get("shipment_errors") or answer.get("deletion_errors")
        if words := server_words(orjson.dumps({"errors": errors})):
            raise Refused(channel=self._channel.name, status=status, detail=words)
        key = "shipment_success" if "shipment_success" in answer else "deletion_success"
        return self._confirmed(answer, key, "id", count)


def is_of_parcels(wanted: TrackOrder | ShipOrder | HandleParcel) -> bool:
    """Tell whether the order's own shipment (OR23, OR24) cannot hold what is wanted."""
    match wanted:
        case HandleParcel():
            return True
        case TrackOrder():
            return wanted.shipment is not None
    several = len(wanted.parcels) > 1 or any(each.shares for each in wanted.parcels)
    return several or bool(wanted.shipments)


def _read(row: Json) -> Shipment:
    tracking = part(row, "tracking")
    status = line(row, "status") or ""
    return Shipment(
        code=code(row, "id"),
        status=status,
        sent=bool(status) and status not in _UNSENT,
        carrier=line(tracking, "carrier_name") or line(tracking, "carrier_code"),
        number=line(tracking, "tracking_number"),
        url=line(tracking, "tracking_url"),
        pieces=tuple(
            (code(each, "order_line_id"), whole(each, "quantity") or 0)
            for each in parts(row, "shipment_lines")
            if line(each, "order_line_id")
        ),
        warehouse=line(part(part(row, "shipping_from"), "warehouse"), "code"),
        cancelled=status == _CANCELLED,
    )


def _code(wanted: HandleParcel) -> str:
    return wanted.shipment.code if wanted.shipment else ""


def _shipment(order: str, parcel: Parcel, *, shipped: bool) -> dict[str, Any]:
    return {
        "order_id": order,
        "shipment_lines": [_piece(each) for each in parcel.shares],
        "tracking": _tracking(parcel),
        "shipped": shipped,
    }


def _piece(share: Share) -> dict[str, Any]:
    return {"order_line_id": share.line, "quantity": share.quantity}


def _tracking(parcel: Parcel) -> dict[str, str]:
    told = {
        "carrier_code": parcel.carrier_code,
        "carrier_name": parcel.carrier,
        "tracking_number": parcel.number,
        "tracking_url": parcel.url,
    }
    return {key: value for key, value in told.items() if value}
