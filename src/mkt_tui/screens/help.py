"""The keys that work now, all of them."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mkt_tui.i18n import N_, _
from mkt_tui.widgets.key_bar import key_name


class HelpScreen(ModalScreen[None]):
    """Lists the keys of the screen below, in the agent's language."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll {
        width: 64; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
    }
    HelpScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", N_("Back"))
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._words = words(below)

    def compose(self) -> ComposeResult:
        """Show the list; it scrolls."""
        with VerticalScroll():
            yield Static(self._words, markup=False)


def _ours(active: ActiveBinding) -> bool:
    """Leave out the keys that our widgets inherit from the toolkit: they speak English only."""
    own = (each for each in type(active.node).__mro__ if each.__module__.startswith("mkt_tui"))
    bindings = (one for each in own for one in each.__dict__.get("BINDINGS", ()))
    return any(active.binding.action == each.action for each in bindings)


def words(screen: Screen[object]) -> Text:
    """Return each act of the screen with all its keys."""
    keys: dict[tuple[str, str], list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.enabled and active.binding.description and _ours(active):
            entry = active.binding.action, active.binding.description
            keys.setdefault(entry, []).append(key_name(key))
    lines = Text(_("Keys that work now") + "\n\n", "bold")
    for (_action, description), written in keys.items():
        lines.append(f"{'  '.join(written):>16}  ", "bold")
        lines.append(f"{_(description)}\n", "not bold")
    lines.append(
        "\n"
        + _(
            "Colours: green calm, yellow less than 12 h, bright yellow !! less than"
            " 4 h, red >> late, magenta x not sent or ? in doubt."
        ),
        "dim not bold",
    )
    return lines
