"""One ticket: its thread and its order side by side, and the reply below (T24-T28)."""

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation as conversations
from mkt_tui.desk import replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _
from mkt_tui.screens import conversation_words as words
from mkt_tui.screens.thread import thread
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.key_bar import KeyBar

# Short of the second that may be lost, with room for a slow disk.
_SAVE_AFTER = 0.6
_LOOK_EVERY = 1.0


class ConversationScreen(Screen[bool]):
    """The ticket; ends with True when a reply was sent.

    Raises:
        NotFound: On making it, when the ticket is gone.
    """

    DEFAULT_CSS = """
    ConversationScreen #title { height: 1; text-wrap: nowrap; text-overflow: ellipsis; background: $primary-darken-2; color: $text; }
    ConversationScreen #body { height: 1fr; }
    ConversationScreen #left { width: 5fr; }
    ConversationScreen #thread { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    ConversationScreen #order {
        width: 3fr; padding: 0 1; border-left: solid $primary; scrollbar-size-vertical: 1;
    }
    ConversationScreen #thread:focus, ConversationScreen #order:focus { background: $boost; }
    ConversationScreen #composer { height: 40%; min-height: 6; display: none; }
    ConversationScreen.composing #composer { display: block; }
    ConversationScreen #audience { height: 1; padding: 0 1; background: $panel; }
    ConversationScreen TextArea { height: 1fr; border: none; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("Back")),
        Binding("r", "compose", N_("Reply")),
        Binding("ctrl+d", "send", N_("Send"), priority=True),
        Binding("tab", "audience(1)", N_("Recipient"), priority=True),
        Binding("shift+tab", "audience(-1)", N_("Recipient"), show=False, priority=True),
        Binding("p,o,ctrl+o", "order", N_("Order")),
        Binding("y", "copy", N_("Copy code")),
        Binding("f6", "pane", N_("Pane")),
        Binding("pageup", "scroll(-1)", N_("Thread up"), show=False, priority=True),
        Binding("pagedown", "scroll(1)", N_("Thread down"), show=False, priority=True),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, ticket_id: int, *, composing: bool) -> None:
        super().__init__()
        self._desk = desk
        self._ticket_id = ticket_id
        self._conversation = conversations.load(desk, ticket_id)
        self._start_composing = composing or self._conversation.draft is not None
        self._audience = self._first_audience()
        self._version = desk.database.version()
        self._saved = self._conversation.draft
        self._saving = asyncio.Lock()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the thread beside the order, the composer below the thread."""
        draft = self._conversation.draft
        yield Static(id="title", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll(id="thread"):
                    yield Static(id="messages", markup=False)
                with Vertical(id="composer"):
                    yield Static(id="audience", markup=False)
                    yield TextArea(draft.text if draft else "", tab_behavior="focus")
            with VerticalScroll(id="order"):
                yield Static(id="sheet", markup=False)
        yield ConfirmLine()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known; the newest message in view."""
        self._show()
        self.query_one("#thread").focus()
        self.call_after_refresh(self._show_newest)
        self.set_interval(_LOOK_EVERY, self._look)
        if self._start_composing:
            self.action_compose()

    def _show_newest(self) -> None:
        self.query_one("#thread", VerticalScroll).scroll_end(animate=False)

    def _show(self) -> None:
        zone = self._desk.settings.zone
        self.query_one("#title", Static).update(words.title(self._desk, self._conversation))
        self.query_one("#messages", Static).update(
            thread(self._conversation, self._desk.clock(), zone)
        )
        self.query_one("#sheet", Static).update(words.order(self._desk, self._conversation))
        self._show_audience()

    def _show_audience(self) -> None:
        line = words.audience(self._audience, self._conversation.audiences)
        self.query_one("#audience", Static).update(line)

    def _first_audience(self) -> Audience | None:
        audiences, draft = self._conversation.audiences, self._conversation.draft
        if draft and draft.audience in audiences:
            return draft.audience
        return audiences[0] if audiences else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work now: Send and Recipient only while composing."""
        del parameters
        if self._confirming:
            return action == "scroll"
        composing = self.has_class("composing")
        if action in ("send", "audience"):
            return composing
        if action == "compose":
            return not composing
        return True

    @property
    def _confirming(self) -> bool:
        return self.query_one(ConfirmLine).asking

    @property
    def _editor(self) -> TextArea:
        return self.query_one(TextArea)

    def action_compose(self) -> None:
        """Open the composer below the thread."""
        if self._audience is None:
            self.notify(words.nobody(), severity="warning", markup=False)
            return
        self.add_class("composing")
        self._editor.focus()
        self._editor.move_cursor(self._editor.document.end)
        self.call_after_refresh(self._show_newest)
        self.refresh_bindings()

    def action_audience(self, step: int) -> None:
        """Change whom the reply goes to (T28); it stays as chosen with the draft."""
        audiences = self._conversation.audiences
        if self._audience is not None:
            place = audiences.index(self._audience) + step
            self._audience = audiences[place % len(audiences)]
            self._show_audience()
            self._save_soon()

    def action_pane(self) -> None:
        """Put the focus on the next pane: composer, thread, order."""
        panes = [self.query_one("#thread"), self.query_one("#order")]
        if self.has_class("composing"):
            panes.insert(0, self._editor)
        now = next((place for place, pane in enumerate(panes) if pane.has_focus), -1)
        panes[(now + 1) % len(panes)].focus()

    def action_scroll(self, pages: int) -> None:
        """Scroll the order when it has the focus, else the thread."""
        order = self.query_one("#order", VerticalScroll)
        pane = order if order.has_focus else self.query_one("#thread", VerticalScroll)
        pane.scroll_relative(y=pages * max(pane.size.height - 2, 1), animate=False)

    def action_copy(self) -> None:
        """Hand the ticket's code to the terminal's clipboard."""
        code = self._conversation.ticket.code
        self.app.copy_to_clipboard(code)
        told = _("Sent to the terminal's clipboard: {codes}").format(codes=code)
        self.notify(told, markup=False)

    def action_order(self) -> None:
        """Open the order's print view (T9)."""
        from mkt_tui.screens.order import OrderScreen  # only when it is asked for

        if order := self._conversation.order:
            self.app.push_screen(OrderScreen(self._desk, order))
        else:
            self.notify(words.no_order(self._conversation), severity="warning", markup=False)

    @on(TextArea.Changed)
    def _save_soon(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(_SAVE_AFTER, self._save_now)

    async def _save_now(self) -> None:
        self._timer = None
        await self.keep()

    async def keep(self) -> None:
        """Save the draft as it is now; what cannot be saved is said and stays on the screen."""
        async with self._saving:
            draft = self._draft()
            if draft is None or draft == self._saved:
                return
            try:
                await asyncio.to_thread(replying.keep, self._desk, self._ticket_id, draft)
            except UserError as error:
                self.notify(str(error), severity="error", markup=False)
            else:
                self._saved = draft

    def keep_at_once(self) -> None:
        """Save the draft without the event loop: the terminal is gone."""
        draft = self._draft()
        if draft is not None and draft != self._saved:
            replying.keep(self._desk, self._ticket_id, draft)

    def _draft(self) -> Draft | None:
        if self._audience is None or not self.has_class("composing"):
            return None
        return Draft(self._editor.text, self._audience)

    async def action_leave(self) -> None:
        """Go back; the draft stays (T26)."""
        await self.keep()
        self.dismiss(result=False)

    def action_send(self) -> None:
        """Name recipient, channel and order, and ask once before sending."""
        draft = self._draft()
        if draft is None:
            return
        try:
            replying.check(self._conversation, draft)
        except UserError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.query_one(ConfirmLine).ask(words.confirmation(self._conversation, draft.audience))
        self.refresh_bindings()

    @on(ConfirmLine.Answered)
    async def _answered(self, event: ConfirmLine.Answered) -> None:
        self._editor.focus()
        self.refresh_bindings()
        draft = self._draft()
        if not event.yes or draft is None:
            return
        async with self._saving:
            if self._timer:
                self._timer.stop()
            try:
                await asyncio.to_thread(replying.send, self._desk, self._conversation, draft)
            except UserError as error:
                self.notify(str(error), severity="error", markup=False)
                return
            self._saved = draft
        self.dismiss(result=True)

    def _look(self) -> None:
        try:
            version = self._desk.database.version()
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if self._version != version:
            self._version = version
            self._reload()

    @work(exclusive=True, group="reload")
    async def _reload(self) -> None:
        try:
            fresh = await asyncio.to_thread(conversations.load, self._desk, self._ticket_id)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if not self.is_attached:
            return
        old, self._conversation = self._conversation, fresh
        if (old.messages, old.operations, old.order) != (
            fresh.messages,
            fresh.operations,
            fresh.order,
        ):
            self._show()
            self._show_newest()
