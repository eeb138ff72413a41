"""What a seller does with an order: tell of each of its deliveries that it was sent, or arrived.

An order has deliveries, each with its own identifier and state; one that is told already is left
alone. Source: the reconstructed document of orders and deliveries.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from mkt_tui.adapters.fields import Json, Misread, code, line, part, parts
from mkt_tui.adapters.magalu.calls import Calls
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import DeliverOrder, Parcel, ShipOrder
from mkt_tui.i18n import N_

ORDERS: Final = "/seller/v1/orders"
SALES: Final = "order_reads_per_minute"
_DELIVERIES: Final = "/seller/v1/deliveries"
_DONE: Final = Delivery("")
_ARRIVED: Final = ("delivered",)
_LEFT: Final = ("shipped", *_ARRIVED)
_GONE: Final = ("cancelled",)


class Acts:
    """The acts of one seller; the adapter gives its connection."""

    _channel: Channel
    _calls: Calls

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Tell that all of an order was sent, in one parcel.

        Raises:
            NotAllowed: Several parcels, or a part: Magalu's own deliveries say what goes together.
        """
        parcel = next(iter(wanted.parcels), Parcel("", ""))
        if len(wanted.parcels) > 1 or parcel.shares:
            raise NotAllowed(
                what=N_("This channel takes one parcel for an order from here"),
                remedy=N_("Ship the others in the marketplace's own portal."),
            )
        told = _parcel(parcel, wanted.queued_at)
        return await self._tell(wanted.order_number, "shippings", _LEFT, told)

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Tell that an order arrived."""
        told = {"delivered_at": wanted.queued_at.isoformat()}
        return await self._tell(wanted.order_number, "finishing", _ARRIVED, told)

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the deliveries of the order.

        Raises:
            NotAllowed: It is another kind of act.
        """
        reached = {ShipOrder: _LEFT, DeliverOrder: _ARRIVED}.get(type(wanted))
        if reached is None or not isinstance(wanted, ShipOrder | DeliverOrder):
            raise NotAllowed(
                what=N_("This channel cannot tell whether it was carried out"),
                remedy=N_("Look in the marketplace's own portal."),
            )
        order = await self._order(wanted.order_number)
        return None if self._waiting(order, reached) else _DONE

    async def _tell(
        self, number: str, path: str, reached: tuple[str, ...], told: Mapping[str, Any]
    ) -> Delivery:
        order = await self._order(number)
        channel = {"id": line(part(order, "channel"), "id")}
        for delivery in self._waiting(order, reached):
            where = f"{_DELIVERIES}/{_quoted(delivery)}/{path}"
            await self._calls.send(SALES, where, {**told, "channel": channel})
        return _DONE

    async def _order(self, number: str) -> Json:
        return (await self._calls.get(SALES, f"{ORDERS}/{_quoted(number)}", {})).data

    def _waiting(self, order: Json, reached: tuple[str, ...]) -> list[str]:
        """Return the deliveries that have not come so far."""
        try:
            return [
                code(each, "id")
                for each in parts(order, "deliveries")
                if (line(each, "status") or "").casefold() not in (*reached, *_GONE)
            ]
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error


def _parcel(parcel: Parcel, at: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"dates": {"shipped_at": at.isoformat()}}
    if parcel.number:
        told["protocol"] = parcel.number
    if parcel.url:
        told["tracking_url"] = parcel.url
    return told | ({"carrier": {"name": parcel.carrier}} if parcel.carrier else {})


def _quoted(text: str) -> str:
    # Dots are quoted too, or an order called ".." would lead to another operation.
    return quote(text, safe="").replace(".", "%2E")
