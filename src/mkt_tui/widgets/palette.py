"""The palette of acts, which says in the agent's language that nothing has such a name."""

from textual.command import CommandList, CommandPalette
from textual.widgets.option_list import Option

from mkt_tui.i18n import _


class Palette(CommandPalette):
    """As Textual's, but for its one sentence."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        if search_value:
            self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, self._tell_none)

    def _tell_none(self) -> None:
        nothing = Option(_("Nothing has such a name."), disabled=True, id=self._NO_MATCHES)
        self.query_one(CommandList).add_option(nothing)
        self._list_visible = True
