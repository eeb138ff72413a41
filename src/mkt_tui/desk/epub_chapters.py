"""What is behind a message of a check: the chapter's source."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mkt_tui.epub import chapters
from mkt_tui.epub.archive import Hostile
from mkt_tui.epub.book import Book
from mkt_tui.epub.check import Unreadable
from mkt_tui.i18n import N_


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


def _within(path: Path, read: Callable[[Book], chapters.Found]) -> chapters.Found:
    try:
        return chapters.within(path, read)
    except Hostile as error:
        raise Unreadable(name=path.name, detail=error.text) from error
    except OSError as error:
        raise Unreadable(name=path.name, detail=error.strerror or N_("no such file")) from error
