"""Spelling of a reply: in its customer's language, with the words of its order known to be right."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from mkt_tui.desk import own_files, spelling
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.macros import spoken_to
from mkt_tui.desk.spelling import Slip
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

FILE: Final = "words.txt"
_OF_THE_TRADE: Final = "words.toml"
_LANGUAGES: Final = ("pt_BR", "it", "en")
_WORDS: Final = re.compile(r"[^\W\d_]+")
# So many words that no dictionary has are another language, not slips.
_FOREIGN: Final = 4


def slips(desk: Desk, conversation: Conversation, text: str) -> tuple[str, list[Slip]]:
    """Return the language the text is in, and its misspelled words; for a thread.

    Raises:
        SettingsWrong: A file of own words cannot be read.
    """
    known = known_words(desk, conversation)
    spoken = spoken_to(conversation)
    found = spelling.slips(spoken, text, known)
    words = len(_WORDS.findall(text))
    if len(found) < _FOREIGN or 2 * len(found) < words:
        return spoken, found
    others = {each: spelling.slips(each, text, known) for each in _LANGUAGES if each != spoken}
    others = {each: wrong for each, wrong in others.items() if spelling.is_known(each)}
    best = min(others, key=lambda each: len(others[each]), default=spoken)
    return (best, others[best]) if others and len(others[best]) < len(found) else (spoken, found)


def known_words(desk: Desk, conversation: Conversation) -> set[str]:
    """Return what is right whatever a dictionary says, in lower case.

    Raises:
        SettingsWrong: See `slips`.
    """
    text = " ".join(_names(desk, conversation))
    own = (_of_file(path, _changed(path)) for path in (desk.home.settings / FILE, own_file(desk)))
    return {each.casefold() for each in _WORDS.findall(text)}.union(_of_the_trade(), *own)


def own_file(desk: Desk) -> Path:
    """Return where the words are that the agent has added."""
    return own_files.of_agent(desk, FILE)


def learn(desk: Desk, word: str) -> None:
    """Keep a word among the agent's own.

    Raises:
        SettingsWrong: They cannot be written.
    """
    path = own_file(desk)
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{word}\n")
    except OSError as error:
        raise _unusable(path, error) from error


def _names(desk: Desk, talk: Conversation) -> Iterator[str]:
    """Yield the names and titles around a ticket."""
    yield from (each.name for each in desk.channels().values())
    yield from (talk.ticket.customer or "", talk.ticket.subject or "", desk.agent)
    yield from (each.author_name or "" for each in talk.messages)
    if talk.order is not None:
        order = talk.order
        for section in (
            order.items,
            order.personal,
            order.billing,
            order.transport,
            order.tracking,
        ):
            yield from _texts(section)


def _texts(section: Any) -> Iterator[str]:
    if isinstance(section, str):
        yield section
    elif isinstance(section, Mapping):
        for each in section.values():
            yield from _texts(each)
    elif isinstance(section, list):
        for each in section:
            yield from _texts(each)


@lru_cache(maxsize=1)
def _of_the_trade() -> frozenset[str]:
    told = own_files.of_package(_OF_THE_TRADE)
    return frozenset(word for words in told.values() for word in words)


@lru_cache(maxsize=4)
def _of_file(path: Path, changed: int) -> frozenset[str]:
    if not changed:
        return frozenset()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from error
    return frozenset(each.strip().casefold() for each in lines)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _unusable(path: Path, error: Exception) -> SettingsWrong:
    return SettingsWrong(
        what=_("The file {path} cannot be used ({detail})").format(path=path, detail=error),
        remedy=_("Correct it or move it away."),
    )
