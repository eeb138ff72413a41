"""The list of the queue: it shows a view of the tickets, and keeps it and its counts up to date."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.desk import alerts, arrangement, overview, queue, views
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.glancing import Glances
from mkt_tui.desk.listed import Listed
from mkt_tui.desk.overview import Overview
from mkt_tui.desk.queue import Measure, Queue, View
from mkt_tui.domain.errors import UserError
from mkt_tui.screens import queue_words
from mkt_tui.screens.queue_columns import QueueCells
from mkt_tui.screens.queue_head import QueueHead
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.changing_lines import ChangingLines
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.virtual_table import VirtualTable

_LOOK_EVERY = 0.5
_GLANCE_EVERY = 3.0
_MINUTE = 60.0
_LONG = 50_000
_REST = 4.0
# A cursor that has not moved for so long may be on the ticket that is opened next.
_GLANCES_AFTER = 0.2
# Looking takes at most that part of a core, however slow a filter is and however busy the cache.
_SHARE = 0.05


class QueueList(ExactScreen[None]):
    """The list, what it is narrowed by, and the ticket under the cursor in full."""

    DEFAULT_CSS = """
    QueueList #detail { height: 2; background: $surface; }
    QueueList #empty { height: 1fr; padding: 1 2; display: none; }
    QueueList.nothing #empty { display: block; }
    QueueList.nothing #table { display: none; }
    """

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
        self._watch = Watch(desk.database, self._complain)
        self._cells = QueueCells(desk, desk.channels(), self._marked)
        self._wanted: int | None = None
        self._measured: tuple[int, int] | None = None
        self._rest_until = self._views_rest_until = 0.0
        self._views_due = False
        self._view_counts: Mapping[str, int | None] = {}
        self._head = QueueHead()
        self._glances = Glances(desk)
        self._glancing_soon: asyncio.TimerHandle | None = None
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
        self._looking = self.set_interval(_LOOK_EVERY, self._look)
        self._glancing = self.set_interval(_GLANCE_EVERY, self._look, pause=True)
        self.set_interval(_MINUTE, self._tick)

    def on_screen_suspend(self) -> None:
        """Look less often while another screen is in front: what is late is still told."""
        self._looking.pause()
        self._glancing.resume()

    def on_screen_resume(self) -> None:
        """Look often again."""
        self._glancing.pause()
        self._looking.resume()

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
        if self._measured and self._measured == self._revision() and self._kept == ticket_id:
            return
        self._wanted = ticket_id
        self.measure()

    def after_selected(self) -> int | None:
        """Return the ticket that follows the selected one in the list."""
        following = self.table.source.row(self.table.cursor + 1)
        previous = self.table.source.row(self.table.cursor - 1)
        return following.id if following else previous.id if previous else None

    def _look(self) -> None:
        if monotonic() >= self._rest_until and self._watch.changed():
            self.measure()
        elif self._views_due:
            self._count_views()

    def _tick(self) -> None:
        """Time passes: days, colours and lateness change with nobody's act (T20)."""
        if self._view.late or self._view.terms.terms:
            self.measure()
        else:
            self.table.redraw_changed()
            self._count()
            self._count_views()

    def on_resize(self) -> None:
        """Show what there is room for now."""
        self._show_head()
        self._count_views()

    def measure(self) -> None:
        """Read the list and its counts anew, keeping the cursor on its ticket."""
        self._measured = self._revision()
        self._measure(self._view.filter(self._desk))
        self._count()
        self._count_views()

    def _revision(self) -> tuple[int, int] | None:
        with suppress(UserError):
            return self._desk.database.revision()
        return None

    @property
    def _kept(self) -> int | None:
        """The ticket that the cursor is to be on."""
        return self._wanted or (self.selected.id if self.selected else None)

    @work(exclusive=True, group="measure")
    async def _measure(self, wanted: QueueFilter) -> None:
        began, database, kept = monotonic(), self._desk.database, self._kept
        try:
            found = await asyncio.to_thread(queue.measure, database, wanted, kept)
            fresh = queue.shown(database, found)
            await self.table.prepare(fresh, self._place(found))
            if kept != self._kept:
                # The agent went on meanwhile: the cursor stays where it is now.
                found = replace(found, place=queue.place(database, found, self._kept))
        except UserError as error:
            self._measured = None
            self._complain(error)
            return
        # Walking a long index for every change would keep a core busy for a room full of desks.
        rest = (monotonic() - began) / _SHARE
        self._rest_until = monotonic() + max(rest, _REST if found.total > _LONG else 0)
        if self._is_drawn:
            self._use(fresh, self._place(found))

    def _place(self, found: Measure) -> int:
        return self.table.cursor if found.place is None else found.place

    def _use(self, fresh: Queue | Listed, place: int) -> None:
        self._wanted = None
        self.table.renew(fresh, place)
        if fresh.trouble:
            self._complain(fresh.trouble)
            return
        self.set_class(fresh.total == 0, "nothing")
        if fresh.total == 0:
            self._empty.update(
                queue_words.empty(
                    self._overview, self._view, self._desk.clock(), self._desk.settings.zone
                )
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
            self._cells.renew(self._desk.channels(), self._overview.mentioned)
            self.table.redraw_changed()
            self._show_head()

    @work(exclusive=True, group="views")
    async def _count_views(self) -> None:
        began = monotonic()
        self._views_due = began < self._views_rest_until
        if self._views_due or not self._head.has_room:
            return
        with suppress(UserError):
            self._view_counts = await asyncio.to_thread(views.counts, self._desk)
        self._views_rest_until = monotonic() + (monotonic() - began) / _SHARE
        if self._is_drawn:
            self._show_views()

    def _show_views(self) -> None:
        chosen = views.key_of(self._view)
        self._head.show_views(queue_words.views(self._view_counts, self._overview, chosen))

    def _show_head(self) -> None:
        zone, now, seen = self._desk.settings.zone, self._desk.clock(), self._overview
        total = self.table.source.total
        self._head.show(
            queue_words.head(seen, total, len(self._marked), now, zone, self.size.width),
            queue_words.channels(seen, self._view),
            queue_words.banner(seen),
        )
        self._show_views()

    def _show_detail(self) -> None:
        row = self.selected
        self._detail.show(
            queue_words.detail(row, self._cells.channels.get(row.channel_id)) if row else []
        )
        if self._glancing_soon:
            self._glancing_soon.cancel()
        if row and self.is_current:
            glance = partial(self._glance, row.id)
            self._glancing_soon = asyncio.get_running_loop().call_later(_GLANCES_AFTER, glance)

    def _glance(self, ticket_id: int) -> None:
        if self._is_drawn:
            self.run_worker(self._glances.look(ticket_id), group="glance", exclusive=True)

    def _complain(self, error: UserError) -> None:
        if self._is_drawn:
            self._head.complain(error)

    def _narrow(self, view: View) -> None:
        self._view = view.sorted_like(self._view)
        self._wanted = self._measured = None
        self.table.show(queue.opened(self._desk.database, self._view.filter(self._desk)), 0)
        # The first rows first: threads beside them would have them wait for a core.
        self.call_after_refresh(self.measure)

    def _mark_order(self) -> None:
        self.table.mark_order(self._view.order, "↑" if self._view.reverse else "↓")
