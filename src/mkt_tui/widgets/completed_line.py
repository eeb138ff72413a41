"""One line of a small language at the foot of a screen: completed with Tab, its errors pointed at."""

from abc import abstractmethod
from typing import ClassVar, Final, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mkt_tui.domain.errors import FilterWrong
from mkt_tui.i18n import N_
from mkt_tui.widgets.modal import Modal

_SHOWN: Final = 8
Read = TypeVar("Read")


class CompletedLine(Modal[Read | None], Generic[Read]):
    """Ends with what the line says, or with None when nothing shall change."""

    DEFAULT_CSS = """
    CompletedLine { align: center bottom; background: $background 30%; }
    CompletedLine Vertical { height: auto; background: $panel; }
    CompletedLine Input { background: $boost; }
    CompletedLine Static { height: 2; padding: 0 1; }
    CompletedLine .wrong { height: auto; min-height: 2; max-height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("enter", "submit", N_("Go"), priority=True),
        Binding("tab", "complete", N_("Complete"), priority=True),
    ]
    EXAMPLE: ClassVar[str]

    def __init__(self, text: str) -> None:
        super().__init__()
        # What is typed now is a word of its own, not the end of the last one.
        self._text = f"{text} " if text else ""

    @abstractmethod
    def read(self, line: str) -> Read:
        """Return what the line says.

        Raises:
            FilterWrong: A word of it means nothing.
        """

    @abstractmethod
    def completions(self, line: str) -> list[str]:
        """Return the lines that this one could become, the likeliest first."""

    @abstractmethod
    def help(self) -> str:
        """Return what to tell where there is nothing to complete."""

    def compose(self) -> ComposeResult:
        """Lay out the line below what is told about it."""
        with Vertical():
            yield Static(id="told", markup=False)
            yield Input(
                self._text,
                placeholder=self.EXAMPLE,
                suggester=_Completion(self),
                select_on_focus=False,
                compact=True,
            )

    def on_mount(self) -> None:
        """Say what could be written."""
        self.query_one(Input).cursor_position = len(self._text)
        self._tell()

    @on(Input.Changed)
    def _tell(self) -> None:
        line = self.query_one(Input).value
        choice, begun = self.completions(line), line.rfind(" ") + 1
        words = "  ".join(each[begun:] for each in choice[:_SHOWN]) if choice else self.help()
        told = self.query_one("#told", Static)
        told.remove_class("wrong")
        told.update(Text(words), layout=False)

    def action_submit(self) -> None:
        """End with what the line says, or point at what is wrong with it."""
        line = self.query_one(Input).value
        try:
            self.dismiss(self.read(line))
        except FilterWrong as error:
            told = self.query_one("#told", Static)
            told.add_class("wrong")
            told.update(_pointed(line, error))

    def action_complete(self) -> None:
        """Take the first completion."""
        line = self.query_one(Input)
        if found := self.completions(line.value):
            line.value = found[0]
            line.cursor_position = len(line.value)


class _Completion(Suggester):
    def __init__(self, line: CompletedLine[Read]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._line = line

    async def get_suggestion(self, value: str) -> str | None:
        fits = (each for each in self._line.completions(value) if each.startswith(value))
        return next(fits, None)


def _pointed(line: str, error: FilterWrong) -> Text:
    """Return the error above the line with the wrong word set off."""
    told = Text(f"{error}\n", "bold red")
    told.append(line[: error.start], "not bold default")
    told.append(line[error.start : error.end], "reverse")
    return told.append(line[error.end :], "not bold default")
