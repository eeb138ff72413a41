"""What fits the word that is being typed, in a list beside its editor."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text

from mkt_tui.domain.errors import UserError
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.keyed_list import KeyedList

Item = TypeVar("Item")


class TypedChooser(KeyedList, Generic[Item], can_focus=False):
    """Open while the cursor stands after a sign and the beginning of what is meant.

    Attributes:
        TYPED: Finds sign and beginning in what stands before the cursor; its group is the beginning.
    """

    DEFAULT_CSS = """
    TypedChooser { max-height: 5; text-wrap: nowrap; text-overflow: ellipsis; }
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
        self.offer_lines(map(self.line, self._found))

    def _matching(self, typed: str) -> Sequence[Item]:
        try:
            return self.matching(typed)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return ()

    def take(self, key: str) -> bool:
        """Take a key of the list while it is open; see `Editor.beside`."""
        self.look()  # the words before this key may not have been looked at yet
        return bool(self._found) and super().take(key)

    def close(self) -> None:
        """Be closed until something else is typed."""
        self._closed_at, self._typed = _word(self._typed), None
        self._offer()

    def choose(self, number: int) -> None:
        """Put the chosen one in place of what is typed."""
        chosen, typed = self._found[number], self._typed
        assert typed
        end = self._editor.offset_of_cursor
        self.reset()
        self.put_in(chosen, end - len(typed[0]), end)


def _word(typed: re.Match[str] | None) -> str | None:
    return typed and typed[1]
