"""Codes of orders and tickets: the shop of purchase, and the number there."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

from mkt_tui.sandbox.errors import not_found
from mkt_tui.sandbox.records import Order, Thread
from mkt_tui.sandbox.world import Shop

SITES = ("Lojas Americanas", "Submarino", "Shoptime")
_ZONE = ZoneInfo("America/Sao_Paulo")


def site_of(order: Order) -> str:
    """Return the shop of purchase."""
    return character(order.id).choice(SITES)


def order_code(order: Order) -> str:
    """Return the code of an order."""
    return f"{site_of(order)}-{order.id}"


def sac_code(thread: Thread) -> str:
    """Return the code of a ticket."""
    return f"{site_of(thread.order)}-{thread.id}"


def order_of(shop: Shop, code: str) -> Order:
    """Return the order of this code."""
    found = shop.orders.get(number_in(code))
    if found is None or order_code(found) != code:
        raise not_found("Order")
    return found


def thread_of(shop: Shop, code: str) -> Thread:
    """Return the ticket of this code."""
    found = shop.threads.get(number_in(code))
    if found is None or sac_code(found) != code:
        raise not_found("Sac")
    return found


def number_in(code: str) -> str:
    """Return the number behind the shop of purchase."""
    return code.partition("-")[2]


def bare(moment: datetime) -> str:
    """Return a time as tickets show it: without its zone, in whole seconds."""
    return moment.astimezone(_ZONE).replace(tzinfo=None).isoformat(timespec="seconds")


def zoned(moment: datetime | None) -> str:
    """Return a time as orders show it; blank for none."""
    return moment.astimezone(_ZONE).isoformat(timespec="seconds") if moment else ""


def character(name: str) -> random.Random:
    """Return what decides everything that the story does not tell."""
    return random.Random(name)  # noqa: S311 - the same on every look
