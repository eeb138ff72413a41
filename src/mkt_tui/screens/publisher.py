"""The publisher queue: every shop's word on every title, the most pressing first (P4, P6, P15)."""

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType

from mkt_tui.cache.title_lists import TicketLine
from mkt_tui.desk import correcting, publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Found, Group, Line, Rows, Title
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.i18n import N_, _
from mkt_tui.screens import publisher_words as words
from mkt_tui.screens.publisher_words import TicketCells
from mkt_tui.screens.title_lists import TitleListScreen
from mkt_tui.widgets.columns import Column


class PublisherScreen(TitleListScreen[TicketLine, Line]):
    """The tickets, one row a shop, or one a title."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "narrow('state:open')", N_("To correct")),
        Binding("2", "narrow('state:manager')", N_("At the manager"), show=False),
        Binding("3", "narrow('state:corrected')", N_("At the shops"), show=False),
        Binding("4", "narrow('state:closed')", N_("Closed"), show=False),
        Binding("z", "recall", N_("Undo send")),
    ]
    NAME = N_("Publisher queue")

    def __init__(self, desk: Desk, line: str = "") -> None:
        super().__init__(desk, line)
        self._cells = TicketCells(desk)
        self._groups = False
        self._unfolded: frozenset[Title] = frozenset()

    def find(self, wanted: TitleFilter) -> Found:
        """Find the tickets, folded by title where that is wanted."""
        return publisher_lists.find_tickets(
            self.desk, wanted, folded=self._groups, unfolded=self._unfolded
        )

    def rows(self, found: Found) -> Rows[TicketLine, Line]:
        """Return these tickets."""
        return publisher_lists.ticket_rows(self.desk, found)

    def cells(self) -> tuple[tuple[Column[Line], ...], Callable[[Line], Style | None]]:
        """Return the columns and the colour of the deadline."""
        return self._cells.columns(), self._cells.colour

    def key(self, row: Line) -> int:
        """Keep to the ticket, the most pressing one of a title."""
        return words.first(row).id

    def isbn(self, row: Line) -> str:
        """Return the ISBN of a row."""
        return words.first(row).isbn

    def detail(self, row: Line | None) -> list[str]:
        """Return title, defect and manager."""
        return words.ticket_detail(row, self.desk)

    def open_row(self, row: Line) -> None:
        """Open a ticket; a title's row unfolds instead."""
        from mkt_tui.screens.title_ticket import TitleTicketScreen  # only when it is asked for

        if isinstance(row, Group):
            self._unfolded |= {(row.first.channel_id, row.first.isbn)}
            self.narrow(self.line)
        else:
            self.app.push_screen(TitleTicketScreen(self.desk, row.id))

    def action_group(self) -> None:
        """Fold the tickets of a title into one row, or unfold them all (P6)."""
        self._groups = not self._groups
        self._unfolded = frozenset()
        self.narrow(self.line)

    def action_other(self) -> None:
        """Go the other way to the same tickets: by title, under the same filter (P7)."""
        from mkt_tui.screens.titles import TitlesScreen

        self.app.switch_screen(TitlesScreen(self.desk, self.line))

    def action_recall(self) -> None:
        """Take back what was sent last, while it has not left."""
        told = _("Taken back: nothing of it has left.")
        if not correcting.recall(self.desk):
            told = _("There is nothing to take back any more.")
        self.notify(told, markup=False)
