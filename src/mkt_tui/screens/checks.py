"""The line below a reply: what its marketplace would not take, found while it is typed."""

import asyncio
from typing import Final

from rich.text import Text
from textual import work
from textual.timer import Timer
from textual.widgets import Static

from mkt_tui.desk import policies
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.policy.rules import SHORTEST, Breach
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import _
from mkt_tui.widgets.reply_editor import ReplyEditor

# A pause between two words; the check never stands between a key and its letter.
_AFTER: Final = 0.3
_STOP: Final = "bold white on red"
_WARNING: Final = "black on yellow"
# From here on a limit is worth a look.
_NEAR: Final = 0.8


class Checks(Static):
    """Hidden while there is nothing to say."""

    DEFAULT_CSS = """
    Checks {
        height: 1; display: none; padding: 0 1; background: $panel;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Checks.shown { display: block; }
    """

    def __init__(self, desk: Desk, conversation: Conversation, editor: ReplyEditor) -> None:
        super().__init__(markup=False)
        self._desk = desk
        self._conversation = conversation
        self._editor = editor
        self._audience: Audience | None = None
        self._timer: Timer | None = None
        self._found: list[Breach] = []

    def look_soon(self, audience: Audience) -> None:
        """Look at the words when the typing pauses."""
        self._audience = audience
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_AFTER, self._look)

    def next(self) -> None:
        """Select the next thing found after the cursor, the first one after the last."""
        at = self._editor.offset_of_cursor
        after = [each for each in self._found if each.start >= at]
        for each in (after or self._found)[:1]:
            self._editor.jump(each.start, each.end)

    @work(exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        text, audience = self._editor.text, self._audience
        assert audience is not None
        desk, talk = self._desk, self._conversation
        try:
            found = await asyncio.to_thread(policies.breaches, desk, talk, text, audience)
            longest = await asyncio.to_thread(policies.longest, desk, talk, audience)
        except UserError as error:
            self._tell(Text(str(error), "bold"))
            return
        if self.is_attached and self._editor.text == text:
            # Too short is what every text is at first.
            self._found = found = [each for each in found if each.matter != SHORTEST]
            self._editor.mark([(each.start, each.end, _style(each)) for each in found])
            self._tell(self._words(text, longest))

    def _words(self, text: str, longest: int | None) -> Text:
        words = Text(no_wrap=True, overflow="ellipsis")
        if longest is not None and len(text) >= longest * _NEAR:
            words.append(f"{len(text.rstrip())}/{longest}  ")
        for each in sorted(self._found, key=lambda each: not each.stops)[:1]:
            words.append("✗ " if each.stops else "! ", "bold")
            words.append(policies.in_words(each, text, self._conversation), _style(each))
            if more := len(self._found) - 1:
                words.append(" " + _("and {count} more").format(count=more))
            words.append("  " + _("F8 goes to it"), "dim")
        return words

    def _tell(self, words: Text) -> None:
        self.update(words, layout=False)
        self.set_class(bool(words), "shown")


def _style(breach: Breach) -> str:
    return _STOP if breach.stops else _WARNING
