"""What each of many tickets would get of one reply, and how it went: `reply_many` asks and tells with these."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.desk import replying_many
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import audience_name
from mkt_tui.desk.replying_many import Part, Sent
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.results import ResultsScreen
from mkt_tui.widgets.modal import Modal

_SHOWN: Final = 200


class PlanScreen(Modal[bool]):
    """What each ticket would get, those that cannot be sent first; ends with the agent's yes."""

    DEFAULT_CSS = ResultsScreen.DEFAULT_CSS.replace("ResultsScreen", "PlanScreen")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", N_("Yes, send")),
        Binding("n,escape,q", "dismiss(False)", N_("No, back")),
    ]

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._parts = parts
        self._count = sum(not each.refused for each in parts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no yes where there is nothing to send."""
        return action != "dismiss" or parameters != (True,) or self._count > 0

    def compose(self) -> ComposeResult:
        """List them; they scroll."""
        with VerticalScroll():
            yield Static(self._words(), markup=False)

    def _words(self) -> Text:
        to = audience_name(self._parts[0].draft.audience)
        asked = ngettext(
            "Send {count} reply to {audience}?", "Send {count} replies to {audience}?", self._count
        )
        title = (
            asked.format(count=self._count, audience=to) if self._count else _("Nothing to send")
        )
        words = Text(f"{title}\n\n", "bold")
        for each in sorted(self._parts, key=lambda each: not each.refused):
            words.append_text(_line(each))
        return words


def _line(part: Part) -> Text:
    """Return what one ticket would get, and whose it is."""
    talk = part.talk
    line = Text("x " if part.refused else "✓ ", "bold magenta" if part.refused else "green")
    whose = (talk.ticket.customer, talk.channel.name, talk.ticket.order_number)
    line.append(f"{talk.ticket.code}  {', '.join(each for each in whose if each)}\n", "not bold")
    if part.refused:
        return line.append(f"  {part.refused}\n", "bold")
    if talk.order is None:
        line.append(
            "  " + _("Its order is not here: nobody has looked at it.") + "\n", "bold yellow"
        )
    return line.append(f"  {clean_line(part.draft.text, _SHOWN)}\n", "dim not bold")


class SentScreen(ResultsScreen):
    """How each went; while they have not left, one key takes all of them back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("z", "take_back", N_("Undo send"))]

    def __init__(self, desk: Desk, sent: Sent) -> None:
        super().__init__(sent.results)
        self._desk = desk
        self._sent = sent
        self.taken: frozenset[int] = frozenset()
        self._taking = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing to take back where nothing was sent, and no way out while it is taken back."""
        del parameters
        return not self._taking and (action != "take_back" or bool(self._sent.operations))

    @property
    def left(self) -> frozenset[int]:
        """The tickets whose replies can be taken back no more."""
        return self._sent.tickets - self.taken

    def action_take_back(self) -> None:
        """Take back what has not left; the words are still where they were written."""
        self._taking = True
        self._take_back()

    @work
    async def _take_back(self) -> None:
        try:
            self.taken = await asyncio.to_thread(replying_many.take_back, self._desk, self._sent)
        except UserError as error:
            self._taking = False
            self.notify(str(error), severity="error", markup=False)
            return
        count = len(self.taken)
        told = ngettext("{count} reply taken back", "{count} replies taken back", count)
        self.notify(told.format(count=count), markup=False)
        self.dismiss()
