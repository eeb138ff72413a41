"""Saved filters of a publisher's lists: chosen, saved and forgotten (P8)."""

from collections.abc import Callable
from typing import Any, Final

from textual.app import App

from mkt_tui.desk import publisher
from mkt_tui.desk.desk import Desk
from mkt_tui.i18n import _
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_SAVE: Final = "+"
_FORGET: Final = "-"
_MOST: Final = 9


class TitleViews:
    """A menu over a list; `use` takes the filter that was chosen, None when there was none."""

    def __init__(
        self, app: App[Any], desk: Desk, line: str, use: Callable[[str | None], None]
    ) -> None:
        self._app, self._desk, self._line, self._use = app, desk, line, use

    def choose(self) -> None:
        """Show the menu."""
        saved = publisher.saved_filters(self._desk)
        entries = self._saved(saved)
        if self._line:
            told = _("Save this filter: {line}").format(line=self._line)
            entries.append(Entry(_SAVE, told, _SAVE))
        if saved:
            entries.append(Entry(_FORGET, _("Forget a saved filter"), _FORGET))
        if entries:
            self._app.push_screen(LetterMenu(_("Saved filters"), entries), self._chosen)
        else:
            told = _("Write a filter first (/), then save it here.")
            self._app.notify(told, markup=False)

    def _saved(self, saved: dict[str, str]) -> list[Entry[str]]:
        shown = list(saved.items())[:_MOST]
        return [
            Entry(str(at), f"{name}   {line}", line) for at, (name, line) in enumerate(shown, 1)
        ]

    def _chosen(self, chosen: str | None) -> None:
        if chosen == _SAVE:
            self._app.push_screen(AskLine(_("Name of the filter"), longest=40), self._save)
        elif chosen == _FORGET:
            saved = publisher.saved_filters(self._desk)
            entries = [Entry(str(at), name, name) for at, name in enumerate(list(saved)[:_MOST], 1)]
            self._app.push_screen(LetterMenu(_("Forget which one?"), entries), self._forget)
        else:
            self._use(chosen)

    def _save(self, name: str | None) -> None:
        if name and name.strip():
            publisher.save_filter(self._desk, name, self._line)

    def _forget(self, name: str | None) -> None:
        if name:
            publisher.save_filter(self._desk, name, "")
