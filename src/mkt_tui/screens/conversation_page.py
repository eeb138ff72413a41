"""What a ticket shows: its thread, its order beside it, and that both keep up with the cache."""

import asyncio
from contextlib import suppress

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Static

from mkt_tui.desk import conversation as conversations
from mkt_tui.desk import noting
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import Role
from mkt_tui.screens import conversation_words as words
from mkt_tui.screens.composer import Composer
from mkt_tui.screens.panels import ORDER, panel
from mkt_tui.screens.thread import thread
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.stop_line import StopLine

_LOOK_EVERY = 1.0


class ConversationPage(ExactScreen[bool]):
    """The thread and what stands beside it, with the place of the reply."""

    DEFAULT_CSS = """
    ConversationPage #title {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis;
        background: $primary-darken-2; color: $text;
    }
    ConversationPage #clocks {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis; background: $surface;
    }
    ConversationPage #body { height: 1fr; }
    ConversationPage #left { width: 5fr; }
    ConversationPage #thread { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    ConversationPage #order {
        width: 3fr; padding: 0 1; border-left: solid $primary; scrollbar-size-vertical: 1;
    }
    ConversationPage #thread:focus, ConversationPage #order:focus { background: $boost; }
    """

    def __init__(
        self, desk: Desk, ticket_id: int, *, composing: bool, known: Conversation | None = None
    ) -> None:
        super().__init__()
        self._desk = desk
        self._watch = Watch(desk.database, self._complain)
        self._take(ticket_id, composing, known)

    def _take(self, ticket_id: int, composing: bool, known: Conversation | None) -> None:
        """Read a ticket that is not known, to be shown when the screen comes up."""
        # Before it is read: what changes meanwhile is a change.
        self._watch.changed()
        self._conversation = known or conversations.load(self._desk, ticket_id)
        self._ticket_id = ticket_id
        self._start_composing = composing or self._conversation.draft is not None
        self._known: set[str] = set()
        self._panel = ORDER
        self._side: Role | None = None
        self._begun = False
        self.takes_keys = not self._start_composing

    def turn_to(
        self, ticket_id: int, *, composing: bool, known: Conversation | None = None
    ) -> None:
        """Show another ticket: a screen made anew takes three times as long.

        Raises:
            NotFound: The ticket is gone; nothing has changed.
        """
        self._take(ticket_id, composing, known)
        self.workers.cancel_node(self)
        self._composer.turn_to(self._conversation)
        self.set_focus(self._thread)
        self._show_newest()
        self.query_one("#order", VerticalScroll).scroll_home(animate=False, immediate=True)

    def compose(self) -> ComposeResult:
        """Lay out the thread beside the order, the composer below the thread."""
        yield Static(id="title", markup=False)
        yield Static(id="clocks", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll(id="thread"):
                    yield Static(id="messages", markup=False)
                yield Composer(self._desk, self._conversation)
            with VerticalScroll(id="order"):
                yield Static(id="sheet", markup=False)
        yield ConfirmLine()
        yield StopLine()
        yield KeyBar()

    def on_mount(self) -> None:
        """Keep the newest message in view, and up with the cache."""
        self._thread.focus()
        # With the layout that tells how long the thread is, not a frame later.
        self.watch(self._thread, "virtual_size", self._show_newest, init=False)
        self._looking = self.set_interval(_LOOK_EVERY, self._look)

    def on_screen_resume(self) -> None:
        """Show what is known, before the first paint."""
        if self._begun:
            return
        self._begun = True
        self._show()
        # Or the new words are painted once where the last ticket's stood.
        self.paint_whole(*self.query(Static))
        self._see_notes()
        self._looking.resume()
        if self._start_composing:
            self.action_compose()

    def _rest(self) -> None:
        """Look no more at the cache."""
        self._looking.pause()

    @property
    def _thread(self) -> VerticalScroll:
        return self.query_one("#thread", VerticalScroll)

    def _show_newest(self) -> None:
        self._thread.scroll_end(animate=False, immediate=True)

    def action_side(self) -> None:
        """Show the messages of one side after the other, then everybody's again (T36)."""
        sides = [None, *Role]
        self._side = sides[(sides.index(self._side) + 1) % len(sides)]
        self._show()
        self.call_after_refresh(self._show_newest)

    def action_pane(self) -> None:
        """Put the focus on the next pane: composer, thread, order."""
        panes = [self.query_one("#thread"), self.query_one("#order")]
        if self._composer.is_open:
            panes.insert(0, self._composer.editor)
        now = next((place for place, pane in enumerate(panes) if pane.has_focus), -1)
        panes[(now + 1) % len(panes)].focus()

    def action_scroll(self, pages: int) -> None:
        """Scroll the order when it has the focus, else the thread."""
        order = self.query_one("#order", VerticalScroll)
        pane = order if order.has_focus else self.query_one("#thread", VerticalScroll)
        pane.scroll_relative(y=pages * max(pane.size.height - 2, 1), animate=False)

    def _show(self) -> None:
        zone = self._desk.settings.zone
        self.query_one("#title", Static).update(words.title(self._desk, self._conversation))
        clocks = words.clocks(self._desk, self._conversation)
        self.query_one("#clocks", Static).update(clocks)
        self.query_one("#messages", Static).update(
            thread(self._conversation, self._desk.clock(), zone, self._side)
        )
        self._show_panel()

    def _show_panel(self) -> None:
        found = panel(self._panel, self._desk, self._conversation)
        self.query_one("#sheet", Static).update(found)

    @work(exclusive=True, group="seen", exit_on_error=False)
    async def _see_notes(self) -> None:
        """The notes are before the agent's eyes: a mention has been seen."""
        if self._conversation.notes:
            with suppress(UserError):
                await asyncio.to_thread(noting.see, self._desk, self._ticket_id)

    @property
    def _confirming(self) -> bool:
        return self.query_one(ConfirmLine).asking or self.query_one(StopLine).shown

    @property
    def _composer(self) -> Composer:
        return self.query_one(Composer)

    def action_compose(self) -> None:
        """Open the composer below the thread."""
        self.takes_keys = not self._composer.begin()
        if self.takes_keys:
            self.notify(words.nobody(self._conversation), severity="warning", markup=False)
            return
        self.call_after_refresh(self._show_newest)
        self.refresh_bindings()

    @on(DescendantFocus, "Editor")
    def _writing(self) -> None:
        self.takes_keys = True

    def _look(self) -> None:
        if self._watch.changed():
            self._reload()

    def _complain(self, error: UserError) -> None:
        if self.is_mounted:
            self._composer.complain(error)

    @work(exclusive=True, group="reload")
    async def _reload(self) -> None:
        try:
            fresh = await asyncio.to_thread(conversations.load, self._desk, self._ticket_id)
        except UserError as error:
            self._complain(error)
            return
        if not self.is_attached or fresh.ticket.id != self._ticket_id:
            return
        await self._composer.try_again()
        old, self._conversation = self._conversation, fresh
        if _shown(old) != _shown(fresh):
            self._show()
            if _said(old) != _said(fresh):
                self._show_newest()
            self._see_notes()


def _said(conversation: Conversation) -> tuple[object, ...]:
    """Return what of a conversation is in its thread."""
    return conversation.messages, conversation.operations, conversation.notes


def _shown(conversation: Conversation) -> tuple[object, ...]:
    """Return what of a conversation is on the screen."""
    each = conversation
    known = each.ticket, each.channel, each.order, each.writer, each.reminder
    return *known, *_said(conversation)
