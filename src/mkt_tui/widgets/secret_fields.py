"""Fields for credentials: nothing of them is ever shown, a pasted JSON object fills all of them."""

import json
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Paste
from textual.widgets import Input, Static

from mkt_tui.i18n import _


class SecretInput(Input):
    """A field that shows dots; a paste of several lines is taken whole."""

    def __init__(self, name: str) -> None:
        super().__init__(password=True, compact=True, id=f"secret-{name or 'key'}")
        self.secret = name

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.strip()
        fields = self.query_ancestor(SecretFields)
        if not fields.fill(text):
            self.insert_text_at_cursor(" ".join(text.split()))


class SecretFields(Vertical):
    """One field a secret; `values` is what was typed, by name."""

    DEFAULT_CSS = """
    SecretFields { height: auto; }
    SecretFields Horizontal { height: 1; }
    SecretFields .name { width: 14; color: $text-muted; }
    SecretFields Input { width: 1fr; background: $boost; }
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names) or ("",)

    def compose(self) -> ComposeResult:
        """One line a field."""
        for name in self._names:
            with Horizontal():
                yield Static(name or _("API key"), classes="name", markup=False)
                yield SecretInput(name)

    def fill(self, text: str) -> bool:
        """Share a JSON object out among the fields; False when it is none."""
        if "" in self._names or not text.startswith("{"):
            return False
        try:
            values = json.loads(text)
        except ValueError:
            return False
        for field in self.query(SecretInput):
            value = values.get(field.secret)
            if isinstance(value, str):
                field.value = value
        return True

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the names of the secrets; "" is the name of a bare key."""
        return {field.secret: field.value for field in self.query(SecretInput)}
