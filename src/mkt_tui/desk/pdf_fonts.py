"""Letters for PDF files: the two fonts that come along, and the machine's own for rarer scripts."""

import subprocess
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_FOLDER: Final = Path(__file__).parent / "fonts"
# Latin, Greek, Cyrillic, Arabic, Hebrew and signs; each is read once per process.
_OURS: Final = {False: "DejaVuSans", True: "DejaVuSans-Bold"}
_SECONDS: Final = 5


def width(text: str, size: float, *, bold: bool) -> float:
    """Return how wide `text` is, in points."""
    return sum(pdfmetrics.stringWidth(piece, name, size) for name, piece in pieces(text, bold=bold))


def pieces(text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
    """Yield `text` in pieces, each with the name of a font that has its letters."""
    for name, letters in groupby(text, lambda letter: _font_of(letter, bold=bold)):
        yield name, "".join(letters)


@lru_cache(maxsize=4096)
def _font_of(letter: str, *, bold: bool) -> str:
    ours = _ours(bold=bold)
    if ord(letter) in ours.face.charToGlyph:
        return str(ours.fontName)
    found = _of_machine(letter)
    return str((found or ours).fontName)


@lru_cache(maxsize=2)
def _ours(*, bold: bool) -> TTFont:
    name = _OURS[bold]
    return _registered(name, _FOLDER / f"{name}.ttf")


def _of_machine(letter: str) -> TTFont | None:
    """Return a font of this machine that has the letter; None where there is none to embed."""
    wanted = f":charset={ord(letter):x}:fontformat=TrueType"
    try:
        found = subprocess.run(  # noqa: S603 - a letter's number is all that is put in
            ["fc-list", wanted, "file"],  # noqa: S607 - the system's own program
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    for line in sorted(found.splitlines()):
        font = _loaded(line.strip().rstrip(":").strip())
        if font is not None and ord(letter) in font.face.charToGlyph:
            return font
    return None


@lru_cache(maxsize=32)
def _loaded(path: str) -> TTFont | None:
    try:
        return _registered(path, Path(path))
    except (TTFError, OSError, ValueError, KeyError):
        return None


def _registered(name: str, path: Path) -> TTFont:
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    return font
