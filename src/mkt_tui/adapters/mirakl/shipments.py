"""Several parcels of an order: told with ST01, found again with ST11.

Only for operators that have several shipments switched on; the others answer 404 (facts.md).
"""

from typing import Any

import orjson

from mkt_tui.adapters.answers import server_words
from mkt_tui.adapters.fields import Json, Misread, code, line, part
from mkt_tui.adapters.mirakl.connected import Connected
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery, Parcel, ShipOrder
from mkt_tui.i18n import N_

_SHIPMENTS = "/api/shipments"


class Shipments(Connected):
    """Ships orders parcel by parcel."""

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
        if words := server_words(orjson.dumps({"errors": answer.get("shipment_errors")})):
            raise Refused(channel=self._channel.name, status=201, detail=words)
        return self._confirmed(answer, "shipment_success", "id", len(missing))

    async def _find_parcels(self, wanted: ShipOrder) -> Delivery | None:
        """Look for all the parcels; what is missing is sent alone when it is sent again."""
        told = await self._told(wanted.order_number)
        numbers = [each.number for each in wanted.parcels]
        return Delivery(told[numbers[-1]]) if told.keys() >= set(numbers) else None

    async def _told(self, number: str) -> dict[str, str]:
        """Return the order's shipments by tracking number (ST11)."""
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
            return {
                found: code(each, "id")
                for each in self._parts(answer.data, "data")
                if each.get("order_id") == number and (found := _number(each))
            }
        except Misread as error:
            raise self._misread(error) from error


def is_told_by_parcel(wanted: ShipOrder) -> bool:
    """Tell whether the order's own shipment (OR23, OR24) cannot hold what is wanted."""
    return len(wanted.parcels) > 1 or any(each.shares for each in wanted.parcels)


def _number(shipment: Json) -> str | None:
    return line(part(shipment, "tracking"), "tracking_number")


def _shipment(order: str, parcel: Parcel) -> dict[str, Any]:
    tracking = {
        "carrier_code": parcel.carrier_code,
        "carrier_name": parcel.carrier,
        "tracking_number": parcel.number,
        "tracking_url": parcel.url,
    }
    return {
        "order_id": order,
        "shipment_lines": [
            {"order_line_id": each.line, "quantity": each.quantity} for each in parcel.shares
        ],
        "tracking": {key: value for key, value in tracking.items() if value},
        "shipped": True,
    }
