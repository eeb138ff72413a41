"""The macros that fit what is typed after `::`, over the last lines of the composer."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text

from mkt_tui.desk import macros
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.macros import TYPED, Filled, Macro
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.typed_chooser import TypedChooser

_MOST: Final = 50
_SHOWN: Final = 120


class MacroChooser(TypedChooser[Macro]):
    """Puts in a macro, filled for its ticket; what it lacks is selected, to be typed over."""

    TYPED: ClassVar = TYPED

    def __init__(self, desk: Desk, conversation: Conversation | None, editor: Editor) -> None:
        super().__init__(editor)
        self._desk = desk
        self._conversation = conversation

    def turn_to(self, conversation: Conversation) -> None:
        """Be closed, for another ticket."""
        self._conversation = conversation
        self.reset()

    def matching(self, typed: str) -> Sequence[Macro]:
        """Return the macros whose names fit, as soon as it is known what for."""
        if self._conversation is None:
            return ()
        return macros.matching(self._desk, self._conversation, typed)[:_MOST]

    def line(self, item: Macro) -> Text:
        """Return its name and its beginning."""
        words = Text(no_wrap=True, overflow="ellipsis")
        words.append(item.name, "bold")
        if item.personal:
            words.append(" " + _("(yours)"))
        return words.append("  " + clean_line(item.text, _SHOWN), "dim")

    def words(self, macro: Macro) -> Filled:
        """Return what is put in for a macro: filled for the ticket."""
        assert self._conversation
        return macros.fill(self._desk, self._conversation, macro)

    def put_in(self, item: Macro, start: int, end: int) -> None:
        """Put its words in."""
        filled = self.words(item)
        self._editor.put(filled.text, start, end)
        if filled.empty:
            first, last = filled.empty[0]
            self._editor.jump(start + first, start + last)
