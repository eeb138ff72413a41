"""A small menu over a screen: one letter each, or arrows and Enter, or a click."""

from collections.abc import Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mkt_tui.i18n import N_
from mkt_tui.widgets.modal import Modal

Value = TypeVar("Value")


class Entry(NamedTuple, Generic[Value]):
    """A line of the menu: its letter, its words in the agent's language, what it stands for."""

    letter: str
    words: str
    value: Value


class LetterMenu(Modal[Value | None], Generic[Value]):
    """Ends with the value of the chosen entry, None when nothing was chosen."""

    DEFAULT_CSS = """
    LetterMenu { align: center middle; }
    LetterMenu > Vertical { width: 56; max-width: 95%; height: auto; max-height: 90%; }
    LetterMenu Static { height: auto; padding: 0 1; background: $primary-darken-2; }
    LetterMenu OptionList { height: auto; max-height: 20; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", N_("Back"))]

    def __init__(self, title: str, entries: Sequence[Entry[Value]]) -> None:
        super().__init__()
        self._title = title
        self._entries = entries

    def compose(self) -> ComposeResult:
        """List the entries, each after its letter."""
        with Vertical():
            yield Static(self._title, markup=False)
            lines = [
                Text.assemble((f" {each.letter} ", "bold"), f" {each.words}")
                for each in self._entries
            ]
            yield OptionList(*[Option(each) for each in lines])

    def on_key(self, event: Key) -> None:
        """Take the letter of an entry."""
        for each in self._entries:
            if event.character == each.letter:
                event.stop()
                self.dismiss(each.value)
                return

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._entries[event.option_index].value)
