"""The queue: every channel's tickets in one list, the hardest deadline first (T1-T23)."""

import asyncio
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from mkt_tui.cache.queries import QueueFilter, QueueOrder, QueueRow
from mkt_tui.desk import alerts, arrangement, overview, queue, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.overview import Overview
from mkt_tui.desk.queue import Measure, Queue, View
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.filters import Filter
from mkt_tui.domain.operations import Kind
from mkt_tui.i18n import N_, _
from mkt_tui.screens import queue_words
from mkt_tui.screens.portal_keys import PORTAL_KEYS
from mkt_tui.screens.queue_columns import USUAL, QueueCells
from mkt_tui.screens.queue_head import QueueHead
from mkt_tui.screens.work_keys import WORK
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.virtual_table import VirtualTable

OTHER_VIEWS = {
    "4": N_("Due today"),
    "5": N_("Unassigned"),
    "6": N_("Mediation"),
    "7": N_("Waiting for others"),
    "8": N_("Snoozed"),
    "9": N_("All"),
}
_LOOK_EVERY = 0.5
_MINUTE = 60.0
_LONG = 50_000
_REST = 4.0


class QueueScreen(ExactScreen[None]):
    """Home: the list, what it is filtered by, and the ticket under the cursor in full."""

    DEFAULT_CSS = """
    QueueScreen #detail { height: 2; background: $surface; }
    QueueScreen #empty { height: 1fr; padding: 1 2; display: none; }
    QueueScreen.nothing #empty { display: block; }
    QueueScreen.nothing #table { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reply", N_("Reply")),
        Binding("enter,right", "open", N_("Open")),
        Binding("p", "order", N_("Order")),
        Binding("O", "orders", N_("Orders")),
        # First of all, or letters typed after it in one go would be taken for keys of the queue.
        Binding("slash", "search", N_("Search"), priority=True),
        Binding("m", "channel", N_("Channel")),
        Binding("1", "late", N_("Late")),
        Binding("2", "mine", N_("Mine")),
        Binding("3", "undelivered", N_("Not sent")),
        Binding("a", "state", N_("Open/answered/snoozed/all")),
        Binding("F", "filter", N_("Filter")),
        Binding("V", "views", N_("Views")),
        *(Binding(key, f"view('{key}')", title, show=False) for key, title in OTHER_VIEWS.items()),
        Binding("0,escape", "clear", N_("Everything open")),
        Binding("space", "mark", N_("Mark")),
        *WORK,
        *PORTAL_KEYS,
        Binding("at", "mentioned", N_("Mentions me")),
        Binding("y", "copy", N_("Copy code")),
        Binding("o", "monitor", N_("Monitor")),
        Binding("z", "recall", N_("Undo send")),
        Binding("d", "draft", N_("Draft")),
        Binding("u", "doubt", N_("In doubt")),
        Binding("s", "sync", N_("Sync now")),
        Binding("t", "sort", N_("Sort")),
        Binding("C", "columns", N_("Columns")),
        Binding("P", "print", N_("Print"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
        Binding("q", "app.quit", N_("Quit")),
    ]

    class News(Message):
        """Tickets arrived or became late, as `words` say."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._view = arrangement.view(desk)
        self._marked: set[int] = set()
        self._overview = Overview((), 0, 0, ())
        self._version = -1
        self._cells = QueueCells(desk, desk.channels(), self._marked)
        self._wanted: int | None = None
        self._rest_until = 0.0
        self._head = QueueHead()
        self.table = VirtualTable[QueueRow](
            Queue(desk.database, self._view.filter(desk)),
            self._cells.chosen(arrangement.columns(desk)),
            self._cells.colour,
            chosen=self._show_detail,
            id="table",
        )
        self._mark_order()
        self._empty = Static(id="empty", markup=False)
        self._detail = ChangingLines(id="detail")

    def compose(self) -> ComposeResult:
        """Lay out head, list, detail and keys."""
        yield self._head
        yield self.table
        yield self._empty
        yield self._detail
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the first page at once; count in a thread."""
        self.table.focus()
        self._show_detail()
        self.call_after_refresh(self._look)
        self.set_interval(_LOOK_EVERY, self._look)
        self.set_interval(_MINUTE, self._tick)

    @property
    def _is_drawn(self) -> bool:
        """Whether there is something to draw on: a slow answer may come when all is gone."""
        return self.is_attached and self.table.is_attached

    @property
    def selected(self) -> QueueRow | None:
        """The ticket under the cursor."""
        return self.table.current

    def select(self, ticket_id: int | None) -> None:
        """Put the cursor on a ticket as soon as the list was read anew."""
        self._wanted = ticket_id
        self.measure()

    def after_selected(self) -> int | None:
        """Return the ticket that follows the selected one in the list."""
        following = self.table.source.row(self.table.cursor + 1)
        previous = self.table.source.row(self.table.cursor - 1)
        return following.id if following else previous.id if previous else None

    def _look(self) -> None:
        try:
            version = self._desk.database.version()
        except UserError as error:
            self._complain(error)
            return
        if self._version != version and monotonic() >= self._rest_until:
            self._version = version
            self.measure()

    def _tick(self) -> None:
        """Time passes: days, colours and lateness change with nobody's act (T20)."""
        if self._view.late or self._view.terms.terms:
            self.measure()
        else:
            self.table.redraw_changed()
            self._count()

    def measure(self) -> None:
        """Read the list and its counts anew, keeping the cursor on its ticket."""
        wanted = self._view.filter(self._desk)
        keep = self._wanted or (self.selected.id if self.selected else None)
        self._measure(wanted, keep)
        self._count()

    @work(exclusive=True, group="measure")
    async def _measure(self, wanted: QueueFilter, keep: int | None) -> None:
        try:
            found = await asyncio.to_thread(queue.measure, self._desk.database, wanted, keep)
        except UserError as error:
            self._complain(error)
            return
        # Walking a long index for every change would keep a core busy for a room full of desks.
        self._rest_until = monotonic() + (_REST if found.total > _LONG else 0)
        self._use(found)

    def _use(self, found: Measure) -> None:
        if not self._is_drawn:
            return
        fresh = queue.shown(self._desk.database, found)
        place = found.place if found.place is not None else self.table.cursor
        self._wanted = None
        self.table.renew(fresh, place)
        if fresh.trouble:
            self._complain(fresh.trouble)
            return
        self.set_class(found.total == 0, "nothing")
        if found.total == 0:
            self._empty.update(
                queue_words.empty(self._overview, self._view, self._desk.settings.zone)
            )
        self._show_head()

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        before = self._overview
        try:
            self._overview = await asyncio.to_thread(overview.look, self._desk)
        except UserError as error:
            self._complain(error)
            return
        if told := alerts.news(before, self._overview):
            self.post_message(self.News(told))
        if self._is_drawn:
            self._cells.channels = self._desk.channels()
            self._cells.mentioned = self._overview.mentioned
            self.table.redraw_changed()
            self._show_head()

    def _show_head(self) -> None:
        zone, seen = self._desk.settings.zone, self._overview
        total = self.table.source.total
        self._head.show(
            queue_words.head(seen, total, len(self._marked), zone),
            queue_words.channels(seen, self._view),
            queue_words.banner(seen),
        )

    def _show_detail(self) -> None:
        row = self.selected
        self._detail.show(
            queue_words.detail(row, self._cells.channels.get(row.channel_id)) if row else []
        )

    def _complain(self, error: UserError) -> None:
        if self._is_drawn:
            self._head.complain(error)

    def _narrow(self, view: View) -> None:
        self._view = view.sorted_like(self._view)
        self._wanted = None
        self.table.show(queue.opened(self._desk.database, self._view.filter(self._desk)), 0)
        self.measure()

    def action_sort(self) -> None:
        """Sort by the next of: due, registered, changed; each one both ways."""
        self._sort(self._view.next_order())

    @on(VirtualTable.HeaderClicked)
    def _header_clicked(self, event: VirtualTable.HeaderClicked) -> None:
        if event.sort:
            self._sort(self._view.sorted_by(QueueOrder(event.sort)))

    def _sort(self, view: View) -> None:
        keep = self.selected.id if self.selected else None
        self._view = view
        arrangement.keep_order(self._desk, view)
        self._mark_order()
        self.table.show(queue.opened(self._desk.database, view.filter(self._desk)), 0)
        self.select(keep)

    def _mark_order(self) -> None:
        self.table.mark_order(self._view.order, "↑" if self._view.reverse else "↓")

    def action_columns(self) -> None:
        """Choose the columns and their order."""
        from mkt_tui.screens.columns_menu import ColumnsMenu  # only when it is asked for

        shown = arrangement.columns(self._desk) or USUAL
        choice = [each for each in self._cells.columns() if not each.lead]
        self.app.push_screen(ColumnsMenu(choice, shown), self._columns_chosen)

    def _columns_chosen(self, names: tuple[str, ...] | None) -> None:
        if names is not None:
            arrangement.keep_columns(self._desk, names or None)
            self.table.show_columns(self._cells.chosen(names or None))

    def action_late(self) -> None:
        """Show what is late everywhere, or all again (J2)."""
        self._narrow(View(channel_id=self._view.channel_id, late=not self._view.late))

    def action_mine(self) -> None:
        """Show the tickets assigned to this agent, or all again."""
        self._narrow(replace(self._view, mine=not self._view.mine, undelivered=False))

    def action_undelivered(self) -> None:
        """Show the tickets whose reply failed or is in doubt, or all again."""
        view = self._view
        self._narrow(View(channel_id=view.channel_id, undelivered=not view.undelivered))

    def action_mentioned(self) -> None:
        """Show the tickets with a note that names this agent, or all again."""
        self._narrow(View(mentioned=not self._view.mentioned))

    def action_state(self) -> None:
        """Go from open tickets to answered ones, to all, and back."""
        view = self._view
        self._narrow(View(view.next_state(), view.channel_id, mine=view.mine))

    def action_clear(self) -> None:
        """Drop the marks, then the filters."""
        if self._marked:
            self._marked.clear()
            self.table.redraw_changed()
            self._show_head()
        else:
            self._narrow(View())

    def action_channel(self) -> None:
        """Choose a channel from a menu of letters (T3, J1)."""
        from mkt_tui.screens.channel_menu import ChannelMenu  # not needed for the first paint

        menu = ChannelMenu(self._desk.channels(), self._overview)
        self.app.push_screen(menu, self._channel_chosen)

    def _channel_chosen(self, chosen: int | None) -> None:
        if chosen is not None:
            self._narrow(replace(self._view, channel_id=chosen or None))

    def action_mark(self) -> None:
        """Mark the ticket, or take the mark off, and go to the next one."""
        if row := self.selected:
            self._marked ^= {row.id}
            self.table.redraw_changed()
            self.table.action_move(1)
            self._show_head()

    def action_copy(self) -> None:
        """Hand the code of the ticket (or of all marked ones) to the terminal's clipboard."""
        from mkt_tui.cache import queries  # not needed for the first paint

        found = [queries.ticket(self._desk.database, each) for each in sorted(self._marked)]
        codes = [each.code for each in found if each] or [
            each.code for each in [self.selected] if each
        ]
        if codes:
            self.app.copy_to_clipboard("\n".join(codes))
            self.notify(
                _("Sent to the terminal's clipboard: {codes}").format(codes=", ".join(codes)),
                markup=False,
            )

    def action_work(self, act: str) -> None:
        """Forward, assign, put off or note: the marked tickets, else the one under the cursor."""
        from mkt_tui.screens.work import Work  # not needed for the first paint

        if row := self.selected:
            Work(self, self._desk, row, sorted(self._marked), self._worked).begin(act)

    def action_portal(self, act: str) -> None:
        """Copy the number, show how to answer, or note the answer, of a portal's ticket (J8)."""
        from mkt_tui.screens.portal import PortalActs  # not needed for the first paint

        PortalActs(self, self._desk, self.selected, sorted(self._marked), self._worked).begin(act)

    def _worked(self) -> None:
        self._marked.clear()
        self.measure()

    def action_reply(self) -> None:
        """Answer the ticket, its order beside it (T23, T26)."""
        self._converse(composing=True)

    def action_open(self) -> None:
        """Read the ticket with its thread."""
        self._converse(composing=False)

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()

    def action_draft(self) -> None:
        """Open the draft this agent left last (J6)."""
        if self._overview.drafts:
            self._open_ticket(self._overview.drafts[0], composing=True)
        else:
            self.notify(_("You have no drafts."), markup=False)

    def _converse(self, *, composing: bool) -> None:
        if row := self.selected:
            self._open_ticket(row.id, composing=composing)

    def _open_ticket(self, ticket_id: int, *, composing: bool) -> None:
        from mkt_tui.screens.conversation import ConversationScreen  # heavy: the editor

        first, following = self.table.source.row(0), self.after_selected()
        # After a reply the most urgent ticket is next, but for the one that was just answered.
        if first and first.id != ticket_id:
            following = first.id

        def done(sent: bool | None) -> None:
            if sent and (hold := int(self._desk.settings.hold_seconds)):
                told = _("Leaves in {seconds} s: z takes it back.").format(seconds=hold)
                self.notify(told, timeout=hold, markup=False)
            self.select(following if sent else ticket_id)

        self.app.push_screen(ConversationScreen(self._desk, ticket_id, composing=composing), done)

    def action_views(self) -> None:
        """Choose a view, or save the filter in force as one."""
        from mkt_tui.screens.views_menu import ViewsMenu  # not needed for the first paint

        self.app.push_screen(ViewsMenu(self._desk, self._view.terms), self._view_chosen)

    def _view_chosen(self, text: str | None) -> None:
        from mkt_tui.desk import views  # not needed for the first paint

        if text is not None:
            self._filter_given(views.terms(self._desk, text))

    def action_view(self, key: str) -> None:
        """Show one of the views that have a number."""
        from mkt_tui.desk import views  # not needed for the first paint

        self._view_chosen(views.BUILT_IN[key][1])

    def action_filter(self) -> None:
        """Narrow the list by a line of the filter language."""
        from mkt_tui.screens.filter_line import FilterLine  # not needed for the first paint

        names = [each.name for each in self._desk.channels().values()]
        self.app.push_screen(FilterLine(str(self._view.terms), names), self._filter_given)

    def _filter_given(self, given: Filter | None) -> None:
        if given is not None:
            self._narrow(View(channel_id=self._view.channel_id, terms=given))

    def action_search(self) -> None:
        """Find by any number or words (J3)."""
        from mkt_tui.screens.search import SearchScreen  # not needed for the first paint

        self.app.push_screen(SearchScreen(self._desk))

    def action_order(self) -> None:
        """Open the order's print view (T9, T10)."""
        from mkt_tui.desk import conversation  # not needed for the first paint
        from mkt_tui.screens.order import OrderScreen

        if (row := self.selected) is None:
            return
        if order := conversation.order_of(self._desk, row):
            self.app.push_screen(OrderScreen(self._desk, order))
        else:
            self.notify(queue_words.no_order(row), severity="warning", markup=False)

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print the order of the ticket, or those of all marked ones as one document."""
        from mkt_tui.desk import conversation  # not needed for the first paint
        from mkt_tui.screens.print_dialog import print_orders

        if (row := self.selected) is None:
            return
        if records := conversation.orders_of(self._desk, sorted(self._marked) or [row.id]):
            await print_orders(self.app, self._desk, records, revealed=False)
        else:
            self.notify(queue_words.no_order(row), severity="warning", markup=False)

    def action_orders(self) -> None:
        """Open the list of all orders."""
        from mkt_tui.screens.orders import OrdersScreen  # not needed for the first paint

        self.app.push_screen(OrdersScreen(self._desk))

    def action_monitor(self) -> None:
        """Watch orders: what is late, or will be (M18)."""
        from mkt_tui.screens.monitor import MonitorScreen  # only when it is asked for

        self.app.push_screen(MonitorScreen(self._desk))

    def action_recall(self) -> None:
        """Take the last reply back while it has not left."""
        recalled = replying.recall(self._desk)
        if recalled is None:
            told = _("There is nothing to take back any more.")
        elif recalled.kind is Kind.REPLY:
            told = _("Taken back: the reply is a draft again (d).")
        else:
            told = _("Taken back: nothing of it has left.")
        self.notify(told, markup=False)
        if recalled and recalled.ticket_id:
            self.select(recalled.ticket_id)

    def action_doubt(self) -> None:
        """Look at a reply of which nobody knows whether it arrived (J6)."""
        from mkt_tui.desk import doubts  # not needed for the first paint
        from mkt_tui.screens.doubt import DoubtScreen

        if doubt := doubts.first(self._desk):
            done = partial(self._back_to, doubt.place.ticket_id)
            self.app.push_screen(DoubtScreen(self._desk, doubt), done)
        else:
            self.notify(_("No reply is in doubt."), markup=False)

    def _back_to(self, ticket_id: int | None, _result: None) -> None:
        self.select(ticket_id)

    def action_sync(self) -> None:
        """Ask the engine to look at the marketplaces now."""
        overview.ask_for_sync(self._desk)
        self.notify(_("Looking at the marketplaces now …"), markup=False)
