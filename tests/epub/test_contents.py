"""The contents of books of both generations: entries that lead nowhere, or astray (P3)."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from mkt_tui.epub import archive
from mkt_tui.epub.book import MANGLING, Book, Encrypted
from mkt_tui.epub.contents import astray, dead_links
from mkt_tui.epub.progress import Cancelled
from mkt_tui.epub.report import Kind
from mkt_tui.sandbox.books import book, png
from tests.epub.conftest import ISBN

OLD = {
    "META-INF/container.xml": """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>""",
    "META-INF/encryption.xml": """<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">
<e:EncryptedData><e:EncryptionMethod Algorithm="http://ns.adobe.com/pdf/enc#RC"/>
<e:CipherData><e:CipherReference URI="OEBPS/a%20b.ttf"/></e:CipherData></e:EncryptedData>
<e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
<e:CipherData><e:CipherReference URI="OEBPS/two.html"/></e:CipherData></e:EncryptedData>
</encryption>""",
    "OEBPS/content.opf": """<package xmlns="http://www.idpf.org/2007/opf" unique-identifier="b">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Um &amp; dois</dc:title>
<dc:identifier id="a">other</dc:identifier><dc:identifier id="b">978-85-0</dc:identifier>
<dc:language>pt</dc:language><meta name="cover" content="pic"/></metadata>
<manifest><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="1" href="one.html" media-type="application/xhtml+xml"/>
<item id="2" href="two.html" media-type="application/xhtml+xml"/>
<item id="pic" href="../img/c%C3%A3o.png" media-type="image/png"/></manifest>
<spine toc="ncx"><itemref idref="1"/><itemref idref="2"/><itemref idref="gone"/></spine></package>""",
    "OEBPS/toc.ncx": """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>Um</text></navLabel><content src="one.html#start"/></navPoint>
<navPoint><navLabel><text>Dois</text></navLabel><content src="one.html"/></navPoint>
<navPoint><navLabel><text>Dois</text></navLabel><content src="two.html#old"/></navPoint>
<navPoint><navLabel><text>Três</text></navLabel><content src="three.html"/></navPoint>
<navPoint><navLabel><text>Quatro</text></navLabel><content src="two.html#nowhere"/></navPoint>
<navPoint><navLabel><text>Site</text></navLabel><content src="https://example.org/x"/></navPoint>
</navMap></ncx>""",
    "OEBPS/one.html": "<html><body id='start'><h1>Um</h1></body></html>",
    "OEBPS/two.html": "<html><body><a name='old'/><h2><i>Do</i>is</h2></body></html>",
    "OEBPS/a b.ttf": "font",
}


def opened(path: Path, files: dict[str, str] | bytes) -> Book:
    made = BytesIO()
    if isinstance(files, bytes):
        made.write(files)
    else:
        with zipfile.ZipFile(made, "w") as writing:
            for name, content in files.items():
                writing.writestr(name, content)
            writing.writestr("img/cão.png", png(640, 960))
    path.write_bytes(made.getvalue())
    return Book(archive.examine(path, lambda *_: None, Cancelled()))


@pytest.fixture
def old(tmp_path: Path) -> Book:
    """An EPUB 2 with an NCX."""
    return opened(tmp_path / "old.epub", OLD)


def test_p3_an_old_books_contents_are_read_as_well(old: Book) -> None:
    """P3: links of the contents that point wrongly, to no file, no place, or another chapter."""
    dead = [(each.id, each.line, each.kind) for each in dead_links(old)]
    assert dead == [("TOC-DEAD-LINK", 6, Kind.TOC), ("TOC-DEAD-PLACE", 7, Kind.TOC)]
    (wrong,) = astray(old)
    assert (wrong.id, wrong.path, wrong.line) == ("TOC-ASTRAY", "OEBPS/toc.ncx", 4)
    assert wrong.text == (
        "The entry “Dois” of the contents leads to “Um”; its chapter is OEBPS/two.html."
    )


def test_what_an_old_package_says_of_itself_is_understood(old: Book) -> None:
    assert (old.title, old.identifier, old.language) == ("Um & dois", "978-85-0", "pt")
    assert old.chapters == ["OEBPS/one.html", "OEBPS/two.html"]
    assert (old.cover, old.pixels(old.cover)) == ("img/cão.png", (640, 960))
    font, chapter = old.encrypted
    assert (font.path, font.is_font, font.algorithm in MANGLING) == ("OEBPS/a b.ttf", True, True)
    assert chapter == Encrypted("OEBPS/two.html", chapter.algorithm, is_font=False)
    assert chapter.algorithm not in MANGLING


def test_a_sound_books_contents_lead_where_they_say(tmp_path: Path) -> None:
    sound = opened(tmp_path / "new.epub", book(ISBN))
    assert [each.label for each in sound.toc()] == ["A chegada", "O farol", "A partida"]
    assert [*dead_links(sound), *astray(sound)] == []


def test_contents_with_words_of_their_own_are_left_in_peace(tmp_path: Path) -> None:
    own = {**OLD, "OEBPS/toc.ncx": OLD["OEBPS/toc.ncx"].replace("<text>Dois<", "<text>Cap. 2<")}
    assert list(astray(opened(tmp_path / "own.epub", own))) == []
    twice = {
        **OLD,
        "OEBPS/one.html": "<html><body id='start'><h1>Um</h1><h2>Dois</h2></body></html>",
    }
    assert list(astray(opened(tmp_path / "twice.epub", twice))) == []


def test_lists_of_pages_are_no_chapters(tmp_path: Path) -> None:
    pages = OLD["OEBPS/toc.ncx"].replace("navMap>", "pageList>")
    assert list(astray(opened(tmp_path / "pages.epub", {**OLD, "OEBPS/toc.ncx": pages}))) == []


def test_a_package_without_anything_is_no_trouble(tmp_path: Path) -> None:
    empty = opened(tmp_path / "empty.epub", {"mimetype": "application/epub+zip"})
    assert (empty.title, empty.cover, empty.chapters) == ("", "", [])
    assert [*empty.toc(), *empty.encrypted, *empty.images] == []
