"""A file of a book at the line that a message names, beside the message and the ticket's text."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from mkt_tui.desk import epub_chapters
from mkt_tui.domain.errors import UserError
from mkt_tui.epub.report import Message
from mkt_tui.i18n import N_, _
from mkt_tui.screens import epub_words as words
from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar
from mkt_tui.widgets.rows import Rows
from mkt_tui.widgets.virtual_table import Column, VirtualTable

_SIDE_BY_SIDE: Final = 100
_SHIFT: Final = 20
# What stands before a place tells most: EPUBCheck counts to the end of a tag.
_BEFORE: Final = 50
_MARK: Final = Style(color="#ffffff", bgcolor="#af0000", bold=True)


class Line(NamedTuple):
    """A line of the file; `marked` is the one that the message names."""

    number: int
    text: str
    marked: bool


class SourceScreen(ExactScreen[None]):
    """The file on the left (above, where it is narrow), what is said of it on the right."""

    DEFAULT_CSS = """
    SourceScreen #head {
        height: 1; background: $primary-darken-2; color: $text; text-wrap: nowrap;
    }
    SourceScreen #both { height: 1fr; layout: vertical; }
    SourceScreen.wide #both { layout: horizontal; }
    SourceScreen #lines { height: 1fr; width: 1fr; }
    SourceScreen #said {
        height: 9; width: 100%; background: $surface; scrollbar-size-vertical: 1;
    }
    SourceScreen.wide #said { height: 100%; width: 40%; }
    SourceScreen #said Static { height: auto; padding: 0 1; }
    SourceScreen #complaint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back")),
        Binding("n", "other(1)", N_("Next message")),
        Binding("N", "other(-1)", N_("Message before")),
        Binding("right", f"shift({_SHIFT})", N_("More to the right"), show=False),
        Binding("left", f"shift(-{_SHIFT})", N_("More to the left"), show=False),
        Binding("question_mark", "app.help", N_("Help")),
    ]

    def __init__(
        self, path: Path, messages: Sequence[Message], place: int, complaint: str = ""
    ) -> None:
        super().__init__()
        self._path, self._messages, self._place = path, messages, place
        self._complaint = complaint
        self._read: dict[str, list[str]] = {}
        self._left = 0

    def compose(self) -> ComposeResult:
        """Lay out title, file, words and keys."""
        yield Static(id="head", markup=False)
        with Container(id="both"):
            yield VirtualTable[Line](Rows(), self._columns(), _style, id="lines")
            with VerticalScroll(id="said", can_focus=False):
                yield Static(id="message", markup=False)
                yield Static(id="complaint", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the first message."""
        self._lines.focus()
        if self._complaint:
            self.query_one("#complaint", Static).update(words.complaint(self._complaint))
        self._jump()

    def on_resize(self) -> None:
        """Put file and words side by side where there is room."""
        self.set_class(self.size.width >= _SIDE_BY_SIDE, "wide")

    @property
    def _lines(self) -> "VirtualTable[Line]":
        return self.query_one("#lines", VirtualTable)

    @property
    def _message(self) -> Message:
        return self._messages[self._place]

    def _columns(self) -> tuple[Column[Line], ...]:
        left = self._left
        return (
            Column("", lambda line: "▶" if line.marked else "", 1, 1, 0, lead=True),
            Column(N_("Line"), lambda line: str(line.number), 5, 6, 1, lead=True, right=True),
            Column(N_("Source code"), lambda line: line.text[left:], 20, 200, 2),
        )

    @work(exclusive=True, group="read")
    async def _jump(self) -> None:
        message = self._message
        if message.path and message.path not in self._read:
            try:
                told = await asyncio.to_thread(epub_chapters.source, self._path, message.path)
            except UserError as error:
                self.notify(str(error), severity="error", markup=False)
                told = []
            self._read[message.path] = told
        if self.is_attached and message is self._message:
            self._show(message, self._read.get(message.path, []))

    def _show(self, message: Message, told: list[str]) -> None:
        rows = [Line(number, text, number == message.line) for number, text in enumerate(told, 1)]
        self._left = max((message.column or 0) - _BEFORE, 0)
        self._lines.show_columns(self._columns())
        self._lines.show(Rows(rows), max((message.line or 1) - 1, 0))
        place = _("{place}  message {number} of {all}").format(
            place=message.place, number=self._place + 1, all=len(self._messages)
        )
        self.query_one("#head", Static).update(place, layout=False)
        said = words.in_full(message)
        if not told:
            said.append_text(Text("\n" + _("There is no source to show for it."), "italic"))
        self.query_one("#message", Static).update(said)

    def action_other(self, by: int) -> None:
        """Go to the next message."""
        self._place = (self._place + by) % len(self._messages)
        self._jump()

    def action_shift(self, cells: int) -> None:
        """Show more of long lines."""
        self._left = max(self._left + cells, 0)
        self._lines.show_columns(self._columns())


def _style(line: Line) -> Style | None:
    return _MARK if line.marked else None
