"""A chapter's source by lines, and its text without markup with the place of every sign."""

import re
from bisect import bisect_right
from collections.abc import Callable
from html.entities import name2codepoint
from pathlib import Path
from typing import Final, TypeVar
from xml.sax.xmlreader import AttributesNSImpl

from mkt_tui.domain.text import clean
from mkt_tui.epub import archive, markup
from mkt_tui.epub.book import Book
from mkt_tui.epub.progress import Cancelled

Found = TypeVar("Found")

_MOST_LINES: Final = 100_000
_LONGEST_LINE: Final = 20_000
_HEAD: Final = 4_096
_UNREAD: Final = frozenset({"script", "style", "head", "svg", "math"})
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "i", "ins", "kbd", "mark"}
    | {"q", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr", "font"}
)
_ENCODING: Final = re.compile(rb"""^[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


class Prose:
    """The words of a chapter.

    Attributes:
        text: All of it, blocks parted by line feeds.
    """

    def __init__(self, parts: list[tuple[str, int, int]]) -> None:
        self.text = "".join(part for part, _line, _column in parts)
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []
        at = 0
        for part, line, column in parts:
            self._starts.append(at)
            self._places.append((line, column))
            at += len(part)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a sign of the text, from 1, in the source."""
        number = bisect_right(self._starts, offset) - 1
        line, column = self._places[number]
        return line, column + offset - self._starts[number]


class _Words(markup.Placed):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[str, int, int]] = []
        self._skipped = 0

    def startElementNS(  # noqa: N802 - the name of SAX
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        del qname, attrs
        self._skipped += name[1] in _UNREAD
        self._part(name[1])

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        del qname
        self._skipped -= name[1] in _UNREAD
        self._part(name[1])

    def characters(self, content: str) -> None:
        if not self._skipped:
            self.parts.append((content, *self.place()))

    def skippedEntity(self, name: str) -> None:  # noqa: N802 - the name of SAX
        if name in name2codepoint:
            self.characters(chr(name2codepoint[name]))

    def _part(self, name: str) -> None:
        if name not in _INLINE:
            self.parts.append(("\n", *self.place()))


def prose(content: bytes) -> Prose:
    """Return the words of a document, up to where it is broken."""
    words = _Words()
    markup.parse(content, words)
    return Prose(words.parts)


def lines(content: bytes) -> list[str]:
    """Return a document's source by lines, made safe to show; what is too long is cut off.

    What is no text has none.
    """
    told = _ENCODING.match(content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if b"\0" in content[:_HEAD] and encoding == "utf-8":
        return []
    if told and encoding == "utf-8":
        encoding = told.group(1).decode("ascii")
    try:
        text = content.decode(encoding, "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    found = re.split(r"\r\n|\r|\n", text, maxsplit=_MOST_LINES)[:_MOST_LINES]
    return [clean(each[:_LONGEST_LINE].replace("\t", " ")) for each in found]


def within(path: Path, read: Callable[[Book], Found]) -> Found:
    """Return what `read` takes out of a book, after the archive was examined.

    Raises:
        Hostile: It is refused.
        OSError: It cannot be read.
    """
    opened = archive.examine(path, lambda *_: None, Cancelled())
    try:
        return read(Book(opened))
    finally:
        opened.close()
