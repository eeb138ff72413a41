"""The line below a reply: what its marketplace would not take, and what is misspelled, as it is typed."""

import asyncio
from typing import Final

from rich.text import Text
from textual import work
from textual.timer import Timer
from textual.widgets import Static

from mkt_tui.desk import policies, proofreading, spelling
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.spelling import Slip
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.policy.rules import SHORTEST, Breach
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import _
from mkt_tui.screens.spell_chooser import SpellChooser
from mkt_tui.widgets.editor import Editor

# A pause between two words; the check never stands between a key and its letter.
_AFTER: Final = 0.3
_STOP: Final = "bold white on red"
_WARNING: Final = "black on yellow"
# Told by the line, not by its colour alone.
_SLIP: Final = "underline bright_red"
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

    def __init__(
        self, desk: Desk, conversation: Conversation, editor: Editor, meant: SpellChooser
    ) -> None:
        super().__init__(markup=False)
        self._desk = desk
        self._conversation = conversation
        self._editor = editor
        self._meant = meant
        self._audience: Audience | None = None
        self._timer: Timer | None = None
        self._found: list[Breach] = []
        self._language, self._has_dictionary = "", False
        self._slips: list[Slip] = []

    def turn_to(self, conversation: Conversation) -> None:
        """Look at another ticket's reply; nothing is known of it yet."""
        self.workers.cancel_node(self)
        self._meant.close()
        self._conversation = conversation
        self._found, self._slips = [], []
        self._language = ""
        self._tell(Text())

    def look_soon(self, audience: Audience) -> None:
        """Look at the words when the typing pauses."""
        self._audience = audience
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_AFTER, self._look)

    @property
    def misspelled(self) -> list[str]:
        """The words that no dictionary has, each once."""
        return list(dict.fromkeys(each.word for each in self._slips))

    def next(self) -> None:
        """Go to the next thing found after the cursor, the first one after the last."""
        at = self._editor.offset_of_cursor
        found: list[Breach | Slip] = [*self._found, *self._slips]
        found.sort(key=lambda each: each.start)
        after = [each for each in found if each.start >= at]
        for each in (after or found)[:1]:
            if isinstance(each, Slip):
                self._meant.offer(self._language, each)
            else:
                self._meant.close()
                self._editor.jump(each.start, each.end)
        if not found and self._language:
            told = (
                _("Nothing was found to look at again.")
                if self._has_dictionary
                else _("Spelling is not checked: this server has no dictionary for {language}.")
            )
            self.notify(told.format(language=self._language), markup=False)

    @work(exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        text, audience = self._editor.text, self._audience
        assert audience is not None
        desk, talk = self._desk, self._conversation
        try:
            found = await asyncio.to_thread(policies.breaches, desk, talk, text, audience)
            longest = await asyncio.to_thread(policies.longest, desk, talk, audience)
            self._show(text, found, longest)
            language, slips = await asyncio.to_thread(proofreading.slips, desk, talk, text)
            has_dictionary = await asyncio.to_thread(spelling.is_known, language)
        except UserError as error:
            self._tell(Text(str(error), "bold"))
            return
        self._language, self._has_dictionary = language, has_dictionary
        # A word that is being typed is no slip yet.
        at = self._editor.offset_of_cursor
        self._slips = [each for each in slips if each.end != at or at < len(text)]
        self._show(text, found, longest)

    def _show(self, text: str, found: list[Breach], longest: int | None) -> None:
        if not self.is_attached or self._editor.text != text:
            return
        # Too short is what every text is at first.
        self._found = [each for each in found if each.matter != SHORTEST]
        marks = [(each.start, each.end, _SLIP) for each in self._slips if _stands(each, text)]
        marks += [(each.start, each.end, _style(each)) for each in self._found]
        self._editor.mark(marks)
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
        if not self._found and self._slips:
            words.append("≈ " + _("Misspelled?") + " ", "bold")
            words.append(", ".join(self.misspelled), _SLIP)
        if self._found or self._slips:
            words.append("  " + _("F8 goes to it"), "dim")
        return words

    def _tell(self, words: Text) -> None:
        self.update(words, layout=False)
        self.set_class(bool(words), "shown")


def _stands(slip: Slip, text: str) -> bool:
    """Tell whether the word still stands there: the text may have changed since."""
    return text[slip.start : slip.end] == slip.word


def _style(breach: Breach) -> str:
    return _STOP if breach.stops else _WARNING
