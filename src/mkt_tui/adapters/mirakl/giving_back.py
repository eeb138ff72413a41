"""Cancellations and refunds: what OR30 and OR28 are told, and how one is recognised in OR11.

The seller API takes no number of the client's own, so a cancellation or refund that may have
arrived is recognised by line, reason, pieces or amounts, and date. Amounts follow the order.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from mkt_tui.adapters.fields import Json, Misread, code, instant, line, minor, parts, whole
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.money import Money
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import CancelOrder, RefundOrder, Share
from mkt_tui.domain.ticket_operations import CLOCKS_APART
from mkt_tui.i18n import N_

_GONE: Final = ("REFUSED", "CANCELED")

Test: TypeAlias = Callable[[Json], bool]


def refunds(wanted: RefundOrder, order: Json) -> dict[str, Any]:
    """Return the body of OR28.

    Raises:
        NotAllowed: The order has taxes, which OR28 wants told by tax.
        Misread: The order makes no sense.
    """
    lines = _lines(order)
    for each in wanted.lines:
        _check_taxes(lines.get(each.line, {}))
    return {
        "refunds": [
            {
                "order_line_id": each.line,
                "amount": _major(each.amount, wanted.currency),
                "shipping_amount": _major(each.shipping, wanted.currency),
                "reason_code": wanted.reason,
                "currency_iso_code": wanted.currency,
            }
            | ({} if each.quantity is None else {"quantity": each.quantity})
            for each in wanted.lines
        ]
    }


def cancelations(wanted: CancelOrder, order: Json) -> dict[str, Any]:
    """Return the body of OR30: the wanted pieces, or every piece that is left.

    Raises:
        NotAllowed, Misread: See `refunds`.
    """
    lines = _lines(order)
    shares = wanted.shares or tuple(
        Share(number, whole(each, "quantity") or 0)
        for number, each in lines.items()
        if each.get("order_line_state") not in _GONE
    )
    told = (_cancelation(each, lines.get(each.line, {}), order) for each in shares)
    return {"cancelations": [{**each, "reason_code": wanted.reason} for each in told]}


def refunded(wanted: RefundOrder, order: Json) -> Delivery | None:
    """Tell from the order whether the refund is there; see `_found_again`."""

    def same(amount: int, shipping: int) -> Test:
        return lambda entry: (
            minor(entry, "amount", wanted.currency) == amount
            and (minor(entry, "shipping_amount", wanted.currency) or 0) == shipping
            and line(entry, "reason_code") == wanted.reason
        )

    tests = {each.line: same(each.amount, each.shipping) for each in wanted.lines}
    return _found_again(order, "refunds", tests, wanted.queued_at)


def cancelled(wanted: CancelOrder, order: Json) -> Delivery | None:
    """Tell from the order whether the cancellation is there; see `_found_again`."""
    if order.get("order_state") in _GONE:
        return Delivery("")
    if not wanted.shares:
        return None

    def same(pieces: int) -> Test:
        return lambda entry: (
            whole(entry, "quantity") == pieces and line(entry, "reason_code") == wanted.reason
        )

    tests = {each.line: same(each.quantity) for each in wanted.shares}
    return _found_again(order, "cancelations", tests, wanted.queued_at)


def cannot_tell() -> NotAllowed:
    """Return the error that hands a doubt to a person."""
    return NotAllowed(
        what=N_("This channel cannot tell whether it was carried out"),
        remedy=N_("Look in the marketplace's own portal."),
    )


def _found_again(
    order: Json, key: str, tests: Mapping[str, Test], queued_at: datetime
) -> Delivery | None:
    """Return the number of the entry that all lines hold since, None when no line holds it.

    Raises:
        NotAllowed: It is there in part, or its twin was there before: a person must look.
    """
    lines = _lines(order)
    earliest = queued_at.replace(microsecond=0)
    found, twins = [], 0
    for number, test in tests.items():
        alike = [each for each in parts(lines.get(number, {}), key) if test(each)]
        dates = [(each, instant(each, "created_date")) for each in alike]
        found += [code(each, "id") for each, at in dates if at and at >= earliest][-1:]
        twins += sum(at is None or earliest - CLOCKS_APART <= at < earliest for _, at in dates)
    if len(found) == len(tests):
        return Delivery(found[0])
    if found or twins:
        raise cannot_tell()
    return None


def _cancelation(share: Share, told: Json, order: Json) -> dict[str, Any]:
    _check_taxes(told)
    currency = line(order, "currency_iso_code") or ""
    unit, pieces = minor(told, "price_unit", currency), whole(told, "quantity") or 0
    if unit is None or not 0 < share.quantity <= pieces:
        raise Misread("order_lines.quantity")
    shipping = (minor(told, "shipping_price", currency) or 0) * share.quantity // pieces
    return {
        "order_line_id": share.line,
        "quantity": share.quantity,
        "amount": _major(unit * share.quantity, currency),
        "shipping_amount": _major(shipping, currency),
        "currency_iso_code": currency,
    }


def _check_taxes(told: Json) -> None:
    if parts(told, "taxes") or parts(told, "shipping_taxes"):
        raise NotAllowed(
            what=N_("The order has taxes that the marketplace wants told one by one"),
            remedy=N_("Do it in the marketplace's own portal."),
        )


def _lines(order: Json) -> dict[str, Json]:
    return {code(each, "order_line_id"): each for each in parts(order, "order_lines")}


def _major(amount: int, currency: str) -> float:
    return float(Money(amount, currency).major)
