"""The last resort for words that the cache cannot take while the desk has to end: a private file."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from mkt_tui.cache.drafts import Draft
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import audience_name
from mkt_tui.home import Home
from mkt_tui.i18n import _

_PREFIX: Final = "mkt-tui-words-"


def keep(desk: Desk, conversation: Conversation, draft: Draft) -> Path | None:
    """Write the words to the first disk that takes them, readable by their writer only.

    Returns:
        The file; None when no disk takes it.
    """
    head = _("Ticket {code} of {channel}, to: {audience}").format(
        code=conversation.ticket.code,
        channel=conversation.channel.name,
        audience=audience_name(draft.audience),
    )
    return write(desk.home, head, draft.text)


def write(home: Home, head: str, words: str) -> Path | None:
    """Write words below a line that says what they are; returned as by `keep`."""
    for folder in _folders(home):
        with suppress(OSError):
            return _write(folder, f"{head}\n\n{words}\n")
    return None


def left(home: Home) -> list[Path]:
    """Return the files that this user's desks have left behind."""
    found = {path for folder in _folders(home) for path in folder.glob(f"{_PREFIX}*.txt")}
    return sorted(path for path in found if _is_own(path))


def _is_own(path: Path) -> bool:
    with suppress(OSError):
        return path.lstat().st_uid == os.getuid()
    return False


def _folders(home: Home) -> list[Path]:
    return [home.data, Path.home(), Path(tempfile.gettempdir())]


def _write(folder: Path, words: str) -> Path:
    # mkstemp lets nobody else read it.
    number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".txt", dir=folder)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
