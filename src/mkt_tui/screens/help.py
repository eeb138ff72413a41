"""The keys that work now, all of them."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from mkt_tui.i18n import N_, _
from mkt_tui.widgets.key_bar import described, key_name
from mkt_tui.widgets.modal import Modal


class HelpScreen(Modal[str]):
    """Lists the keys of the screen below, in the agent's language; ends with the one clicked."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll {
        width: 64; max-width: 95%; height: auto; max-height: 90%;
        border: round $primary; padding: 0 1; background: $surface;
    }
    HelpScreen Static { height: auto; link-style: none; link-color: $foreground; }
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


def acts(screen: Screen[object]) -> list[list[ActiveBinding]]:
    """Return what can be done on a screen now, each act with all its keys."""
    found: dict[tuple[str, str], list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if active.enabled and described(active) and _is_ours(active):
            act = active.binding.action, active.binding.description
            found.setdefault(act, []).append(active)
    return list(found.values())


def _is_ours(active: ActiveBinding) -> bool:
    """Leave out the keys that our widgets inherit from the toolkit: they speak English only."""
    own = (each for each in type(active.node).__mro__ if each.__module__.startswith("mkt_tui"))
    bindings = (one for each in own for one in each.__dict__.get("BINDINGS", ()))
    return any(active.binding.action == each.action for each in bindings)


def words(screen: Screen[object]) -> Text:
    """Return each act of the screen with all its keys."""
    lines = Text(_("Keys that work now") + "\n\n", "bold")
    for active in acts(screen):
        keys = [each.binding.key for each in active]
        click = {"@click": f"screen.dismiss('{keys[0]}')"}
        lines.append(f"{'  '.join(map(key_name, keys)):>16}  ", Style(bold=True, meta=click))
        lines.append(f"{described(active[0])}\n", Style(bold=False, meta=click))
    lines.append(
        "\n"
        + _(
            "Colours: green calm, yellow less than 12 h, bright yellow !! less than"
            " 4 h, red >> late, magenta x not sent or ? in doubt."
        ),
        "dim not bold",
    )
    return lines
