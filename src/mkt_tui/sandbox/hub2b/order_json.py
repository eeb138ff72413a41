"""Orders as the hub answers them; its times carry no zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mkt_tui.sandbox.records import Line, Order

ZONE = ZoneInfo("America/Sao_Paulo")
SOURCE = "mercadolivre"
Json = dict[str, object]

_STATUSES = {
    "SHIPPED": "Shipped",
    "TO_COLLECT": "Shipped",
    "RECEIVED": "Delivered",
    "CLOSED": "Completed",
    "CANCELED": "Canceled",
    "REFUSED": "Canceled",
}


def status_of(order: Order) -> str:
    """Return the hub's word for where the order stands."""
    if order.state == "SHIPPING":
        return "Invoiced" if order.has_invoice else "Approved"
    return _STATUSES.get(order.state, "Pending")


def order_json(number: int, order: Order, store: str) -> Json:
    """Return an order; `number` is the hub's own."""
    status = status_of(order)
    return {
        "reference": {
            "idTenant": 9999,
            "store": store,
            "id": number,
            "virtual": None,
            "source": order.id,
            "destination": order.seller_reference,
            "system": {"source": SOURCE, "destination": None},
        },
        "status": {
            "status": status,
            "updatedDate": text(order.updated),
            "active": True,
            "message": "",
        },
        "createdDate": text(order.created),
        "canceledDate": text(order.updated) if status == "Canceled" else None,
        "customer": _customer(order),
        "shipping": _shipping(order),
        "payment": _payment(order),
        "products": [_product(line, place) for place, line in enumerate(order.lines, 1)],
        "orderNotes": [],
        "orderAdditionalInfos": [],
    }


def text(instant: datetime | None) -> str | None:
    """Return a time as the hub writes it: local, without a zone."""
    if instant is None:
        return None
    return instant.astimezone(ZONE).replace(tzinfo=None).isoformat()


def _customer(order: Order) -> Json:
    person = order.customer
    return {
        "name": person.name,
        "documentNumber": person.document,
        "telephone": None,
        "mobileNumber": person.phone,
        "email": person.email,
    }


def _shipping(order: Order) -> Json:
    place, shipment = order.customer.place, order.shipment
    return {
        "shippingDate": text(order.shipped),
        "estimatedDeliveryDate": text(shipment.promised_until),
        "responsible": "Seller",
        "provider": shipment.carrier_name,
        "service": shipment.label,
        "price": sum(line.shipping for line in order.lines) / 100,
        "receiverName": order.customer.name,
        "address": {
            "address": place.street,
            "number": "",
            "neighborhood": None,
            "city": place.city,
            "state": place.state,
            "country": "Brasil",
            "zipCode": place.zip_code,
            "additionalInfo": place.complement,
            "reference": "",
        },
    }


def _payment(order: Order) -> Json:
    goods = sum(line.price for line in order.lines)
    shipping = sum(line.shipping for line in order.lines)
    first = order.payments[0] if order.payments else None
    return {
        "method": first.method if first else None,
        "paymentDate": text(order.debited),
        "purchaseDate": text(order.created),
        "approvedDate": text(order.debited),
        "totalAmount": goods / 100,
        "totalAmountPlusShipping": (goods + shipping) / 100,
        "totalDiscount": 0,
        "installments": first.instalments if first else None,
        "address": None,
    }


def _product(line: Line, place: int) -> Json:
    return {
        "idProduct": place,
        "sku": line.sku,
        "name": line.title,
        "quantity": line.quantity,
        "unity": "UN",
        "price": line.unit_price / 100,
        "shippingCost": line.shipping / 100,
        "discount": 0,
        "type": "Product",
    }
