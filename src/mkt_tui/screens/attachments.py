"""The files that came with a thread: chosen from a list, saved into the agent's home folder."""

import asyncio
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.instants import from_cache
from mkt_tui.desk import attachments, formats
from mkt_tui.desk.attachments import Attached
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_LETTERS: Final = digits[1:] + ascii_lowercase


async def save(app: App[None], desk: Desk, conversation: Conversation) -> None:
    """Save a file of the thread; which one is asked where there are several. Call from a worker."""
    found = attachments.of_thread(conversation.messages)
    if not found:
        app.notify(_("No file came with this thread."), markup=False)
        return
    wanted = found[0] if len(found) == 1 else await _chosen(app, desk, found)
    if wanted is None:
        return
    app.notify(_("Asking the marketplace ..."), markup=False, timeout=2)
    try:
        # A loop of its own: the desk's must not wait for a file to be read or written.
        path = await asyncio.to_thread(
            asyncio.run, attachments.save(desk, conversation.ticket, wanted)
        )
    except UserError as error:
        app.notify(str(error), severity="error", markup=False)
        return
    app.notify(_("Written to {path}").format(path=path), markup=False)


async def _chosen(app: App[None], desk: Desk, found: list[Attached]) -> Attached | None:
    letters = _LETTERS.ljust(len(found))
    entries = [Entry(letters[place], _words(desk, each), each) for place, each in enumerate(found)]
    return await app.push_screen_wait(LetterMenu(_("Save which file?"), entries))


def _words(desk: Desk, each: Attached) -> str:
    at = formats.instant(from_cache(each.message.sent_at), desk.settings.zone)
    size = formats.size(each.size) if each.size else ""
    return "  ".join(filter(None, (clean_line(each.name), size, at)))
