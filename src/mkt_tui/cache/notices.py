"""Orders that tickets name and that are not here (M1); a notice goes when its order comes."""

from collections.abc import Iterable
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.listed import run_listed
from mkt_tui.cache.streams import Stream

_ORDERS_READ: Final = (
    "EXISTS (SELECT 1 FROM sync WHERE channel_id = :channel_id AND stream = 'orders'"
    " AND complete = 1)"
)
# `order_number IS NOT NULL` would be a range of the orders that the channel's tickets name, and to
# group them a walk along it: SQLite would take it instead of the page's codes.
_NOTICES: Final = """
INSERT INTO order_notice (channel_id, number, notified_at)
SELECT channel_id, order_number, registered_at FROM ticket
WHERE channel_id = :channel_id{some} AND COALESCE(order_number, '') <> ''
    AND NOT EXISTS (SELECT 1 FROM sales_order WHERE sales_order.channel_id = ticket.channel_id
        AND sales_order.number = ticket.order_number)
ORDER BY registered_at
ON CONFLICT (channel_id, number) DO NOTHING
"""


def of_tickets(
    database: Database, channel_id: int, codes: Iterable[str], *, orders_come: bool
) -> None:
    """Note which orders of these tickets are not here; call inside a transaction.

    Args:
        orders_come: The channel's orders are read as well. Until all of them were read once,
            nothing can be said to lack; see `of_channel`.
    """
    some = " AND code IN ({texts})" + (f" AND {_ORDERS_READ}" if orders_come else "")
    run_listed(database, _NOTICES.format(some=some), channel_id, codes)


def of_channel(database: Database, orders: Stream) -> None:
    """Note which orders of the channel's tickets are not here, with the last page of its first read.

    Call inside the transaction of that page, before the stream advances.
    """
    place = {"channel_id": orders.channel_id}
    if orders.complete and not database.value(f"SELECT 1 WHERE {_ORDERS_READ}", place):
        database.execute(_NOTICES.format(some=""), place)
