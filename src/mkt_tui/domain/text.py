"""Text from outside made safe to show.

Names, subjects, bodies, file names and servers' error texts are hostile until they went through
`clean`: a control byte could repaint the screen, write the clipboard or make the terminal type
back (features.md, 5.2). Nothing is dropped silently: what is not text becomes a visible mark.
"""

import re
from typing import Final

_BIDI_NAMES: Final = {
    0x061C: "ALM",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
_MARKS: Final[dict[int, str]] = (
    {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: "\N{SYMBOL FOR DELETE}"}
    | {code: f"‹{code:02X}›" for code in range(0x80, 0xA0)}
    | {code: f"‹{name}›" for code, name in _BIDI_NAMES.items()}
    | {0x2028: "\n", 0x2029: "\n", 0xFEFF: "", 0x200B: "", 0x2060: ""}
    | dict.fromkeys(range(55296, 57344), "�")
    | dict.fromkeys(range(917504, 917632), "")
)
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Terminals disagree about how wide these make what they join: an emoji takes two cells, or four, or six.
_JOINING: Final[dict[int, str]] = dict.fromkeys(
    (0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)), ""
) | {0x1F1E6 + place: chr(ord("A") + place) for place in range(26)}
_LINE_BREAKS: Final = re.compile(r"\r\n?")
_BLANKS: Final = re.compile(r"\s+")


def clean(text: str, limit: int | None = None) -> str:
    """Return `text` with every control and bidirectional code turned into a visible mark.

    Line feeds and tabs stay; CRLF and CR become line feeds. Invisible fillers (byte order mark,
    zero-width space, tag characters) vanish, for they carry no meaning a reader could miss.
    Running it twice changes nothing.

    Args:
        text: Anything a server, a file or a paste gave us.
        limit: Longest result in characters; what is over is replaced by an ellipsis.
    """
    # Nothing unsafe is printable, and most text is printable throughout: this test is the fastest.
    if not text.isprintable() and _UNSAFE.search(text):
        text = _LINE_BREAKS.sub("\n", text).translate(_MARKS)
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return text


def clean_line(text: str, limit: int | None = None) -> str:
    """Return `text` cleaned and on one line, blanks folded (for names, subjects, codes)."""
    if text.isprintable() and "  " not in text:  # the one printable blank is the space
        return clean(text.strip(), limit)
    folded = _BLANKS.sub(" ", clean(text)).strip()
    return clean(folded, limit)


def even(text: str) -> str:
    """Return `text` in signs that every terminal gives the same cells: for columns and frames.

    Joined emoji stand beside each other, skin tones vanish, and a flag is its country's letters.
    """
    return text if text.isascii() else text.translate(_JOINING)


def mask(text: str, shown: int = 2) -> str:
    """Return `text` with all but the first `shown` letters or digits of each word hidden."""
    return " ".join(_mask_word(word, shown) for word in text.split(" "))


def _mask_word(word: str, shown: int) -> str:
    return word[:shown] + "".join("•" if char.isalnum() else char for char in word[shown:])
