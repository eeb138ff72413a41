"""The order sheet (print view): one order as an agent reads, prints or pipes it (T9, T10, T16)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.cells import cell_len

from mkt_tui.cache import order_dates, order_records, order_story, parcels, queries, returns
from mkt_tui.cache.audit import Act
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import formats, sheet_history
from mkt_tui.desk.deadlines import of_rule
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet_sections import Around, sections, status
from mkt_tui.desk.sheet_view import Line, Section, View
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

_WIDTH: Final = 78
_WIDEST_LABEL: Final = 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """An order in words, ready to be laid out.

    Attributes:
        number: The marketplace's number (T15).
        site_number: The number in the seller's own system (T16); None = no order linked there.
        status: Where it stands, with the marketplace's own word.
        sections: The seven of T9, always all of them, in their order.
        as_of: When the marketplace last changed what stands here.
    """

    title: str
    channel: str
    number: str
    site_number: str | None
    status: str
    sections: tuple[Section, ...]
    ordered_at: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet to print: `head` says what it is, who printed it, and whether it is masked."""

    sheet: Sheet
    head: tuple[Line, ...]


def find(desk: Desk, number: str, channel: str | None = None) -> OrderRecord:
    """Return the order with that marketplace number or site number.

    Args:
        desk: Whose cache is searched.
        number: What the agent typed or pasted.
        channel: The name of the only channel to look at.

    Raises:
        NotFound: No order, or no channel, is called so.
        NotAllowed: Several are; the error says how to name one of them.
    """
    number = number.strip()
    channel_id = desk.channel(channel).id if channel is not None else None
    found = order_records.orders(desk.database, number, channel_id)
    if not found:
        raise NotFound(
            kind=_("order"),
            name=number,
            remedy=_("Check the number, or fetch news first: mkt-tui sync --once"),
        )
    if len({each.channel_id for each in found}) > 1:
        raise _several_channels(desk, number, found)
    # A marketplace's number is unique in its channel, so it wins over a site number.
    exact = [each for each in found if each.number == number] or found
    if len(exact) > 1:
        raise NotAllowed(
            what=_("{number} is the site number of several orders: {names}").format(
                number=number, names=", ".join(each.number for each in exact)
            ),
            remedy=_("Give the marketplace's number of one of them."),
        )
    return exact[0]


def _rules(desk: Desk, record: OrderRecord) -> dict[str, str]:
    given = order_dates.by_rules(desk.database, record.channel_id, record.number)
    return {
        column: _("{instant}, by rule: {rule}").format(
            instant=formats.instant(due, desk.settings.zone), rule=of_rule(desk, rule)
        )
        for column, (due, rule) in given.items()
    }


def sheet(desk: Desk, record: OrderRecord, *, revealed: bool) -> Sheet:
    """Return the order's sheet in the current language and the desk's zone."""
    place = record.channel_id, record.number
    name = channel_name(desk, record)
    sent_back = returns.of_order(desk.database, *place)
    around = Around(
        queries.tickets_of_order(desk.database, *place),
        parcels.of_order(desk.database, *place),
        order_story.of_order(desk.database, record.channel_id, name, record.number),
        _rules(desk, record),
        sent_back,
        returns.taken(desk.database) if sent_back else {},
    )
    number = clean_line(record.number)
    return Sheet(
        title=_("Order {number}").format(number=number),
        channel=clean_line(name),
        number=number,
        site_number=clean_line(record.site_number) if record.site_number else None,
        status=status(record),
        sections=sections(View(record, desk.settings.zone, revealed, _why(desk, record)), around),
        ordered_at=from_cache(record.created_at),
        as_of=from_cache(record.updated_at),
    )


def occurrences(desk: Desk, record: OrderRecord) -> tuple[Line, ...]:
    """Return what happened to the order, the oldest first; personal data is masked."""
    place = record.channel_id, channel_name(desk, record), record.number
    story = order_story.of_order(desk.database, *place)
    view = View(record, desk.settings.zone, revealed=False)
    return sheet_history.history(view, story)


def paper(desk: Desk, record: OrderRecord, *, revealed: bool) -> Paper:
    """Return the order as it goes on paper: its sheet, headed by what a paper must say itself."""
    page = sheet(desk, record, revealed=revealed)
    return Paper(page, tuple(_head(desk, page, revealed=revealed)))


def as_text(desk: Desk, record: OrderRecord, *, revealed: bool) -> str:
    """Return the sheet as plain text of 78 columns, for a file, a printer or a pipe."""
    printed = paper(desk, record, revealed=revealed)
    page = printed.sheet
    column = max(label_width(page), *(cell_len(each.label) for each in printed.head)) + 2
    lines = [*_banner(page.title, page.channel)]
    lines += [text for line in printed.head for text in _laid_out(line, column)]
    for section in page.sections:
        lines += ["", section.title, "-" * _WIDTH]
        shown = section.lines or (Line("", _("No data")),)
        lines += [text for line in shown for text in _laid_out(line, column)]
    return "\n".join(lines) + "\n"


def label_width(page: Sheet) -> int:
    """Return how many cells the labels of all sections need, so that they share one column."""
    widths = [cell_len(line.label) for section in page.sections for line in section.lines]
    return min(max(widths, default=0), _WIDEST_LABEL)


def reveal(desk: Desk, record: OrderRecord) -> None:
    """Write down that the agent is about to see the customer's personal data.

    Raises:
        NotAllowed: The marketplace gives them to an account only that the channel lacks (C5).
    """
    channel = desk.channels().get(record.channel_id)
    if channel and (why := closed(channel)):
        raise NotAllowed(
            what=why, remedy=_("Whoever looks after the channels can open them in its settings.")
        )
    desk.record(Act("order.revealed", channel_name(desk, record), order_number=record.number))


def closed(channel: Channel) -> str | None:
    """Return why personal data of the channel stay masked, None when nothing is in the way."""
    data = channel.personal_data
    if not data.unmatched:
        return None
    if data.account is None:
        return _("Personal data stay masked: {channel} has no account for them").format(
            channel=channel.name
        )
    return _("Personal data stay masked: modules of {channel} are not matched ({names})").format(
        channel=channel.name, names=", ".join(data.unmatched)
    )


def _why(desk: Desk, record: OrderRecord) -> str | None:
    channel = desk.channels().get(record.channel_id)
    return closed(channel) if channel else None


def channel_name(desk: Desk, record: OrderRecord) -> str:
    """Return the name of the order's channel, a dash when the channel was removed meanwhile."""
    channel = desk.channels().get(record.channel_id)
    return channel.name if channel else "-"


def _head(desk: Desk, page: Sheet, *, revealed: bool) -> list[Line]:
    zone = desk.settings.zone
    printed = _("{instant} by {agent}").format(
        instant=formats.instant(desk.clock(), zone), agent=clean_line(desk.agent)
    )
    return [
        Line(_("Channel"), page.channel),
        Line(_("Marketplace order"), page.number),
        Line(_("Site order"), page.site_number or _("no order linked")),
        Line(_("Status"), page.status),
        Line(_("Ordered"), formats.instant(page.ordered_at, zone)),
        Line(_("As of"), formats.instant(page.as_of, zone)),
        Line(_("Printed"), printed),
        Line(_("Personal data"), _("shown in full") if revealed else _("masked")),
    ]


def _banner(left: str, right: str) -> Iterator[str]:
    yield "=" * _WIDTH
    gap = _WIDTH - cell_len(left) - cell_len(right)
    yield from [left + " " * gap + right] if gap > 1 else formats.wrap(f"{left} {right}", _WIDTH)
    yield "=" * _WIDTH


def _laid_out(line: Line, column: int) -> Iterator[str]:
    if not line.label:
        indent = " " * (len(line.value) - len(line.value.lstrip()))
        yield from (indent + text for text in formats.wrap(line.value, _WIDTH - len(indent)))
        return
    label = line.label + " " * max(column - cell_len(line.label), 2)
    for text in formats.wrap(line.value, _WIDTH - cell_len(label)):
        yield label + text
        label = " " * cell_len(label)


def _several_channels(desk: Desk, number: str, found: list[OrderRecord]) -> NotAllowed:
    names = sorted({channel_name(desk, each) for each in found})
    return NotAllowed(
        what=_("{number} is an order of several channels: {names}").format(
            number=number, names=", ".join(names)
        ),
        remedy=_("Name one of them with --channel."),
    )
