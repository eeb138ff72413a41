"""One line that narrows titles and publishers' tickets: `shop:kobo kind:toc presale farol`."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mkt_tui.domain import title_filters
from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.title_filters import FIELDS, STATES
from mkt_tui.i18n import N_, _
from mkt_tui.screens.filter_line import pointed

_SHOWN = 8


class _Completion(Suggester):
    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        fits = (each for each in title_filters.complete(value) if each.startswith(value))
        return next(fits, None)


class TitleFilterLine(ModalScreen[str | None]):
    """Ends with a line that is a filter, or with None when nothing shall change."""

    DEFAULT_CSS = """
    TitleFilterLine { align: center bottom; background: $background 30%; }
    TitleFilterLine Vertical { height: auto; background: $panel; }
    TitleFilterLine Input { background: $boost; }
    TitleFilterLine Static { height: 2; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("tab", "complete", N_("Complete"), priority=True),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the line below what is told about it."""
        with Vertical():
            yield Static(id="told", markup=False)
            yield Input(
                self._text,
                placeholder="shop:kobo kind:toc presale farol 9786500000000",
                suggester=_Completion(),
                select_on_focus=False,
                compact=True,
            )

    def on_mount(self) -> None:
        """Say what could be written."""
        self.query_one(Input).cursor_position = len(self._text)
        self._tell()

    @on(Input.Changed)
    def _tell(self) -> None:
        told = _words(self.query_one(Input).value)
        self.query_one("#told", Static).update(told, layout=False)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        try:
            title_filters.parse(event.value)
        except FilterWrong as error:
            told = pointed(event.value, error)
            self.query_one("#told", Static).update(told, layout=False)
        else:
            self.dismiss(event.value.strip())

    def action_complete(self) -> None:
        """Take the first completion."""
        line = self.query_one(Input)
        if found := title_filters.complete(line.value):
            line.value = found[0]
            line.cursor_position = len(line.value)


def _words(line: str) -> Text:
    choice = title_filters.complete(line)
    if not choice:
        fields = " ".join(f"{each}:" for each in FIELDS)
        return Text(_("States: {states}").format(states=" ".join(STATES)) + "\n" + fields)
    begun = line.rfind(" ") + 1
    return Text("  ".join(each[begun:] for each in choice[:_SHOWN]))
