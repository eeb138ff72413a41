"""One line that narrows the queue: `carrefour late >2d subject:troca`."""

from collections.abc import Sequence

from mkt_tui.domain import filters
from mkt_tui.domain.filters import Field, Filter
from mkt_tui.i18n import _
from mkt_tui.widgets.completed_line import CompletedLine


class FilterLine(CompletedLine[Filter]):
    """Ends with a filter; an empty one shows everything."""

    EXAMPLE = "carrefour late >2d subject:troca"

    def __init__(self, text: str, channels: Sequence[str], agents: Sequence[str]) -> None:
        super().__init__(text)
        self._channels, self._agents = channels, agents

    def read(self, line: str) -> Filter:
        """Return the filter."""
        return filters.parse(line, self._channels)

    def completions(self, line: str) -> list[str]:
        """Complete channels, states, fields and their values."""
        return filters.complete(line, self._channels, self._agents)

    def help(self) -> str:
        """Tell the states and the fields."""
        fields = " ".join(f"{each}:" for each in Field)
        return _("States: {states}").format(states=" ".join(filters.STATES)) + "\n" + fields
