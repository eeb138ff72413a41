"""One line at the foot of every screen: the keys that work now, in the agent's language."""

from collections.abc import Callable

from rich.cells import cell_len
from rich.text import Text
from textual.binding import ActiveBinding, Binding
from textual.events import Click
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen
from textual.widget import Widget

from mkt_tui.i18n import _

_NAMES = {
    "escape": "Esc",
    "enter": "⏎",
    "space": "␣",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "tab": "Tab",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def key_name(key: str) -> str:
    """Return how a key is written for people: ^D, Esc, ?, r."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    if key.startswith("shift+"):
        return "⇧" + key_name(key.removeprefix("shift+"))
    if written := _NAMES.get(key):
        return written
    sign = key_to_character(REPLACED_KEYS.get(key, key))
    return sign if sign and sign.isprintable() else key.upper()


def described(active: ActiveBinding) -> str:
    """Return what a key does now, in the agent's language; "" = nothing that is worth telling.

    A screen whose keys do other things by the row has a method `describe` that tells what.
    """
    describe: Callable[[Binding], str] | None = getattr(active.node, "describe", None)
    words = describe(active.binding) if describe else active.binding.description
    return _(words) if words else ""


def keys_now(screen: Screen[object]) -> list[tuple[str, str, str]]:
    """Return (key as written, description in the agent's language, key) of what works now."""
    seen: dict[str, tuple[str, str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        words = described(active) if active.enabled and binding.show else ""
        if words:
            written = (key_name(binding.key), words, binding.key)
            seen.setdefault(f"{binding.action}", written)
    return list(seen.values())


class KeyBar(Widget, can_focus=False):
    """The keys of the screen, as many as fit; a click presses the key."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        background: $panel;
        color: $foreground;
    }
    """

    def on_mount(self) -> None:
        """Follow the keys as focus and screens change."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def _keys_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Text:
        """Draw the keys."""
        line = Text(no_wrap=True, end="")
        for written, description, _key in self._fitting():
            line.append(f" {written}", "bold")
            line.append(f" {description} ")
        return line

    def _fitting(self) -> list[tuple[str, str, str]]:
        """Return the first ones that fit; Help, which lists the rest, and Back are always there."""
        entries = keys_now(self.screen)
        kept = [each for each in entries if each[1] == _("Help") or each[2] == "escape"]
        room = self.size.width - sum(map(_cells, kept))
        fitting = []
        for entry in entries:
            room -= 0 if entry in kept else _cells(entry)
            if entry in kept or room >= 0:
                fitting.append(entry)
        return fitting

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked."""
        left = 0
        for entry in self._fitting():
            left += _cells(entry)
            if event.x < left:
                self.app.simulate_key(entry[2])
                return


def _cells(entry: tuple[str, str, str]) -> int:
    return cell_len(entry[0]) + cell_len(entry[1]) + 3
