"""The orders of all channels in one list: what an agent sees of each, and how it is searched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from mkt_tui.cache import order_list, order_records
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_from_cache
from mkt_tui.cache.order_list import OrderFilter, OrderRow
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import paging
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import PAGE, instant
from mkt_tui.desk.paging import Listing, Measure, Pages, measure
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.money import Money
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

LISTING: Final = Listing(
    page=order_list.page,
    anchors=order_list.anchors,
    count=order_list.count,
    key=order_list.key,
    rank=lambda _wanted, key: (-key[0], -key[1]),
)
_ERP: Final = ("missing", "integrated", "differs")
_LONGEST_NUMBER: Final = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What a row's sections hold for the list; amounts in minor units, None = not told.

    Attributes:
        fee: What the marketplace keeps, below zero: its fees where it tells them, else its
            commission (C11).
        items: How many pieces.
        up_to_date: What the portal says of it, where people keyed that in; so `in_erp`.
    """

    total: int | None
    shipping: int | None
    fee: int | None
    items: int
    first_item: str
    carrier: str | None
    tracking: str | None
    up_to_date: bool | None = None
    in_erp: bool | None = None


def pages(desk: Desk, wanted: OrderFilter | Measure[OrderFilter]) -> Pages[OrderFilter, OrderRow]:
    """Return the list, its first page read; or the one that was measured."""
    return Pages(LISTING, desk.database, wanted)


def measured(database: Database, wanted: OrderFilter, order_id: int | None) -> Measure[OrderFilter]:
    """Return how long the list is, and where an order stands in it; for a thread."""
    return measure(LISTING, database, wanted, order_id)


def place(database: Database, found: Measure[OrderFilter], order_id: int | None) -> int | None:
    """Return where an order stands in a measured list; at once."""
    return paging.place(LISTING, database, found, order_id)


def told(row: OrderRow) -> Told:
    """Return what the row's sections hold for the list."""
    finance, tracking = orjson.loads(row.finance), orjson.loads(row.tracking)
    items = orjson.loads(row.items)
    return Told(
        total=finance.get("total"),
        shipping=finance.get("shipping"),
        fee=_fee(finance),
        items=sum(each["quantity"] for each in items),
        first_item=items[0]["title"] if items else "",
        carrier=tracking.get("carrier"),
        tracking=tracking.get("number"),
        up_to_date=tracking.get("up_to_date"),
        in_erp=tracking.get("in_erp"),
    )


def is_up_to_date(row: OrderRow, known: Told) -> bool:
    """Tell whether all that was done to an order has arrived, as far as is known (Situação, T31)."""
    return not row.under_way and known.up_to_date is not False


def in_erp(row: OrderRow, known: Told) -> int | None:
    """Return `OrderRow.erp`; where that system was never read, what a portal says of it."""
    return known.in_erp if row.erp is None and known.in_erp is not None else row.erp


def record(desk: Desk, row: OrderRow) -> OrderRecord:
    """Return the whole order of a row.

    Raises:
        NotFound: It is gone, with its channel.
    """
    found = order_records.orders(desk.database, row.number, row.channel_id)
    for each in found:
        if each.number == row.number:
            return each
    raise NotFound(kind=_("order"), name=row.number, remedy=_("Its channel may have been removed."))


def number(typed: str) -> str | None:
    """Return what was typed or pasted as the beginning of a number; None when it is blank."""
    return clean_line(typed, _LONGEST_NUMBER) or None


def in_pages(desk: Desk, wanted: OrderFilter, limit: int | None) -> Iterator[list[OrderRow]]:
    """Yield the list page by page, each found by the key of the last row before it."""
    anchor, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        # The anchor's own row comes first again, unless it went meanwhile.
        found = order_list.page(desk.database, wanted, anchor, 0, size + 1)
        page = [row for row in found if row.key != anchor][:size]
        if not page:
            return
        yield page
        anchor = page[-1].key
        left = None if left is None else left - len(page)


def as_json(row: OrderRow, channels: Mapping[int, Channel]) -> dict[str, Any]:
    """Return an order under its public keys; to these keys others may only be added."""
    known = told(row)
    return {
        "order": row.number,
        "site_order": row.site_number,
        "channel": channels[row.channel_id].name,
        "marketplace": channels[row.channel_id].adapter,
        "status": row.status,
        "marketplace_status": row.marketplace_status,
        "customer": row.customer,
        "currency": row.currency,
        "total": _amount(known.total, row.currency),
        "shipping": _amount(known.shipping, row.currency),
        "fee": _amount(known.fee, row.currency),
        "items": known.items,
        "carrier": known.carrier,
        "tracking": known.tracking,
        "tickets": row.tickets,
        "open_tickets": row.open_tickets,
        "created_at": instant(from_cache(row.created_at)),
        "updated_at": instant(from_cache(row.updated_at)),
        "acts_under_way": row.under_way,
        "up_to_date": is_up_to_date(row, known),
        "erp": None if (erp := in_erp(row, known)) is None else _ERP[erp],
        "touched": row.touched,
        "touched_at": instant(maybe_from_cache(row.touched_at)),
        "touched_by": row.touched_by,
    }


def _fee(finance: Mapping[str, Any]) -> int | None:
    fees = [each["amount"] for each in finance.get("fees") or ()]
    kept = sum(fees) if fees else finance.get("commission")
    return None if kept is None else -abs(kept)


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else f"{Money(minor, currency).major:f}"
