"""A question on one line, answered with one key before anything a customer would see."""

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from mkt_tui.i18n import N_, _


class ConfirmLine(Static, can_focus=True):
    """Hidden until `ask`; posts `Answered` and hides again."""

    DEFAULT_CSS = """
    ConfirmLine {
        dock: bottom; height: auto; display: none;
        background: $warning-darken-2; color: $text; padding: 0 1;
        margin-bottom: 1;
    }
    ConfirmLine.asking { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", N_("Yes, send")),
        Binding("n,escape", "answer(False)", N_("No, back")),
    ]

    class Answered(Message):
        """The question was answered."""

        def __init__(self, *, yes: bool) -> None:
            super().__init__()
            self.yes = yes

    def __init__(self) -> None:
        super().__init__(markup=False)

    @property
    def asking(self) -> bool:
        """Whether the question stands."""
        return self.has_class("asking")

    def ask(self, question: Text) -> None:
        """Put the question and take the keys."""
        self.update(with_keys(self, question, Text(_("y = yes, n = no"), "bold")))
        self.add_class("asking")
        self.focus()

    def action_answer(self, yes: bool) -> None:
        """Answer it."""
        if self.asking:
            self.remove_class("asking")
            self.post_message(self.Answered(yes=yes))


def with_keys(line: Static, words: Text, keys: Text) -> Text:
    """Put the keys after the words of a line; on a line of their own before they are broken."""
    width = line.app.size.width - line.styles.padding.width
    last = words.wrap(line.app.console, width)[-1]
    gap = "  " if last.cell_len + 2 + keys.cell_len <= width else "\n"
    return words.append(gap).append_text(keys)
