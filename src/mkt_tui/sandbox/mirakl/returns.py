"""Returns of the contract: RT11, RT12, RT21, RT25, RT26 and RT27.

[unknown] in the contract: which step a state allows. Here as the states' names suggest.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, bad_field, bad_parameter
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.mirakl import tokens
from mkt_tui.sandbox.records import Compliance, Line, Order, Return
from mkt_tui.sandbox.world import Shop, World

STATES = (
    *("WAITING_ACCEPTANCE", "IN_PROGRESS", "REFUSED", "RECEIVED", "NO_RECEPTION", "CLOSED"),
    "CANCELED",
)
REJECTIONS = tuple(
    f"RETURN_REJECTION_{each}" for each in ("NOT_ELIGIBLE", "NOT_NEEDED", "WINDOW_CLOSED")
)
FAULTS = tuple(
    f"RETURN_NON_COMPLIANT_{each}"
    for each in ("MISSING_ITEM", "WRONG_PRODUCT", "DAMAGED_PRODUCT", "WINDOW_CLOSED", "OTHER")
)
REASONS = ("RETURN_CHANGED_MIND", "RETURN_DEFECTIVE_ITEM", "RETURN_DELIVERED_PRODUCT_DIFFERENT")
WINDOW = timedelta(days=30)
MOST = 100
_VOID = ("REFUSED", "CANCELED")

Step = Callable[[Return, forms.Json], None]


async def list_returns(_world: World, shop: Shop, request: Request) -> Response:
    """RT11: the returns, the oldest first, page by page."""
    query = request.query_params
    limit = parameters.whole(query, "limit", 50, 1, 100)
    after = parameters.instant(query, "return_last_updated_from")
    ids = parameters.listing(query, "return_id")
    states = parameters.listing(query, "return_state")
    if states is not None and not set(states) <= set(STATES):
        raise bad_parameter("return_state")
    found = sorted(_all(shop), key=lambda each: (each[1].created, each[1].id))
    found = [
        (order, each)
        for order, each in found
        if (after is None or each.updated > after)
        and (ids is None or each.id in ids)
        and (states is None or each.state in states)
    ]
    names = [each.id for _order, each in found]
    start = tokens.start(query.get("page_token"), names)
    told = [_told(order, each) for order, each in found[start : start + limit]]
    return json_answer({"data": told, **tokens.links(names, start, limit)})


async def list_returnable(world: World, shop: Shop, request: Request) -> Response:
    """RT12: which pieces may be sent back, line by line."""
    query = request.query_params
    limit = parameters.whole(query, "limit", 50, 1, 100)
    lines = parameters.listing(query, "order_line_id")
    orders = parameters.listing(query, "order_commercial_id")
    found = [
        (f"{order.id}-{place}", order, line)
        for order in shop.orders.values()
        if orders is None or order.id.split("-", 1)[0] in orders
        for place, line in enumerate(order.lines, 1)
        if lines is None or f"{order.id}-{place}" in lines
    ]
    names = [name for name, _order, _line in found]
    start = tokens.start(query.get("page_token"), names)
    page = found[start : start + limit]
    told = [_returnable(name, order, line, world.clock()) for name, order, line in page]
    return json_answer({"data": told, **tokens.links(names, start, limit)})


def _returnable(name: str, order: Order, line: Line, now: datetime) -> forms.Json:
    back = sum(each.lines.get(name, 0) for each in order.returns if each.state not in _VOID)
    open_ = order.received is not None and order.received <= now <= order.received + WINDOW
    left = max(line.left - back, 0) if open_ else 0
    return {
        "order_commercial_id": order.id.split("-", 1)[0],
        "order_line_id": name,
        "returnable_quantity": left,
        "return_window": WINDOW.days if left else None,
        "available_return_methods": [
            *("RETURN_METHOD_BY_MAIL", "RETURN_METHOD_DROP_OFF_POINT"),
        ]
        if left
        else None,
        "available_return_reasons": list(REASONS) if left else None,
    }


async def accept(world: World, shop: Shop, request: Request) -> Response:
    """RT21: accept or refuse."""

    def step(each: Return, entry: forms.Json) -> None:
        _must_be(each, "WAITING_ACCEPTANCE")
        reason = forms.optional_text(entry, "rejection_reason_code")
        if type(entry.get("accepted")) is not bool:
            raise bad_field("accepted", "The field accepted must be true or false")
        if reason is not None and reason not in REJECTIONS:
            raise bad_field("rejection_reason_code", "The reason is not known")
        each.state = "IN_PROGRESS" if entry["accepted"] else "REFUSED"
        each.rejection = None if entry["accepted"] else reason

    return await _each(world, shop, request, step)


async def receive(world: World, shop: Shop, request: Request) -> Response:
    """RT25: the items have come back."""

    def step(each: Return, _entry: forms.Json) -> None:
        _must_be(each, "IN_PROGRESS", "NO_RECEPTION")
        each.state = "RECEIVED"

    return await _each(world, shop, request, step)


async def judge(world: World, shop: Shop, request: Request) -> Response:
    """RT26: say of each line whether it is as it must be."""

    def step(each: Return, entry: forms.Json) -> None:
        _must_be(each, "RECEIVED")
        verdicts = _verdicts(entry)
        if missing := each.lines.keys() - verdicts.keys():
            lines = ", ".join(sorted(missing))
            text = f"The compliance has not been specified on the following order lines: {lines}"
            raise ApiError(400, text)
        each.compliance = verdicts

    return await _each(world, shop, request, step)


async def close(world: World, shop: Shop, request: Request) -> Response:
    """RT27: close."""

    def step(each: Return, _entry: forms.Json) -> None:
        _must_be(each, "RECEIVED", "NO_RECEPTION")
        each.state = "CLOSED"

    return await _each(world, shop, request, step)


async def _each(world: World, shop: Shop, request: Request, step: Step) -> Response:
    content = await forms.read_json(request)
    entries = content.get("returns")
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
        raise bad_field("returns", f"There must be 1 to {MOST} returns")
    known = {each.id: (order, each) for order, each in _all(shop)}
    done, errors = [], []
    for entry in entries:
        name = str(entry.get("id")) if isinstance(entry, dict) else ""
        try:
            _take(known.get(name), entry, step, world.clock())
            done.append({"id": name})
        except ApiError as error:
            errors.append({"id": name, "message": error.message})
    return json_answer({"return_success": done, "return_errors": errors})


def _take(found: tuple[Order, Return] | None, entry: forms.Json, step: Step, now: datetime) -> None:
    if found is None:
        raise ApiError(404, "The return does not exist.")
    order, each = found
    step(each, entry)
    each.updated = order.updated = now


def _must_be(each: Return, *states: str) -> None:
    if each.state not in states:
        raise ApiError(400, "Return is in invalid state")


def _verdicts(entry: forms.Json) -> dict[str, Compliance]:
    told = entry.get("return_lines")
    found: dict[str, Compliance] = {}
    for each in told if isinstance(told, list) else ():
        if not isinstance(each, dict) or type(each.get("compliant")) is not bool:
            raise bad_field("compliant", "The field compliant must be true or false")
        reason = forms.optional_text(each, "non_compliance_reason_code")
        if reason is not None and reason not in FAULTS:
            raise bad_field("non_compliance_reason_code", "The reason is not known")
        note = forms.optional_text(each, "non_compliance_additional_info")
        found[str(each.get("order_line_id"))] = Compliance(each["compliant"], reason, note)
    return found


def _all(shop: Shop) -> list[tuple[Order, Return]]:
    return [(order, each) for order in shop.orders.values() for each in order.returns]


def _told(order: Order, each: Return) -> forms.Json:
    return {
        "id": each.id,
        "order_id": order.id,
        "order_commercial_id": order.id.split("-", 1)[0],
        "rma": each.rma,
        "state": each.state,
        "reason_code": each.reason,
        "rejection_reason_code": each.rejection,
        "method_code": "RETURN_METHOD_BY_MAIL",
        "description": each.description,
        "date_created": to_json(each.created),
        "last_updated": to_json(each.updated),
        "label_url": None,
        "documents": [],
        "tracking": {"carrier_name": "Correios", "tracking_number": each.tracking}
        if each.tracking
        else None,
        "return_lines": [
            {
                "order_line_id": name,
                "quantity": count,
                "reason_code": each.reason,
                "compliance": _compliance(each.compliance.get(name)),
            }
            for name, count in each.lines.items()
        ],
    }


def _compliance(known: Compliance | None) -> list[forms.Json] | None:
    if known is None:
        return None
    return [
        {
            "compliant": known.compliant,
            "non_compliance_reason_code": known.reason,
            "non_compliance_additional_info": known.note,
        }
    ]
