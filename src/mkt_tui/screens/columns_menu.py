"""Choose the columns of the queue and their order; the list changes when it is done."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mkt_tui.i18n import N_, _
from mkt_tui.widgets.columns import Column
from mkt_tui.widgets.modal import Modal

USUAL: tuple[str, ...] = ()


class ColumnsMenu(Modal[tuple[str, ...] | None]):
    """Ends with the names of the columns in their order, USUAL, or None when nothing changes."""

    DEFAULT_CSS = """
    ColumnsMenu { align: center middle; }
    ColumnsMenu Vertical { width: 50; max-width: 90%; height: auto; max-height: 90%; }
    ColumnsMenu OptionList { height: auto; max-height: 1fr; }
    ColumnsMenu Static { padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", N_("Back"), priority=True),
        Binding("enter", "keep", N_("Keep"), priority=True),
        Binding("space", "flip", N_("Show or hide"), priority=True),
        Binding("shift+up,K", "move(-1)", N_("Further left"), priority=True),
        Binding("shift+down,J", "move(1)", N_("Further right"), priority=True),
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
        Binding("0", "usual", N_("Usual columns"), priority=True),
    ]

    def __init__(self, columns: Sequence[Column[Any]], shown: Sequence[str]) -> None:
        super().__init__()
        self._titles = {each.name: each.title for each in columns}
        hidden = [name for name in self._titles if name not in shown]
        self._names = [*shown, *hidden]
        self._shown = set(shown)

    def compose(self) -> ComposeResult:
        """List the columns, those in sight first, and what the keys do."""
        keys = _("Space shows or hides, J and K move, Enter keeps, 0 goes back to the usual ones.")
        with Vertical():
            yield OptionList(*(self._option(name) for name in self._names))
            yield Static(keys, markup=False)

    def _option(self, name: str) -> Option:
        mark = "✓" if name in self._shown else " "
        return Option(Text(f" {mark} {_(self._titles[name])}"), name)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def action_cursor(self, rows: int) -> None:
        """Go to another column."""
        self._list.highlighted = ((self._list.highlighted or 0) + rows) % len(self._names)

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_flip()

    def action_flip(self) -> None:
        """Show or hide the column; one stays."""
        name = self._names[self._list.highlighted or 0]
        if self._shown != {name}:
            self._shown ^= {name}
        self._draw(self._names.index(name))

    def action_move(self, places: int) -> None:
        """Move the column."""
        here = self._list.highlighted or 0
        there = max(0, min(here + places, len(self._names) - 1))
        self._names.insert(there, self._names.pop(here))
        self._draw(there)

    def _draw(self, highlighted: int) -> None:
        self._list.set_options([self._option(name) for name in self._names])
        self._list.highlighted = highlighted

    def action_keep(self) -> None:
        """End with the columns as they are listed."""
        self.dismiss(tuple(name for name in self._names if name in self._shown))

    def action_usual(self) -> None:
        """End with the columns everybody starts with."""
        self.dismiss(USUAL)
