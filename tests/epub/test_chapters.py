"""A chapter's words without its markup, every sign with its place in the source."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.desk import epub_chapters, spelling
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.epub.chapters import lines, prose
from mkt_tui.epub.check import Unreadable
from mkt_tui.epub.report import Kind
from mkt_tui.sandbox.books import STORY, Defect, book
from tests.epub.conftest import ISBN
from tests.epub.test_archive import with_entry

WORDS = st.text("abçãé", min_size=1, max_size=8)
TAGS = st.sampled_from(["b", "em", "span", "p", "div", "li"])


@given(chapter=st.lists(st.tuples(TAGS, WORDS, st.sampled_from(["", " ", "\n"])), max_size=12))
def test_every_sign_of_the_words_stands_at_its_place_in_the_source(
    chapter: list[tuple[str, str, str]],
) -> None:
    body = "".join(f"<{tag} class='x'>{word}</{tag}>{blank}" for tag, word, blank in chapter)
    document = f"<html xmlns='http://www.w3.org/1999/xhtml'><body>\n{body}</body></html>"
    source = lines(document.encode())
    read = prose(document.encode())
    for offset, sign in enumerate(read.text):
        if sign.strip():
            line, column = read.place(offset)
            assert source[line - 1][column - 1] == sign
    assert (
        read.text.split()
        == "".join(
            word + blank if tag in ("b", "em", "span") else f"\n{word}\n{blank}"
            for tag, word, blank in chapter
        ).split()
    )


def test_a_word_is_one_though_a_part_of_it_is_bold_and_scripts_are_not_read() -> None:
    read = prose(
        b"<html><head><title>t</title></head><body><p>fa<b>r</b>ol<style>x</style></p></body></html>"
    )
    assert read.text.split() == ["farol"]


def test_letters_that_old_books_write_by_their_names_are_read() -> None:
    old = (
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd">'
        b"<html><body>cora&ccedil;&atilde;o</body></html>"
    )
    assert prose(old).text.split() == ["coração"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_source_is_read_in_its_encoding_and_shown_safely(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\r\n<p>coração \x1b[2J</p>'
    assert lines(text.encode(encoding))[1] == "<p>coração ␛[2J</p>"
    assert lines(b'<?xml version="1.0" encoding="klingon"?>') != []


def with_typos(path: Path, language: str = "pt-BR") -> Path:
    """A book with one typo, and a name that no dictionary has, four times."""
    name = "Zorbanel abriu a porta. " * 4
    chapters = tuple((head, (*words, name)) for head, words in STORY.chapters[:1])
    story = replace(STORY, language=language, chapters=(*chapters, *STORY.chapters[1:]))
    path.write_bytes(book(ISBN, {Defect.TYPO}, story))
    return path


def test_p3_typos_are_found_with_what_was_meant(tmp_path: Path) -> None:
    """P3: typing errors; what a book says often is its own word."""
    if not spelling.is_known("pt-BR"):
        if os.environ.get("CI") == "true":
            pytest.fail("the dictionary of Brazilian Portuguese is missing")
        pytest.skip("the dictionary of Brazilian Portuguese is missing")
    path = with_typos(tmp_path / "x.epub")
    (typo,) = epub_chapters.typos(path, [])
    assert (typo.kind, typo.path, typo.line) == (Kind.TYPO, "EPUB/c3.xhtml", 11)
    assert "pescadores" in typo.advice
    assert "“pescadroes” is in no dictionary: … manhã o vento" in typo.text
    source = epub_chapters.source(path, typo.path)[(typo.line or 0) - 1]
    assert source[(typo.column or 0) - 1 :].startswith("pescadroes")
    assert epub_chapters.typos(path, ["EPUB/c1.xhtml"]) == []


def test_a_language_without_a_dictionary_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="no dictionary for tlh"):
        epub_chapters.typos(with_typos(tmp_path / "x.epub", "tlh"), [])


def test_a_refused_book_shows_no_source(tmp_path: Path) -> None:
    path: Callable[[bytes], int] = (tmp_path / "x.epub").write_bytes
    path(with_entry("../x"))
    with pytest.raises(Unreadable, match="leads out of the archive"):
        epub_chapters.source(tmp_path / "x.epub", "EPUB/c1.xhtml")
    path(book(ISBN))
    assert epub_chapters.source(tmp_path / "x.epub", "EPUB/nowhere.xhtml") == [""]
    assert epub_chapters.flagged(tmp_path / "x.epub", "see C2.XHTML") == ["EPUB/c2.xhtml"]
