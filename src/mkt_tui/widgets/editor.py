"""A text area whose words can be marked, and that lets lists over it take keys first."""

from collections.abc import Sequence
from typing import Protocol

from rich.text import Text
from textual.events import Key
from textual.widgets import TextArea


class TakesKeys(Protocol):
    """Something beside the editor that a key may be for while words are typed."""

    def take(self, key: str) -> bool:
        """Do what the key is for; False when it is for the editor."""
        ...


class Editor(TextArea):
    """Where a reply or a note is written; `marks` are spans of its text with a style."""

    def __init__(self, text: str = "", *, compact: bool = False) -> None:
        super().__init__(text, tab_behavior="focus", compact=compact)
        # Its colours would lie over those of the marks.
        self.highlight_cursor_line = False
        self.beside: Sequence[TakesKeys] = ()
        self._marks: Sequence[tuple[int, int, str]] = ()

    def on_resize(self) -> None:
        """Draw the words anew: Textual wraps them, but draws them only when that takes more lines."""
        self.refresh()

    def begin(self, text: str) -> None:
        """Hold another text; nothing of the last one can be brought back."""
        self.mark(())
        self.load_text(text)

    def mark(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Show these spans in their styles, and no others."""
        if list(marks) != list(self._marks):
            self._marks = marks
            self._line_cache.clear()
            self.refresh()

    def put(self, words: str, start: int, end: int) -> None:
        """Put words in place of the signs from `start` to before `end`; the cursor goes behind."""
        put = self.replace(words, self._location(start), self._location(end))
        self.move_cursor(put.end_location)

    def jump(self, start: int, end: int) -> None:
        """Select the signs from `start` to before `end`, and show them."""
        self.selection = type(self.selection)(self._location(start), self._location(end))
        self.scroll_cursor_visible()
        self.focus()

    @property
    def before_cursor(self) -> str:
        """What stands on the cursor's line before it."""
        row, column = self.cursor_location
        return str(self.document.get_line(row))[:column]

    @property
    def offset_of_cursor(self) -> int:
        """How many signs stand before the cursor."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(each)) + 1 for each in range(row)) + column

    def get_line(self, line_index: int) -> Text:
        """Return a line with its marks."""
        line = super().get_line(line_index)
        if self._marks:
            begins = sum(len(self.document.get_line(each)) + 1 for each in range(line_index))
            for start, end, style in self._marks:
                if start < begins + len(line) + 1 and end > begins:
                    line.stylize(style, max(start - begins, 0), end - begins)
        return line

    async def _on_key(self, event: Key) -> None:
        if any(each.take(event.key) for each in self.beside):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def _location(self, offset: int) -> tuple[int, int]:
        lines = self.text[:offset].split("\n")
        return len(lines) - 1, len(lines[-1])
