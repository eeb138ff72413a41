"""The returns of all channels in one list: what waits for the shop, what is on its way, what ended."""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import ClassVar, Final

from rich.style import Style
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.cache import order_records
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.returns import ReturnFilter, ReturnRecord, Taken
from mkt_tui.desk import formats, orders, return_list, return_words, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.overview import Overview
from mkt_tui.desk.publisher_lists import Found
from mkt_tui.desk.return_list import Look
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.returns import ReturnState
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _
from mkt_tui.screens import returns_words as words
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY: Final = 1.0
# A list that took a second to find rests for four.
_RESTS: Final = 4
_LONGEST_NUMBER: Final = 100


class ReturnsScreen(ExactScreen[None]):
    """Three lists, the chosen one below; Enter opens the order, x does what can be done."""

    DEFAULT_CSS = """
    ReturnsScreen .line { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ReturnsScreen #head { background: $primary-darken-2; color: $text; }
    ReturnsScreen #narrowed { background: $surface; }
    ReturnsScreen #empty { height: 1fr; padding: 1 2; display: none; }
    ReturnsScreen.nothing #empty { display: block; }
    ReturnsScreen.nothing #table { display: none; }
    ReturnsScreen #detail { height: 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,p", "order", N_("Order")),
        Binding("x", "act", N_("Handle return")),
        Binding("space", "mark", N_("Mark")),
        Binding("slash", "search", N_("Find a number")),
        Binding("1", "list(0)", N_("To decide")),
        Binding("2", "list(1)", N_("Open returns")),
        Binding("3", "list(2)", N_("Ended")),
        Binding("m", "channel", N_("Channel")),
        Binding("0", "clear", N_("All returns"), show=False),
        Binding("y", "copy", N_("Copy number")),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "back", N_("Back")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._wanted = ReturnFilter(words.LISTS[0][1])
        self._look_found: Look | None = None
        self._marked: dict[int, ReturnRecord] = {}
        self._watch = Watch(desk.database, self._complain)
        self._stale, self._rest_until = False, 0.0

    def compose(self) -> ComposeResult:
        """Lay out the counts, what narrows the list, the list, the detail and the keys."""
        yield Static(id="head", classes="line", markup=False)
        yield Static(id="narrowed", classes="line", markup=False)
        nothing = return_list.rows(self.desk, Found())
        yield VirtualTable[ReturnRecord](
            nothing, self._columns(), self._colour, chosen=self._show_detail, id="table"
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Find the list in a thread, and again whenever something changed."""
        self.table.focus()
        self._watch.changed()
        self._narrow(self._wanted)
        self.set_interval(_LOOK_EVERY, self._look)

    @property
    def takes_keys(self) -> bool:
        """Whether the rows that a key would act on are there."""
        return self._look_found is not None and self._look_found.wanted == self._wanted

    @property
    def table(self) -> "VirtualTable[ReturnRecord]":
        """The list."""
        return self.query_one("#table", VirtualTable)

    def _columns(self) -> tuple[Column[ReturnRecord], ...]:
        channels, zone = self.desk.channels(), self.desk.settings.zone

        def channel(which: ReturnRecord) -> str:
            found = channels.get(which.channel_id)
            return found.name if found else "?"

        def since(which: ReturnRecord) -> str:
            return formats.instant(from_cache(which.updated_at), zone)

        def day(which: ReturnRecord) -> str:
            return since(which).replace(",", "").split(" ")[0]

        return (
            Column("", lambda each: "*" if each.id in self._marked else " ", 1, 1, 0, lead=True),
            Column(N_("Return"), lambda each: clean_line(each.name), 10, 12, 0, lead=True),
            Column(N_("Order"), lambda each: clean_line(each.order_number), 10, 12, 1, lead=True),
            Column(N_("MktPlace"), channel, 5, 12, 5, short=lambda each: channel(each)[:5].upper()),
            Column(N_("Since"), since, 10, 19, 4, short=day),
            Column(N_("State"), self._standing, 25, 36, 2),
            Column(N_("Reason"), return_words.reason, 10, 40, 3),
        )

    def _colour(self, which: ReturnRecord) -> Style:
        return Style.parse("bold" if which.state == ReturnState.WAITING else "none")

    def _standing(self, which: ReturnRecord) -> str:
        return return_words.brief(which, self._taken(which))

    def _taken(self, which: ReturnRecord) -> Taken | None:
        taken = self._look_found.taken if self._look_found else {}
        return taken.get((which.channel_id, which.code))

    def _look(self) -> None:
        self._stale = self._watch.changed() or self._stale
        if self._stale and monotonic() >= self._rest_until:
            self.find()

    def _complain(self, error: UserError) -> None:
        self.notify(str(error), severity="error", markup=False)

    def _narrow(self, wanted: ReturnFilter) -> None:
        self._wanted = wanted
        self._show_head()
        self.find()

    @work(exclusive=True, group="find")
    async def find(self) -> None:
        """Find the list anew, keeping the cursor on its return."""
        self._stale, wanted, began = False, self._wanted, monotonic()
        try:
            found = await asyncio.to_thread(return_list.look, self.desk, wanted)
        except UserError as error:
            self._complain(error)
            return
        self._rest_until = monotonic() + _RESTS * (monotonic() - began)
        if self.is_attached and wanted == self._wanted:
            self._use(found)

    def _use(self, look: Look) -> None:
        same = self._look_found is not None and self._look_found.wanted == look.wanted
        self._look_found = look
        current = self.table.current
        kept = look.found.place(current.id) if current else None
        cursor = kept if kept is not None else self.table.cursor if same else 0
        self.table.renew(return_list.rows(self.desk, look.found), cursor)
        self.set_class(not look.found.total, "nothing")
        if not look.found.total:
            self.query_one("#empty", Static).update(words.empty(look.wanted, look.counts))
        self._show_head()

    def _show_head(self) -> None:
        counts = self._look_found.counts if self._look_found else None
        head = words.head(self._wanted, counts, len(self._marked))
        self.query_one("#head", Static).update(head, layout=False)
        line = words.narrowed(self._wanted, self.desk.channels())
        self.query_one("#narrowed", Static).update(line, layout=False)

    def _show_detail(self) -> None:
        which = self.table.current if self.is_mounted else None
        told = return_words.lines(which, self._titles(which), self._taken(which)) if which else ()
        shown = [f" {line.strip()}" for label, line in told if not label]
        self.query_one("#detail", ChangingLines).show(shown[:2])

    def _titles(self, which: ReturnRecord) -> dict[str, str]:
        found = order_records.orders(self.desk.database, which.order_number, which.channel_id)
        return returning.titles(found[0]) if found else {}

    def action_list(self, number: int) -> None:
        """Show one of the lists."""
        self._narrow(replace(self._wanted, states=words.LISTS[number][1]))

    def action_clear(self) -> None:
        """Show the returns of every channel and number."""
        self._narrow(replace(self._wanted, channel_id=None, number=None))

    def action_search(self) -> None:
        """Ask for the beginning of a number."""

        def asked(answer: str | None) -> None:
            if answer is not None:
                self._narrow(replace(self._wanted, number=orders.number(answer)))

        question = _("Number of a return, an order, a parcel or a ticket")
        self.app.push_screen(AskLine(question, self._wanted.number or "", _LONGEST_NUMBER), asked)

    def action_channel(self) -> None:
        """Choose a channel from a menu of letters."""
        from mkt_tui.screens.channel_menu import ChannelMenu  # only when it is asked for

        def chosen(channel: int | None) -> None:
            if channel is not None:
                self._narrow(replace(self._wanted, channel_id=channel or None))

        menu = ChannelMenu(self.desk.channels(), Overview((), 0, 0, ()), self.desk.also_called())
        self.app.push_screen(menu, chosen)

    def action_back(self) -> None:
        """Drop the marks, then what narrows the list, then leave."""
        if self._marked:
            self._unmark()
        elif self._wanted.number is not None or self._wanted.channel_id is not None:
            self.action_clear()
        else:
            self.dismiss()

    def action_mark(self) -> None:
        """Mark the return, or take the mark off, and go to the next one."""
        if which := self.table.current:
            if self._marked.pop(which.id, None) is None:
                self._marked[which.id] = which
            self.table.redraw_changed()
            self.table.action_move(1)
            self._show_head()

    def _unmark(self) -> None:
        self._marked.clear()
        self.table.redraw_changed()
        self._show_head()

    def action_order(self) -> None:
        """Open the order's print view."""
        from mkt_tui.screens.order import OrderScreen  # only when it is asked for

        if which := self.table.current:
            record = returning.order_of(self.desk, which)
            self.app.push_screen(OrderScreen(self.desk, record))

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_order()

    @work(exclusive=True, group="act")
    async def action_act(self) -> None:
        """Take a step about the return under the cursor, or about all that are marked."""
        from mkt_tui.screens import return_acts  # only when it is asked for

        chosen = self._chosen()
        try:
            done = bool(chosen) and await return_acts.act_on(self.app, self.desk, chosen)
        except UserError as error:
            self._complain(error)
            return
        if done:
            self._unmark()
            # One's own writing is no news to oneself.
            self.find()

    def action_copy(self) -> None:
        """Send the number of the return, or of all marked ones, to the terminal's clipboard."""
        if names := [each.name for each in self._chosen()]:
            self.app.copy_to_clipboard("\n".join(names))
            told = _("Sent to the terminal's clipboard: {codes}").format(codes=", ".join(names))
            self.notify(told, markup=False)

    def _chosen(self) -> list[ReturnRecord]:
        current = self.table.current
        return list(self._marked.values()) or ([current] if current else [])
