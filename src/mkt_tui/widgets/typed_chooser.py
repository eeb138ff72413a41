"""What fits the word that is being typed, in a list beside its editor."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mkt_tui.domain.errors import UserError
from mkt_tui.widgets.editor import Editor

Item = TypeVar("Item")


class TypedChooser(OptionList, Generic[Item], can_focus=False):
    """Open while the cursor stands after a sign and the beginning of what is meant.

    Attributes:
        TYPED: Finds sign and beginning in what stands before the cursor; its group is the beginning.
    """

    DEFAULT_CSS = """
    TypedChooser {
        height: auto; max-height: 5; display: none; border: none; padding: 0 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    TypedChooser.open { display: block; }
    """
    TYPED: ClassVar[re.Pattern[str]]

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._found: Sequence[Item] = ()
        self._typed: re.Match[str] | None = None
        self._closed_at: str | None = None

    @abstractmethod
    def matching(self, typed: str) -> Sequence[Item]:
        """Return what fits; whatever `UserError` it raises is shown."""

    @abstractmethod
    def line(self, item: Item) -> Text:
        """Return how one of them is listed."""

    @abstractmethod
    def put_in(self, item: Item, start: int, end: int) -> None:
        """Put the chosen one in place of the signs from `start` to before `end`."""

    def reset(self) -> None:
        """Be closed, for other words."""
        self._closed_at = self._typed = None
        self._offer()

    def look(self) -> None:
        """Show what fits what is typed now; nothing where nothing is being named."""
        found = self.TYPED.search(self._editor.before_cursor)
        if found is None or found[1] != self._closed_at:
            self._closed_at = None
        wanted = None if self._closed_at is not None else found
        changed = _word(wanted) != _word(self._typed)
        self._typed = wanted
        if changed:
            self._offer()

    def _offer(self) -> None:
        self._found = () if self._typed is None else self._matching(self._typed[1])
        self.clear_options()
        self.add_options([Option(self.line(each)) for each in self._found])
        self.highlighted = 0 if self._found else None
        self.set_class(bool(self._found), "open")

    def _matching(self, typed: str) -> Sequence[Item]:
        try:
            return self.matching(typed)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return ()

    def take(self, key: str) -> bool:
        """Take the keys of the list while it is open; see `Editor.beside`."""
        self.look()  # the words before this key may not have been looked at yet
        if not self._found:
            return False
        acts = {
            "enter": self._choose,
            "down": self.action_cursor_down,
            "up": self.action_cursor_up,
            "escape": self._close,
        }
        if act := acts.get(key):
            act()
        return key in acts

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose()

    def _close(self) -> None:
        self._closed_at, self._typed = _word(self._typed), None
        self._offer()

    def _choose(self) -> None:
        chosen, typed = self._found[self.highlighted or 0], self._typed
        assert typed
        end = self._editor.offset_of_cursor
        self.reset()
        self.put_in(chosen, end - len(typed[0]), end)


def _word(typed: re.Match[str] | None) -> str | None:
    return typed and typed[1]
