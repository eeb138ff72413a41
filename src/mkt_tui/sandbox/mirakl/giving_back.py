"""Cancellations and refunds of the contract: OR28, OR29, OR30, and the reasons they name (RE01)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, not_found
from mkt_tui.sandbox.mirakl.orders import order_of
from mkt_tui.sandbox.records import CURRENCY, Line, Order, Refund
from mkt_tui.sandbox.world import Shop, World

REASONS = (
    ("1", "INCIDENT_OPEN", "Produto não recebido", False),
    ("10", "INCIDENT_CLOSE", "Produto enviado outra vez", True),
    ("15", "REFUND", "Produto com defeito", True),
    ("19", "REFUND", "Desistência do cliente", True),
    ("26", "ORDER_MESSAGING", "Outra pergunta", True),
    ("30", "CANCELATION", "Cancelado a pedido do cliente", True),
    ("34", "CANCELATION", "Produto sem estoque", True),
)
CAN_CANCEL = ("WAITING_DEBIT_PAYMENT", "SHIPPING")


@dataclass(frozen=True, slots=True)
class _Part:
    """One entry of a body, which concerns the line at `index` of `order`."""

    order: Order
    index: int
    entry: Refund


async def list_reasons(_world: World, _shop: Shop, _request: Request) -> Response:
    """RE01: the reasons this operator knows."""
    told = [
        {"code": code, "type": kind, "label": label, "is_shop_right": right}
        for code, kind, label, right in REASONS
    ]
    return json_answer({"reasons": told, "total_count": len(told)})


async def resolve_incident(world: World, shop: Shop, request: Request) -> Response:
    """OR64: the incident of a line is settled; here it is the order's."""
    order = shop.orders.get(request.path_params["order_id"])
    lines = [f"{order.id}-{place}" for place in range(1, len(order.lines) + 1)] if order else []
    if order is None or request.path_params["line"] not in lines:
        raise not_found("Order line")
    reason = forms.optional_text(await forms.read_json(request), "reason_code")
    if reason not in {code for code, kind, _label, _right in REASONS if kind == "INCIDENT_CLOSE"}:
        raise bad_field("reason_code", "The reason is not known")
    # Every line of the practice order shares its incident, so the others' calls find it settled.
    order.has_incident, order.updated = False, world.clock()
    return Response(status_code=204)


async def refund(world: World, shop: Shop, request: Request) -> Response:
    """OR28: give money back on order lines; all of it or, when one is wrong, none."""
    content = await forms.read_json(request)
    found = list(_parts(shop, content, "refunds", "REFUND", world.clock()))
    for each in found:
        _check_refund(each)
    for each in found:
        line = each.order.lines[each.index]
        _put_back(each, replace(line, refunds=(*line.refunds, each.entry)))
    return _answer(found, "refunds", "refund_id")


async def cancel_lines(world: World, shop: Shop, request: Request) -> Response:
    """OR30: cancel pieces of order lines."""
    content = await forms.read_json(request)
    found = list(_parts(shop, content, "cancelations", "CANCELATION", world.clock()))
    for each in found:
        _check_state(each.order)
        if not 0 < each.entry.quantity <= each.order.lines[each.index].left:
            raise bad_field("quantity", "More pieces than are left to cancel")
    for each in found:
        line = each.order.lines[each.index]
        _put_back(each, replace(line, cancelations=(*line.cancelations, each.entry)))
        if not any(line.left for line in each.order.lines):
            each.order.state = "CANCELED"
    return _answer(found, "cancelations", "cancelation_id")


async def cancel(world: World, shop: Shop, request: Request) -> Response:
    """OR29: cancel an order."""
    order = order_of(shop, request)
    _check_state(order)
    order.state, order.updated = "CANCELED", world.clock()
    return Response(status_code=204)


def _check_state(order: Order) -> None:
    if order.state not in CAN_CANCEL:
        raise ApiError(400, f"Order {order.id} is {order.state} and cannot be canceled")


def _check_refund(part: _Part) -> None:
    line = part.order.lines[part.index]
    if part.order.debited is None:
        raise ApiError(400, f"Order {part.order.id} has not been debited")
    if part.entry.amount + part.entry.shipping <= 0:
        raise bad_field("amount", "A refund needs an amount")
    if part.entry.amount + sum(each.amount for each in line.refunds) > line.price:
        raise bad_field("amount", "More than what is left to refund")
    if part.entry.shipping + sum(each.shipping for each in line.refunds) > line.shipping:
        raise bad_field("shipping_amount", "More than what is left to refund")


def _put_back(part: _Part, line: Line) -> None:
    lines = list(part.order.lines)
    lines[part.index] = line
    part.order.lines = tuple(lines)
    part.order.updated = part.entry.created


def _parts(shop: Shop, content: forms.Json, key: str, kind: str, now: datetime) -> Iterator[_Part]:
    entries = content.get(key)
    if not isinstance(entries, list) or not entries:
        raise bad_field(key, f"At least one of {key} is required")
    for each in entries:
        if not isinstance(each, dict):
            raise bad_field(key, "An entry must be an object")
        order, index = _line_of(shop, each.get("order_line_id"))
        if each.get("currency_iso_code", CURRENCY) != CURRENCY:
            raise bad_field("currency_iso_code", f"The currency of this shop is {CURRENCY}")
        yield _Part(order, index, _entry(each, kind, now))


def _entry(told: forms.Json, kind: str, now: datetime) -> Refund:
    reason = told.get("reason_code")
    if not any((reason, kind) == (code, known) for code, known, _, right in REASONS if right):
        raise bad_field("reason_code", f"There is no such reason of type {kind}")
    quantity = told.get("quantity", 0)
    if type(quantity) is not int or quantity < 0:
        raise bad_field("quantity", "A quantity must be a whole number")
    amount, shipping = _cents(told, "amount"), _cents(told, "shipping_amount")
    return Refund(str(uuid4().int % 10**9), amount, quantity, str(reason), now, shipping)


def _cents(told: forms.Json, key: str) -> int:
    value = told.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise bad_field(key, f"The field {key} must be a number")
    return round(value * 100)


def _line_of(shop: Shop, name: object) -> tuple[Order, int]:
    number, _, place = str(name).rpartition("-")
    order = shop.orders.get(number)
    if order is None or not place.isdigit() or not 0 < int(place) <= len(order.lines):
        raise bad_field("order_line_id", f"There is no order line {name}")
    return order, int(place) - 1


def _answer(found: list[_Part], key: str, number: str) -> Response:
    told = [
        {
            number: each.entry.id,
            "order_line_id": f"{each.order.id}-{each.index + 1}",
            "amount": each.entry.amount / 100,
            "shipping_amount": each.entry.shipping / 100,
            "currency_iso_code": CURRENCY,
            "quantity": each.entry.quantity,
            "reason_code": each.entry.reason_code,
            "taxes": [],
            "shipping_taxes": [],
        }
        for each in found
    ]
    return json_answer({"order_tax_mode": "TAX_INCLUDED", key: told})
