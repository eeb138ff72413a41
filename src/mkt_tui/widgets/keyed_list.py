"""A list beside an editor that keeps the focus: it takes the keys it needs while it is open."""

from abc import abstractmethod
from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class KeyedList(OptionList, can_focus=False):
    """Enter or a click chooses the line that is lit, Esc closes the list."""

    DEFAULT_CSS = """
    KeyedList { height: auto; display: none; border: none; padding: 0 1; }
    KeyedList.open { display: block; }
    """

    @abstractmethod
    def choose(self, number: int) -> None:
        """Do what a line stands for."""

    @abstractmethod
    def close(self) -> None:
        """Close the list; nothing was chosen."""

    def offer_lines(self, lines: Iterable[Text]) -> None:
        """List these lines, the first one lit; without any the list is closed."""
        self.clear_options()
        self.add_options([Option(each) for each in lines])
        self.highlighted = 0 if self.option_count else None
        self.set_class(self.option_count > 0, "open")

    def take(self, key: str) -> bool:
        """Take a key of the open list; see `Editor.beside`."""
        acts = {
            "enter": self._choose,
            "down": self.action_cursor_down,
            "up": self.action_cursor_up,
            "escape": self.close,
        }
        if act := acts.get(key):
            act()
        return key in acts

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose()

    def _choose(self) -> None:
        self.choose(self.highlighted or 0)
