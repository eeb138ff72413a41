"""The returns of all channels in one list: what waits for the shop, what is on its way, what ended."""

import asyncio
from typing import ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from mkt_tui.cache import order_records
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.returns import ReturnRecord, Taken
from mkt_tui.desk import formats, return_words, returning, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.returns import ENDED, ReturnState
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY: Final = 1.0
_LISTS: Final = (
    (N_("To decide"), (ReturnState.WAITING,)),
    (N_("Open returns"), returning.OPEN),
    (N_("Ended"), ENDED),
)


def _colour(which: ReturnRecord) -> Style:
    return Style.parse("bold" if which.state == ReturnState.WAITING else "none")


class ReturnsScreen(Screen[None]):
    """Three lists, the chosen one below; Enter opens the order, x does what can be done."""

    DEFAULT_CSS = """
    ReturnsScreen #head { height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap; }
    ReturnsScreen #empty { height: 1fr; padding: 1 2; display: none; }
    ReturnsScreen.nothing #empty { display: block; }
    ReturnsScreen.nothing #table { display: none; }
    ReturnsScreen #detail { height: 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.pop_screen", N_("Back")),
        Binding("1", "list(0)", N_("To decide")),
        Binding("2", "list(1)", N_("Open returns")),
        Binding("3", "list(2)", N_("Ended")),
        Binding("enter,p", "order", N_("Order")),
        Binding("x", "act", N_("Handle return")),
        Binding("y", "copy", N_("Copy number")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._chosen = 0
        self._found: list[list[ReturnRecord]] = [[], [], []]
        self._taken: dict[tuple[int, str], Taken] = {}
        self._watch = Watch(desk.database, self._complain)

    def compose(self) -> ComposeResult:
        """Lay out the counts, the list, the detail and the keys."""
        yield Static(id="head", markup=False)
        columns = self._columns()
        yield VirtualTable[ReturnRecord](
            Rows[ReturnRecord](), columns, _colour, chosen=self._show_detail, id="table"
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the lists in a thread, and again whenever something changed."""
        self._table.focus()
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)

    @property
    def _table(self) -> "VirtualTable[ReturnRecord]":
        return self.query_one("#table", VirtualTable)

    def _columns(self) -> tuple[Column[ReturnRecord], ...]:
        channels, zone = self.desk.channels(), self.desk.settings.zone

        def channel(which: ReturnRecord) -> str:
            return channels[which.channel_id].name

        def since(which: ReturnRecord) -> str:
            return formats.instant(from_cache(which.updated_at), zone)

        def day(which: ReturnRecord) -> str:
            return since(which).replace(",", "").split(" ")[0]

        return (
            Column(N_("Return"), lambda each: clean_line(each.name), 10, 12, 0, lead=True),
            Column(N_("Order"), lambda each: clean_line(each.order_number), 10, 12, 1, lead=True),
            Column(N_("MktPlace"), channel, 5, 12, 5, short=lambda each: channel(each)[:5].upper()),
            Column(N_("Since"), since, 10, 19, 4, short=day),
            Column(N_("State"), self._standing, 16, 36, 2),
            Column(N_("Reason"), return_words.reason, 10, 40, 3),
        )

    def _standing(self, which: ReturnRecord) -> str:
        return return_words.standing(which, self._taken.get((which.channel_id, which.code)))

    def _look(self) -> None:
        if self._watch.changed():
            self._read()

    def _complain(self, error: UserError) -> None:
        self.notify(str(error), severity="error", markup=False)

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        def read() -> tuple[list[list[ReturnRecord]], dict[tuple[int, str], Taken]]:
            found = [returning.listed(self.desk, states) for _name, states in _LISTS]
            return found, returning.taken(self.desk)

        try:
            self._found, self._taken = await asyncio.to_thread(read)
        except UserError as error:
            self._complain(error)
            return
        if self.is_attached:
            self._show(self._table.cursor)

    def _show(self, cursor: int = 0) -> None:
        rows = self._found[self._chosen]
        self._table.show(Rows(rows), min(cursor, max(len(rows) - 1, 0)))
        self.set_class(not rows, "nothing")
        if not rows:
            self.query_one("#empty", Static).update(_("No return is in this list."))
        self.query_one("#head", Static).update(self._head(), layout=False)
        self._show_detail()

    def _head(self) -> Text:
        text = Text(" ")
        for number, (name, _states) in enumerate(_LISTS):
            style = "reverse" if number == self._chosen else ""
            text.append(f" {number + 1} {_(name)}: {len(self._found[number])} ", style)
            text.append(" ")
        return text

    def _show_detail(self) -> None:
        which = self._table.current if self.is_mounted else None
        told = return_words.lines(which, self._titles(which)) if which else ()
        shown = [f" {words.strip()}" for label, words in told if not label]
        self.query_one("#detail", ChangingLines).show(shown[:2])

    def _titles(self, which: ReturnRecord) -> dict[str, str]:
        found = order_records.orders(self.desk.database, which.order_number, which.channel_id)
        return returning.titles(found[0]) if found else {}

    def action_list(self, number: int) -> None:
        """Show one of the lists."""
        self._chosen = number
        self._show()

    def action_order(self) -> None:
        """Open the order's print view."""
        from mkt_tui.screens.order import OrderScreen  # only when it is asked for

        if record := self._record():
            self.app.push_screen(OrderScreen(self.desk, record))

    def _record(self) -> OrderRecord | None:
        which = self._table.current
        if which is None:
            return None
        return sheet.find(
            self.desk, which.order_number, self.desk.channels()[which.channel_id].name
        )

    @work(exclusive=True, group="act")
    async def action_act(self) -> None:
        """Take a step about the return under the cursor."""
        from mkt_tui.screens.order_acts import take  # only when it is asked for
        from mkt_tui.screens.return_acts import fill

        which, desk = self._table.current, self.desk
        try:
            record = self._record()
        except UserError as error:
            self._complain(error)
            return
        if record and which:
            await take(self.app, desk, record, lambda: fill(self.app, desk, record, which))
            # One's own writing is no news to oneself.
            self._read()

    def action_copy(self) -> None:
        """Send the number of the return to the terminal's clipboard."""
        if which := self._table.current:
            self.app.copy_to_clipboard(which.name)
            self.notify(
                _("Sent to the terminal's clipboard: {codes}").format(codes=which.name),
                markup=False,
            )
