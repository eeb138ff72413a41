"""What a seller can do to an order by the Selling Partner API: ship it, and send set notices.

Sources: ordersV0.json (confirmShipment), messaging_v1.json and solicitations_v1.json. A notice has
a fixed purpose and starts no conversation; Amazon tells which ones an order allows just now.
"""

from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from mkt_tui.adapters.amazon.calls import CONFIRM_SHIPMENT, NOTICES, Calls
from mkt_tui.adapters.fields import Json, Misread, line, part, parts, whole
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, ChannelError, Doubtful, NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import Parcel, ShipOrder
from mkt_tui.domain.ticket_operations import StartThread
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _

_REVIEW: Final = "productReviewAndSellerFeedback"
# Longest text of each notice; those that need a file are not sent from here.
_TEXTS: Final = {
    "confirmCustomizationDetails": 800,
    "confirmDeliveryDetails": 2000,
    "confirmOrderDetails": 2000,
    "confirmServiceDetails": 2000,
    "unexpectedProblem": 2000,
    "digitalAccessKey": 400,
}
_MOST_PIECES: Final = 1_000_000


class Acts:
    """The writes of one seller; `marketplace` is Amazon's id of the shop's country."""

    def __init__(self, channel: Channel, calls: Calls, marketplace: str) -> None:
        self._channel = channel
        self._calls = calls
        self._marketplace = marketplace

    async def notices(self, order_number: str) -> tuple[str, ...]:
        """Return the notices that Amazon allows on the order now and that can be sent from here."""
        told = await self._allowed("/messaging/v1", order_number)
        asked = await self._allowed("/solicitations/v1", order_number)
        return tuple(each for each in told if each in _TEXTS) + tuple(
            each for each in asked if each == _REVIEW
        )

    async def send_notice(self, wanted: StartThread) -> Delivery:
        """Send the notice that `wanted.topic` names.

        Raises:
            NotAllowed: Amazon does not allow it on this order, or the text does not fit.
        """
        if wanted.audience is not Audience.CUSTOMER:
            raise NotAllowed(
                what=N_("A notice of Amazon goes to the customer only"),
                remedy=N_("Choose the customer as recipient."),
            )
        allowed = await self.notices(wanted.order_number)
        if wanted.topic not in allowed:
            raise NotAllowed(
                what=_("Amazon does not allow the notice {name} on this order").format(
                    name=wanted.topic
                ),
                remedy=_("Allowed now: {names}.").format(names=", ".join(allowed) or "-"),
            )
        order = segment(wanted.order_number)
        query = f"?marketplaceIds={self._marketplace}"
        if wanted.topic == _REVIEW:
            path = f"/solicitations/v1/orders/{order}/solicitations/{_REVIEW}"
            await self._calls.send(NOTICES, "solicit", path + query, {})
        else:
            self._check(wanted)
            path = f"/messaging/v1/orders/{order}/messages/{wanted.topic}"
            content = {"text": wanted.text}
            await self._calls.send(NOTICES, wanted.topic, path + query, content)
        # Amazon gives a notice no number.
        return Delivery("")

    async def ship(self, wanted: ShipOrder, order: Json) -> Delivery:
        """Confirm the parcels of an order (confirmShipment), `order` as getOrder tells it."""
        items = {str(each.get("orderItemId")): each for each in parts(order, "orderItems")}
        path = f"/orders/v0/orders/{segment(wanted.order_number)}/shipmentConfirmation"
        for position, parcel in enumerate(wanted.parcels, start=1):
            detail = self._package(wanted, position, parcel, items)
            content = {"marketplaceId": self._marketplace, "packageDetail": detail}
            try:
                await self._calls.send(CONFIRM_SHIPMENT, "ship", path, content)
            except ChannelError as error:
                if position == 1:
                    raise
                # Some parcels are confirmed: neither all nor nothing was done.
                raise Doubtful(channel=self._channel.name, detail=str(error)) from error
        return Delivery(wanted.parcels[0].number if wanted.parcels else "")

    def _package(
        self, wanted: ShipOrder, position: int, parcel: Parcel, items: dict[str, Json]
    ) -> dict[str, Any]:
        shares = [(each.line, each.quantity) for each in parcel.shares]
        carrier = {"carrierCode": parcel.carrier_code or "Other"}
        if parcel.carrier_code is None:
            carrier["carrierName"] = parcel.carrier
        return {
            "packageReferenceId": _reference(wanted.operation, position),
            **carrier,
            "trackingNumber": parcel.number,
            "shipDate": wanted.queued_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "orderItems": [
                {"orderItemId": number, "quantity": quantity}
                for number, quantity in shares or _left(items)
            ],
        }

    async def _allowed(self, api: str, order_number: str) -> list[str]:
        path = f"{api}/orders/{segment(order_number)}"
        query = {"marketplaceIds": self._marketplace}
        answer = await self._calls.get(NOTICES, f"{api} allowed", path, query)
        try:
            links = parts(part(answer.data, "_links"), "actions")
            return [name for each in links if (name := line(each, "name"))]
        except Misread as error:
            raise BadAnswer(channel=self._channel.name, detail=str(error)) from error

    def _check(self, wanted: StartThread) -> None:
        most = _TEXTS[wanted.topic]
        if not 1 <= len(wanted.text.strip()) <= len(wanted.text) <= most:
            raise NotAllowed(
                what=_("The reply must have {least} to {most} characters").format(
                    least=1, most=most
                ),
                remedy=N_("Change the text and send it again."),
            )


def shipped_as(wanted: ShipOrder, order: Json) -> bool:
    """Tell whether the order shows every parcel of `wanted` by its tracking number."""
    known = {line(each, "trackingNumber") for each in parts(order, "packages")}
    return all(each.number in known for each in wanted.parcels)


def _reference(operation: str, position: int) -> str:
    """Return the number by which Amazon knows a package: the same on every try of one act.

    Told again under its reference a package is edited, so another act must not name it.
    """
    act = int(sha256(operation.encode()).hexdigest()[:10], 16)
    return f"{act}{position:03}"


def _left(items: dict[str, Json]) -> list[tuple[str, int]]:
    told = [
        (number, whole(part(item, "fulfillment"), "quantityUnfulfilled"), item)
        for number, item in items.items()
    ]
    shares = [
        (number, whole(item, "quantityOrdered") or 0 if left is None else left)
        for number, left, item in told
    ]
    return [(number, quantity) for number, quantity in shares if 0 < quantity <= _MOST_PIECES]


def segment(text: str) -> str:
    """Return `text` as one step of a path."""
    # Dots are quoted too, or an order called ".." would lead to another operation.
    return quote(text, safe="").replace(".", "%2E")
