"""One reply to all marked tickets: written once, looked at ticket by ticket, then sent."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from mkt_tui.desk import conversation, replying_many, rescue
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import audience_name
from mkt_tui.desk.replying_many import Part
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.macros import Filled, Macro
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.act_dialogs import leave
from mkt_tui.screens.macro_chooser import MacroChooser
from mkt_tui.screens.reply_many_results import PlanScreen, SentScreen
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.modal import Modal


def reply_to(app: App[Any], desk: Desk, tickets: Sequence[int], after: Callable[[], None]) -> None:
    """Let the agent answer these tickets with one text.

    Args:
        after: Called when something was sent.

    Raises:
        NotAllowed: There are too many.
    """

    def done(sent: bool | None) -> None:
        if sent:
            after()

    replying_many.see_that_they_are_few(tickets)
    app.push_screen(ReplyMany(desk, tickets), done)


class ReplyMany(Modal[bool]):
    """Where the words are written; ends with whether any of it was sent.

    It opens at once: the tickets are read while the words are written.
    """

    DEFAULT_CSS = """
    ReplyMany { align: center middle; }
    ReplyMany Vertical {
        width: 76; max-width: 100%; height: 20; max-height: 100%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ReplyMany Static { height: auto; }
    ReplyMany #title { text-style: bold; }
    ReplyMany #trouble { color: $text-error; }
    ReplyMany TextArea { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "look", N_("Look and send"), priority=True),
        Binding("tab,ctrl+t", "audience", N_("Recipient"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(self, desk: Desk, tickets: Sequence[int]) -> None:
        super().__init__()
        self._desk = desk
        self._tickets = tickets
        self._talks: Sequence[Conversation] = ()
        self._audiences: Sequence[Audience] = ()
        self._audience: Audience | None = None
        self._looking = self._sending = False
        self._editor = Editor()
        self._chooser = _AsWritten(desk, None, self._editor)
        self._editor.beside = (self._chooser,)

    def compose(self) -> ComposeResult:
        """Say to what and to whom it goes, then take the words."""
        told = _("Names, orders and parcels are filled in for each: {example}. :: lists macros.")
        with Vertical():
            yield Static(self._title, id="title", markup=False)
            yield Static(_("Reading …"), id="channels", markup=False)
            yield Static(" ", id="to", markup=False)
            yield self._editor
            yield self._chooser
            yield Static(told.format(example="{{customer.first_name}}"), markup=False)
            yield Static(id="trouble", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let nobody leave while replies are put into the outbox: how each went is told after it."""
        del parameters
        return action != "leave" or not self._sending

    def on_mount(self) -> None:
        """Begin with the words."""
        self._editor.focus()
        self._reading = self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        """Read the tickets one after the other."""
        # Where they cannot be read, nothing is sent by what was known of them before.
        self._talks = ()
        talks: list[Conversation] = []
        try:
            for each in self._tickets:
                talks.append(await asyncio.to_thread(conversation.load, self._desk, each))
                if len(talks) == 1:
                    self._chooser.turn_to(talks[0])
            self._use(talks)
        except UserError as error:
            self._refuse(error)

    def _use(self, talks: Sequence[Conversation]) -> None:
        self._audiences = replying_many.audiences(talks)
        if self._audience not in self._audiences:
            self._audience = self._audiences[0]
        self._talks = talks
        self.query_one("#title", Static).update(self._title)
        self.query_one("#channels", Static).update(self._channels())
        self.query_one("#to", Static).update(self._recipient(self._audience))
        self._tell("")

    def _tell(self, words: str) -> None:
        self.query_one("#trouble", Static).update(Text(words))

    def _refuse(self, error: UserError) -> None:
        """Say why it cannot be; words that are there already stay, and ^D tries it again."""
        self._tell(str(error))
        if not self._editor.text.strip():
            self.app.notify(str(error), severity="error", markup=False)
            self.dismiss(result=False)

    def keep_at_once(self) -> Path | None:
        """Write what is typed to a private file: the desk ends, and it is no ticket's draft."""
        words = self._editor.text.strip()
        return rescue.write(self._desk.home, self._title, words) if words else None

    @property
    def _title(self) -> str:
        count = len(self._tickets)
        return ngettext("Reply to {count} ticket", "Reply to {count} tickets", count).format(
            count=count
        )

    def _channels(self) -> str:
        counted = Counter(each.channel.name for each in self._talks)
        return ", ".join(f"{name} {count}" for name, count in counted.most_common())

    def _recipient(self, chosen: Audience) -> Text:
        words = Text(_("To: "), "dim")
        words.append(audience_name(chosen), "bold not dim")
        others = [each for each in self._audiences if each is not chosen]
        if others:
            words.append("  Tab: " + " / ".join(map(audience_name, others)))
        return words

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _typed(self) -> None:
        self._chooser.look()

    def action_audience(self) -> None:
        """Change whom the replies go to."""
        if self._audience is not None:
            place = self._audiences.index(self._audience) + 1
            self._audience = self._audiences[place % len(self._audiences)]
            self.query_one("#to", Static).update(self._recipient(self._audience))

    def action_leave(self) -> None:
        """Leave; words are thrown away only when the agent says so."""
        leave(self, self._editor.text)

    @work
    async def action_look(self) -> None:
        """Show what each ticket would get; send it when the agent says so."""
        if self._looking:
            return
        self._looking = True
        try:
            if self._reading.is_finished and not self._talks:
                self._reading = self._read()
            await self._reading.wait()
            if self._talks and self._audience is not None:
                await self._look(self._audience)
        except UserError as error:
            self._tell(str(error))
        finally:
            self._looking = False

    async def _look(self, audience: Audience) -> None:
        parts = await asyncio.to_thread(
            replying_many.plan, self._desk, self._talks, self._editor.text, audience
        )
        # From the agent's yes on there is no moment in which this could be left.
        self._sending = True
        try:
            if await self.app.push_screen_wait(PlanScreen(parts)):
                await self._send(parts)
        finally:
            self._sending = False

    async def _send(self, parts: Sequence[Part]) -> None:
        self._tell(_("Sending …"))
        sent = await asyncio.to_thread(replying_many.send, self._desk, parts)
        self._tell("")
        told = SentScreen(self._desk, sent)
        await self.app.push_screen_wait(told)
        if told.taken:
            self._go_on_without(told.left)
        else:
            self.dismiss(result=True)

    def _go_on_without(self, left: frozenset[int]) -> None:
        """Write on to those whose replies were taken back: what has left is never sent again."""
        self._tickets = [each for each in self._tickets if each not in left]
        self._reading = self._read()


class _AsWritten(MacroChooser):
    """Puts macros in with their places, which are filled for each ticket."""

    def words(self, macro: Macro) -> Filled:
        """Return the macro as it is written."""
        return Filled(macro.text, ())
