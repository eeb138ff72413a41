"""What a misspelled word may have meant, over the last lines of the composer."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from rich.text import Text
from textual import work

from mkt_tui.desk import proofreading, spelling
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.spelling import Slip
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import _
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.keyed_list import KeyedList

# A line of the list, and what choosing it does.
Offer: TypeAlias = tuple[Text, Callable[[], None]]
# On a low screen as many as leave the reply its line, and the last line of the list in sight.
_LOW: Final = 36
_ON_A_LOW_ONE: Final = 4


class SpellChooser(KeyedList):
    """Open while a misspelled word is selected that the agent went to.

    Args:
        learned: Called when a word became one of the agent's own.
    """

    DEFAULT_CSS = """
    SpellChooser { max-height: 8; }
    """

    def __init__(self, desk: Desk, editor: Editor, learned: Callable[[], None]) -> None:
        super().__init__()
        self._desk = desk
        self._editor = editor
        self._learned = learned
        self._slip: Slip | None = None
        self._offers: Sequence[Offer] = ()

    def offer(self, language: str, slip: Slip) -> None:
        """Select the word, and show what may be meant as soon as it is known."""
        self._slip = slip
        self._editor.jump(slip.start, slip.end)
        self._show([(Text(_("Looking for “{word}” …").format(word=slip.word), "dim"), self.close)])
        self._look_up(language, slip)

    @work(exclusive=True, exit_on_error=False)
    async def _look_up(self, language: str, slip: Slip) -> None:
        at_most = _ON_A_LOW_ONE if self.app.size.height < _LOW else spelling.MOST_SUGGESTIONS
        found = await asyncio.to_thread(spelling.suggestions, language, slip.word, at_most)
        if self.is_attached and self._slip == slip:
            meant = [(Text(each), partial(self._put, slip, each)) for each in found]
            learn = Text(_("Add “{word}” to my words").format(word=slip.word), "italic")
            self._show([*meant, (learn, partial(self._learn, slip.word))])

    def _show(self, offers: Sequence[Offer]) -> None:
        self._offers = offers
        self.offer_lines(words for words, _act in offers)

    def take(self, key: str) -> bool:
        """Take a key of the list while it is open; any other closes it and is the editor's."""
        if self._slip is None:
            return False
        taken = super().take(key)
        if not taken:
            self.close()
        return taken

    def close(self) -> None:
        """Leave the word as it is."""
        self._slip = None
        self.remove_class("open")

    def choose(self, number: int) -> None:
        """Put the word in, or learn it."""
        act = self._offers[number][1]
        self.close()
        act()

    def _put(self, slip: Slip, word: str) -> None:
        self._editor.put(word, slip.start, slip.end)

    def _learn(self, word: str) -> None:
        try:
            proofreading.learn(self._desk, word)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self._learned()
