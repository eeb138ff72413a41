"""Ask for one line: a time, a name."""

from collections.abc import Callable
from typing import ClassVar, Final, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_
from mkt_tui.screens.act_dialogs import leave
from mkt_tui.widgets.modal import Modal

Value = TypeVar("Value")
_SENTENCE: Final = 40


class AskScreen(Modal[Value | None], Generic[Value]):
    """Ends with what `read` makes of the line; what it refuses is said, and the line stays."""

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen Vertical {
        width: 60; max-width: 95%; height: auto; background: $surface;
        border: round $primary; padding: 0 1;
    }
    AskScreen Static { height: auto; }
    AskScreen #trouble { color: $text-error; }
    AskScreen Input { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", N_("Go"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(self, question: str, example: str, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._question, self._example, self._read = question, example, read

    def compose(self) -> ComposeResult:
        """Ask."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Input(placeholder=self._example, compact=True)
            yield Static(id="trouble", markup=False)

    def action_leave(self) -> None:
        """Leave; a sentence is thrown away only when the agent says so, a time or a code at once."""
        typed = self.query_one(Input).value
        leave(self, typed if len(typed) > _SENTENCE else "")

    def action_take(self) -> None:
        """Take the line."""
        try:
            self.dismiss(self._read(self.query_one(Input).value))
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
