"""What may be sent back of an order, asked for when an agent wants to know."""

import asyncio

from textual.app import App

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import returnable
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.told_lines import ToldLines


async def show(app: App[None], desk: Desk, record: OrderRecord) -> None:
    """Ask the marketplace and show what it says; call from a worker."""
    app.notify(_("Asking the marketplace ..."), markup=False, timeout=2)
    try:
        found = await asyncio.to_thread(returnable.listed, desk, record)
    except UserError as error:
        app.notify(str(error), severity="error", markup=False)
        return
    title = _("What can come back of order {number}").format(number=clean_line(record.number))
    lines = [line for each in found for line in returnable.in_words(record, each)]
    await app.push_screen_wait(ToldLines(title, lines))
