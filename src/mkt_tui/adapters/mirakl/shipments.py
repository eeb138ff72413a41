"""Several parcels of an order: told with ST01, listed with ST11, put right with ST23, sent with ST24.

Only for operators that have several shipments switched on; the others answer 404 (facts.md).
"""

from typing import Any, Final

import orjson

from mkt_tui.adapters.answers import server_words
from mkt_tui.adapters.fields import Json, Misread, code, line, part, parts, whole
from mkt_tui.adapters.mirakl.connected import Connected
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import Parcel, Share, ShipOrder, TrackOrder
from mkt_tui.domain.orders import Shipment
from mkt_tui.i18n import N_

_SHIPMENTS: Final = "/api/shipments"
_UNSENT: Final = ("SHIPPING", "READY_FOR_PICK_UP", "SHIPMENT_PREPARED")


class Shipments(Connected):
    """Ships orders parcel by parcel, and tells of their parcels."""

    async def shipments(self, number: str) -> tuple[Shipment, ...]:
        """Return the parcels of an order (ST11); none where the operator takes one for an order."""
        try:
            return await self._shipments(number)
        except NotAllowed:
            return ()

    async def _ship_parcels(self, wanted: ShipOrder) -> Delivery:
        """Tell of each parcel that was not told of yet, by its tracking number (ST01)."""
        if not all(each.shares for each in wanted.parcels):
            raise NotAllowed(
                what=N_("Several parcels need to say which pieces are in each"),
                remedy=N_("Ship them in the marketplace's own portal."),
            )
        told = await self._told(wanted.order_number)
        missing = [each for each in wanted.parcels if each.number not in told]
        if not missing:
            return Delivery(told[wanted.parcels[-1].number])
        content = {"shipments": [_shipment(wanted.order_number, each) for each in missing]}
        answer = await self._http.send("POST", _SHIPMENTS, content, self._shop)
        return self._taken(answer, 201, len(missing))

    async def _track_parcel(self, parcel: Parcel, shipment: str) -> Delivery:
        """Put the tracking of one of several parcels right (ST23)."""
        content = {"shipments": [{"id": shipment, "tracking": _tracking(parcel)}]}
        answer = await self._http.send("POST", f"{_SHIPMENTS}/tracking", content, self._shop)
        return self._taken(answer, 200, 1)

    async def _ship_prepared(self, wanted: ShipOrder) -> Delivery:
        """Declare sent what was prepared at the marketplace (ST24), but for what has been."""
        told = {each.code: each for each in await self._shipments(wanted.order_number)}
        codes = [each.code for each in wanted.shipments]
        left = [each for each in codes if each not in told or not told[each].sent]
        if not left:
            return Delivery(codes[-1])
        content = {"shipments": [{"id": each} for each in left]}
        return self._taken(await self._put(f"{_SHIPMENTS}/ship", content), 200, len(left))

    async def _find_tracked(self, wanted: TrackOrder) -> Delivery | None:
        """Tell by the parcel's tracking number whether it was put right."""
        for each in await self._shipments(wanted.order_number):
            if each.code == wanted.shipment:
                return Delivery(each.code) if each.number == wanted.parcel.number else None
        return None

    async def _find_parcels(self, wanted: ShipOrder) -> Delivery | None:
        """Look for all the parcels; what is missing is sent alone when it is sent again."""
        if wanted.shipments:
            sent = {each.code for each in await self._shipments(wanted.order_number) if each.sent}
            codes = [each.code for each in wanted.shipments]
            return Delivery(codes[-1]) if sent >= {*codes} else None
        told = await self._told(wanted.order_number)
        numbers = [each.number for each in wanted.parcels]
        return Delivery(told[numbers[-1]]) if told.keys() >= set(numbers) else None

    async def _told(self, number: str) -> dict[str, str]:
        """Return the order's shipments by tracking number."""
        return {each.number: each.code for each in await self._shipments(number) if each.number}

    async def _shipments(self, number: str) -> tuple[Shipment, ...]:
        query: dict[str, str | int] = {"order_id": number, "limit": 100, **self._shop}
        try:
            answer = await self._http.get(_SHIPMENTS, query)
        except Refused as refusal:
            if refusal.parameters.get("status") != "404":
                raise
            raise NotAllowed(
                what=N_("This operator takes one parcel for an order"),
                remedy=N_("Ship them in the marketplace's own portal."),
            ) from refusal
        try:
            found = [each for each in parts(answer.data, "data") if each.get("order_id") == number]
            return tuple(map(_read, found))
        except Misread as error:
            raise self._misread(error) from error

    def _taken(self, answer: Json, status: int, count: int) -> Delivery:
        if words := server_words(orjson.dumps({"errors": answer.get("shipment_errors")})):
            raise Refused(channel=self._channel.name, status=status, detail=words)
        return self._confirmed(answer, "shipment_success", "id", count)


def is_told_by_parcel(wanted: ShipOrder) -> bool:
    """Tell whether the order's own shipment (OR23, OR24) cannot hold what is wanted."""
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
    )


def _shipment(order: str, parcel: Parcel) -> dict[str, Any]:
    return {
        "order_id": order,
        "shipment_lines": [_piece(each) for each in parcel.shares],
        "tracking": _tracking(parcel),
        "shipped": True,
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
