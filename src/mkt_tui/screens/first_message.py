"""A conversation that the shop begins: to whom, its subject and its first message (M16)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import acting, beginning
from mkt_tui.desk.beginning import Begun
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.ticket_operations import StartOperatorThread, StartThread
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _
from mkt_tui.screens.act_dialogs import AskScreen
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.modal import Modal

_LONGEST_SUBJECT = 200


def begin_about(app: App[None], desk: Desk, record: OrderRecord) -> None:
    """Let the agent begin a conversation about an order.

    Raises:
        NotAllowed: The channel opens none from here.
    """
    channel, prepared = beginning.about_order(desk, record)
    screen = FirstMessage(desk, channel, prepared, beginning.audiences(channel))
    app.push_screen(screen, lambda sent: tell(app, sent))


def begin_with(app: App[None], desk: Desk, channel: Channel, subject: str = "") -> None:
    """Let the agent begin a conversation with the marketplace.

    Raises:
        NotAllowed: The channel opens none from here.
    """
    prepared = beginning.with_marketplace(desk, channel, subject)
    app.push_screen(FirstMessage(desk, channel, prepared), lambda sent: tell(app, sent))


def tell(app: App[None], sent: bool | None) -> None:
    """Say that the message is on its way, where it is."""
    if sent:
        app.notify(_("Queued: it leaves with the next look of the sync."), markup=False)


class FirstMessage(Modal[bool]):
    """Ends with whether the message was put into the outbox.

    Args:
        prepared: What there is to begin with; its words are the agent's to change.
        audiences: Whom it may go to, where there is a choice.
    """

    DEFAULT_CSS = """
    FirstMessage { align: center middle; }
    FirstMessage Vertical {
        width: 76; max-width: 100%; height: 20; max-height: 100%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    FirstMessage Static { height: auto; }
    FirstMessage #title { text-style: bold; }
    FirstMessage #trouble { color: $text-error; }
    FirstMessage TextArea { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "send", N_("Send"), priority=True),
        Binding("ctrl+t", "audience", N_("Recipient"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(
        self,
        desk: Desk,
        channel: Channel,
        prepared: Begun,
        audiences: Sequence[Audience] = (),
    ) -> None:
        super().__init__()
        self._desk = desk
        self._channel = channel
        self._prepared = prepared
        self._audiences = audiences
        self._has_subject = not acting.first_topic(channel)

    def compose(self) -> ComposeResult:
        """Say what it is about and to whom it goes, then give the words to write or change."""
        with Vertical():
            yield Static(self._title(), id="title", markup=False)
            yield Static(self._recipient(), id="to", markup=False)
            if self._has_subject:
                subject = self._prepared.topic
                yield Input(
                    subject, placeholder=_("Subject"), max_length=_LONGEST_SUBJECT, compact=True
                )
            yield Editor(self._prepared.text, compact=True)
            yield Static(_("^D sends it, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Begin where something is missing."""
        if self._prepared.topic:
            self.query_one(Editor).focus()

    def action_audience(self) -> None:
        """Change whom it goes to."""
        if isinstance(self._prepared, StartThread) and len(self._audiences) > 1:
            place = self._audiences.index(self._prepared.audience) + 1
            chosen = self._audiences[place % len(self._audiences)]
            self._prepared = replace(self._prepared, audience=chosen)
            self.query_one("#to", Static).update(self._recipient())

    def action_leave(self) -> None:
        """Leave; words of the agent's own are thrown away only when he says so."""
        self._leave()

    @work
    async def _leave(self) -> None:
        if self._is_changed() and not (
            await self.app.push_screen_wait(AskScreen([_("Throw these words away?")]))
        ):
            return
        self.dismiss(result=False)

    def _is_changed(self) -> bool:
        subjects = [each.value for each in self.query(Input)]
        text = self.query_one(Editor).text
        return text != self._prepared.text or subjects not in ([], [self._prepared.topic])

    def action_send(self) -> None:
        """Ask once more, then send."""
        self._send()

    @work
    async def _send(self) -> None:
        try:
            wanted = self._written()
            told = acting.confirmation(self._channel, wanted)
            lines = [told.deed, *told.details, "", told.there, told.not_here]
            if await self.app.push_screen_wait(AskScreen(lines)):
                acting.send(self._desk, self._channel, wanted)
                self.dismiss(result=True)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))

    def _written(self) -> Begun:
        subject = self.query_one(Input).value if self._has_subject else self._prepared.topic
        return beginning.written(self._prepared, subject, self.query_one(Editor).text)

    def _title(self) -> str:
        if isinstance(self._prepared, StartOperatorThread):
            return _("New message to {channel}").format(channel=self._channel.name)
        return _("New message about order {number}, on {channel}").format(
            number=self._prepared.order_number, channel=self._channel.name
        )

    def _recipient(self) -> Text:
        words = Text(_("To: "), "dim")
        if isinstance(self._prepared, StartOperatorThread):
            return words.append(audience_name(Audience.OPERATOR), "bold not dim")
        words.append(audience_name(self._prepared.audience), "bold not dim")
        others = [each for each in self._audiences if each is not self._prepared.audience]
        if others:
            words.append("  ^T: " + " / ".join(map(audience_name, others)))
        return words
