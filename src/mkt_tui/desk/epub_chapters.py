"""What is behind a message of a check: the chapter's source, and the words it spells wrong."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from mkt_tui.desk import spelling
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.text import clean_line
from mkt_tui.epub import chapters
from mkt_tui.epub.archive import Hostile
from mkt_tui.epub.book import Book
from mkt_tui.epub.check import Unreadable
from mkt_tui.epub.report import Kind, Message, Severity
from mkt_tui.i18n import N_, _

# A word that a book has so often is one of its own: a name, a place.
OWN_WORD: Final = 4
MOST_TYPOS: Final = 500
# A long word's suggestions take half a second.
_SUGGESTED: Final = 30
_CONTEXT: Final = 30


def source(path: Path, name: str) -> list[str]:
    """Return a file of a book by lines; none where it is not there.

    Raises:
        Unreadable: The book cannot be read, or is refused.
    """
    return _within(path, lambda book: chapters.lines(book.document(name)))


def flagged(path: Path, complaint: str) -> list[str]:
    """Return the chapters that a ticket's text names by their file.

    Raises:
        Unreadable: The book cannot be read, or is refused.
    """
    told = complaint.casefold()
    return _within(
        path,
        lambda book: [
            each for each in book.chapters if PurePosixPath(each).name.casefold() in told
        ],
    )


def typos(path: Path, wanted: list[str]) -> list[Message]:
    """Return the words that no dictionary has, as messages, in the order of the book.

    Args:
        path: The book.
        wanted: Its chapters to look at; none = all of them.

    Raises:
        Unreadable: The book cannot be read, or is refused.
        NotAllowed: There is no dictionary of its language here.
    """
    return _within(path, lambda book: list(_typos(book, wanted)))


def _typos(book: Book, wanted: list[str]) -> Iterator[Message]:
    language = book.language or "pt-BR"
    if not spelling.is_known(language):
        raise NotAllowed(
            what=_("This server has no dictionary for {language}").format(language=language),
            remedy=_("Ask your administrator for the package hunspell of that language."),
        )
    read = {each: chapters.prose(book.document(each)) for each in book.chapters}
    found = {each: spelling.slips(language, prose.text) for each, prose in read.items()}
    often = Counter(slip.word.casefold() for slips in found.values() for slip in slips)
    told = 0
    for chapter in wanted or list(found):
        for slip in found.get(chapter, ()):
            if often[slip.word.casefold()] >= OWN_WORD or told == MOST_TYPOS:
                continue
            told += 1
            meant = spelling.suggestions(language, slip.word) if told <= _SUGGESTED else []
            yield _message(chapter, read[chapter], slip, meant)


def _message(chapter: str, prose: chapters.Prose, slip: spelling.Slip, meant: list[str]) -> Message:
    line, column = prose.place(slip.start)
    before = prose.text[max(slip.start - _CONTEXT, 0) : slip.start].partition(" ")[2]
    after = prose.text[slip.end : slip.end + _CONTEXT].rpartition(" ")[0]
    advice = _("Perhaps: {words}").format(words=", ".join(meant)) if meant else ""
    text = _("“{word}” is in no dictionary: … {context} …").format(
        word=clean_line(slip.word), context=clean_line(f"{before}{slip.word}{after}")
    )
    place = (chapter, line, column)
    return Message("TYPO", Severity.INFO, *place, text, advice, Kind.TYPO, "mkt-tui")


def _within(path: Path, read: Callable[[Book], chapters.Found]) -> chapters.Found:
    try:
        return chapters.within(path, read)
    except Hostile as error:
        raise Unreadable(name=path.name, detail=error.text) from error
    except OSError as error:
        raise Unreadable(name=path.name, detail=error.strerror or N_("no such file")) from error
