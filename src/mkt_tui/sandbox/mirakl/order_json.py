"""Orders as Mirakl OR11 answers them."""

from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.records import (
    CURRENCY,
    CUSTOMER,
    Line,
    Order,
    Payment,
    Person,
    Place,
    Refund,
    Thread,
)

Json = dict[str, object]


def order_json(order: Order, threads: list[Thread]) -> Json:
    """Return an order as the contract shows it; `threads` are the ones on this order."""
    return {
        **_identity(order, threads),
        **_dates(order),
        **_money(order),
        **_transport(order),
        "customer": _customer(order),
        "customer_notification_email": order.customer.email,
        "order_additional_fields": _additional_fields(order),
        "order_lines": [_line(order, index) for index in range(len(order.lines))],
    }


def _identity(order: Order, threads: list[Thread]) -> Json:
    reason_code, reason_label = order.reason or (None, None)
    return {
        "order_id": order.id,
        "commercial_id": order.id.split("-", 1)[0],
        "channel": None,
        "order_state": order.state,
        "order_state_reason_code": reason_code,
        "order_state_reason_label": reason_label,
        "references": {
            "order_reference_for_customer": order.id.split("-", 1)[0],
            "order_reference_for_seller": order.seller_reference,
        },
        "can_cancel": order.state in ("WAITING_DEBIT_PAYMENT", "SHIPPING"),
        "can_shop_ship": order.state == "SHIPPING",
        "has_customer_message": _customer_wrote(threads),
        "has_incident": order.has_incident,
        "has_invoice": order.has_invoice,
        "fully_refunded": _fully_refunded(order),
        "quote_id": None,
    }


def _customer_wrote(threads: list[Thread]) -> bool:
    return any(each.sender == CUSTOMER for thread in threads for each in thread.messages)


def _fully_refunded(order: Order) -> bool:
    return bool(order.lines) and all(
        sum(refund.amount for refund in line.refunds) >= line.price for line in order.lines
    )


def _dates(order: Order) -> Json:
    shipment = order.shipment
    return {
        "created_date": to_json(order.created),
        "acceptance_decision_date": to_json(order.accepted),
        "customer_debited_date": to_json(order.debited),
        "last_updated_date": to_json(order.updated),
        "shipping_deadline": to_json(shipment.ship_by),
        "delivery_date": {
            "earliest": to_json(shipment.promised_from),
            "latest": to_json(shipment.promised_until),
        },
        "transaction_date": to_json(order.debited),
    }


def _money(order: Order) -> Json:
    price = sum(line.price for line in order.lines)
    shipping = sum(line.shipping for line in order.lines)
    return {
        "currency_iso_code": CURRENCY,
        "price": price / 100,
        "shipping_price": shipping / 100,
        "total_price": (price + shipping) / 100,
        "total_commission": _amount(_commission(order)),
        "order_tax_mode": "TAX_INCLUDED",
        "payment_type": " + ".join(each.method for each in order.payments) or None,
        "payment_workflow": "PAY_ON_ACCEPTANCE",
        "transaction_number": order.transaction,
        "promotions": {"applied_promotions": [], "total_deduced_amount": 0},
    }


def _commission(order: Order) -> int | None:
    known = [line.commission for line in order.lines if line.commission is not None]
    return sum(known) if known else None


def _amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _transport(order: Order) -> Json:
    shipment = order.shipment
    return {
        "shipping_carrier_code": shipment.carrier_code,
        "shipping_company": shipment.carrier_name,
        "shipping_tracking": shipment.number,
        "shipping_tracking_url": shipment.url,
        "shipping_pudo_id": None,
        "shipping_type_code": "STD" if shipment.label else None,
        "shipping_type_label": shipment.label,
        "shipping_zone_code": "BR" if shipment.zone else None,
        "shipping_zone_label": shipment.zone,
        "leadtime_to_ship": shipment.lead_days,
        "fulfillment": {"center": {"code": "DEFAULT"}},
    }


def _customer(order: Order) -> Json:
    person = order.customer
    # "Mirakl addresses are null before acceptance" (contract reference, chapter 0).
    address = None if order.state == "WAITING_ACCEPTANCE" else _address(person)
    return {
        "customer_id": person.id,
        "civility": None,
        "firstname": person.firstname,
        "lastname": person.lastname,
        "locale": "pt_BR",
        "billing_address": address,
        "shipping_address": address and {**address, "additional_info": None},
        "organization": None,
    }


def _address(person: Person) -> Json:
    return {
        "firstname": person.firstname,
        "lastname": person.lastname,
        **_place(person.place),
        "country": "Brasil",
        "company": None,
        "civility": None,
        "phone": person.phone,
        "phone_secondary": None,
    }


def _place(place: Place) -> Json:
    return {
        "street_1": place.street,
        "street_2": place.complement,
        "zip_code": place.zip_code,
        "city": place.city,
        "state": place.state,
        "country_iso_code": "BRA",
    }


def _additional_fields(order: Order) -> list[Json]:
    """The fields that the operators of these practice shops defined; values are strings."""
    fields = [_field("customer-document", "STRING", order.customer.document)]
    for number, payment in enumerate(order.payments, 1):
        fields += _payment_fields(f"payment-{number}", payment)
    return [each for each in fields if each["value"] is not None]


def _payment_fields(prefix: str, payment: Payment) -> list[Json]:
    return [
        _field(f"{prefix}-method", "STRING", payment.method),
        _field(f"{prefix}-instalments", "NUMERIC", str(payment.instalments)),
        _field(f"{prefix}-amount", "NUMERIC", f"{payment.amount / 100:.2f}"),
    ]


def _field(code: str, kind: str, value: str | None) -> Json:
    return {"code": code, "type": kind, "value": value}


def _line_state(order: Order, line: Line) -> str:
    if not line.left:
        return "CANCELED"
    return "INCIDENT_OPEN" if order.has_incident else order.state


def _line(order: Order, index: int) -> Json:
    line = order.lines[index]
    ships_from = line.ships_from and {"address": _place(line.ships_from), "warehouse": None}
    return {
        "order_line_id": f"{order.id}-{index + 1}",
        "order_line_index": index + 1,
        "order_line_state": _line_state(order, line),
        "created_date": to_json(order.created),
        "debited_date": to_json(order.debited),
        "shipped_date": to_json(order.shipped),
        "received_date": to_json(order.received),
        "last_updated_date": to_json(order.updated),
        "can_refund": order.debited is not None and not line.refunds,
        "shipping_from": ships_from,
        "cancelations": [_given_back(line, each) for each in line.cancelations],
        "refunds": [{**_given_back(line, each), "state": "REFUNDED"} for each in line.refunds],
        **_line_product(line),
        **_line_money(line),
    }


def _line_product(line: Line) -> Json:
    return {
        "offer_sku": line.sku,
        "offer_state_code": "11",
        "product_sku": line.product_code,
        "product_shop_sku": line.sku,
        "product_title": line.title,
        "product_medias": [],
        "category_code": line.category_code,
        "category_label": line.category_label,
        "order_line_additional_fields": [],
    }


def _line_money(line: Line) -> Json:
    return {
        "quantity": line.quantity,
        "price_unit": line.unit_price / 100,
        "origin_unit_price": line.unit_price / 100,
        "price": line.price / 100,
        "shipping_price": line.shipping / 100,
        "total_price": (line.price + line.shipping) / 100,
        "commission_fee": _amount(line.commission),
        "total_commission": _amount(line.commission),
        "commission_taxes": [],
        "taxes": [],
        "shipping_taxes": [],
        "promotions": [],
        "fees": [],
    }


def _given_back(line: Line, refund: Refund) -> Json:
    commission = (line.commission or 0) * refund.amount // line.price
    return {
        "id": refund.id,
        "amount": refund.amount / 100,
        "shipping_amount": refund.shipping / 100,
        "quantity": refund.quantity,
        "reason_code": refund.reason_code,
        "commission_amount": commission / 100,
        "commission_taxes": [],
        "commission_total_amount": commission / 100,
        "created_date": to_json(refund.created),
        "taxes": [],
        "shipping_taxes": [],
    }
