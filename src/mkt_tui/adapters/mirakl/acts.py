"""Acts on Mirakl orders.

Accept and refuse (OR21), tracking (OR23), shipment (OR24), cancellation (OR29, OR30), refund (OR28).

Source: the official OpenAPI file of the seller API. Errors of these operations are those of every
write (`adapters.http`).
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mkt_tui.adapters.fields import Json, Misread, code, line, parts
from mkt_tui.adapters.http import Http
from mkt_tui.adapters.mirakl import giving_back
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Doubtful, NotAllowed
from mkt_tui.domain.operations import (
    CancelOrder,
    DecideOrder,
    Delivery,
    Operation,
    Parcel,
    RefundOrder,
    ShipOrder,
    TrackOrder,
)
from mkt_tui.i18n import N_, _

_ORDERS: Final = "/api/orders"
_DONE: Final = Delivery("")
_LEFT: Final = ("SHIPPED", "TO_COLLECT", "RECEIVED", "CLOSED")


class Acts:
    """The acts of one shop; the adapter gives its connection."""

    _channel: Channel
    _http: Http
    _shop: Mapping[str, str]

    async def decide_order(self, wanted: DecideOrder) -> Delivery:
        """Accept and refuse the lines of an order (OR21); every line must be named."""
        lines = [{"id": each, "accepted": True} for each in wanted.accepted]
        lines += [{"id": each, "accepted": False} for each in wanted.refused]
        await self._put(_path(wanted.order_number, "accept"), {"order_lines": lines})
        return _DONE

    async def track_order(self, wanted: TrackOrder) -> Delivery:
        """Enter or correct who carries the order under which number (OR23)."""
        await self._put(_path(wanted.order_number, "tracking"), _tracking(wanted.parcel))
        return _DONE

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Enter the tracking (OR23), then declare the order shipped (OR24).

        When the second does not arrive both are sent again: the first then changes nothing.
        """
        if len(wanted.parcels) > 1:
            raise NotAllowed(
                what=N_("This channel takes one parcel for an order from here"),
                remedy=N_("Ship the others in the marketplace's own portal."),
            )
        for parcel in wanted.parcels:
            await self._put(_path(wanted.order_number, "tracking"), _tracking(parcel))
        await self._put(_path(wanted.order_number, "ship"))
        return _DONE

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel the whole order (OR29), or with a reason its pieces (OR30)."""
        if not wanted.shares and not wanted.reason:
            await self._put(_path(wanted.order_number, "cancel"))
            return _DONE
        await self._check_reason(wanted.reason, "CANCELATION")
        order = await self._order_now(wanted.order_number)
        try:
            body = giving_back.cancelations(wanted, order)
        except Misread as error:
            raise self._misread(error) from error
        answer = await self._put(f"{_ORDERS}/cancel", body)
        return self._confirmed(answer, "cancelations", "cancelation_id")

    async def refund_order(self, wanted: RefundOrder) -> Delivery:
        """Pay money back on lines of the order (OR28)."""
        await self._check_reason(wanted.reason, "REFUND")
        order = await self._order_now(wanted.order_number)
        try:
            body = giving_back.refunds(wanted, order)
        except Misread as error:
            raise self._misread(error) from error
        answer = await self._put(f"{_ORDERS}/refund", body)
        return self._confirmed(answer, "refunds", "refund_id")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look at the order (OR11) for what a doubtful act would have changed."""
        order = await self._order_now(getattr(wanted, "order_number", ""))
        try:
            return _done(wanted, order)
        except Misread as error:
            raise self._misread(error) from error

    async def _order_now(self, number: str) -> Json:
        """Return the order as OR11 tells it, nothing when it has none of that number."""
        query: dict[str, str | int] = {"order_ids": number, "max": 1, **self._shop}
        answer = await self._http.get(_ORDERS, query)
        try:
            found = parts(answer.data, "orders")
        except Misread as error:
            raise self._misread(error) from error
        return next((each for each in found if each.get("order_id") == number), {})

    async def _check_reason(self, reason: str | None, kind: str) -> None:
        """Tell the reasons there are (RE01) when there is none."""
        if reason:
            return
        answer = await self._http.get("/api/reasons", dict(self._shop))
        try:
            known = [
                f"{code(each, 'code')} {line(each, 'label') or ''}"
                for each in parts(answer.data, "reasons")
                if each.get("type") == kind and each.get("is_shop_right") is not False
            ]
        except Misread as error:
            raise self._misread(error) from error
        raise NotAllowed(
            what=_("{channel} wants the code of a reason: {codes}").format(
                channel=self._channel.name, codes=", ".join(known)
            ),
            remedy=N_("Ask for it again with one of them."),
        )

    async def _put(self, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return await self._http.send("PUT", path, content, self._shop)

    def _confirmed(self, answer: Json, key: str, number: str) -> Delivery:
        try:
            return Delivery(code(parts(answer, key)[0], number))
        except (Misread, IndexError) as error:
            detail = N_("its number is not in the answer")
            raise Doubtful(channel=self._channel.name, detail=detail) from error

    def _misread(self, error: Misread) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=str(error))


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


def _path(number: str, act: str) -> str:
    # Dots are quoted too, or an order called ".." would lead to another operation.
    quoted = quote(number, safe="").replace(".", "%2E")
    return f"{_ORDERS}/{quoted}/{act}"
