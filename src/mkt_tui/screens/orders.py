"""The orders of all channels: found by any number, opened, printed, acted on (T10, C11, C16)."""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from mkt_tui.cache.order_list import OrderFilter, OrderRow
from mkt_tui.desk import orders
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.overview import Overview
from mkt_tui.desk.paging import Measure, Pages
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.i18n import N_, _
from mkt_tui.screens import orders_words as words
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.order_columns import OrderCells
from mkt_tui.screens.print_dialog import print_orders
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY = 1.0
# Looking takes at most that part of a core, however busy the cache and long the list.
_SHARE = 0.05


class OrdersScreen(ExactScreen[None]):
    """The list, what it is narrowed to, and the order under the cursor in two lines."""

    DEFAULT_CSS = """
    OrdersScreen .line { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    OrdersScreen #head { background: $primary-darken-2; color: $text; }
    OrdersScreen #filters { background: $surface; }
    OrdersScreen #detail { height: 2; background: $surface; }
    OrdersScreen #empty { height: 1fr; padding: 1 2; display: none; }
    OrdersScreen.nothing #empty { display: block; }
    OrdersScreen.nothing #table { display: none; }
    OrdersScreen #number { display: none; height: 1; border: none; padding: 0 1; }
    OrdersScreen.asking #number { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,p,o", "open", N_("Open")),
        Binding("slash", "search", N_("Find a number")),
        Binding("m", "channel", N_("Channel")),
        Binding("1", "status('waiting')", N_("Waiting")),
        Binding("2", "status('to_ship')", N_("To ship")),
        Binding("3", "status('shipped')", N_("Shipped")),
        Binding("4", "status('delivered')", N_("Delivered")),
        Binding("5", "status('cancelled')", N_("Cancelled")),
        Binding("t", "touched", N_("Acted on")),
        Binding("0", "clear", N_("All orders")),
        Binding("space", "mark", N_("Mark")),
        Binding("x", "act", N_("Act on order")),
        Binding("P", "print", N_("Print")),
        Binding("y", "copy", N_("Copy number")),
        Binding("E", "enter", N_("Enter an order"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("escape,q", "back", N_("Back")),
    ]

    def __init__(self, desk: Desk, wanted: OrderFilter | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = wanted or OrderFilter()
        self._marked: set[int] = set()
        self._marked_rows: dict[int, OrderRow] = {}
        self._watch = Watch(desk.database, self._complain)
        self._keep: int | None = None
        self._rest_until = 0.0
        self._cells = OrderCells(desk, desk.channels(), self._marked)

    def compose(self) -> ComposeResult:
        """Lay out head, filters, list, detail, the field for a number, and the keys."""
        yield Static(id="head", classes="line", markup=False)
        yield Static(id="filters", classes="line", markup=False)
        yield VirtualTable[OrderRow](
            orders.pages(self._desk, self._wanted),
            self._cells.columns(),
            self._cells.colour,
            chosen=self._show_detail,
            id="table",
        )
        yield Static(id="empty", markup=False)
        yield ChangingLines(id="detail")
        yield Input(id="number", placeholder=_("Number of an order, a parcel or a ticket"))
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the first page at once; count in a thread."""
        self.table.focus()
        self._show_detail()
        self._show_head()
        self.call_after_refresh(self._look)
        self.set_interval(_LOOK_EVERY, self._look)

    @property
    def table(self) -> "VirtualTable[OrderRow]":
        """The list."""
        return self.query_one("#table", VirtualTable)

    @property
    def selected(self) -> OrderRow | None:
        """The order under the cursor."""
        return self.table.current

    def _look(self) -> None:
        if monotonic() >= self._rest_until and self._watch.changed():
            self.measure()

    def measure(self) -> None:
        """Read the list anew, keeping the cursor on its order."""
        self._measure(self._wanted)

    @property
    def _kept(self) -> int | None:
        """The order that the cursor is to be on."""
        return self._keep or (self.selected.id if self.selected else None)

    @work(exclusive=True, group="measure")
    async def _measure(self, wanted: OrderFilter) -> None:
        began, database, kept = monotonic(), self._desk.database, self._kept
        try:
            found = await asyncio.to_thread(orders.measured, database, wanted, kept)
            fresh = orders.pages(self._desk, found)
            await self.table.prepare(fresh, self._place(found))
            if kept != self._kept:
                # The agent went on meanwhile: the cursor stays where it is now.
                found = replace(found, place=orders.place(database, found, self._kept))
        except UserError as error:
            self._complain(error)
            return
        self._rest_until = monotonic() + (monotonic() - began) / _SHARE
        if self.is_attached and found.wanted == self._wanted:
            self._use(fresh, self._place(found))

    def _place(self, found: Measure[OrderFilter]) -> int:
        return self.table.cursor if found.place is None else found.place

    def _use(self, fresh: Pages[OrderFilter, OrderRow], place: int) -> None:
        self._keep = None
        self._cells.channels = self._desk.channels()
        self.table.renew(fresh, place)
        self.set_class(fresh.total == 0, "nothing")
        if fresh.total == 0:
            self.query_one("#empty", Static).update(words.empty(self._wanted))
        self._show_head()

    def _show_head(self) -> None:
        total, marked = self.table.source.total, len(self._marked)
        self.query_one("#head", Static).update(words.head(total, marked), layout=False)
        line = words.filters(self._wanted, self._cells.channels)
        self.query_one("#filters", Static).update(line, layout=False)

    def _show_detail(self) -> None:
        row = self.selected
        told = self._cells.told(row) if row else None
        lines = words.detail(row, told, self._desk.settings.zone) if row and told else []
        self.query_one("#detail", ChangingLines).show(lines)

    def _complain(self, error: UserError) -> None:
        if self.is_attached:
            self.query_one("#filters", Static).update(Text(f" {error}", "bold red"), layout=False)

    def _narrow(self, wanted: OrderFilter) -> None:
        self._wanted = wanted
        self._keep = None
        self.remove_class("nothing")
        self.table.show(orders.pages(self._desk, wanted), 0)
        # The first rows first: threads beside them would have them wait for a core.
        self.call_after_refresh(self.measure)

    def action_status(self, status: str) -> None:
        """Show the orders of one status, or of all again."""
        same = self._wanted.status == status
        self._narrow(replace(self._wanted, status=None if same else OrderStatus(status).value))

    def action_touched(self) -> None:
        """Show the orders somebody acted on from here, or all again (C17)."""
        self._narrow(replace(self._wanted, touched=not self._wanted.touched))

    def action_clear(self) -> None:
        """Show all orders."""
        self._narrow(OrderFilter())

    def action_back(self) -> None:
        """Leave the field, the marks, the filters, and then the screen."""
        if self.has_class("asking"):
            self._leave_field()
        elif self._marked:
            self._marked.clear()
            self._marked_rows.clear()
            self.table.redraw_changed()
            self._show_head()
        elif self._wanted != OrderFilter():
            self.action_clear()
        else:
            self.dismiss()

    def action_channel(self) -> None:
        """Choose a channel from a menu of letters."""
        from mkt_tui.screens.channel_menu import ChannelMenu  # only when it is asked for

        menu = ChannelMenu(self._desk.channels(), Overview((), 0, 0, ()), self._desk.also_called())
        self.app.push_screen(menu, self._channel_chosen)

    def _channel_chosen(self, chosen: int | None) -> None:
        if chosen is not None:
            self._narrow(replace(self._wanted, channel_id=chosen or None))

    def action_search(self) -> None:
        """Ask for the beginning of a number (T15, T47)."""
        self.add_class("asking")
        self.query_one("#number", Input).focus()

    @on(Input.Submitted, "#number")
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave_field()
        self._narrow(replace(self._wanted, number=orders.number(event.value)))
        # One hit is what was looked for.
        if self._wanted.number and self.table.source.total == 1:
            self.action_open()

    def _leave_field(self) -> None:
        self.remove_class("asking")
        self.query_one("#number", Input).value = ""
        self.table.focus()

    def action_mark(self) -> None:
        """Mark the order, or take the mark off, and go to the next one."""
        if row := self.selected:
            self._marked ^= {row.id}
            self._marked_rows[row.id] = row
            self.table.redraw_changed()
            self.table.action_move(1)
            self._show_head()

    def action_enter(self) -> None:
        """Enter an order of a portal by hand (T31)."""
        from mkt_tui.screens.portal import PortalActs  # only when it is asked for

        PortalActs(self, self._desk, None, (), self.measure).begin("order")

    def action_copy(self) -> None:
        """Hand the number of the order (or of all marked ones) to the terminal's clipboard."""
        if rows := self._chosen():
            numbers = [each.number for each in rows]
            self.app.copy_to_clipboard("\n".join(numbers))
            told = _("Sent to the terminal's clipboard: {codes}").format(codes=", ".join(numbers))
            self.notify(told, markup=False)

    def action_open(self) -> None:
        """Open the order's print view (T9, T10)."""
        if row := self.selected:
            self._keep = row.id
            self.app.push_screen(OrderScreen(self._desk, orders.record(self._desk, row)))

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()

    @work(exclusive=True, group="act")
    async def action_act(self) -> None:
        """Do something to the order at its marketplace (C16)."""
        from mkt_tui.screens.order_acts import act_on  # only when it is asked for

        row = self.selected
        if row and await act_on(self.app, self._desk, orders.record(self._desk, row)):
            self.measure()

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print the order, or all marked ones as one document, personal data masked."""
        if rows := self._chosen():
            records = [orders.record(self._desk, each) for each in rows]
            await print_orders(self.app, self._desk, records, revealed=False)

    def _chosen(self) -> list[OrderRow]:
        marked = [self._marked_rows[each] for each in sorted(self._marked)]
        return marked or ([self.selected] if self.selected else [])
