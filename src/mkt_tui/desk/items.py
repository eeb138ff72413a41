"""What was sold, and what cannot be sold because nothing is left of it (M13, A7)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson

from mkt_tui.cache import stock
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.stock import StockRecord
from mkt_tui.desk import formats
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.words import words
from mkt_tui.i18n import _

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A SKU of a channel.

    Attributes:
        sold: Pieces of it in the orders of the days asked for, those called off left out.
        orders: How many orders that were.
        left: Pieces in stock as of `as_of`; None = the channel does not tell.
        offered: Whether customers can buy it; None = the channel does not tell.
    """

    channel: Channel
    sku: str
    title: str
    sold: int = 0
    orders: int = 0
    left: int | None = None
    offered: bool | None = None
    as_of: datetime | None = None

    @property
    def is_out(self) -> bool:
        """Whether nobody can buy it now."""
        return (self.left is not None and self.left <= 0) or self.offered is False


@dataclass(frozen=True, slots=True)
class Items:
    """Two lists; an item that was sold and cannot be any more is in both."""

    sold: tuple[Item, ...]
    unavailable: tuple[Item, ...]


def items(desk: Desk, typed: str = "", channel: str | None = None, days: int = DAYS) -> Items:
    """Return what was sold in the last days, and what is unavailable; a scan, so for a thread.

    Args:
        typed: Words that SKU or title must have; empty = all.

    Raises:
        NotFound: The channel is unknown.
    """
    only = desk.channel(channel).id if channel else None
    found = [
        each
        for each in _all(desk, days)
        if only in (None, each.channel.id) and _fits(each, words(typed))
    ]
    sold = sorted((each for each in found if each.sold), key=_best_first)
    return Items(
        tuple(sold), tuple(sorted((each for each in found if each.is_out), key=_best_first))
    )


def stock_line(desk: Desk, sku: str) -> str:
    """Return how many pieces the channels have of a SKU and as of when, "" for no such SKU (M13)."""
    channels = desk.channels()
    told = [
        _left(desk, channels[each.channel_id], each)
        for each in stock.of_sku(desk.database, clean_line(sku))
        if each.channel_id in channels
    ]
    return " · ".join(told)


def _left(desk: Desk, channel: Channel, record: StockRecord) -> str:
    pieces = "?" if record.quantity is None else str(record.quantity)
    return _("{sku} at {channel}: {pieces} in stock, as of {instant}").format(
        sku=clean_line(record.sku),
        channel=clean_line(channel.name),
        pieces=pieces,
        instant=formats.instant(record.as_of, desk.settings.zone),
    )


def _all(desk: Desk, days: int) -> list[Item]:
    channels = desk.channels()
    pieces: Counter[tuple[int, str]] = Counter()
    orders: Counter[tuple[int, str]] = Counter()
    titles: dict[tuple[int, str], str] = {}
    for channel_id, told in stock.sold_since(desk.database, desk.clock() - timedelta(days=days)):
        lines = orjson.loads(told)
        keys = [(channel_id, str(each.get("sku") or each["title"])) for each in lines]
        # A contract without quantities has a line for each piece: still one order.
        orders.update(set(keys))
        for key, each in zip(keys, lines, strict=True):
            pieces[key] += each["quantity"]
            titles.setdefault(key, each["title"])
    known = {(each.channel_id, each.sku): each for each in stock.everything(desk.database)}
    return [
        _item(channels[key[0]], key[1], titles.get(key), pieces[key], orders[key], known.get(key))
        for key in dict.fromkeys((*titles, *known))
        if key[0] in channels
    ]


def _item(
    channel: Channel, sku: str, title: str | None, sold: int, orders: int, known: StockRecord | None
) -> Item:
    name = clean_line(known.title if known else title or sku)
    if known is None:
        return Item(channel, clean_line(sku), name, sold, orders)
    offered, at = bool(known.active), from_cache(known.as_of)
    return Item(channel, clean_line(sku), name, sold, orders, known.quantity, offered, at)


def _fits(item: Item, wanted: list[str]) -> bool:
    have = words(f"{item.sku} {item.title} {item.channel.name}")
    return all(any(word.startswith(each) for word in have) for each in wanted)


def _best_first(item: Item) -> tuple[int, str, str]:
    return -item.sold, item.sku, item.channel.name
