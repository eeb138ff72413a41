"""One question with a line to answer it; Enter takes the answer, Esc none."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mkt_tui.i18n import N_
from mkt_tui.widgets.modal import Modal


class AskLine(Modal[str | None]):
    """Ends with the words, or None when the agent went back."""

    DEFAULT_CSS = """
    AskLine { align: center bottom; }
    AskLine Vertical { height: 2; margin-bottom: 1; background: $panel; }
    AskLine Static { height: 1; padding: 0 1; }
    AskLine Input { height: 1; border: none; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", N_("Go"), priority=True),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, question: str, answer: str = "", longest: int = 500) -> None:
        super().__init__()
        self._question, self._answer, self._longest = question, answer, longest

    def compose(self) -> ComposeResult:
        """Put the question above its line."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Input(self._answer, max_length=self._longest, select_on_focus=False, compact=True)

    def action_submit(self) -> None:
        """End with the words."""
        self.dismiss(self.query_one(Input).value)
