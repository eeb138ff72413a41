"""How an act on several tickets went, ticket by ticket."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.desk.sharing import Result
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal


class ResultsScreen(Modal[None]):
    """Lists what was not done first, for that is what somebody must look at."""

    DEFAULT_CSS = """
    ResultsScreen { align: center middle; }
    ResultsScreen VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
    }
    ResultsScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", N_("Back"))]

    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__()
        self._results = results

    def compose(self) -> ComposeResult:
        """List the results; they scroll."""
        with VerticalScroll():
            yield Static(words(self._results), markup=False)


def words(results: Sequence[Result]) -> Text:
    """Return a line per ticket: what was not done, then what was."""
    done = sum(each.done for each in results)
    told = Text(_("Done: {done} of {all}").format(done=done, all=len(results)) + "\n\n", "bold")
    for each in sorted(results, key=lambda each: each.done):
        told.append("✓ " if each.done else "x ", "green" if each.done else "bold magenta")
        told.append(f"{each.code}  ", "not bold")
        told.append(f"{each.told}\n", "dim not bold" if each.done else "not bold")
    return told
