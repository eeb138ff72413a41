"""What a seller does with orders at the hub: nota fiscal, tracking, status.

The hub refuses tracking before the nota fiscal, so that is looked at first and said in words. Its
operations carry no number of ours: what is there already is read before it is sent, so that an act
whose answer was lost changes nothing the second time.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from mkt_tui.adapters.fields import Json
from mkt_tui.adapters.hub2b.orders import word
from mkt_tui.adapters.nota_fiscal import read_nota
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    Parcel,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.i18n import N_, _

_DONE: Final = Delivery("")
_DELIVERED: Final = ("delivered", "completed")
_SHIPPED: Final = ("shipped", *_DELIVERED)


class Wire(Protocol):
    """The hub's operations, with a good token."""

    async def find(self, number: str) -> tuple[int, Json] | None:
        """Return an order and the hub's number of it, by the marketplace's number."""
        ...

    async def look(self, path: str) -> Json | None:
        """Read what may not be there."""
        ...

    async def send(self, method: str, path: str, content: Mapping[str, Any]) -> None:
        """Send JSON, once."""
        ...


class Acts:
    """The acts of one account; its times are written in `zone`, without naming it."""

    def __init__(self, wire: Wire, zone: ZoneInfo) -> None:
        self._wire = wire
        self._zone = zone

    async def upload(self, wanted: UploadDocument) -> Delivery:
        """Send the nota fiscal (POST /Orders/{id}/Invoice)."""
        nota = read_nota(wanted.data, self._zone)
        hub, _order = await self._order(wanted.order_number)
        if not await self._has_nota(hub, nota["key"]):
            await self._wire.send("POST", f"/Orders/{hub}/Invoice", nota)
        return _DONE

    async def track(self, wanted: TrackOrder) -> Delivery:
        """Send the tracking (POST /Orders/{id}/Tracking)."""
        hub, _order = await self._order(wanted.order_number)
        await self._track(hub, wanted.parcel, wanted.queued_at)
        return _DONE

    async def ship(self, wanted: ShipOrder) -> Delivery:
        """Send the tracking, then the status where the hub has not set it by itself."""
        if len(wanted.parcels) > 1:
            raise NotAllowed(
                what=N_("This channel takes one parcel for an order from here"),
                remedy=N_("Ship the others in the marketplace's own portal."),
            )
        hub, _order = await self._order(wanted.order_number)
        for parcel in wanted.parcels:
            await self._track(hub, parcel, wanted.queued_at)
        _hub, order = await self._order(wanted.order_number)
        if word(order) not in _SHIPPED:
            await self._set_status(hub, "Shipped", "", wanted.queued_at)
        return _DONE

    async def deliver(self, wanted: DeliverOrder) -> Delivery:
        """Tell that an order was delivered (PUT /Orders/{id}/Status)."""
        hub, order = await self._order(wanted.order_number)
        if word(order) not in _DELIVERED:
            await self._set_status(hub, "Delivered", "", wanted.queued_at)
        return _DONE

    async def cancel(self, wanted: CancelOrder) -> Delivery:
        """Cancel a whole order (PUT /Orders/{id}/Status)."""
        if wanted.shares:
            raise NotAllowed(
                what=N_("This channel cancels whole orders only from here"),
                remedy=N_("Do it in the marketplace's own portal."),
            )
        hub, _order = await self._order(wanted.order_number)
        await self._set_status(hub, "Canceled", wanted.reason or "", wanted.queued_at)
        return _DONE

    async def done(self, wanted: Operation) -> Delivery | None:
        """Read back what a doubtful act would have changed."""
        match wanted:
            case UploadDocument():
                hub, _order = await self._order(wanted.order_number)
                key = read_nota(wanted.data, self._zone)["key"]
                is_done = await self._has_nota(hub, key)
            case TrackOrder():
                hub, _order = await self._order(wanted.order_number)
                is_done = await self._has_tracking(hub, wanted.parcel)
            case ShipOrder():
                hub, order = await self._order(wanted.order_number)
                told = [await self._has_tracking(hub, each) for each in wanted.parcels]
                is_done = all(told) and word(order) in _SHIPPED
            case CancelOrder():
                _hub, order = await self._order(wanted.order_number)
                is_done = word(order) == "canceled"
            case DeliverOrder():
                _hub, order = await self._order(wanted.order_number)
                is_done = word(order) in _DELIVERED
            case _:
                raise NotAllowed(
                    what=N_("This channel cannot tell whether it was carried out"),
                    remedy=N_("Look in the marketplace's own portal."),
                )
        return _DONE if is_done else None

    async def _track(self, hub: int, parcel: Parcel, at: datetime) -> None:
        if await self._wire.look(f"/Orders/{hub}/Invoice") is None:
            raise NotAllowed(
                what=N_("The hub takes no tracking before the nota fiscal"),
                remedy=N_("Send the nota fiscal (XML) as a document of the order first."),
            )
        if await self._has_tracking(hub, parcel):
            return
        content = {
            "code": parcel.number,
            "url": parcel.url,
            "shippingDate": self._local(at),
            "shippingProvider": parcel.carrier,
        }
        told = {name: value for name, value in content.items() if value}
        await self._wire.send("POST", f"/Orders/{hub}/Tracking", told)

    async def _set_status(self, hub: int, status: str, message: str, at: datetime) -> None:
        content = {
            "status": status,
            "updatedDate": self._local(at),
            "active": True,
            "message": message,
        }
        await self._wire.send("PUT", f"/Orders/{hub}/Status", content)

    async def _has_nota(self, hub: int, key: str) -> bool:
        kept = await self._wire.look(f"/Orders/{hub}/Invoice")
        return kept is not None and kept.get("key") == key

    async def _has_tracking(self, hub: int, parcel: Parcel) -> bool:
        kept = await self._wire.look(f"/Orders/{hub}/Tracking")
        return kept is not None and kept.get("code") == parcel.number

    async def _order(self, number: str) -> tuple[int, Json]:
        if found := await self._wire.find(number):
            return found
        raise NotAllowed(
            what=_("The hub has no order {number}").format(number=number),
            remedy=N_("Look in the marketplace's own portal."),
        )

    def _local(self, at: datetime) -> str:
        """Return a time as the hub writes it, without a zone."""
        return at.astimezone(self._zone).replace(tzinfo=None).isoformat(timespec="seconds")
