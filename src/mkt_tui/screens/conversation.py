"""One ticket: its thread and its order side by side, and the reply below (T24-T28)."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from mkt_tui.desk import policies, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.policies import Stopped
from mkt_tui.desk.replying import Held
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.screens import conversation_words as words
from mkt_tui.screens.conversation_page import ConversationPage
from mkt_tui.screens.panels import PORTAL, PanelScreen, panel
from mkt_tui.screens.thread import moment
from mkt_tui.screens.work_keys import WORK
from mkt_tui.widgets.confirm_line import ConfirmLine
from mkt_tui.widgets.stop_line import StopLine

_ROOM_BESIDE = 120
_KEPT: Final = "ticket"


def open_ticket(
    app: App[Any],
    desk: Desk,
    ticket_id: int,
    *,
    composing: bool,
    done: Callable[[bool | None], None] | None = None,
    known: Conversation | None = None,
) -> None:
    """Show a ticket, on the screen of the one that was left last.

    Args:
        done: Called with True when a reply was sent.
        known: The ticket, where it was read already.

    Raises:
        NotFound: The ticket is gone.
    """
    if app.is_screen_installed(_KEPT):
        screen = app.get_screen(_KEPT, ConversationScreen)
        screen.turn_to(ticket_id, composing=composing, known=known)
        app.uninstall_screen(_KEPT)
    else:
        screen = ConversationScreen(desk, ticket_id, composing=composing, known=known)
    app.push_screen(screen, done)


class ConversationScreen(ConversationPage):
    """The ticket; ends with True when a reply was sent.

    Raises:
        NotFound: On making it, when the ticket is gone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("Back")),
        Binding("r", "compose", N_("Reply")),
        # Of portals only, where they are what a ticket is answered with.
        Binding("a,W", "portal('answered')", N_("Answered on the portal")),
        Binding("c", "portal('copy')", N_("Copy delivery number")),
        Binding("E", "portal('order')", N_("Enter an order"), show=False),
        # There a reply is guided, for none can leave from here.
        Binding("l,r", "panel('portal')", N_("Portal")),
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
        Binding("M", "ask", N_("Write to the marketplace")),
        Binding("u", "doubt", N_("In doubt")),
        Binding("y", "copy", N_("Copy code")),
        Binding("w", "files", N_("Save attached file")),
        Binding("v", "side", N_("One side only"), show=False),
        Binding("f6", "pane", N_("Pane")),
        Binding("pageup", "scroll(-1)", N_("Thread up"), show=False, priority=True),
        Binding("pagedown", "scroll(1)", N_("Thread down"), show=False, priority=True),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work now: Send and Recipient only while composing."""
        if self._confirming:
            return action == "scroll"
        composing = self._composer.is_open
        if action in ("send", "audience", "problem", "attach", "editor"):
            return composing
        if action == "portal" or parameters == (PORTAL,):
            return self._conversation.channel.by_hand
        if action == "doubt":
            return any(each.state == "unknown" for each in self._conversation.operations)
        if action == "files":
            return any(each.attachments for each in self._conversation.messages)
        if action == "compose":
            return not composing and not self._conversation.channel.by_hand
        return True

    def describe(self, binding: Binding) -> str:
        """Offer no other recipient where there is none; the key stays, or it would leave the words."""
        alone = len(self._conversation.audiences) < 2
        return "" if alone and binding.action.startswith("audience") else binding.description

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
            told = partial(panel, desk=self._desk, conversation=self._conversation)
            self.app.push_screen(PanelScreen(name, told), self._noting)

    def _noting(self, wanted: bool | None) -> None:
        if wanted:
            self.action_work("note")

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

    def action_copy(self) -> None:
        """Hand the ticket's code to the terminal's clipboard."""
        code = self._conversation.ticket.code
        self.app.copy_to_clipboard(code)
        told = _("Sent to the terminal's clipboard: {codes}").format(codes=code)
        self.notify(told, markup=False)

    @work(exclusive=True, group="files")
    async def action_files(self) -> None:
        """Save a file that came with the thread (T25)."""
        from mkt_tui.screens.attachments import save  # brings HTTP along

        await save(self.app, self._desk, self._conversation)

    def action_order(self) -> None:
        """Open the order's print view (T9)."""
        from mkt_tui.screens.order import OrderScreen  # only when it is asked for

        if order := self._conversation.order:
            self.app.push_screen(OrderScreen(self._desk, order))
        else:
            self.notify(words.no_order(self._conversation), severity="warning", markup=False)

    def action_ask(self) -> None:
        """Begin another conversation: about the order, or with the marketplace where there is none."""
        from mkt_tui.screens.first_message import begin_about, begin_with

        talk = self._conversation
        if talk.order is not None:
            begin_about(self.app, self._desk, talk.order)
        else:
            begin_with(self.app, self._desk, talk.channel, talk.ticket.subject)

    def action_doubt(self) -> None:
        """Decide on what of this ticket nobody knows whether it arrived (J6)."""
        from mkt_tui.desk import doubts  # only where there is one
        from mkt_tui.screens.doubt import DoubtScreen

        if doubt := doubts.first(self._desk, self._ticket_id):
            self.app.push_screen(DoubtScreen(self._desk, doubt))

    def keep_at_once(self) -> Path | None:
        """Save the draft without the event loop; see `Composer.keep_at_once`."""
        return self._composer.keep_at_once()

    async def action_leave(self) -> None:
        """Go back; the draft stays (T26), and the screen too while it cannot be saved."""
        if await self._composer.leave():
            self._end(sent=False)

    def _end(self, *, sent: bool) -> None:
        """Leave the ticket; the screen waits for the next one."""
        if not self._confirming and not self.app.is_screen_installed(_KEPT):
            self._rest()
            self._composer.close()
            self.app.install_screen(self, _KEPT)
        self.dismiss(result=sent)

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

        def sure(word: bool | None) -> None:
            if word:
                self._drop()
            else:
                self._show_news(held)

        def decided(choice: str | None) -> None:
            self._known |= {each.mark for each in held.news}
            if choice == SEND:
                self.action_send()
            elif choice == DROP:
                from mkt_tui.screens.act_dialogs import AskScreen

                self.app.push_screen(AskScreen([_("Throw these words away?")]), sure)

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
            self._end(sent=True)
