"""The whole check of one file: is it harmless, what says EPUBCheck, what would each shop say."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.epub import archive, contents, epubcheck, rules
from mkt_tui.epub.advice import advice
from mkt_tui.epub.archive import Archive, Hostile
from mkt_tui.epub.book import Book
from mkt_tui.epub.profiles import Profile
from mkt_tui.epub.progress import Cancelled, OnProgress, Progress, Step, Told
from mkt_tui.epub.report import Checker, Message, Report, Severity
from mkt_tui.epub.rules import Facts
from mkt_tui.i18n import N_, language

_PIECE: Final = 1024 * 1024
# Who has so many dead links mends them in one go.
_MOST: Final = 1_000


class Unreadable(UserError):
    """The file cannot be read at all."""

    sentence = N_("{name} cannot be checked: {detail}. Name an EPUB file that you may read.")


def check(
    path: Path,
    profiles: Sequence[Profile],
    *,
    on_progress: OnProgress = lambda _progress: None,
    cancelled: Cancelled | None = None,
) -> Report:
    """Check a file for these shops; texts are in the current language.

    Takes seconds, or minutes: call it from a thread, and set `cancelled` to end it early. A
    hostile file gets a report too, with one FATAL message, and is not given to EPUBCheck.

    Raises:
        Unreadable: There is no such file, or it may not be read.
        JavaMissing: EPUBCheck needs Java.
        CheckFailed: EPUBCheck did not come to an end.
        Stopped: `cancelled` was set.
    """
    stop = cancelled or Cancelled()

    def tell(step: Step, done: int, total: int) -> None:
        on_progress(Progress(step, done, total))

    try:
        if not path.is_file():
            raise Unreadable(name=path.name, detail=N_("there is no such file"))
        return _check(path, profiles, tell, stop)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise Unreadable(name=path.name, detail=detail) from error


def _check(path: Path, profiles: Sequence[Profile], tell: Told, stop: Cancelled) -> Report:
    size, digest = path.stat().st_size, sha256(path, stop)
    title = identifier = ""
    checker: Checker | None = None
    facts: Facts | None = None
    try:
        opened = archive.examine(path, tell, stop)
        try:
            book = Book(opened)
            title, identifier = book.title, book.identifier
            checker, messages = epubcheck.run(path, tell, stop)
            facts = _facts(book, opened, size, tell, stop)
        finally:
            opened.close()
    except Hostile as error:
        messages = [_refused(error)]
    return Report(
        name=clean_line(path.name, 200),
        size=size,
        sha256=digest,
        checked_at=datetime.now(UTC).replace(microsecond=0),
        language=language(),
        title=title,
        identifier=identifier,
        checker=checker,
        verdicts=tuple(rules.judge(each, messages, facts) for each in profiles),
    )


def sha256(path: Path, stop: Cancelled) -> str:
    """Return a file's SHA-256 in hex, read in pieces.

    Raises:
        OSError: It cannot be read.
        Stopped: `stop` was set.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            stop.check()
            digest.update(piece)
    return digest.hexdigest()


def _facts(book: Book, opened: Archive, size: int, tell: Told, stop: Cancelled) -> Facts:
    images = book.images
    pixels = {}
    for done, each in enumerate(images):
        stop.check()
        tell(Step.RULES, done, len(images))
        if shape := book.pixels(each):
            pixels[each] = shape
    weights = {each: opened.size(each) for each in images}
    return Facts(
        size,
        book.cover,
        pixels,
        weights,
        tuple(islice(contents.dead_links(book), _MOST)),
        book.encrypted,
        tuple(islice(contents.astray(book), _MOST)),
    )


def _refused(error: Hostile) -> Message:
    return Message(
        error.rule,
        Severity.FATAL,
        error.path,
        None,
        None,
        error.text,
        advice(error.rule),
        source="mkt-tui",
    )
