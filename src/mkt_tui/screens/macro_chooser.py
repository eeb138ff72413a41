"""The macros that fit what is typed after `::`, over the last lines of the composer."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mkt_tui.desk import macros
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.macros import PREFIX, TYPED, Filled, Macro
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.reply_editor import ReplyEditor

_MOST: Final = 50
_SHOWN: Final = 120


class MacroChooser(OptionList, can_focus=False):
    """Open while the cursor stands after `::` and a part of a macro's name."""

    DEFAULT_CSS = """
    MacroChooser {
        height: auto; max-height: 5; display: none; border: none; padding: 0 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    MacroChooser.open { display: block; }
    """

    def __init__(self, desk: Desk, conversation: Conversation, editor: ReplyEditor) -> None:
        super().__init__()
        self._desk = desk
        self._conversation = conversation
        self._editor = editor
        self._found: Sequence[Macro] = ()
        self._typed: str | None = None
        self._closed_at: str | None = None

    def turn_to(self, conversation: Conversation) -> None:
        """Be closed, for another ticket."""
        self._conversation = conversation
        self._closed_at = self._typed = None
        self._offer()

    def look(self) -> None:
        """Show what fits what is typed now; nothing when no macro is being named."""
        found = TYPED.search(self._editor.before_cursor)
        typed = found.group(1) if found else None
        if typed is None or typed != self._closed_at:
            self._closed_at = None
        wanted = None if self._closed_at is not None else typed
        if wanted != self._typed:
            self._typed = wanted
            self._offer()

    def _offer(self) -> None:
        self._found = () if self._typed is None else self._matching(self._typed)
        self.clear_options()
        self.add_options([Option(_line(each)) for each in self._found])
        self.highlighted = 0 if self._found else None
        self.set_class(bool(self._found), "open")

    def _matching(self, typed: str) -> Sequence[Macro]:
        try:
            return macros.matching(self._desk, self._conversation, typed)[:_MOST]
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return ()

    def take(self, key: str) -> bool:
        """Take the keys of the list while it is open; see `ReplyEditor.beside`."""
        self.look()  # the words before this key may not have been looked at yet
        if not self._found:
            return False
        acts = {
            "enter": self._insert,
            "down": self.action_cursor_down,
            "up": self.action_cursor_up,
            "escape": self._close,
        }
        if act := acts.get(key):
            act()
        return key in acts

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._insert()

    def _close(self) -> None:
        self._closed_at, self._typed = self._typed, None
        self._offer()

    def words(self, macro: Macro) -> Filled:
        """Return what is put in for a macro: filled for the ticket."""
        return macros.fill(self._desk, self._conversation, macro)

    def _insert(self) -> None:
        """Put the macro in place of its name; what it lacks is selected, to be typed over."""
        macro = self._found[self.highlighted or 0]
        filled = self.words(macro)
        row, column = self._editor.cursor_location
        length = len(PREFIX + (self._typed or ""))
        begins = self._editor.offset_of_cursor - length
        self._editor.replace(filled.text, (row, column - length), (row, column))
        self._typed = None
        self._offer()
        if filled.empty:
            start, end = filled.empty[0]
            self._editor.jump(begins + start, begins + end)


def _line(macro: Macro) -> Text:
    words = Text(no_wrap=True, overflow="ellipsis")
    words.append(macro.name, "bold")
    if macro.personal:
        words.append(" " + _("(yours)"))
    return words.append("  " + clean_line(macro.text, _SHOWN), "dim")
