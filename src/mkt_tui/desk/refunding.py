"""Refunds: what is left to pay back of an order, proposed line by line and checked once more."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from mkt_tui.cache import operations, order_records
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import money
from mkt_tui.domain import refunds
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.money import Money
from mkt_tui.domain.order_operations import RefundLine, RefundOrder
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _


def left(desk: Desk, record: OrderRecord) -> tuple[RefundLine, ...]:
    """Return what may still be paid back, line by line.

    What the marketplace tells as refunded counts, and so does what is on its way there, in doubt,
    or arrived after the marketplace last told of the order.

    Raises:
        NotAllowed: Prices are not known, or to which lines earlier refunds belong.
    """
    sold = [_sold(each) for each in record.items if each.get("price") is not None]
    if not sold or len(sold) < len(record.items):
        raise NotAllowed(
            what=_("The prices of this order are not known here"),
            remedy=_("Refund it in the marketplace's own portal."),
        )
    told = list(_told(record, sold))
    return refunds.left(sold, [*told, *_ours(desk, record)])


def chosen(
    rest: Sequence[RefundLine], items: Sequence[dict[str, Any]], currency: str, typed: str
) -> tuple[RefundLine, ...]:
    """Return the lines that were typed: their places in the order, with amounts or without.

    Args:
        typed: Such as `1 3=10,50`: all that is left of the first item, and 10.50 of the third;
            empty = all that is left of all.

    Raises:
        NotAllowed: It is not understood, or asks for more than is left.
    """
    if not typed.strip():
        return tuple(rest)
    by_line = {each.line: each for each in rest}
    wanted = dict[str, RefundLine]()
    for word in typed.split():
        place, equals, amount = word.partition("=")
        line = _line(items, place)
        if line in wanted:
            raise _not_understood(word)
        of_line = by_line.get(line, RefundLine(line, 0))
        whole = of_line.amount + of_line.shipping
        minor = _minor(amount, currency, word) if equals else whole
        wanted[line] = refunds.share(of_line, minor)
    return tuple(wanted.values())


def proposal(rest: Sequence[RefundLine], record: OrderRecord) -> str:
    """Return all that is left as `chosen` reads it: `1=129.90 2=5.00`."""
    places = {str(each["line"]): place for place, each in enumerate(record.items, 1)}
    return " ".join(
        f"{places[each.line]}={Money(each.amount + each.shipping, record.currency).major:f}"
        for each in rest
    )


def places(rest: Sequence[RefundLine], record: OrderRecord) -> list[str]:
    """Return the items with their places, and what is left to pay back of each."""
    left_of = {each.line: each.amount + each.shipping for each in rest}
    return [
        f"{place:>2}  {money(left_of.get(str(each['line']), 0), record.currency):>14}"
        f"  {each.get('quantity') or 0} × {clean_line(str(each['title']))}"
        for place, each in enumerate(record.items, 1)
    ]


def check(desk: Desk, record: OrderRecord, act: RefundOrder) -> None:
    """Make sure that the refund asks for no more than is left now; inside the transaction.

    Raises:
        NotAllowed: It does, or what is left cannot be told.
    """
    found = order_records.orders(desk.database, record.number, record.channel_id)
    now = next((each for each in found if each.number == record.number), record)
    refunds.check(act.lines, left(desk, now))


def _sold(item: dict[str, Any]) -> RefundLine:
    return RefundLine(str(item["line"]), item["price"], item.get("shipping") or 0, item["quantity"])


def _told(record: OrderRecord, sold: Sequence[RefundLine]) -> Iterator[RefundLine]:
    """Yield what the marketplace tells as refunded, by line."""
    known = 0
    for each in record.finance.get("refunds") or ():
        if each.get("line") is not None:
            known += each["amount"]
            yield RefundLine(str(each["line"]), each["amount"])
    rest = (record.finance.get("refunded") or 0) - known
    if rest > 0 and len(sold) > 1:
        raise NotAllowed(
            what=_("The marketplace does not tell of which items money was paid back already"),
            remedy=_("Refund it in the marketplace's own portal."),
        )
    if rest > 0:
        yield RefundLine(sold[0].line, rest)


def _ours(desk: Desk, record: OrderRecord) -> Iterator[RefundLine]:
    told_at = from_cache(record.updated_at)
    for act in operations.refunds_of(desk.database, record.channel_id, record.number, told_at):
        yield from act.lines


def _line(items: Sequence[dict[str, Any]], place: str) -> str:
    if not place.isascii() or not place.isdigit() or not 0 < int(place) <= len(items):
        raise _not_understood(place)
    return str(items[int(place) - 1]["line"])


def _minor(typed: str, currency: str, word: str) -> int:
    try:
        money = Money.of(Decimal(typed.replace(",", ".")), currency)
        exact = money.major == Decimal(typed.replace(",", "."))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise _not_understood(word) from error
    if not exact:
        raise _not_understood(word)
    return money.minor


def _not_understood(word: str) -> NotAllowed:
    return NotAllowed(
        what=_("{word} is not understood").format(word=word),
        remedy=_("Write the item's number and an amount, such as 1=12.50; blanks between items."),
    )
