"""Orders: lists by status, one order, and its trackings."""

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.cnova.tickets import mail_of
from mkt_tui.sandbox.cnova.wire import Json, date, inside, page, span
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.records import Order, Place, Step
from mkt_tui.sandbox.world import Shop, World

_LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "new": ("purchasedAt", ("STAGING", "WAITING_ACCEPTANCE", "WAITING_DEBIT_PAYMENT")),
    "approved": ("approvedAt", ("SHIPPING",)),
    "sent": ("sentAt", ("SHIPPED",)),
    "delivered": ("deliveredAt", ("RECEIVED", "CLOSED")),
    "canceled": ("canceledAt", ("CANCELED", "REFUSED")),
    "partiallySent": ("sentAt", ()),
    "partiallyDelivered": ("sentAt", ()),
}
_DATES: dict[str, Callable[[Order], datetime | None]] = {
    "purchasedAt": lambda order: order.created,
    "approvedAt": lambda order: order.debited,
    "sentAt": lambda order: order.shipped,
    "deliveredAt": lambda order: order.received,
    "canceledAt": lambda order: order.updated,
}
_CODES = {
    "STAGING": "NEW",
    "WAITING_ACCEPTANCE": "NEW",
    "WAITING_DEBIT_PAYMENT": "PEN",
    "SHIPPED": "SHP",
    "RECEIVED": "DLV",
    "CLOSED": "DLV",
}
# Which code a cancelled order has is not documented [unknown]; it keeps the one it had.
_PAID = "PAY"
_PAYMENTS = {"Boleto": "2", "Vale-compra": "4", "Pix": "5"}
_AFTER = {"sent": "SHIPPED", "delivered": "RECEIVED", "cancel": "CANCELED"}
_KINDS = (*_AFTER, "exchange", "return")
# A delivery that is told as delivered is one that was told as sent.
_OWN_DELIVERY = ("sent", "exchange", "return")
# Which control point stands for an exchange is not documented [unknown].
_POINTS = {"exchange": "ETR", "return": "RTD"}


async def list_all(_world: World, shop: Shop, request: Request) -> Response:
    """List all orders, the oldest first."""
    return json_answer(page(request, "orders", [order_json(each) for each in shop.orders.values()]))


async def list_of_status(_world: World, shop: Shop, request: Request) -> Response:
    """List the orders of one status by the date that is named after it."""
    name = request.path_params["status"]
    if name not in _LISTS:
        raise not_found("List")
    dated, states = _LISTS[name]
    ends = span(request, dated)
    rows = [
        order_json(each, new=name == "new")
        for each in shop.orders.values()
        if each.state in states and inside(_DATES[dated](each), ends)
    ]
    return json_answer(page(request, "orders", rows))


async def read_order(_world: World, shop: Shop, request: Request) -> Response:
    """Return one order."""
    return json_answer(order_json(_order(shop, request)))


async def add_tracking(world: World, shop: Shop, request: Request) -> Response:
    """Tell what became of items: sent, delivered, cancelled, exchanged, returned."""
    order, kind = _order(shop, request), request.path_params["kind"]
    if kind not in _KINDS:
        raise not_found("Tracking")
    content = await forms.read_json(request)
    items, known = content.get("items"), {str(each["id"]) for each in _items(order)}
    if not isinstance(items, list) or not items or not set(map(str, items)) <= known:
        raise bad_field("items", "The items must be items of the order")
    delivery = forms.optional_text(content, "sellerDeliveryId")
    if kind in _OWN_DELIVERY and delivery in _deliveries(shop):
        raise ApiError(400, "sellerDeliveryId is not unique")
    if kind == "sent" and order.state != "SHIPPING":
        raise ApiError(400, f"Order {order.id} cannot be sent now")
    if kind not in ("sent", "cancel") and order.state not in ("SHIPPED", "RECEIVED", "CLOSED"):
        raise ApiError(400, f"Order {order.id} was not sent")
    _carry_out(order, kind, (content, tuple(map(str, items))), world.clock())
    return Response(status_code=201)


def order_json(order: Order, *, new: bool = False) -> Json:
    """Return an order as the contract shows it; a new one has no shipping address."""
    place, total = order.customer.place, sum(each.price + each.shipping for each in order.lines)
    answer: Json = {
        "id": order.id,
        "orderSiteId": order.id[:-2],
        "site": "CB",
        "paymentType": int(_PAYMENTS.get(order.payments[0].method, "1"))
        if order.payments
        else None,
        "purchasedAt": date(order.created),
        "approvedAt": date(order.debited),
        "updatedAt": date(order.updated),
        "status": _CODES.get(order.state, _PAID),
        "totalAmount": total / 100,
        "totalDiscountAmount": 0,
        "billing": _address(place),
        "customer": _customer(order),
        "freight": _freight(sum(each.shipping for each in order.lines), order),
        "items": _items(order),
        "trackings": _trackings(order),
        "seller": {"id": "practice", "name": "Casa Prado"},
    }
    if not new:
        answer["shipping"] = {**_address(place), "recipientName": order.customer.name}
    return answer


def _carry_out(order: Order, kind: str, told: tuple[Json, tuple[str, ...]], now: datetime) -> None:
    content, items = told
    order.state = _AFTER.get(kind, order.state)
    order.updated = now
    if kind == "sent":
        carrier = content.get("carrier")
        order.shipped = now
        order.shipment.carrier_name = (
            str(carrier.get("name")) if isinstance(carrier, dict) else None
        )
        order.shipment.number = forms.optional_text(content, "number")
        order.shipment.url = forms.optional_text(content, "url")
        order.delivery = forms.optional_text(content, "sellerDeliveryId")
    if kind in _POINTS:
        step = Step(
            kind,
            items,
            forms.optional_text(content, "sellerDeliveryId"),
            forms.optional_text(content, "number"),
            now,
        )
        order.steps.append(step)
    if kind == "delivered":
        order.received = now


def _deliveries(shop: Shop) -> set[str]:
    orders = shop.orders.values()
    told = [each.delivery for each in orders]
    told += [each.delivery for order in orders for each in order.steps]
    return {each for each in told if each}


def _order(shop: Shop, request: Request) -> Order:
    order = shop.orders.get(request.path_params["order_id"])
    if order is None:
        raise not_found("Order")
    return order


def _items(order: Order) -> list[Json]:
    """Return one item for each piece: the contract knows no quantity."""
    pieces = [line for line in order.lines for _piece in range(line.quantity)]
    return [
        {
            "id": f"{order.id}-{number}",
            "skuSellerId": line.sku,
            "name": line.title,
            "salePrice": line.unit_price / 100,
            "sent": order.shipped is not None,
            "freight": _freight(round(line.shipping / line.quantity), order),
            "giftWrap": None,
            "promotions": [],
        }
        for number, line in enumerate(pieces, 1)
    ]


def _freight(amount: int, order: Order) -> Json:
    return {
        "actualAmount": amount / 100,
        "chargedAmount": amount / 100,
        "transitTime": 5,
        "crossDockingTime": order.shipment.lead_days,
        "additionalInfo": None,
        "type": "NOR",
        "scheduledAt": None,
        "scheduledPeriod": None,
    }


def _customer(order: Order) -> Json:
    person = order.customer
    return {
        "id": person.id,
        "name": person.name,
        "documentNumber": person.document,
        "type": "PF",
        "createdAt": date(order.created - timedelta(days=90)),
        "email": mail_of(order),
        "birthDate": None,
        "phones": [{"number": person.phone, "type": "MOBILE"}] if person.phone else [],
    }


def _address(place: Place) -> Json:
    street, _comma, number = (place.street or "").rpartition(", ")
    return {
        "address": street or place.street,
        "number": number or None,
        "complement": place.complement,
        "quarter": None,
        "reference": None,
        "city": place.city,
        "state": place.state,
        "countryId": "BR",
        "zipCode": (place.zip_code or "").replace("-", "") or None,
    }


def _trackings(order: Order) -> list[Json]:
    steps = [("NFS", order.shipped), ("ETR", order.shipped), ("ENT", order.received)]
    items = [{"id": each["id"], "href": f"/orders/{order.id}"} for each in _items(order)]
    usual: list[Json] = [
        {
            "items": items,
            "controlPoint": code,
            "description": {"NFS": "Nota Fiscal emitida", "ENT": "Entrega concluída"}.get(
                code, "Entrega em andamento"
            ),
            "occurredAt": date(at),
            "url": order.shipment.url,
            "number": order.shipment.number,
            "sellerDeliveryId": order.delivery,
            "cte": None,
            "carrier": {"name": order.shipment.carrier_name, "cnpj": None},
            "invoice": None,
        }
        for code, at in steps
        if at is not None
    ]
    return usual + [_step(order, each) for each in order.steps]


def _step(order: Order, step: Step) -> Json:
    return {
        "items": [{"id": each, "href": f"/orders/{order.id}"} for each in step.items],
        "controlPoint": _POINTS[step.kind],
        "description": "Em rota de devolução" if step.kind == "return" else "Troca",
        "occurredAt": date(step.at),
        "url": None,
        "number": step.number,
        "sellerDeliveryId": step.delivery,
        "cte": None,
        "carrier": None,
        "invoice": None,
    }
