"""A doubtful reply beside the thread it may be in; a person decides (J6)."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from mkt_tui.desk import doubts
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.doubts import Doubt
from mkt_tui.desk.formats import instant
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _
from mkt_tui.screens.thread import thread
from mkt_tui.widgets.key_bar import KeyBar


class DoubtScreen(Screen[None]):
    """The unsent words on the left, the marketplace's thread on the right."""

    DEFAULT_CSS = """
    DoubtScreen #title { height: 1; background: $warning-darken-2; color: $text; }
    DoubtScreen Horizontal { height: 1fr; }
    DoubtScreen VerticalScroll { width: 1fr; padding: 0 1; }
    DoubtScreen #thread { border-left: solid $primary; }
    DoubtScreen Input { display: none; dock: bottom; margin-bottom: 1; }
    DoubtScreen.asking Input { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "arrived", N_("It arrived")),
        Binding("s", "again", N_("Send again")),
        Binding("x", "give_up", N_("Give up")),
        Binding("escape", "dismiss", N_("Back")),
    ]

    def __init__(self, desk: Desk, doubt: Doubt) -> None:
        super().__init__()
        self._desk = desk
        self._doubt = doubt

    def compose(self) -> ComposeResult:
        """Lay out the two sides and the question."""
        talk, zone = self._doubt.conversation, self._desk.settings.zone
        subject = Text(f" {talk.channel.name} › {talk.ticket.customer or '—'}: ")
        yield Static(subject.append(talk.ticket.subject), id="title", markup=False)
        with Horizontal():
            with VerticalScroll(id="unsent"):
                yield Static(words(self._doubt, self._desk), markup=False)
            with VerticalScroll(id="thread"):
                yield Static(thread(talk, self._desk.clock(), zone), markup=False)
        yield Input(placeholder=_("Type yes to send it once more, Esc to stop"))
        yield KeyBar()

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one("#unsent").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys work: only what was found can have arrived."""
        del parameters
        if action == "arrived":
            return self._doubt.found is not None and not self.has_class("asking")
        return True

    def action_arrived(self) -> None:
        """The message in the thread is the reply."""
        doubts.it_arrived(self._desk, self._doubt)
        self.dismiss(None)

    def action_again(self) -> None:
        """Ask for a typed yes before a customer could read it twice."""
        self.add_class("asking")
        self.query_one(Input).focus()

    def action_give_up(self) -> None:
        """Keep the words as a draft and stop trying."""
        doubts.give_up(self._desk, self._doubt)
        self.dismiss(None)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        if event.value.strip().lower() in ("yes", _("yes")):
            doubts.send_again(self._desk, self._doubt)
            self.dismiss(None)
        else:
            self.remove_class("asking")
            self.query_one("#unsent").focus()


def words(doubt: Doubt, desk: Desk) -> Text:
    """Return what is known of the reply, and the reply."""
    operation, zone = doubt.operation, desk.settings.zone
    text = Text(_("Nobody knows whether this reply arrived.") + "\n", "bold")
    sent = instant(operation.queued_at, zone)
    to = audience_name(Audience(operation.audience))
    text.append(f"{operation.agent}  {sent}  → {to}\n\n", "not bold dim")
    text.append(f"{operation.text}\n\n", "not bold")
    if doubt.found:
        at = instant(doubt.found.sent_at, zone)
        text.append(_("Found in the thread at {time}: Enter marks it as sent.").format(time=at))
    else:
        text.append(_("Not found in the thread as it was read last."))
    return text
