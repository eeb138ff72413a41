"""One ticket: its thread and its order side by side, and the reply below (T24-T28)."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Static

from mkt_tui.desk import conversation as conversations
from mkt_tui.desk import noting, policies, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.policies import Stopped
from mkt_tui.desk.replying import Held
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import Role
from mkt_tui.i18n import N_, _
from mkt_tui.screens import conversation_words as words
from mkt_tui.screens.composer import Composer
from mkt_tui.screens.panels import ORDER, PORTAL, PanelScreen, panel
from mkt_tui.screens.thread import moment, thread
from mkt_tui.screens.watch import Watch
from mkt_tui.screens.work_keys import WORK
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.stop_line import StopLine

_LOOK_EVERY = 1.0
_ROOM_BESIDE = 120


class ConversationScreen(ExactScreen[bool]):
    """The ticket; ends with True when a reply was sent.

    Raises:
        NotFound: On making it, when the ticket is gone.
    """

    DEFAULT_CSS = """
    ConversationScreen #title {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis;
        background: $primary-darken-2; color: $text;
    }
    ConversationScreen #clocks {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis; background: $surface;
    }
    ConversationScreen #body { height: 1fr; }
    ConversationScreen #left { width: 5fr; }
    ConversationScreen #thread { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    ConversationScreen #order {
        width: 3fr; padding: 0 1; border-left: solid $primary; scrollbar-size-vertical: 1;
    }
    ConversationScreen #thread:focus, ConversationScreen #order:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("Back")),
        Binding("r", "compose", N_("Reply")),
        Binding("ctrl+d", "send", N_("Send"), priority=True),
        Binding("tab", "audience(1)", N_("Recipient"), priority=True),
        Binding("shift+tab", "audience(-1)", N_("Recipient"), show=False, priority=True),
        Binding("f7", "attach", N_("Attach"), show=False, priority=True),
        Binding("f9", "editor", N_("Own editor"), show=False, priority=True),
        Binding("f8", "problem", N_("Next problem"), show=False, priority=True),
        Binding("p,o,ctrl+o", "order", N_("Order")),
        *WORK,
        Binding("i,f2", "panel('order')", N_("Order beside")),
        Binding("t,f3", "panel('tickets')", N_("Tickets")),
        Binding("n,f4", "panel('notes')", N_("Notes")),
        Binding("h,f5", "panel('history')", N_("History")),
        Binding("y", "copy", N_("Copy code")),
        Binding("v", "side", N_("One side only"), show=False),
        Binding("l", "panel('portal')", N_("Portal")),
        Binding("c", "portal('copy')", N_("Copy delivery number")),
        Binding("a,W", "portal('answered')", N_("Answered on the portal")),
        Binding("f6", "pane", N_("Pane")),
        Binding("pageup", "scroll(-1)", N_("Thread up"), show=False, priority=True),
        Binding("pagedown", "scroll(1)", N_("Thread down"), show=False, priority=True),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, ticket_id: int, *, composing: bool) -> None:
        super().__init__()
        self._desk = desk
        self._ticket_id = ticket_id
        self._watch = Watch(desk.database, self._complain)
        # Before it is read: what changes meanwhile is a change.
        self._watch.changed()
        self._conversation = conversations.load(desk, ticket_id)
        self._start_composing = composing or self._conversation.draft is not None
        self._known: set[str] = set()
        self._panel = ORDER
        self._side: Role | None = None
        self.takes_keys = not self._start_composing

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
        """Show what is known; the newest message in view."""
        self._show()
        messages = self.query_one("#thread", VerticalScroll)
        messages.focus()
        # With the layout that tells how long the thread is, not a frame later.
        self.watch(messages, "virtual_size", self._show_newest, init=False)
        self._see_notes()
        self.set_interval(_LOOK_EVERY, self._look)
        if self._start_composing:
            self.action_compose()

    def _show_newest(self) -> None:
        self.query_one("#thread", VerticalScroll).scroll_end(animate=False, immediate=True)

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work now: Send and Recipient only while composing."""
        if self._confirming:
            return action == "scroll"
        composing = self._composer.is_open
        if action in ("send", "audience", "problem", "attach", "editor"):
            return composing
        if action == "portal" or parameters == (PORTAL,):
            return self._conversation.channel.by_hand
        if action == "compose":
            return not composing
        return True

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

    @on(DescendantFocus, "ReplyEditor")
    def _writing(self) -> None:
        self.takes_keys = True

    def action_audience(self, step: int) -> None:
        """Change whom the reply goes to (T28); it stays as chosen with the draft."""
        self._composer.change_audience(step)

    def action_panel(self, name: str) -> None:
        """Show another panel beside the thread; a page of its own where there is no room."""
        if name == PORTAL and self.size.width < _ROOM_BESIDE:
            self.action_portal("show")
        elif self.size.width >= _ROOM_BESIDE:
            self._panel = name
            self._show_panel()
            self.query_one("#order", VerticalScroll).scroll_home(animate=False)
        else:
            found = panel(name, self._desk, self._conversation)
            self.app.push_screen(PanelScreen(found))

    def action_work(self, act: str) -> None:
        """Forward, assign, put off or note this ticket."""
        from mkt_tui.screens.work import Work  # only when it is asked for

        Work(self, self._desk, self._conversation.ticket, (), self._worked).begin(act)

    def action_portal(self, act: str) -> None:
        """Copy the number, show how to answer, or note the answer, of a portal's ticket (J8)."""
        from mkt_tui.screens.portal import PortalActs  # only when it is asked for

        row = self._conversation.ticket
        PortalActs(self, self._desk, row, (), self._worked).begin(act)

    def _worked(self) -> None:
        self._reload()

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

    def keep_at_once(self) -> Path | None:
        """Save the draft without the event loop; see `Composer.keep_at_once`."""
        return self._composer.keep_at_once()

    async def action_leave(self) -> None:
        """Go back; the draft stays (T26), and the screen too while it cannot be saved."""
        if await self._composer.leave():
            self.dismiss(result=False)

    def action_send(self) -> None:
        """Name recipient, channel and order, and ask once before sending."""
        draft = self._composer.draft
        if draft is None:
            return
        try:
            replying.check(self._desk, self._conversation, draft)
            replying.hold_if_stale(self._desk, self._conversation, draft, self._known)
        except Held as held:
            self._show_news(held)
            return
        except Stopped as stopped:
            self._show_stop(stopped)
            return
        # Nothing may lie over the recipient's name.
        self.app.clear_notifications()
        question = words.confirmation(self._conversation, draft.audience)
        found = policies.breaches(self._desk, self._conversation, draft.text, draft.audience)
        question.append_text(words.files(draft.files))
        question.append_text(words.warnings(found, draft.text, self._conversation))
        question.append_text(words.misspelled(self._composer.misspelled))
        self.query_one(ConfirmLine).ask(question)
        self.refresh_bindings()

    def _show_stop(self, stopped: Stopped) -> None:
        """Say what the marketplace would not take; one key goes there (J5)."""
        editor, breach = self._composer.editor, stopped.breach

        def jump() -> None:
            if breach is not None:
                editor.jump(breach.start, breach.end)
            self.refresh_bindings()

        def back() -> None:
            editor.focus()
            self.refresh_bindings()

        self.app.clear_notifications()
        self.query_one(StopLine).tell(str(stopped.parameters["what"]), jump, back)
        self.refresh_bindings()

    def action_attach(self) -> None:
        """Let a file go with the reply."""
        self._composer.attach()

    async def action_editor(self) -> None:
        """Write on in the agent's own $EDITOR."""
        await self._composer.edit_outside()

    def action_problem(self) -> None:
        """Go to the next place that the marketplace would not take."""
        self._composer.next_problem()

    def _show_news(self, held: Held) -> None:
        """Show what others wrote meanwhile; the reply waits for a decision (J7)."""
        from mkt_tui.screens.held import DROP, SEND, HeldScreen  # only when somebody was faster

        now, zone = self._desk.clock(), self._desk.settings.zone
        when = {each.mark: moment(each.at, now, zone) for each in held.news}

        def decided(choice: str | None) -> None:
            self._known |= {each.mark for each in held.news}
            if choice == SEND:
                self.action_send()
            elif choice == DROP:
                self._drop()

        self.app.push_screen(HeldScreen(held.news, when), decided)

    @work
    async def _drop(self) -> None:
        self._composer.editor.clear()
        await self.action_leave()

    @on(ConfirmLine.Answered)
    async def _answered(self, event: ConfirmLine.Answered) -> None:
        self._composer.editor.focus()
        self.refresh_bindings()
        if not event.yes:
            return
        try:
            await self._composer.send(self._conversation, self._known)
        except Held as held:
            self._show_news(held)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            await self._composer.leave()
            self.dismiss(result=True)

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
        if not self.is_attached:
            return
        await self._composer.try_again()
        old, self._conversation = self._conversation, fresh
        if _shown(old) != _shown(fresh):
            self._show()
            self._show_newest()
            self._see_notes()


def _shown(conversation: Conversation) -> tuple[object, ...]:
    """Return what of a conversation is on the screen."""
    each = conversation
    return each.ticket, each.messages, each.operations, each.order, each.writer, each.notes
