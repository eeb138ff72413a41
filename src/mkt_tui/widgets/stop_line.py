"""Why something is not done, on one line, with one key that leads to the place."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Static

from mkt_tui.i18n import N_, _
from mkt_tui.widgets.confirm_line import with_keys


class StopLine(Static, can_focus=True):
    """Hidden until `show`; ends with `jump` or `back` being called."""

    DEFAULT_CSS = """
    StopLine {
        dock: bottom; height: auto; display: none;
        background: $error-darken-2; color: $text; padding: 0 1; margin-bottom: 1;
    }
    StopLine.shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "end(True)", N_("Go to it")),
        Binding("escape,enter", "end(False)", N_("Back to the text")),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._jump: Callable[[], None] = lambda: None
        self._back: Callable[[], None] = lambda: None

    @property
    def shown(self) -> bool:
        """Whether it stands."""
        return self.has_class("shown")

    def tell(self, reason: str, jump: Callable[[], None], back: Callable[[], None]) -> None:
        """Say why, and take the keys."""
        self._jump, self._back = jump, back
        words = Text(_("Not sent: {reason}").format(reason=reason), "bold")
        self.update(with_keys(self, words, Text(_("n = go to it, Esc = back"))))
        self.add_class("shown")
        self.focus()

    def action_end(self, jump: bool) -> None:
        """Go to the place, or just back."""
        if self.shown:
            self.remove_class("shown")
            (self._jump if jump else self._back)()
