"""The words of a publisher's desk: defects, stages, shops, and the columns of its two lists."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from rich.style import Style
from rich.text import Text

from mkt_tui.cache.title_lists import TicketLine, TitleLine
from mkt_tui.desk import formats
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Group, Line
from mkt_tui.desk.publisher_words import defect_word, source_word, stage_word
from mkt_tui.domain import deadlines
from mkt_tui.domain.deadlines import Urgency
from mkt_tui.domain.publishing import Manager, Stage, isbn13
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.queue_columns import TROUBLE, URGENCIES, time_left
from mkt_tui.widgets.columns import Column

PRESALE: Final = "★"
_PRESALE_STYLE: Final = Style(color="bright_cyan", bold=True)
_UNDER_WAY: Final = ("queued", "sending")


class TicketCells:
    """Turns a publisher's ticket, or those of a title, into the words of a row."""

    def __init__(self, desk: Desk) -> None:
        self._zone, self._rules, self._clock = desk.settings.zone, desk.settings.rules, desk.clock

    def columns(self) -> tuple[Column[Line], ...]:
        """Return the columns in the order of the screen."""
        return (
            Column("", self._glyph, 4, 4, 0, lead=True),
            Column(N_("Days"), self._days, 4, 4, 1, lead=True, right=True),
            Column(N_("State"), self._state, 10, 14, 2),
            Column(N_("Kind"), lambda line: defect_word(first(line).defect), 8, 10, 5),
            Column(N_("Shop"), _shop, 11, 20, 3),
            Column(N_("Title"), lambda line: first(line).title or first(line).subject, 16, 34, 4),
            Column(N_("Due"), self._due, 5, 6, 7, right=True),
            Column(N_("ISBN"), lambda line: marked(first(line).isbn), 13, 14, 6),
            Column(N_("Subject"), lambda line: first(line).subject, 16, 60, 9),
            Column(N_("User"), lambda line: first(line).assignee or "—", 7, 10, 8),
        )

    def colour(self, line: Line) -> Style | None:
        """Return the colour of the row's first cells: trouble first, then the deadline."""
        row = first(line)
        if row.delivery in ("failed", "unknown"):
            return TROUBLE
        urgency = self._urgency(row)
        return URGENCIES[urgency] if urgency else None

    def _urgency(self, row: TicketLine) -> Urgency | None:
        if row.state or row.due_at is None:
            return None
        return deadlines.urgency(row.due_at, self._clock(), self._rules)

    def _glyph(self, line: Line) -> str:
        row = first(line)
        urgency = self._urgency(row)
        signs = {"failed": "x", "unknown": "?", "queued": "↑", "sending": "↑"}
        sign = signs.get(row.delivery or "", urgency.value if urgency else "")
        return (PRESALE if row.presale else " ") + ("+" if isinstance(line, Group) else "") + sign

    def _days(self, line: Line) -> str:
        row = first(line)
        if row.stage is Stage.CLOSED:
            return ""
        return str(deadlines.days_pending(row.registered_at, self._clock(), self._zone))

    def _state(self, line: Line) -> str:
        row = first(line)
        told = {"failed": _("NOT SENT"), "unknown": _("DOUBTFUL")}.get(row.delivery or "")
        if row.delivery in _UNDER_WAY:
            told = _("sending")
        return told or stage_word(row.stage)

    def _due(self, line: Line) -> str:
        row = first(line)
        if row.state or row.due_at is None:
            return ""
        return time_left(row.due_at, self._clock())


class TitleCells:
    """Turns a title into the words of its row."""

    def __init__(self, desk: Desk) -> None:
        self._zone, self._clock = desk.settings.zone, desk.clock

    def columns(self) -> tuple[Column[TitleLine], ...]:
        """Return the columns in the order of the screen."""
        return (
            Column("", lambda row: PRESALE if row.presale else " ", 2, 2, 0, lead=True),
            Column(
                N_("Tickets"), lambda row: str(row.open_tickets or "—"), 7, 7, 1,
                lead=True, right=True,
            ),
            Column(N_("Title"), lambda row: row.title, 20, 40, 2),
            Column(N_("Author"), lambda row: row.author or "—", 14, 24, 4),
            Column(N_("Imprint"), lambda row: row.imprint or "—", 10, 18, 6),
            Column(N_("ISBN"), lambda row: marked(row.isbn), 13, 14, 3),
            Column(N_("Shops"), _shops, 6, 8, 5),
            Column(N_("On sale"), self._on_sale, 10, 10, 7),
        )  # fmt: skip

    def colour(self, row: TitleLine) -> Style | None:
        """Return the colour of the row's first cells: a shop's refusal, then a pre-sale."""
        if row.failed:
            return TROUBLE
        return _PRESALE_STYLE if row.presale else None

    def _on_sale(self, row: TitleLine) -> str:
        return f"{row.on_sale_at.astimezone(self._zone):%Y-%m-%d}" if row.on_sale_at else "—"


def first(line: Line) -> TicketLine:
    """Return the ticket of a row, the most pressing one of a group."""
    return line.first if isinstance(line, Group) else line


def ticket_detail(line: Line | None, desk: Desk) -> list[str]:
    """Return two lines on the ticket under the cursor: its title, and whom to ask (P13)."""
    if line is None:
        return []
    row = first(line)
    shops = (
        ", ".join(clean_line(each.shop) for each in line.lines) if isinstance(line, Group) else ""
    )
    told = [clean_line(row.title), row.author, row.imprint, row.isbn]
    if row.presale and row.on_sale_at:
        told.append(_("pre-sale, on sale {day}").format(day=_day(row.on_sale_at, desk)))
    second = [clean_line(row.subject), shops or source_word(row.source), contact(row.manager)]
    return [" " + " · ".join(each for each in line if each) for line in (told, second)]


def title_detail(row: TitleLine | None, desk: Desk) -> list[str]:
    """Return two lines on the title under the cursor."""
    if row is None:
        return []
    told = [clean_line(row.title), row.author, row.imprint, row.isbn]
    if isbn13(row.isbn) is None:
        told.append(_("! no ISBN: its check digit is wrong"))
    second = [
        ngettext("{count} open ticket", "{count} open tickets", row.open_tickets).format(
            count=row.open_tickets
        ),
        _("pre-sale, on sale {day}").format(day=_day(row.on_sale_at, desk))
        if row.presale and row.on_sale_at
        else "",
        contact(row.manager),
    ]
    return [" " + " · ".join(each for each in line if each) for line in (told, second)]


@lru_cache(maxsize=10_000)
def marked(isbn: str) -> str:
    """Return an ISBN, set off where its check digit is wrong."""
    return isbn if isbn13(isbn) else f"!{isbn}"


def contact(manager: Manager | None) -> str:
    """Return the account manager with every way to him or her (P13)."""
    if manager is None:
        return _("manager: not told")
    ways = " ".join(each for each in (manager.name, manager.email, manager.phone) if each)
    return _("manager: {ways}").format(ways=ways)


def head(title: str, count: str, line: str) -> Text:
    """Return the first line of a list: where we are, how much there is, the filter."""
    words = Text(" ", no_wrap=True, overflow="ellipsis")
    words.append(title, "bold")
    words.append(f"   {count}")
    if line:
        words.append(f"   [{line}]", "bold yellow")
    return words


def _day(moment: datetime, desk: Desk) -> str:
    return formats.day(moment, desk.settings.zone)


def _shop(line: Line) -> str:
    if not isinstance(line, Group):
        return line.shop or "—"
    count = len(line.lines)
    return ngettext("{count} shop", "{count} shops", count).format(count=count)


def _shops(row: TitleLine) -> str:
    told = []
    if row.failed:
        told.append(f"x{row.failed}")
    if row.moving:
        told.append(f"↑{row.moving}")
    return " ".join(told) or ("✓" if row.accepted else "—")
