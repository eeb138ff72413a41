"""One line that narrows titles and publishers' tickets: `shop:kobo kind:toc presale farol`."""

from mkt_tui.domain import title_filters
from mkt_tui.domain.title_filters import FIELDS, STATES
from mkt_tui.i18n import _
from mkt_tui.widgets.completed_line import CompletedLine


class TitleFilterLine(CompletedLine[str]):
    """Ends with a line that is a filter."""

    EXAMPLE = "shop:kobo kind:toc presale farol 9786500000000"

    def read(self, line: str) -> str:
        """Return the line, which is kept as it was written."""
        title_filters.parse(line)
        return line.strip()

    def completions(self, line: str) -> list[str]:
        """Complete states and fields."""
        return title_filters.complete(line)

    def help(self) -> str:
        """Tell the states and the fields."""
        fields = " ".join(f"{each}:" for each in FIELDS)
        return _("States: {states}").format(states=" ".join(STATES)) + "\n" + fields
