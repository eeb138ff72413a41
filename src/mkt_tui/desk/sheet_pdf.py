"""The order sheet as PDF: A4 leaves, or one strip of 80 mm for a receipt printer (T9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from mkt_tui.desk.pdf_fonts import pieces, width
from mkt_tui.desk.sheet import Paper
from mkt_tui.desk.sheet_view import Line
from mkt_tui.i18n import _

_LEADING: Final = 1.35
_GREY: Final = 0.35


@dataclass(frozen=True, slots=True)
class Leaf:
    """The measures of a paper, in points.

    Attributes:
        height: None = as long as its content, up to `longest`.
    """

    width: float
    height: float | None
    margin: float
    label: float
    size: float


class Size(Enum):
    """The papers a sheet is laid out for."""

    A4 = Leaf(210 * mm, 297 * mm, 18 * mm, 44 * mm, 9)
    RECEIPT = Leaf(80 * mm, None, 4 * mm, 24 * mm, 7)


# Readers of PDF refuse leaves longer than 200 inches.
_LONGEST: Final = 190 * 72.0


@dataclass(frozen=True, slots=True)
class _Piece:
    x: float
    text: str
    bold: bool = False
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line; `rule` draws a stroke below it, `keep` holds it to the next one."""

    height: float
    size: float
    pieces: tuple[_Piece, ...] = ()
    rule: bool = False
    keep: bool = False


@dataclass(slots=True)
class _Sheaf:
    """The leaves of one sheet, and what stands at their feet."""

    foot: str
    leaves: list[list[_Row]] = field(default_factory=list)


def as_pdf(papers: Sequence[Paper], size: Size = Size.A4) -> bytes:
    """Return the sheets as one PDF file; each starts a new leaf and counts its own."""
    leaf = size.value
    target = BytesIO()
    # invariant: the same order printed twice gives the same bytes.
    canvas = Canvas(target, pagesize=(leaf.width, leaf.height or _LONGEST), invariant=1)
    canvas.setTitle(", ".join(each.sheet.title for each in papers))
    canvas.setCreator("mkt-tui")
    for paper in papers:
        _draw(canvas, leaf, _Sheaf(_foot(paper), list(_leaves(leaf, _rows(leaf, paper)))))
    canvas.save()
    return target.getvalue()


def _foot(paper: Paper) -> str:
    return f"{paper.sheet.title} · {paper.sheet.channel}"


def _rows(leaf: Leaf, paper: Paper) -> Iterator[_Row]:
    sheet = paper.sheet
    yield from _heading(leaf, sheet.title, leaf.size * 1.6)
    yield from _heading(leaf, sheet.channel, leaf.size * 1.2, rule=True)
    yield from _labelled_all(leaf, paper.head)
    for section in sheet.sections:
        yield _Row(leaf.size * 0.9, leaf.size, keep=True)
        yield from _heading(leaf, section.title, leaf.size * 1.2, rule=True)
        yield from _labelled_all(leaf, section.lines or (Line("", _("No data")),))


def _heading(leaf: Leaf, text: str, size: float, *, rule: bool = False) -> Iterator[_Row]:
    lines = _wrapped(text, _room(leaf), size, bold=True)
    for number, line in enumerate(lines, 1):
        piece = _Piece(leaf.margin, line, bold=True)
        yield _Row(size * _LEADING, size, (piece,), rule=rule and number == len(lines), keep=True)


def _labelled_all(leaf: Leaf, lines: Iterable[Line]) -> Iterator[_Row]:
    for line in lines:
        yield from _labelled(leaf, line) if line.label else _wide(leaf, line.value)


def _labelled(leaf: Leaf, line: Line) -> Iterator[_Row]:
    left = _wrapped(line.label, leaf.label - leaf.size, leaf.size, bold=False)
    right = _wrapped(line.value, _room(leaf) - leaf.label, leaf.size, bold=False)
    for number in range(max(len(left), len(right))):
        found = []
        if number < len(left):
            found.append(_Piece(leaf.margin, left[number], grey=_GREY))
        if number < len(right):
            found.append(_Piece(leaf.margin + leaf.label, right[number]))
        yield _Row(leaf.size * _LEADING, leaf.size, tuple(found))


def _wide(leaf: Leaf, text: str) -> Iterator[_Row]:
    indent = width(" ", leaf.size, bold=False) * (len(text) - len(text.lstrip()))
    for line in _wrapped(text, _room(leaf) - indent, leaf.size, bold=False):
        yield _Row(leaf.size * _LEADING, leaf.size, (_Piece(leaf.margin + indent, line),))


def _wrapped(text: str, room: float, size: float, *, bold: bool) -> list[str]:
    """Return `text` in lines that fit; a word that is too long is cut."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined, size, bold=bold) <= room:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        *cut, lines[-1] = _cut(word, room, size, bold=bold)
        lines[-1:-1] = cut
    return lines


def _cut(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width(parts[-1] + letter, size, bold=bold) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _room(leaf: Leaf) -> float:
    return leaf.width - 2 * leaf.margin


def _leaves(leaf: Leaf, rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Deal the rows out to leaves; a heading never ends one."""
    room = (leaf.height or _LONGEST) - 2 * leaf.margin - 2 * leaf.size
    found: list[_Row] = []
    used = 0.0
    for row in rows:
        if found and used + row.height > room:
            kept = _kept(found)
            yield found[: len(found) - len(kept)] or found
            found, used = kept, sum(each.height for each in kept)
        found.append(row)
        used += row.height
    yield found


def _kept(rows: list[_Row]) -> list[_Row]:
    """Return the headings at the end, which belong to what comes next."""
    number = 0
    while number < len(rows) - 1 and rows[-1 - number].keep:
        number += 1
    return rows[len(rows) - number :]


def _draw(canvas: Canvas, leaf: Leaf, sheaf: _Sheaf) -> None:
    for number, rows in enumerate(sheaf.leaves, 1):
        height = leaf.height or sum(each.height for each in rows) + 2 * leaf.margin + 2 * leaf.size
        canvas.setPageSize((leaf.width, height))
        y = height - leaf.margin
        for row in rows:
            y -= row.height
            _draw_row(canvas, leaf, row, y)
        told = f"{sheaf.foot} · {number}/{len(sheaf.leaves)}"
        size = leaf.size * 0.85
        foot = _Piece(leaf.margin, _wrapped(told, _room(leaf), size, bold=False)[0], grey=_GREY)
        _draw_row(canvas, leaf, _Row(0, size, (foot,)), leaf.margin * 0.6)
        canvas.showPage()


def _draw_row(canvas: Canvas, leaf: Leaf, row: _Row, y: float) -> None:
    for piece in row.pieces:
        text = canvas.beginText(piece.x, y + row.size * 0.25)
        text.setFillGray(piece.grey)
        for name, letters in pieces(piece.text, bold=piece.bold):
            text.setFont(name, row.size)
            text.textOut(letters)
        canvas.drawText(text)
    if row.rule:
        canvas.setLineWidth(0.6)
        canvas.line(leaf.margin, y, leaf.width - leaf.margin, y)
