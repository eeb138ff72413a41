"""What channels offer: the pieces of each SKU, as of when they were told (M13)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.domain.listings import Listing

_COLUMNS: Final = "channel_id, sku, title, quantity, active, as_of"


class StockRecord(NamedTuple):
    """A SKU of a channel; `as_of` in cache milliseconds."""

    channel_id: int
    sku: str
    title: str
    quantity: int | None
    active: bool
    as_of: int


def write(database: Database, stream: Stream, listings: Sequence[Listing], now: datetime) -> None:
    """Write a page of listings with the stream's new cursor; an older word changes nothing."""
    rows = [
        (
            *(stream.channel_id, each.sku, each.title, each.quantity, int(each.active)),
            to_cache(each.as_of or now),
        )
        for each in listings
    ]
    with database.transaction(durable=False):
        database.execute_many(
            f"INSERT INTO stock ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (channel_id, sku) DO UPDATE SET title = excluded.title,"
            " quantity = excluded.quantity, active = excluded.active, as_of = excluded.as_of"
            " WHERE excluded.as_of >= stock.as_of",
            rows,
        )
        advance(database, stream)


def of_sku(database: Database, sku: str) -> list[StockRecord]:
    """Return what the channels have of a SKU, in whatever case it was typed."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM stock WHERE sku IN (:sku, :lower, :upper) ORDER BY channel_id",
        {"sku": sku, "lower": sku.lower(), "upper": sku.upper()},
    )
    return [StockRecord._make(row) for row in rows]


def everything(database: Database) -> list[StockRecord]:
    """Return all that is offered, and all that was."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM stock ORDER BY sku, channel_id")
    return [StockRecord._make(row) for row in rows]


def sold_since(database: Database, since: datetime) -> list[tuple[int, str]]:
    """Return channel and items (JSON) of the orders since then that are not called off."""
    rows = database.rows(
        "SELECT channel_id, items FROM sales_order WHERE created_at >= :since"
        " AND status NOT IN ('cancelled', 'refused')",
        {"since": to_cache(since)},
    )
    return [(row[0], row[1]) for row in rows]
