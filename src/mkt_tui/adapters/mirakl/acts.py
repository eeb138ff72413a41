"""Acts on Mirakl orders: accept and refuse (OR21), tracking (OR23), shipment (OR24).

Source: the official OpenAPI file of the seller API. Errors of these operations are those of every
write (`adapters.http`).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from mkt_tui.adapters.http import Http
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import (
    DecideOrder,
    Delivery,
    Operation,
    Parcel,
    ShipOrder,
    TrackOrder,
)
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus
from mkt_tui.i18n import N_

_DONE: Final = Delivery("")
_SHIPPED: Final = (OrderStatus.SHIPPED, OrderStatus.DELIVERED)


async def decide(http: Http, shop: Mapping[str, str], wanted: DecideOrder) -> Delivery:
    """Accept and refuse the lines of an order (OR21); every line must be named."""
    lines = [{"id": each, "accepted": True} for each in wanted.accepted]
    lines += [{"id": each, "accepted": False} for each in wanted.refused]
    await http.send("PUT", _path(wanted, "accept"), {"order_lines": lines}, shop)
    return _DONE


async def track(http: Http, shop: Mapping[str, str], wanted: TrackOrder) -> Delivery:
    """Say who carries the order under which number (OR23)."""
    await http.send("PUT", _path(wanted, "tracking"), _tracking(wanted.parcel), shop)
    return _DONE


async def ship(http: Http, shop: Mapping[str, str], wanted: ShipOrder) -> Delivery:
    """Enter the tracking (OR23), then declare the order shipped (OR24).

    When the second does not arrive both are sent again: the first then changes nothing.
    """
    if len(wanted.parcels) > 1:
        raise NotAllowed(
            what=N_("This channel takes one parcel for an order from here"),
            remedy=N_("Ship the others in the marketplace's own portal."),
        )
    for parcel in wanted.parcels:
        await http.send("PUT", _path(wanted, "tracking"), _tracking(parcel), shop)
    await http.send("PUT", _path(wanted, "ship"), query=shop)
    return _DONE


def done(wanted: Operation, order: OrderSnapshot) -> Delivery | None:
    """Tell from the order, as it is now, whether the act was carried out.

    Raises:
        NotAllowed: The order does not tell it of this kind of act.
    """
    match wanted:
        case DecideOrder():
            return None if order.marketplace_status == "WAITING_ACCEPTANCE" else _DONE
        case TrackOrder():
            return _DONE if order.tracking.number == wanted.parcel.number else None
        case ShipOrder():
            return _DONE if order.status in _SHIPPED else None
    raise NotAllowed(
        what=N_("This channel cannot tell whether it was carried out"),
        remedy=N_("Look in the marketplace's own portal."),
    )


def _tracking(parcel: Parcel) -> dict[str, str]:
    told = {
        "carrier_code": parcel.carrier_code,
        "carrier_name": parcel.carrier,
        "tracking_number": parcel.number,
        "carrier_url": parcel.url,
    }
    return {key: value for key, value in told.items() if value}


def _path(wanted: DecideOrder | TrackOrder | ShipOrder, act: str) -> str:
    # Dots are quoted too, or an order called ".." would lead to another operation.
    number = quote(wanted.order_number, safe="").replace(".", "%2E")
    return f"/api/orders/{number}/{act}"
