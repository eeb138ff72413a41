"""Macros at the desk: the package's, the shop's and the agent's own, filled from the ticket's order."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from mkt_tui.cache import parcels
from mkt_tui.cache.instants import from_cache
from mkt_tui.desk import own_files
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.order_line import order_line
from mkt_tui.domain import macros, reasons
from mkt_tui.domain.macros import Filled, Macro
from mkt_tui.domain.money import Money
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import language

FILE: Final = "macros.toml"
_ITEMS_NAMED: Final = 3


def own_file(desk: Desk) -> Path:
    """Return where the agent's own macros are."""
    return own_files.of_agent(desk, FILE)


def known(desk: Desk) -> list[Macro]:
    """Return all macros: the agent's own over the shop's over the package's.

    Raises:
        SettingsWrong: A file of them cannot be used.
    """
    found = dict(_of_package())
    for path, personal in ((desk.home.settings / FILE, False), (own_file(desk), True)):
        found |= _of_file(path, path.stat().st_mtime_ns if path.exists() else 0, personal)
    return [each for each in found.values() if each.text]


@lru_cache(maxsize=1)
def _of_package() -> Mapping[str, Macro]:
    return macros.macros(own_files.of_package(FILE))


@lru_cache(maxsize=4)
def _of_file(path: Path, changed: int, personal: bool) -> Mapping[str, Macro]:
    del changed  # only so that a changed file is read again
    return own_files.of_shop(path, lambda told: macros.macros(told, personal=personal))


def matching(desk: Desk, conversation: Conversation, typed: str) -> list[Macro]:
    """Return the macros for the ticket's channel whose name holds what is typed.

    Raises:
        SettingsWrong: See `known`.
    """
    channel = conversation.channel
    spoken = spoken_to(conversation)
    return macros.matching(known(desk), channel, spoken, typed)


def spoken_to(talk: Conversation) -> str:
    """Return the language that a ticket's customer is written to in: his own, where his order tells it."""
    told = talk.order.personal.get("language") if talk.order else None
    return macros.language_of(talk.channel, language(), told)


def fill(desk: Desk, conversation: Conversation, macro: Macro) -> Filled:
    """Return the macro with what the cache knows of ticket, customer and order."""
    spoken = macro.language or spoken_to(conversation)
    told = {key: clean_line(value) for key, value in _values(desk, conversation, spoken) if value}
    return macros.fill(macro.text, {key: value for key, value in told.items() if value})


def _values(desk: Desk, talk: Conversation, spoken: str) -> Iterator[tuple[str, str | None]]:
    ticket = talk.ticket
    name = ticket.customer
    yield "customer.name", name
    yield "customer.first_name", _first(name)
    yield "order.number", ticket.order_number
    yield "order.site_number", ticket.site_number
    yield "ticket.code", ticket.code
    yield "ticket.subject", reasons.subject(ticket.subject)
    yield "channel", talk.channel.name
    yield "agent", desk.agent
    yield "today", _day(desk, desk.clock(), spoken)
    if talk.order is not None:
        yield from _of_order(desk, talk, spoken)


def _of_order(desk: Desk, talk: Conversation, spoken: str) -> Iterator[tuple[str, str | None]]:
    order = talk.order
    assert order is not None
    tracking, total = order.tracking, order.finance.get("total")
    yield "order.date", _day(desk, from_cache(order.created_at), spoken)
    yield "order.total", None if total is None else _money(total, order.currency, spoken)
    yield "order.items", _items(order.items)
    known = parcels.of_order(desk.database, order.channel_id, order.number)
    yield "order.status", order_line(order, desk.settings.zone, known, spoken)
    yield "tracking.carrier", tracking.get("carrier")
    yield "tracking.code", tracking.get("number")
    yield "tracking.url", tracking.get("url")
    promised = tracking.get("promised_until") or tracking.get("promised_from")
    yield "tracking.promised", promised and _day(desk, datetime.fromisoformat(promised), spoken)


def _first(name: str | None) -> str | None:
    words = name.split() if name else []
    return words[0] if words else None


def _items(items: list[dict[str, Any]]) -> str:
    titles = [str(each.get("title") or "") for each in items]
    shown = [each for each in titles if each][:_ITEMS_NAMED]
    return ", ".join(shown) + (", …" if len(titles) > _ITEMS_NAMED else "")


def _day(desk: Desk, value: datetime, spoken: str) -> str:
    from babel.dates import format_date

    return format_date(value.astimezone(desk.settings.zone), "short", locale=spoken)


def _money(minor: int, currency: str, spoken: str) -> str:
    from babel.numbers import format_currency

    return format_currency(Money(minor, currency).major, currency, locale=spoken)
