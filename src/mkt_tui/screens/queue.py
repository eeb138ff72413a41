"""The queue: every channel's tickets in one list, the hardest deadline first (T1-T23)."""

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import overview, replying
from mkt_tui.desk.queue import View
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.i18n import N_, _
from mkt_tui.screens import queue_words
from mkt_tui.screens.portal_keys import PORTAL, PORTAL_KEYS
from mkt_tui.screens.queue_views import OTHER_VIEWS, QueueViews
from mkt_tui.screens.work_keys import WORK
from mkt_tui.widgets.virtual_table import VirtualTable


class QueueScreen(QueueViews):
    """Home: the list with its keys, and what is done to the tickets in it."""

    _at_portal = False
    _draft: int | None = None

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
        Binding("b", "publisher", N_("Publisher queue")),
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work on the ticket under the cursor: those of portals only on theirs."""
        del action
        return self._at_portal or parameters not in (("show",), ("answered",), ("copy",))

    def describe(self, binding: Binding) -> str:
        """Name what a key does to the ticket under the cursor: no reply leaves a portal's from here."""
        return PORTAL if binding.action == "reply" and self._at_portal else binding.description

    def _show_detail(self) -> None:
        super()._show_detail()
        row, before = self.selected, self._at_portal
        channel = self._cells.channels.get(row.channel_id) if row else None
        self._at_portal = channel is not None and channel.by_hand
        if before != self._at_portal:
            self.refresh_bindings()

    def _row(self) -> QueueRow | None:
        """Return the ticket under the cursor, or say that there is none."""
        if self.selected is None:
            self.notify(_("There is no ticket in this list."), markup=False)
        return self.selected

    def action_clear(self) -> None:
        """Drop the marks, then the filters."""
        if self._marked:
            self._marked.clear()
            self.table.redraw_changed()
            self._show_head()
        else:
            self._narrow(View())

    def action_mark(self) -> None:
        """Mark the ticket, or take the mark off, and go to the next one."""
        if row := self._row():
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
        else:
            self._row()

    def action_work(self, act: str) -> None:
        """Forward, assign, put off or note: the marked tickets, else the one under the cursor."""
        from mkt_tui.screens.work import Work  # not needed for the first paint

        if row := self._row():
            Work(self, self._desk, row, sorted(self._marked), self._worked).begin(act)

    def action_portal(self, act: str) -> None:
        """Copy the number, show how to answer, or note the answer, of a portal's ticket (J8)."""
        from mkt_tui.screens.portal import PortalActs  # not needed for the first paint

        PortalActs(self, self._desk, self.selected, sorted(self._marked), self._worked).begin(act)

    def action_no_portal(self) -> None:
        """Say why there is no portal to look at."""
        self.action_portal("copy")

    def _worked(self) -> None:
        self._marked.clear()
        self.measure()

    def action_reply(self) -> None:
        """Answer the ticket, its order beside it (T23, T26); a portal's by its guide; marked ones at once."""
        if self._marked:
            from mkt_tui.screens.reply_many import reply_to  # not needed for the first paint

            reply_to(self.app, self._desk, sorted(self._marked), self._worked)
        elif self._at_portal:
            self.action_portal("show")
        else:
            self._converse(composing=True)

    def action_open(self) -> None:
        """Read the ticket with its thread."""
        self._converse(composing=False)

    @on(VirtualTable.RowOpened)
    def _opened(self) -> None:
        self.action_open()

    def action_draft(self) -> None:
        """Open the draft this agent left last (J6), then one after the other."""
        drafts = self._overview.drafts
        if not drafts:
            self.notify(_("You have no drafts."), markup=False)
            return
        following = drafts.index(self._draft) + 1 if self._draft in drafts else 0
        self._draft = drafts[following % len(drafts)]
        self._open_ticket(self._draft, composing=True)

    def _converse(self, *, composing: bool) -> None:
        if row := self._row():
            self._open_ticket(row.id, composing=composing)

    def _open_ticket(self, ticket_id: int, *, composing: bool) -> None:
        from mkt_tui.screens.conversation import open_ticket  # heavy: the editor

        first, following = self.table.source.row(0), self.after_selected()
        # After a reply the most urgent ticket is next, but for the one that was just answered.
        if first and first.id != ticket_id:
            following = first.id

        def done(sent: bool | None) -> None:
            if sent and (hold := int(self._desk.settings.hold_seconds)):
                told = _("Leaves in {seconds} s: z takes it back.").format(seconds=hold)
                self.notify(told, timeout=hold, markup=False)
            self.select(following if sent else ticket_id)

        known = self._glances.of(ticket_id)
        open_ticket(self.app, self._desk, ticket_id, composing=composing, done=done, known=known)

    def action_search(self) -> None:
        """Find by any number or words (J3)."""
        from mkt_tui.screens.search import SearchScreen  # not needed for the first paint

        self.app.push_screen(SearchScreen(self._desk))

    def action_order(self) -> None:
        """Open the order's print view (T9, T10)."""
        from mkt_tui.desk import conversation  # not needed for the first paint
        from mkt_tui.screens.order import OrderScreen

        if (row := self._row()) is None:
            return
        if order := conversation.order_of(self._desk, row):
            self.app.push_screen(OrderScreen(self._desk, order))
        else:
            self._tell_no_order(row)

    def _tell_no_order(self, row: QueueRow) -> None:
        told = queue_words.no_order(row, self._desk.channels()[row.channel_id])
        self.notify(told, severity="warning", markup=False)

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print the order of the ticket, or those of all marked ones as one document."""
        from mkt_tui.desk import conversation  # not needed for the first paint
        from mkt_tui.screens.print_dialog import print_orders

        if (row := self._row()) is None:
            return
        if records := conversation.orders_of(self._desk, sorted(self._marked) or [row.id]):
            await print_orders(self.app, self._desk, records, revealed=False)
        else:
            self._tell_no_order(row)

    def action_orders(self) -> None:
        """Open the list of all orders."""
        from mkt_tui.screens.orders import OrdersScreen  # not needed for the first paint

        self.app.push_screen(OrdersScreen(self._desk))

    def action_monitor(self) -> None:
        """Watch orders: what is late, or will be (M18)."""
        from mkt_tui.screens.monitor import MonitorScreen  # only when it is asked for

        self.app.push_screen(MonitorScreen(self._desk))

    def action_publisher(self) -> None:
        """Open the publisher queue: what shops say of titles (J10)."""
        from mkt_tui.screens.publisher import PublisherScreen  # only when it is asked for

        self.app.push_screen(PublisherScreen(self._desk))

    def action_recall(self) -> None:
        """Take the last reply back while it has not left."""
        recalled = replying.recall(self._desk)
        # That it leaves in so many seconds is true no more.
        self.app.clear_notifications()
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

        under = self.selected.id if self.selected else None
        if doubt := doubts.first(self._desk, under):
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
