"""The order sheet's money (Financeiro): what was paid, kept and given back; sums are checked."""

from collections.abc import Iterator, Mapping
from typing import Any

from mkt_tui.desk.sheet_view import Line, View, lines
from mkt_tui.i18n import _, ngettext


def finance(view: View) -> tuple[Line, ...]:
    """Return the money of the order; a sum that does not come out is shown with its difference."""
    data = view.record.finance
    return lines(
        (_("Items"), view.money(data.get("items"))),
        (_("Shipping"), view.money(data.get("shipping"))),
        (_("Taxes"), view.money(data.get("taxes"))),
        (_("Surcharges"), view.money(data.get("surcharges"))),
        (_("Discount"), _less(view, data.get("discount"))),
        (_("Total"), view.money(data.get("total"))),
        (_("Taxes within"), view.money(data.get("taxes_within"))),
        *(("", each) for each in _differences(view, data)),
        *((_("Payment"), _payment(view, each)) for each in data.get("payments") or ()),
        (_("Commission"), view.money(data.get("commission"))),
        *((_("Fee"), _fee(view, each)) for each in data.get("fees") or ()),
        *_of_fees(view, data),
        (_("Refunded"), view.money(data.get("refunded"))),
        *(("", f"    {_refund(view, each)}") for each in data.get("refunds") or ()),
    )


def _differences(view: View, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what does not add up (T32); unknown parts prove nothing."""
    items, shipping, total = (data.get(each) for each in ("items", "shipping", "total"))
    if items is not None and shipping is not None and total is not None:
        more = sum(data.get(each) or 0 for each in ("taxes", "surcharges"))
        made = items + shipping + more - (data.get("discount") or 0)
        if made != total:
            yield _(
                "! Items and shipping make {sum}, but the total is {total}: {difference} apart."
            ).format(
                sum=view.money(made), total=view.money(total), difference=view.money(total - made)
            )
    paid = [each.get("amount") for each in data.get("payments") or ()]
    if total is not None and paid and None not in paid and sum(paid) != total:
        yield _("! Payments make {sum}, but the total is {total}: {difference} apart.").format(
            sum=view.money(sum(paid)),
            total=view.money(total),
            difference=view.money(total - sum(paid)),
        )
    refunds = [each["amount"] for each in data.get("refunds") or ()]
    refunded = data.get("refunded")
    if refunds and refunded is not None and sum(refunds) != refunded:
        yield _("! The refunds make {sum}, but {total} is told as refunded.").format(
            sum=view.money(sum(refunds)), total=view.money(refunded)
        )


def _less(view: View, minor: int | None) -> str | None:
    return view.money(-minor) if minor else None


def _payment(view: View, payment: Mapping[str, Any]) -> str:
    number, amount = payment.get("instalments"), payment.get("amount")
    parts = (payment.get("method"), view.money(amount), number and _instalments(number))
    return ", ".join(each for each in parts if each)


def _instalments(number: int) -> str:
    return ngettext("in {number} instalment", "in {number} instalments", number).format(
        number=number
    )


def _fee(view: View, fee: Mapping[str, Any]) -> str:
    return f"{fee['name']}: {view.money(-abs(fee['amount']))}"


def _of_fees(view: View, data: Mapping[str, Any]) -> tuple[tuple[str, str | None], ...]:
    fees = [abs(each["amount"]) for each in data.get("fees") or ()]
    if len(fees) < 2:
        return ()
    return ((_("Fees together"), view.money(-sum(fees))),)


def _refund(view: View, refund: Mapping[str, Any]) -> str:
    parts = (
        view.instant(refund.get("at")),
        view.money(refund["amount"]),
        refund.get("reason"),
        refund.get("code"),
    )
    return " · ".join(each for each in parts if each)
