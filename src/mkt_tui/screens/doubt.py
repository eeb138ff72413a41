"""An operation in doubt or refused, beside what the marketplace shows; a person decides (J6)."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from mkt_tui.desk import doubts
from mkt_tui.desk.act_words import deed, details
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.doubts import Doubt
from mkt_tui.desk.formats import instant
from mkt_tui.desk.sheet import as_text
from mkt_tui.domain import reasons
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import Kind, OperationState
from mkt_tui.i18n import N_, _
from mkt_tui.screens.thread import thread
from mkt_tui.screens.watch import Watch
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar

_LOOK_EVERY = 1.0


class DoubtScreen(ExactScreen[None]):
    """What was to be done on the left, the marketplace's thread or order on the right."""

    DEFAULT_CSS = """
    DoubtScreen #title { height: 1; background: $warning-darken-2; color: $text; }
    DoubtScreen Horizontal { height: 1fr; }
    DoubtScreen VerticalScroll { width: 1fr; padding: 0 1; }
    DoubtScreen #shown { border-left: solid $primary; }
    DoubtScreen Input { display: none; dock: bottom; margin-bottom: 1; }
    DoubtScreen.asking Input { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "arrived", N_("It arrived")),
        Binding("s", "again", N_("Send again")),
        Binding("x", "give_up", N_("Give up")),
        Binding("escape", "back", N_("Back")),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(self, desk: Desk, doubt: Doubt) -> None:
        super().__init__()
        self._desk = desk
        self._doubt = doubt
        self._watch = Watch(desk.database, self._complain)

    def compose(self) -> ComposeResult:
        """Lay out the two sides and the question."""
        yield Static(title(self._doubt), id="title", markup=False)
        with Horizontal():
            with VerticalScroll(id="unsent"):
                yield Static(words(self._doubt, self._desk), markup=False)
            with VerticalScroll(id="shown"):
                yield Static(shown(self._doubt, self._desk), markup=False)
        yield Input(placeholder=_("Type yes to send it once more, Esc to stop"))
        yield KeyBar()

    def on_mount(self) -> None:
        """Take the keys, and hear when it is settled without this agent."""
        self.query_one("#unsent").focus()
        if self._doubt.conversation:
            newest = self.query_one("#shown", VerticalScroll)
            self.call_after_refresh(newest.scroll_end, animate=False, immediate=True)
        self._watch.changed()
        self.set_interval(_LOOK_EVERY, self.look)

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        """Show what the marketplace shows by now; leave when nobody has to decide any more."""
        if not self._watch.changed():
            return
        try:
            now = await asyncio.to_thread(doubts.anew, self._desk, self._doubt)
        except UserError as error:
            self._complain(error)
            return
        if not self.is_current:
            return
        if isinstance(now, OperationState):
            self.notify(settled(now), markup=False)
            self.dismiss(None)
        else:
            self._doubt = now
            self.query_one("#unsent Static", Static).update(words(now, self._desk))
            self.query_one("#shown Static", Static).update(shown(now, self._desk))
            self.refresh_bindings()

    def _complain(self, error: UserError) -> None:
        self.notify(str(error), severity="error", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work: of replies, only what was found can have arrived."""
        del parameters
        if action == "arrived":
            return self._doubt.can_have_arrived and not self.has_class("asking")
        if action == "again":
            return self._doubt.lost is None
        return True

    def action_arrived(self) -> None:
        """What the marketplace shows is what was to be done."""
        doubts.it_arrived(self._desk, self._doubt)
        self.dismiss(None)

    def action_again(self) -> None:
        """Ask for a typed yes before it could be done twice."""
        self.add_class("asking")
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """Leave the question, else the screen."""
        if self.has_class("asking"):
            self._ask_no_more()
        else:
            self.dismiss(None)

    def action_give_up(self) -> None:
        """Stop trying; words are kept as a draft."""
        doubts.give_up(self._desk, self._doubt)
        self.dismiss(None)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        if event.value.strip().lower() in ("yes", _("yes")):
            doubts.send_again(self._desk, self._doubt)
            self.dismiss(None)
        else:
            self._ask_no_more()

    def _ask_no_more(self) -> None:
        self.remove_class("asking")
        self.query_one(Input).clear()
        self.query_one("#unsent").focus()


def title(doubt: Doubt) -> Text:
    """Return which ticket or order it is about."""
    line = Text(f" {doubt.channel.name} › ")
    if doubt.conversation:
        ticket = doubt.conversation.ticket
        return line.append(f"{ticket.customer or '—'}: {reasons.subject(ticket.subject)}")
    return line.append(doubt.place.order_number or "")


def words(doubt: Doubt, desk: Desk) -> Text:
    """Return what is known of the operation, and what was to be done."""
    text = Text(f"{_question(doubt)}\n", "bold")
    if doubt.wanted is None:
        return text
    queued = instant(doubt.wanted.queued_at, desk.settings.zone)
    text.append(f"{doubt.agent}  {queued}\n{deed(doubt.wanted)}\n\n", "not bold dim")
    text.append("\n".join(details(doubt.wanted)) + "\n\n", "not bold")
    return text.append(_advice(doubt, desk))


def shown(doubt: Doubt, desk: Desk) -> Text:
    """Return what the marketplace showed when it was read last."""
    if doubt.conversation:
        return thread(doubt.conversation, desk.clock(), desk.settings.zone)
    if doubt.order:
        return Text(as_text(desk, doubt.order, revealed=False))
    return Text(_("The order has not been read yet."), "dim")


def _question(doubt: Doubt) -> str:
    if doubt.refused:
        return _("This was not done: {reason}").format(reason=doubt.refused)
    if doubt.lost:
        return str(doubt.lost)
    if doubt.place.kind is Kind.REPLY:
        return _("Nobody knows whether this reply arrived.")
    return _("Nobody knows whether this was done.")


def settled(state: OperationState) -> str:
    """Return what became of it while the agent looked at it."""
    return {
        OperationState.SENT: _("Settled meanwhile: it has arrived."),
        OperationState.QUEUED: _("Settled meanwhile: it had not arrived, and leaves again."),
        OperationState.SENDING: _("Settled meanwhile: it had not arrived, and leaves again."),
    }.get(state, _("It has been settled meanwhile"))


def _advice(doubt: Doubt, desk: Desk) -> str:
    if doubt.refused:
        return _("s tries it again, x puts it aside.")
    if doubt.found:
        at = instant(doubt.found.sent_at, desk.settings.zone)
        return _("Found in the thread at {time}: Enter marks it as sent.").format(time=at)
    waits = _(
        "{channel} is asked again every minute, and its word settles this: you can wait."
    ).format(channel=doubt.channel.name)
    return "\n\n".join([_what_to_look_at(doubt), *([waits] if doubt.asked else [])])


def _what_to_look_at(doubt: Doubt) -> str:
    if doubt.place.kind is not Kind.REPLY:
        return _("Look at the marketplace: Enter says that it was done.")
    if doubt.readable:
        return _("Not found in the thread as it was read last.")
    return _("No thread can be read here: look at the marketplace. Enter says that it arrived.")
