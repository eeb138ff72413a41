"""How much of an order may still be paid back: never more than is left of each line."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import RefundLine
from mkt_tui.i18n import N_

_REMEDY: Final = N_("Look at what was paid back already, and ask for less.")


def left(sold: Sequence[RefundLine], taken: Iterable[RefundLine]) -> tuple[RefundLine, ...]:
    """Return what is left to pay back of the lines that were sold; lines with nothing left go.

    What was taken of a line's price beyond the price is taken of its shipping, and the reverse. A
    line of which anything was taken is left as an amount without pieces.
    """
    rest = {each.line: each for each in sold}
    for each in taken:
        if (line := rest.get(each.line)) is not None and (each.amount or each.shipping):
            rest[each.line] = _less(line, each)
    return tuple(each for each in rest.values() if each.amount > 0 or each.shipping > 0)


def share(rest: RefundLine, amount: int) -> RefundLine:
    """Return so much of what is left of a line, in minor units: of its price first.

    Raises:
        NotAllowed: That is nothing, or more than is left.
    """
    whole = rest.amount + rest.shipping
    if not 0 < amount <= whole:
        raise NotAllowed(what=N_("That is more than is left to pay back"), remedy=_REMEDY)
    if amount == whole:
        return rest
    of_price = min(amount, rest.amount)
    return RefundLine(rest.line, of_price, amount - of_price)


def check(wanted: Iterable[RefundLine], rest: Sequence[RefundLine]) -> None:
    """Make sure that no line asks for more than is left of it.

    Raises:
        NotAllowed: One does, or asks for less than nothing.
    """
    open_lines = {each.line: each for each in rest}
    for each in wanted:
        of_line = open_lines.pop(each.line, RefundLine(each.line, 0))
        beyond = each.amount > of_line.amount or each.shipping > of_line.shipping
        if beyond or each.amount < 0 or each.shipping < 0:
            raise NotAllowed(what=N_("That is more than is left to pay back"), remedy=_REMEDY)


def _less(line: RefundLine, taken: RefundLine) -> RefundLine:
    price, shipping = line.amount - taken.amount, line.shipping - taken.shipping
    if price < 0:
        price, shipping = 0, shipping + price
    if shipping < 0:
        price, shipping = price + shipping, 0
    return replace(line, amount=max(price, 0), shipping=max(shipping, 0), quantity=None)
