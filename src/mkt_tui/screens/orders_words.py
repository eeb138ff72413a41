"""The words around the list of orders: its head, its filters, its empty state, the order chosen."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from rich.text import Text

from mkt_tui.cache.order_list import OrderFilter, OrderRow
from mkt_tui.desk import formats
from mkt_tui.desk.orders import Told
from mkt_tui.desk.sheet_sections import act_word, status_word
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, ngettext

_SEPARATOR = "  ·  "


def head(total: int, marked: int) -> Text:
    """Return the first line: where we are, and how much there is."""
    words = Text(" ")
    words.append(_("Orders"), "bold")
    parts = [ngettext("{count} order", "{count} orders", total).format(count=total)]
    if marked:
        parts.append(ngettext("{count} marked", "{count} marked", marked).format(count=marked))
    words.append("   " + _SEPARATOR.join(parts))
    return words


def filters(wanted: OrderFilter, channels: Mapping[int, Channel]) -> Text:
    """Return the second line: what the list is narrowed to."""
    parts = []
    if wanted.channel_id is not None:
        found = channels.get(wanted.channel_id)
        parts.append(found.name if found else "?")
    if wanted.status is not None:
        parts.append(status_word(wanted.status) or wanted.status)
    if wanted.touched:
        parts.append(_("acted on from here"))
    if wanted.number is not None:
        parts.append(_("number {number}…").format(number=wanted.number))
    if not parts:
        return Text(" " + _("All orders, the newest first"))
    return Text(f" [{', '.join(parts)}]", "bold yellow")


def empty(wanted: OrderFilter) -> Text:
    """Return what to say where there is no order."""
    if wanted == OrderFilter():
        return Text(_("No orders yet. They come with the first sync of a channel."))
    return Text(_("No order fits. 0 shows all orders."))


def detail(row: OrderRow, told: Told, zone: ZoneInfo) -> list[str]:
    """Return two lines on the order under the cursor."""
    number = clean_line(row.number)
    first = [number, clean_line(row.customer or ""), clean_line(told.first_item)]
    tracking = " ".join(each for each in (told.carrier, told.tracking) if each)
    second = [
        _("as of {instant}").format(instant=formats.instant(row.updated_at, zone)),
        clean_line(tracking),
        _touched(row, zone),
    ]
    return [" " + " · ".join(each for each in line if each) for line in (first, second)]


def _touched(row: OrderRow, zone: ZoneInfo) -> str:
    if row.touched_at is None or row.touched is None:
        return ""
    return _("! {act} by {agent}, {instant}").format(
        act=act_word(row.touched),
        agent=row.touched_by or "-",
        instant=formats.instant(row.touched_at, zone),
    )
