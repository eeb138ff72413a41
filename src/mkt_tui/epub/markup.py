"""XML read without believing it: no entity is resolved that could read a file or grow.

Positions count from 1, as EPUBCheck's do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

XML: Final = "http://www.w3.org/XML/1998/namespace"
_LONGEST_ENTITY: Final = 100
_MOST_ENTITIES: Final = 300
_LONGEST_HEAD: Final = 1_000_000
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class HostileMarkup(DefusedXmlException):
    """The document declares entities that no book needs."""


class _Parser(DefusedExpatParser):
    """Allows short names for characters, as old books declare them, and nothing else."""

    def __init__(self) -> None:
        self._entities = 0
        # An external DTD is named by every EPUB 2 chapter; it is never read.
        super().__init__(forbid_external=False)
        self.setFeature(feature_external_ges, False)  # noqa: FBT003 - the name of SAX
        self.setFeature(feature_namespaces, True)  # noqa: FBT003 - the name of SAX

    def reset(self) -> None:
        super().reset()
        # Else the position told with a text is that of what follows it.
        parser: Any = self._parser  # type: ignore[attr-defined]
        parser.buffer_text = False

    def defused_entity_decl(
        self,
        name: str,
        is_parameter_entity: bool,
        value: str | None,
        base: str | None,
        sysid: str | None,
        pubid: str | None,
        notation_name: str | None,
    ) -> None:
        del base, pubid, notation_name
        self._entities += 1
        if (
            is_parameter_entity
            or sysid is not None
            or value is None
            or len(value) > _LONGEST_ENTITY
            or "&" in value
            or self._entities > _MOST_ENTITIES
        ):
            raise HostileMarkup(name)


class _Root(Exception):
    """The head of the document is over."""


class _UntilRoot(ContentHandler):
    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        del name, qname, attrs
        raise _Root


class Guard:
    """Looks at the head of a file piece by piece, if it is XML."""

    def __init__(self) -> None:
        self._parser: _Parser | None = None
        self._fed = 0
        self._over = False
        self._broken = False
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Look at the next piece.

        Raises:
            HostileMarkup: It declares what no book needs, or does not come to an end.
        """
        if self._broken:
            self._search(piece)
        if self._over:
            return
        if self._parser is None:
            if not looks_like_xml(piece):
                self._over = True
                return
            self._parser = _Parser()
            self._parser.setContentHandler(_UntilRoot())
        self._fed += len(piece)
        try:
            self._parser.feed(piece)
        except _Root:
            self._over = True
        except (SAXException, ValueError, LookupError):
            # What is not well-formed is for EPUBCheck to tell; but its parser may understand
            # what ours does not, such as XML 1.1, so no entity may be declared in it.
            self._over = self._broken = True
            self._search(piece)
        else:
            if self._fed > _LONGEST_HEAD:
                raise HostileMarkup("head")

    def _search(self, piece: bytes) -> None:
        text = self._tail + piece.replace(b"\0", b"")
        if b"<!ENTITY" in text:
            raise HostileMarkup("entity")
        self._tail = text[-len(b"<!ENTITY") :]


def looks_like_xml(piece: bytes) -> bool:
    """Tell whether a file that begins so may be XML, in UTF-8 or UTF-16."""
    for bom in _BOMS:
        piece = piece.removeprefix(bom)
    return piece.replace(b"\0", b"").lstrip()[:1] in (b"", b"<")


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag.

    Attributes:
        name: Without its prefix.
        attributes: By their names without prefix; `xml:lang` is "lang".
        line: From 1.
        column: From 1.
        depth: 0 is the root.
    """

    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    depth: int


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text; `depth` is that of an element that would begin here."""

    text: str
    depth: int


class Placed(ContentHandler):
    """A handler that knows where it is."""

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the name of SAX
        """Keep what tells the place."""
        self._place = locator

    def place(self) -> tuple[int, int]:
        """Return line and column, from 1."""
        return self._place.getLineNumber() or 1, (self._place.getColumnNumber() or 0) + 1


class _Collector(Placed):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element | Words] = []
        self._depth = 0

    def startElementNS(  # noqa: N802 - the name of SAX
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        del qname
        attributes = {local: value for (_space, local), value in attrs.items()}
        line, column = self.place()
        self.found.append(Element(name[1], attributes, line, column, self._depth))
        self._depth += 1

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        del name, qname
        self._depth -= 1

    def characters(self, content: str) -> None:
        self.found.append(Words(content, self._depth))


def read(content: bytes) -> list[Element | Words]:
    """Return start tags and texts of a document in their order, up to where it is broken.

    Raises:
        HostileMarkup: It declares what no book needs.
    """
    collector = _Collector()
    parse(content, collector)
    return collector.found


def parse(content: bytes, handler: ContentHandler) -> None:
    """Give a document to a SAX handler, up to where it is broken.

    Raises:
        HostileMarkup: It declares what no book needs.
    """
    parser = _Parser()
    parser.setContentHandler(handler)
    handler.setDocumentLocator(parser)
    try:
        parser.feed(content)
        parser.close()
    except (SAXException, ValueError, LookupError):
        return


def elements(content: bytes) -> Iterator[Element]:
    """Yield the start tags of a document, up to where it is broken."""
    return (each for each in read(content) if isinstance(each, Element))
