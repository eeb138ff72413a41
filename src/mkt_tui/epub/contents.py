"""The table of contents: entries that lead nowhere, and entries that lead to another chapter.

EPUBCheck finds the former among all other links; the latter only somebody who reads both sides.
"""

import re
from collections.abc import Iterator
from typing import Final

from mkt_tui.domain.text import clean_line
from mkt_tui.domain.words import fold
from mkt_tui.epub import markup
from mkt_tui.epub.advice import advice
from mkt_tui.epub.book import Book, Link, text_of
from mkt_tui.epub.markup import Element
from mkt_tui.epub.report import Kind, Message, Severity
from mkt_tui.i18n import N_, _

_HEADING: Final = re.compile(r"h[1-6]")
_LONGEST: Final = 120


def dead_links(book: Book) -> Iterator[Message]:
    """Yield a message per entry of the contents that leads nowhere."""
    for link in book.toc():
        if not book.has(link.target):
            rule, text = "TOC-DEAD-LINK", N_("The contents point to {target}, which is not there.")
        elif not book.has_place(link.target, link.fragment):
            rule = "TOC-DEAD-PLACE"
            text = N_("The contents point to a place in {target} that is not there: #{fragment}")
        else:
            continue
        told = _(text).format(target=link.target, fragment=link.fragment)
        yield _message(rule, Severity.ERROR, link, told)


def astray(book: Book) -> Iterator[Message]:
    """Yield a message per entry that leads to one chapter and bears the title of another.

    Only titles that stand at one place of the book alone are judged, so that a contents that
    words its entries in its own way is left in peace.
    """
    headings = {each: _headings(book, each) for each in book.chapters}
    homes: dict[str, list[str]] = {}
    for chapter, found in headings.items():
        for title, _ids in found:
            homes.setdefault(fold(title), []).append(chapter)
    for link in book.toc():
        home = homes.get(fold(link.label), [])
        here = _heading_at(headings.get(link.target, []), link.fragment)
        if link.is_chapter and len(home) == 1 and here and fold(here) != fold(link.label):
            text = _(
                "The entry “{label}” of the contents leads to “{here}”; its chapter is {home}."
            )
            told = text.format(
                label=clean_line(link.label, _LONGEST),
                here=clean_line(here, _LONGEST),
                home=home[0],
            )
            yield _message("TOC-ASTRAY", Severity.WARNING, link, told)


def _message(rule: str, severity: Severity, link: Link, told: str) -> Message:
    place = (clean_line(link.document, 300), link.line, link.column)
    return Message(rule, severity, *place, told, advice(rule), Kind.TOC)


def _headings(book: Book, chapter: str) -> list[tuple[str, frozenset[str]]]:
    """Return a chapter's headings, each with the ids that stand before it since the last one."""
    found = markup.read(book.document(chapter))
    headings: list[tuple[str, frozenset[str]]] = []
    ids: set[str] = set()
    for place, each in enumerate(found):
        if not isinstance(each, Element):
            continue
        ids |= {told for name in ("id", "name") if (told := each.attributes.get(name))}
        if _HEADING.fullmatch(each.name) and (title := text_of(found, place)):
            headings.append((title, frozenset(ids)))
            ids = set()
    return headings


def _heading_at(headings: list[tuple[str, frozenset[str]]], fragment: str) -> str:
    """Return the heading that a reader sees there, "" where nobody can tell."""
    if not fragment:
        return headings[0][0] if headings else ""
    return next((title for title, ids in headings if fragment in ids), "")
