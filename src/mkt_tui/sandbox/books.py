"""Practice e-books made while the program runs: small, whole EPUB 3 files, with defects on demand."""

import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from io import BytesIO
from typing import Final

# The same book gives the same bytes, so that a hash tells whether a file is another one.
_MADE: Final = (2025, 9, 2, 9, 40, 0)
_FONT: Final = b"OTTO" + bytes(range(256)) * 8
_MANGLED_BYTES: Final = 1040
_TOO_SMALL: Final = (300, 450)


class Defect(StrEnum):
    """What shops open tickets for."""

    TOC_PLACE = "toc-place"
    TOC_FILE = "toc-file"
    MISSING = "missing"
    FONT = "font"
    TYPO = "typo"
    NO_COVER = "no-cover"
    SMALL_COVER = "small-cover"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Story:
    """A book's words.

    Attributes:
        chapters: Each a heading and its paragraphs.
        wrong: A word of the text, and how a typo spells it.
    """

    title: str
    author: str
    language: str
    chapters: tuple[tuple[str, tuple[str, ...]], ...]
    wrong: tuple[str, str]


STORY: Final = Story(
    "O farol da ilha",
    "Helena Prado",
    "pt-BR",
    (
        (
            "A chegada",
            (
                "O barco chegou ao porto quando a noite já descia sobre a ilha.",
                "Ninguém esperava a menina, e a menina também não esperava ninguém.",
            ),
        ),
        (
            "O farol",
            (
                "No alto do morro, o farol girava sua luz sobre o mar escuro.",
                "O velho abriu a porta devagar e perguntou o nome dela.",
            ),
        ),
        (
            "A partida",
            (
                "Pela manhã o vento mudou, e os pescadores voltaram para casa.",
                "Ela guardou a chave no bolso e prometeu voltar no inverno.",
            ),
        ),
    ),
    ("pescadores", "pescadroes"),
)


def book(
    isbn: str,
    defects: Collection[Defect] = (),
    story: Story = STORY,
    cover: tuple[int, int] = (800, 1200),
) -> bytes:
    """Return an EPUB 3 file; without defects EPUBCheck has nothing to say of it.

    Args:
        isbn: Its identifier, 13 digits.
        defects: What is to be wrong with it.
        story: Its words.
        cover: Width and height of its cover in pixels.
    """
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        _put(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name, content in _files(isbn, story, frozenset(defects), cover).items():
            _put(archive, name, content)
    return made.getvalue()


def _put(
    archive: zipfile.ZipFile, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    info = zipfile.ZipInfo(name, _MADE)
    info.compress_type = method
    archive.writestr(info, content)


def _files(
    isbn: str, story: Story, defects: frozenset[Defect], cover: tuple[int, int]
) -> dict[str, bytes]:
    files = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": _package(isbn, story, defects),
        "EPUB/nav.xhtml": _nav(story, defects),
        "EPUB/style.css": _STYLE,
        "EPUB/fonts/farol.otf": _FONT,
        "EPUB/cover.xhtml": _page(story, "Capa", '<img src="cover.png" alt="Capa"/>'),
        "EPUB/cover.png": png(*(_TOO_SMALL if Defect.SMALL_COVER in defects else cover)),
    }
    for number, (heading, paragraphs) in enumerate(story.chapters, 1):
        body = "\n".join(f"<p>{escape(each)}</p>" for each in paragraphs)
        if Defect.TYPO in defects:
            body = body.replace(*story.wrong)
        head = f'<h1 id="c{number}">{escape(heading)}</h1>'
        files[f"EPUB/c{number}.xhtml"] = _page(story, heading, f"{head}\n{body}")
    if Defect.MISSING in defects:
        files["EPUB/c1.xhtml"] = files["EPUB/c1.xhtml"].replace(
            b"</body>", b'<p><img src="mapa.png" alt="Mapa"/></p>\n</body>'
        )
    if Defect.FONT in defects:
        files["META-INF/encryption.xml"] = _ENCRYPTION
        files["EPUB/fonts/farol.otf"] = _mangled(isbn)
    return files


def _mangled(isbn: str) -> bytes:
    from hashlib import sha1  # the specification's, no secret hangs on it

    key = sha1(f"urn:isbn:{isbn}".encode(), usedforsecurity=False).digest()
    head = bytes(each ^ key[place % len(key)] for place, each in enumerate(_FONT[:_MANGLED_BYTES]))
    return head + _FONT[_MANGLED_BYTES:]


_CONTAINER: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_ENCRYPTION: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
  xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData>
<enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>
<enc:CipherData><enc:CipherReference URI="EPUB/fonts/farol.otf"/></enc:CipherData>
</enc:EncryptedData>
</encryption>
"""
_STYLE: Final = b"""@font-face { font-family: Farol; src: url(fonts/farol.otf); }
h1 { font-family: Farol, serif; }
"""


def _package(isbn: str, story: Story, defects: frozenset[Defect]) -> bytes:
    numbers = range(1, len(story.chapters) + 1)
    chapters = "\n".join(
        f'<item id="c{each}" href="c{each}.xhtml" media-type="application/xhtml+xml"/>'
        for each in numbers
    )
    spine = "\n".join(f'<itemref idref="c{each}"/>' for each in numbers)
    cover = "" if Defect.NO_COVER in defects else ' properties="cover-image"'
    title = f"{story.title} (prova)" if Defect.TITLE in defects else story.title
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="isbn"
  xml:lang="{story.language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="isbn">urn:isbn:{isbn}</dc:identifier>
<dc:title>{escape(title)}</dc:title>
<dc:creator>{escape(story.author)}</dc:creator>
<dc:language>{story.language}</dc:language>
<meta property="dcterms:modified">2025-09-02T09:40:00Z</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
<item id="font" href="fonts/farol.otf" media-type="font/otf"/>
<item id="cover" href="cover.png" media-type="image/png"{cover}/>
<item id="cover-page" href="cover.xhtml" media-type="application/xhtml+xml"/>
{chapters}
</manifest>
<spine>
<itemref idref="cover-page"/>
{spine}
</spine>
</package>
""".encode()


def _nav(story: Story, defects: frozenset[Defect]) -> bytes:
    entries = [
        f'<li><a href="c{number}.xhtml#c{number}">{escape(heading)}</a></li>'
        for number, (heading, _paragraphs) in enumerate(story.chapters, 1)
    ]
    if Defect.TOC_PLACE in defects:
        entries[1] = entries[1].replace("#c2", "#capitulo-2")
    if Defect.TOC_FILE in defects:
        entries[-1] = entries[-1].replace('href="c', 'href="cap')
    listed = "\n".join(entries)
    return _page(story, "Sumário", f'<nav epub:type="toc">\n<ol>\n{listed}\n</ol>\n</nav>')


def _page(story: Story, title: str, body: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
  lang="{story.language}" xml:lang="{story.language}">
<head>
<title>{escape(title)}</title>
<link rel="stylesheet" href="style.css"/>
</head>
<body>
{body}
</body>
</html>
""".encode()


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = (b"\0" + b"\x60" * width) * height
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
