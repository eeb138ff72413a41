"""One line that narrows the queue: `carrefour late >2d subject:troca`."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mkt_tui.domain import filters
from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.filters import Field, Filter
from mkt_tui.i18n import N_, _

_SHOWN = 8


class _Completion(Suggester):
    def __init__(self, channels: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._channels = channels

    async def get_suggestion(self, value: str) -> str | None:
        fits = (each for each in filters.complete(value, self._channels) if each.startswith(value))
        return next(fits, None)


class FilterLine(ModalScreen[Filter | None]):
    """Asks for a filter; ends with it, with an empty one, or with None when nothing shall change."""

    DEFAULT_CSS = """
    FilterLine { align: center bottom; background: $background 30%; }
    FilterLine Vertical { height: auto; background: $panel; }
    FilterLine Input { background: $boost; }
    FilterLine Static { height: 2; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("tab", "complete", N_("Complete")),
    ]

    def __init__(self, text: str, channels: Sequence[str]) -> None:
        super().__init__()
        self._text = text
        self._channels = channels

    def compose(self) -> ComposeResult:
        """Lay out the line above what is told about it."""
        with Vertical():
            yield Static(id="told", markup=False)
            yield Input(
                self._text,
                placeholder="carrefour late >2d subject:troca",
                suggester=_Completion(self._channels),
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
        self.query_one("#told", Static).update(words(line, self._channels), layout=False)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(filters.parse(event.value, self._channels))
        except FilterWrong as error:
            self.query_one("#told", Static).update(pointed(event.value, error), layout=False)

    def action_complete(self) -> None:
        """Take the first completion."""
        line = self.query_one(Input)
        if found := filters.complete(line.value, self._channels):
            line.value = found[0]
            line.cursor_position = len(line.value)


def words(line: str, channels: Sequence[str]) -> Text:
    """Return what the last word could become, or which fields there are."""
    choice = filters.complete(line, channels)
    if not choice:
        fields = " ".join(f"{each}:" for each in Field)
        return Text(_("States: {states}").format(states=" ".join(filters.STATES)) + "\n" + fields)
    begun = line.rfind(" ") + 1
    return Text("  ".join(each[begun:] for each in choice[:_SHOWN]))


def pointed(line: str, error: FilterWrong) -> Text:
    """Return the error above the line with the wrong word set off."""
    told = Text(f"{error}\n", "bold red")
    told.append(line[: error.start], "not bold default")
    told.append(line[error.start : error.end], "reverse")
    return told.append(line[error.end :], "not bold default")
