"""What the queue is narrowed to, and how its tickets are sorted and shown."""

from dataclasses import replace

from textual import on

from mkt_tui.cache.queries import QueueOrder
from mkt_tui.desk import arrangement, presence, queue, views
from mkt_tui.desk.queue import View
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.filters import Filter
from mkt_tui.i18n import N_
from mkt_tui.screens.queue_columns import USUAL
from mkt_tui.screens.queue_list import QueueList
from mkt_tui.widgets.virtual_table import VirtualTable

OTHER_VIEWS = {
    "4": N_("Due today"),
    "5": N_("Unassigned"),
    "6": N_("Mediation"),
    "7": N_("Waiting for others"),
    "8": N_("Snoozed tickets"),
    "9": N_("All"),
}


class QueueViews(QueueList):
    """The list with the ways to choose what it shows."""

    def action_sort(self) -> None:
        """Sort by the next of: due, registered, changed; each one both ways."""
        self._sort(self._view.next_order())

    @on(VirtualTable.HeaderClicked)
    def _header_clicked(self, event: VirtualTable.HeaderClicked) -> None:
        if event.sort:
            self._sort(self._view.sorted_by(QueueOrder(event.sort)))

    def _sort(self, view: View) -> None:
        self._wanted, self._measured = self._kept, None
        self._view = view
        self._mark_order()
        self.table.show(queue.opened(self._desk.database, view.filter(self._desk)), 0)
        # The first rows first: neither the disk nor a thread is to keep them.
        self.call_after_refresh(self._sorted)

    def _sorted(self) -> None:
        try:
            arrangement.keep_order(self._desk, self._view)
        except UserError as error:
            self._complain(error)
        self.measure()

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

    def action_channel(self) -> None:
        """Choose a channel from a menu of letters (T3, J1)."""
        from mkt_tui.screens.channel_menu import ChannelMenu  # not needed for the first paint

        menu = ChannelMenu(self._desk.channels(), self._overview, self._desk.also_called())
        self.app.push_screen(menu, self._channel_chosen)

    def _channel_chosen(self, chosen: int | None) -> None:
        if chosen is not None:
            self._narrow(replace(self._view, channel_id=chosen or None))

    def action_show_channel(self, channel_id: int) -> None:
        """Show a channel of the line above, or all of them."""
        self._channel_chosen(channel_id)

    def action_views(self) -> None:
        """Choose a view, or save the filter in force as one."""
        from mkt_tui.screens.views_menu import ViewsMenu  # not needed for the first paint

        self.app.push_screen(ViewsMenu(self._desk, self._view.terms), self._view_chosen)

    def _view_chosen(self, text: str | None) -> None:
        if text is not None:
            self._filter_given(views.terms(self._desk, text))

    def action_view(self, key: str) -> None:
        """Show one of the views that have a number."""
        self._view_chosen(views.BUILT_IN[key][1])

    def action_show_view(self, key: str) -> None:
        """Show a view of the bar: everything open, or one with a number."""
        if key == "0":
            self._narrow(View())
        else:
            self.action_view(key)

    def action_filter(self) -> None:
        """Narrow the list by a line of the filter language."""
        from mkt_tui.screens.filter_line import FilterLine  # not needed for the first paint

        channels = self._desk.channel_words()
        agents = [each.name for each in presence.everybody(self._desk)]
        line = FilterLine(str(self._view.terms), channels, agents)
        self.app.push_screen(line, self._filter_given)

    def _filter_given(self, given: Filter | None) -> None:
        if given is not None:
            self._narrow(View(channel_id=self._view.channel_id, terms=given))
