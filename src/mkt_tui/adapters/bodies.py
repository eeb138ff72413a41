"""Message bodies as plain text.

Whether Mirakl sends plain text or HTML is not documented [unknown], and most others say as little,
so what carries tags is turned to text and everything else stays as it is.
"""

import re
from functools import cache
from html import unescape
from mimetypes import guess_type
from typing import TYPE_CHECKING, Final

from mkt_tui.domain.text import clean

if TYPE_CHECKING:
    from html2text import HTML2Text

_LONGEST_BODY: Final = 200_000
# Beyond these a body is hostile (Mirakl takes 50,000 characters), and parsing it would take
# seconds, for an unclosed tag is sought up to the end: then tags are only cut out.
_LONGEST_HTML: Final = 60_000
_MOST_WORK: Final = 15_000_000
_BLOCKS: Final = r"p|br|div|ul|ol|li|table|tbody|tr|td|th|h[1-6]|html|body|blockquote|pre|hr"
_BLOCK: Final = re.compile(rf"</?(?:{_BLOCKS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG: Final = re.compile(
    rf"</?(?:{_BLOCKS}|a|span|b|strong|i|em|u|font|img)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
# No character has so high a number, and Python refuses to read one of thousands of digits.
_NO_CHARACTER: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def plain(body: str) -> str:
    """Return `body` as text made safe for a screen."""
    if "<" in body and _TAG.search(body):
        body = _from_html(body) or body
    return clean(body, _LONGEST_BODY)


def wording(body: str) -> str:
    """Return what two copies of one message have in common however they were stored."""
    return " ".join(_decoded(plain(body)).split())


def _from_html(body: str) -> str:
    if len(body) > _LONGEST_HTML or len(body) * body.count("<") > _MOST_WORK:
        return _cut_out(body)
    if not _BLOCK.search(body):
        # Plain text in which somebody made a word bold: its line ends are meant.
        body = body.replace("\n", "<br>")
    # Sections such as Outlook's <![if ...]> make Python's parser fail; as comments they vanish.
    text = _converter()().handle(_without_nonsense(body).replace("<![", "<!x["))
    lines = "\n".join(line.rstrip() for line in text.replace("\xa0", " ").splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _cut_out(body: str) -> str:
    """Return HTML without its tags, each block on a line of its own."""
    text = _decoded(_ANY_TAG.sub(" ", _BLOCK.sub("\n", " ".join(body.split()))))
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _decoded(text: str) -> str:
    return unescape(_without_nonsense(text))


def _without_nonsense(text: str) -> str:
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


@cache
def _converter() -> "type[HTML2Text]":
    """Return html2text without its Markdown; imported late, for most shops never need it."""
    from html2text import HTML2Text

    class PlainText(HTML2Text):
        """Text as a reader sees it: no marks, no escapes, links with their address beside."""

        def __init__(self) -> None:
            super().__init__(bodywidth=0)
            self.ignore_emphasis = True
            self.ignore_images = True
            self.ignore_tables = True
            self.unicode_snob = True
            self._targets: list[str] = []

        def handle_data(self, data: str, entity_char: bool = False) -> None:  # noqa: ARG002 - its signature
            # "Entity" text is the one kind that html2text does not escape for Markdown.
            super().handle_data(data, entity_char=True)

        def handle_tag(self, tag: str, attrs: dict[str, str | None], start: bool) -> None:
            if tag != "a":
                super().handle_tag(tag, attrs, start)
            elif start:
                self._targets.append(attrs.get("href") or "")
            elif self._targets and (target := self._targets.pop()):
                self._tell(target)
            if tag in ("td", "th") and not start:
                self.o(" ")

        def _tell(self, target: str) -> None:
            if target.removeprefix("mailto:") not in "".join(self.outtextlist[-1:]):
                self.o(f" ({target})")

    return PlainText


def media_type(name: str) -> str:
    """Return the media type of a file by its name; what is not known is just bytes."""
    return guess_type(name)[0] or "application/octet-stream"
