"""Answered on the portal: to whom, and the words if they are to be kept (T29, T44, J8)."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.screens.act_dialogs import leave
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.modal import Modal


class PortalAnswerScreen(Modal[tuple[str, Audience] | None]):
    """Ends with the words (they may be none) and whom they went to; None when left."""

    DEFAULT_CSS = """
    PortalAnswerScreen { align: center middle; }
    PortalAnswerScreen Vertical {
        width: 70; max-width: 95%; height: 12; max-height: 90%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    PortalAnswerScreen Static { height: auto; }
    PortalAnswerScreen #title { text-style: bold; }
    PortalAnswerScreen TextArea { height: 1fr; background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", N_("Answered on the portal"), priority=True),
        Binding("tab", "audience", N_("Recipient"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(
        self, code: str, count: int, audiences: tuple[Audience, ...], words: str = ""
    ) -> None:
        super().__init__()
        self._code, self._count, self._words = code, count, words
        self._audiences = audiences or (Audience.CUSTOMER,)
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """Say what it is, then take the words."""
        title = _("Answered on the portal: {code}").format(code=self._code)
        if self._count > 1:
            counted = ngettext("{count} ticket", "{count} tickets", self._count)
            title = _("Answered on the portal: {code}").format(
                code=counted.format(count=self._count)
            )
        with Vertical():
            yield Static(title, id="title", markup=False)
            yield Static(id="to", markup=False)
            yield Editor(self._words, compact=True)
            help_ = _("Paste what you wrote there, or leave it empty. Enter keeps it, Esc leaves.")
            yield Static(help_, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another recipient only where there is one."""
        del parameters
        return action != "audience" or len(self._audiences) > 1

    def on_mount(self) -> None:
        """Show to whom it goes."""
        self._show()

    def _show(self) -> None:
        words = Text(_("To: "))
        words.append(audience_name(self._audiences[self._chosen]), "bold")
        others = [each for each in self._audiences if each is not self._audiences[self._chosen]]
        if others:
            words.append("  Tab: " + " / ".join(map(audience_name, others)), "dim")
        self.query_one("#to", Static).update(words)

    def action_audience(self) -> None:
        """Choose the next recipient."""
        self._chosen = (self._chosen + 1) % len(self._audiences)
        self._show()

    def action_leave(self) -> None:
        """Leave; words are thrown away only when the agent says so."""
        leave(self, self.query_one(Editor).text)

    def action_keep(self) -> None:
        """End with the words."""
        self.dismiss((self.query_one(Editor).text, self._audiences[self._chosen]))
