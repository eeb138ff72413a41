"""The titles of a publisher: how many tickets each has, where its file stands (P7)."""

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType

from mkt_tui.cache.title_lists import TitleLine
from mkt_tui.desk import publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Found, Rows
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.i18n import N_
from mkt_tui.screens import publisher_words as words
from mkt_tui.screens.publisher_words import TitleCells
from mkt_tui.screens.title_lists import TitleListScreen
from mkt_tui.widgets.columns import Column


class TitlesScreen(TitleListScreen[TitleLine, TitleLine]):
    """The titles; one opens as its tickets."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "narrow('state:open')", N_("To correct")),
    ]
    NAME = N_("Titles")

    def __init__(self, desk: Desk, line: str = "") -> None:
        super().__init__(desk, line)
        self._cells = TitleCells(desk)

    def find(self, wanted: TitleFilter) -> Found:
        """Find the titles."""
        return publisher_lists.find_titles(self.desk, wanted)

    def rows(self, found: Found) -> Rows[TitleLine, TitleLine]:
        """Return these titles."""
        return publisher_lists.title_rows(self.desk, found)

    def cells(self) -> tuple[tuple[Column[TitleLine], ...], Callable[[TitleLine], Style | None]]:
        """Return the columns and what sets a row off."""
        return self._cells.columns(), self._cells.colour

    def key(self, row: TitleLine) -> int:
        """Keep to the title."""
        return row.id

    def isbn(self, row: TitleLine) -> str:
        """Return the ISBN of a row."""
        return row.isbn

    def detail(self, row: TitleLine | None) -> list[str]:
        """Return the title, its tickets and the manager."""
        return words.title_detail(row, self.desk)

    def open_row(self, row: TitleLine) -> None:
        """Show all tickets of the title, closed ones too."""
        from mkt_tui.screens.publisher import PublisherScreen

        self.app.push_screen(PublisherScreen(self.desk, f"isbn:{row.isbn} state:all"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Titles are one row each already."""
        del parameters
        return action != "group"

    def action_other(self) -> None:
        """Go the other way to the same tickets, under the same filter (P7)."""
        from mkt_tui.screens.publisher import PublisherScreen

        self.app.switch_screen(PublisherScreen(self.desk, self.line))
