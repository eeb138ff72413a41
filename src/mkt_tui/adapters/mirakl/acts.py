"""Acts on Mirakl orders.

Accept and refuse (OR21), tracking (OR23), shipment in one parcel (OR24), cancellation (OR29, OR30),
refund (OR28); those about documents, threads and several parcels are beside it.

Source: the official OpenAPI file of the seller API. Errors of these operations are those of every
write (`adapters.http`).
"""

from typing import Final

from mkt_tui.adapters.fields import Json, Misread, line
from mkt_tui.adapters.mirakl import giving_back
from mkt_tui.adapters.mirakl.connected import ORDERS, order_path
from mkt_tui.adapters.mirakl.documents import Documents
from mkt_tui.adapters.mirakl.incidents import Incidents
from mkt_tui.adapters.mirakl.new_threads import NewThreads
from mkt_tui.adapters.mirakl.returns import Returns
from mkt_tui.adapters.mirakl.shipments import Shipments, is_of_parcels
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DecideOrder,
    DeleteDocument,
    EndIncident,
    HandleParcel,
    HandleReturn,
    Parcel,
    RefundOrder,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.ticket_operations import StartOperatorThread, StartThread

_DONE: Final = Delivery("")
_LEFT: Final = ("SHIPPED", "TO_COLLECT", "RECEIVED", "CLOSED")


class Acts(Documents, Incidents, NewThreads, Returns, Shipments):
    """The acts of one shop; the adapter gives its connection."""

    async def decide_order(self, wanted: DecideOrder) -> Delivery:
        """Accept and refuse the lines of an order (OR21); every line must be named."""
        lines = [{"id": each, "accepted": True} for each in wanted.accepted]
        lines += [{"id": each, "accepted": False} for each in wanted.refused]
        await self._put(order_path(wanted.order_number, "accept"), {"order_lines": lines})
        return _DONE

    async def track_order(self, wanted: TrackOrder) -> Delivery:
        """Enter or correct who carries the order, or one of its parcels, under which number."""
        if wanted.shipment:
            return await self._track_parcel(wanted.parcel, wanted.shipment)
        await self._put(order_path(wanted.order_number, "tracking"), _tracking(wanted.parcel))
        return _DONE

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Enter the tracking (OR23), then declare the order shipped (OR24); or tell each parcel.

        When the second does not arrive both are sent again: the first then changes nothing.
        """
        if wanted.shipments:
            return await self._ship_prepared(wanted)
        if is_of_parcels(wanted):
            return await self._ship_parcels(wanted)
        for parcel in wanted.parcels:
            await self._put(order_path(wanted.order_number, "tracking"), _tracking(parcel))
        await self._put(order_path(wanted.order_number, "ship"))
        return _DONE

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel the whole order (OR29), or with a reason its pieces (OR30)."""
        if not wanted.shares and not wanted.reason:
            await self._put(order_path(wanted.order_number, "cancel"))
            return _DONE
        await self._check_reason(wanted.reason, Kind.CANCEL)
        order = await self._order_now(wanted.order_number)
        try:
            body = giving_back.cancelations(wanted, order)
        except Misread as error:
            raise self._misread(error) from error
        answer = await self._put(f"{ORDERS}/cancel", body)
        return self._confirmed(answer, "cancelations", "cancelation_id")

    async def refund_order(self, wanted: RefundOrder) -> Delivery:
        """Pay money back on lines of the order (OR28)."""
        await self._check_reason(wanted.reason, Kind.REFUND)
        order = await self._order_now(wanted.order_number)
        try:
            body = giving_back.refunds(wanted, order)
        except Misread as error:
            raise self._misread(error) from error
        answer = await self._put(f"{ORDERS}/refund", body)
        return self._confirmed(answer, "refunds", "refund_id")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the order (OR11, OR72, ST11, M11) for what a doubtful act would have changed."""
        match wanted:
            case UploadDocument():
                return await self._find_document(wanted)
            case DeleteDocument():
                return await self._find_deleted(wanted)
            case HandleReturn():
                return await self._find_handled(wanted)
            case StartThread():
                return await self._find_thread(wanted)
            case StartOperatorThread():
                return await self._find_operator_thread(wanted)
            case TrackOrder() | ShipOrder() | HandleParcel() if is_of_parcels(wanted):
                return await self._find_in_shipments(wanted)
        order = await self._order_now(getattr(wanted, "order_number", ""))
        if isinstance(wanted, EndIncident):
            return None if self._with_incident(order) else _DONE
        try:
            return _done(wanted, order)
        except Misread as error:
            raise self._misread(error) from error


def _done(wanted: Operation, order: Json) -> Delivery | None:
    """Tell from the order whether the act was carried out.

    Raises:
        NotAllowed: The order does not tell it of this kind of act.
    """
    state = order.get("order_state")
    match wanted:
        case DecideOrder():
            return None if state in (None, "WAITING_ACCEPTANCE") else _DONE
        case TrackOrder():
            return _DONE if line(order, "shipping_tracking") == wanted.parcel.number else None
        case ShipOrder():
            return _DONE if state in _LEFT else None
        case CancelOrder():
            return giving_back.cancelled(wanted, order)
        case RefundOrder():
            return giving_back.refunded(wanted, order)
    raise giving_back.cannot_tell()


def _tracking(parcel: Parcel) -> dict[str, str]:
    told = {
        "carrier_code": parcel.carrier_code,
        "carrier_name": parcel.carrier,
        "tracking_number": parcel.number,
        "carrier_url": parcel.url,
    }
    return {key: value for key, value in told.items() if value}
