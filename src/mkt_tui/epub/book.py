"""What the package of a book says of itself: its files, its contents, its cover, its encryption."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from math import inf
from typing import Final
from urllib.parse import unquote, urlsplit

from mkt_tui.domain.text import clean_line
from mkt_tui.epub import markup
from mkt_tui.epub.archive import Archive
from mkt_tui.epub.markup import Element, Words

_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_PACKAGE: Final = "application/oebps-package+xml"
_NCX: Final = "application/x-dtbncx+xml"
# Font mangling as the two specifications name it; anything else hides the content for good.
MANGLING: Final = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_FONTS: Final = (".otf", ".ttf", ".ttc", ".woff", ".woff2")
_LARGEST_DOCUMENT: Final = 20_000_000
_IMAGE_HEAD: Final = 2_000_000
# No title is made of more; a book of nothing but nested links must not take for ever.
_MOST_PARTS: Final = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A file that the manifest names; `properties` are its words."""

    path: str
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a table of contents.

    Attributes:
        document: Where it stands.
        target: The file it points to.
        fragment: The place in it, "" = its beginning.
        label: What the reader sees.
        is_chapter: Whether it stands among the chapters, and not in a list of pages or places.
    """

    document: str
    line: int
    column: int
    target: str
    fragment: str
    label: str
    is_chapter: bool = True


@dataclass(frozen=True, slots=True)
class Encrypted:
    """A file that META-INF/encryption.xml names."""

    path: str
    algorithm: str
    is_font: bool


@dataclass
class _Package:
    path: str
    items: dict[str, Item] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)
    ncx: str = ""
    cover: str = ""
    title: str = ""
    language: str = ""
    identifier: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)


class Book:
    """A book in a harmless archive. What cannot be read is left out: EPUBCheck tells of it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._ids: dict[str, frozenset[str] | None] = {}

    @property
    def title(self) -> str:
        """The book's title, cleaned."""
        return clean_line(self._package.title, 300)

    @property
    def language(self) -> str:
        """The language it says it is in: pt-BR."""
        return clean_line(self._package.language, 35)

    @property
    def identifier(self) -> str:
        """Its own identifier, an ISBN as a rule."""
        return clean_line(self._package.identifier, 200)

    @property
    def chapters(self) -> list[str]:
        """The paths of its documents in reading order."""
        items = self._package.items
        found = (items[each].path for each in self._package.spine if each in items)
        return [each for each in found if each in self._archive]

    @property
    def images(self) -> list[str]:
        """The paths of its pictures."""
        return [
            each.path
            for each in self._package.items.values()
            if each.media_type.startswith("image/") and each.path in self._archive
        ]

    @property
    def cover(self) -> str:
        """The path of its cover image, "" where none is named."""
        items = self._package.items
        named = [each.path for each in items.values() if "cover-image" in each.properties]
        if not named and self._package.cover in items:
            named = [items[self._package.cover].path]
        return next((each for each in named if each in self._archive), "")

    def pixels(self, path: str) -> tuple[int, int] | None:
        """Return width and height of a picture, from its head; None = unknown, as for vectors."""
        if path.lower().endswith(".svg"):
            return None
        import imagesize

        width, height = imagesize.get(BytesIO(self._archive.read(path, _IMAGE_HEAD)))
        # What it cannot read is -1; a drawing that is called a picture may be as large as it says.
        known = 0 < width < inf and 0 < height < inf
        return (int(width), int(height)) if known else None

    def toc(self) -> Iterator[Link]:
        """Yield the entries of the navigation document and of the NCX."""
        items = self._package.items
        for nav in [each.path for each in items.values() if "nav" in each.properties]:
            yield from self._of_nav(nav)
        ncx = items.get(self._package.ncx)
        named = [ncx] if ncx else [each for each in items.values() if each.media_type == _NCX]
        for item in named:
            yield from self._of_ncx(item.path)

    def has(self, path: str) -> bool:
        """Tell whether the file is there."""
        return path in self._archive

    def has_place(self, path: str, fragment: str) -> bool:
        """Tell whether a document has the place; what is no document has any."""
        if not fragment or "(" in fragment or "=" in fragment:
            return True
        if path not in self._ids:
            self._ids[path] = self._ids_of(path)
        ids = self._ids[path]
        return ids is None or fragment in ids

    @cached_property
    def encrypted(self) -> tuple[Encrypted, ...]:
        """What is encrypted, or mangled as fonts are."""
        found: list[Encrypted] = []
        algorithm = ""
        media = {each.path: each.media_type for each in self._package.items.values()}
        for each in self._elements(_ENCRYPTION):
            if each.name == "EncryptedData":
                algorithm = ""
            elif each.name == "EncryptionMethod":
                algorithm = each.attributes.get("Algorithm", "")
            elif each.name == "CipherReference":
                path = _resolved("", each.attributes.get("URI", ""))[0]
                is_font = "font" in media.get(path, "") or path.lower().endswith(_FONTS)
                found.append(Encrypted(path, algorithm, is_font))
        return tuple(found)

    def document(self, path: str) -> bytes:
        """Return a document of the book, at most its first 20 MB."""
        return self._archive.read(path, _LARGEST_DOCUMENT) if path in self._archive else b""

    def _elements(self, path: str) -> Iterator[Element]:
        return markup.elements(self.document(path))

    def _ids_of(self, path: str) -> frozenset[str] | None:
        content = self.document(path)
        if not markup.looks_like_xml(content) or self._archive.size(path) > _LARGEST_DOCUMENT:
            return None
        found: set[str] = set()
        for each in markup.elements(content):
            if told := each.attributes.get("id"):
                found.add(told)
            if each.name == "a" and (told := each.attributes.get("name")):
                found.add(told)
        return frozenset(found)

    def _of_nav(self, document: str) -> Iterator[Link]:
        nav: Element | None = None
        found = markup.read(self.document(document))
        for place, each in enumerate(found):
            if not isinstance(each, Element):
                continue
            if nav is not None and each.depth <= nav.depth:
                nav = None
            if nav is None and each.name == "nav":
                nav = each
            elif nav is not None and each.name == "a":
                is_chapter = "toc" in nav.attributes.get("type", "").split()
                yield from _link(document, each, "href", text_of(found, place), is_chapter)

    def _of_ncx(self, document: str) -> Iterator[Link]:
        label, within = "", ""
        found = markup.read(self.document(document))
        for place, each in enumerate(found):
            if not isinstance(each, Element):
                continue
            if each.name in ("navMap", "pageList", "navList"):
                within = each.name
            elif each.name == "text":
                label = text_of(found, place)
            elif each.name == "content":
                yield from _link(document, each, "src", label, within == "navMap")

    @cached_property
    def _package(self) -> _Package:
        roots = [each for each in self._elements(_CONTAINER) if each.name == "rootfile"]
        named = [each for each in roots if each.attributes.get("media-type") == _PACKAGE]
        path = (
            _resolved("", (named or roots)[0].attributes.get("full-path", ""))[0] if roots else ""
        )
        package = _Package(path)
        _Reader(package).read(markup.read(self.document(path)))
        return package


class _Reader:
    """Fills in a package from its document."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._unique = ""

    def read(self, found: list[Element | Words]) -> None:
        """Take in elements and their texts."""
        for place, each in enumerate(found):
            if isinstance(each, Element):
                self._element(each)
                if each.name in ("title", "language", "identifier"):
                    self._text(each, text_of(found, place))
        package = self._package
        first = next(iter(package.identifiers.values()), "")
        package.identifier = package.identifiers.get(self._unique, first)

    def _element(self, each: Element) -> None:
        told, package = each.attributes, self._package
        if each.name == "package":
            self._unique = told.get("unique-identifier", "")
        elif each.name == "item":
            path = _resolved(package.path, told.get("href", ""))[0]
            words = frozenset(told.get("properties", "").split())
            package.items[told.get("id", path)] = Item(path, told.get("media-type", ""), words)
        elif each.name == "itemref":
            package.spine.append(told.get("idref", ""))
        elif each.name == "spine":
            package.ncx = told.get("toc", "")
        elif each.name == "meta" and told.get("name") == "cover":
            package.cover = told.get("content", "")

    def _text(self, element: Element, text: str) -> None:
        package = self._package
        if element.name == "title":
            package.title = package.title or text
        elif element.name == "language":
            package.language = package.language or text
        else:
            package.identifiers.setdefault(element.attributes.get("id", ""), text)


def text_of(found: list[Element | Words], place: int) -> str:
    """Return the text of the element at a place, blanks folded."""
    element = found[place]
    parts: list[str] = []
    for each in found[place + 1 : place + _MOST_PARTS]:
        if each.depth <= element.depth:
            break
        if isinstance(each, Words):
            parts.append(each.text)
    return " ".join("".join(parts).split())


def _link(
    document: str, element: Element, attribute: str, label: str, is_chapter: bool
) -> Iterator[Link]:
    href = element.attributes.get(attribute, "")
    if href and not urlsplit(href).scheme:
        target, fragment = _resolved(document, href)
        yield Link(document, element.line, element.column, target, fragment, label, is_chapter)


def _resolved(document: str, href: str) -> tuple[str, str]:
    """Return path and fragment of what a document points to."""
    path, _sign, fragment = href.partition("#")
    path = unquote(path.partition("?")[0])
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(document), path))
    return (whole.lstrip("/") if path else document), unquote(fragment)
