"""Some lines to read over a screen, and nothing to choose."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.i18n import N_
from mkt_tui.widgets.modal import Modal


class ToldLines(Modal[None]):
    """Shows a title and the lines; they scroll."""

    DEFAULT_CSS = """
    ToldLines { align: center middle; }
    ToldLines VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
    }
    ToldLines Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", N_("Back"))]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title, self._lines = title, lines

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        text = Text(f"{self._title}\n\n", "bold")
        text.append("\n".join(self._lines), "not bold")
        with VerticalScroll():
            yield Static(text, markup=False)
