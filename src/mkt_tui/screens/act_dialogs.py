"""What an act asks for: the fields of a form, and the agent's yes."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal

FRAME: Final = """
NAME { align: center middle; }
NAME #dialog {
    width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
    border: round $primary; background: $surface;
}
NAME Static { height: auto; link-style: none; link-color: $foreground; }
NAME Input { margin: 0 0 1 0; }
"""


class ActForm(Modal[list[str] | None]):
    """Asks for what an act needs; Enter goes on to the next field, and then ends with all."""

    DEFAULT_CSS = FRAME.replace("NAME", "ActForm")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", N_("Back"))]

    def __init__(self, title: str, labels: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._labels = labels
        self.known = ""
        self.about: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out one field for each thing to know."""
        with Vertical(id="dialog"):
            yield Static(Text(self._title, "bold"), markup=False)
            if self.about:
                yield Static(Text("\n".join(self.about), no_wrap=True), id="about", markup=False)
            for place, label in enumerate(self._labels):
                yield Static(label, markup=False)
                value = self.known if place == 0 else ""
                yield Input(value, id=f"field-{place}")

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        fields = list(self.query(Input))
        place = fields.index(event.input) + 1
        if place < len(fields):
            fields[place].focus()
        else:
            self.dismiss([each.value.strip() for each in fields])


class AskScreen(Modal[bool]):
    """Says what will change and what will not, and waits for y or n."""

    DEFAULT_CSS = FRAME.replace("NAME", "AskScreen")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", N_("Yes, do it")),
        Binding("n,escape,q", "dismiss(False)", N_("No, back")),
    ]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        text = Text()
        for place, line in enumerate(self._lines):
            text.append(line + "\n", "bold" if place == 0 or line.startswith("!") else "not bold")
        text.append("\n" + _("y = yes, n = no"), "bold")
        with Vertical(id="dialog"):
            yield Static(text, markup=False)


def leave(screen: Modal[Any], words: str) -> None:
    """Leave a dialog that ends with None; its words are thrown away only when the agent says so."""

    def sure(word: bool | None) -> None:
        if word:
            screen.dismiss(None)

    if words.strip():
        screen.app.push_screen(AskScreen([_("Throw these words away?")]), sure)
    else:
        screen.dismiss(None)
