"""The documents of an order: chosen from a list, saved into the agent's home folder."""

import asyncio
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import documents, formats
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.orders import OrderDocument
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

# Mirakl takes fifty for an order; those beyond the letters are reached by arrows.
_LETTERS: Final = digits[1:] + ascii_lowercase


async def choose(app: App[None], desk: Desk, record: OrderRecord) -> OrderDocument | None:
    """List the documents and return the chosen one; call from a worker.

    Raises:
        ChannelError: Why they cannot be had now.
    """
    app.notify(_("Asking the marketplace ..."), markup=False, timeout=2)
    # A loop of its own: the desk's must not wait for a file to be read or written.
    found = await asyncio.to_thread(asyncio.run, documents.listed(desk, record))
    if not found:
        app.notify(_("The marketplace holds no document of this order."), markup=False)
        return None
    title = _("Documents of order {number}").format(number=clean_line(record.number))
    return await app.push_screen_wait(LetterMenu(title, _entries(desk, found)))


async def fetch(app: App[None], desk: Desk, record: OrderRecord) -> None:
    """List the documents and save the chosen one; call from a worker."""
    try:
        wanted = await choose(app, desk, record)
        if wanted is None:
            return
        path = await asyncio.to_thread(asyncio.run, documents.save(desk, record, wanted))
    except UserError as error:
        app.notify(str(error), severity="error", markup=False)
        return
    app.notify(_("Written to {path}").format(path=path), markup=False)


def _entries(desk: Desk, found: tuple[OrderDocument, ...]) -> list[Entry[OrderDocument]]:
    letters = _LETTERS.ljust(len(found))
    return [Entry(letters[place], _words(desk, each), each) for place, each in enumerate(found)]


def _words(desk: Desk, each: OrderDocument) -> str:
    at = formats.instant(each.at, desk.settings.zone) if each.at else None
    size = None if each.size is None else formats.size(each.size)
    return "  ".join(filter(None, (clean_line(each.name), each.kind, size, at)))
