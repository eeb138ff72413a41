"""A text as a moderator reads it: hidden forms of contact data written out, every sign with its place.

People who may not write an address write "loja arroba casa ponto com" or "9 8 7 6 5 4 3 2 1". Rules
look at the plain form; what they find is shown in the words as they were written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mkt_tui.domain.text import clean

_DIGITS: Final = {
    **dict.fromkeys(("zero",), "0"),
    **dict.fromkeys(("um", "uma", "uno", "one"), "1"),
    **dict.fromkeys(("dois", "duas", "due", "two"), "2"),
    **dict.fromkeys(("três", "tres", "tre", "three"), "3"),
    **dict.fromkeys(("quatro", "quattro", "four"), "4"),
    **dict.fromkeys(("cinco", "cinque", "five"), "5"),
    **dict.fromkeys(("seis", "meia", "sei", "six"), "6"),
    **dict.fromkeys(("sete", "sette", "seven"), "7"),
    **dict.fromkeys(("oito", "otto", "eight"), "8"),
    **dict.fromkeys(("nove", "nine"), "9"),
}
_WORD_ONLY: Final = rf"(?:{'|'.join(sorted(_DIGITS, key=len, reverse=True))})"
_DIGIT_WORD: Final = rf"(?:{_WORD_ONLY}|\d)"
# "nove nove 8765-4321": of two words at least, for one stands before any number.
_SOME_WORDS: Final = rf"\b(?:{_WORD_ONLY}[\s,.\-]{{1,3}})"
_SOME_DIGITS: Final = r"(?:\d[\s.\-]?)"
_HIDDEN: Final = re.compile(
    rf"""
    (?P<at>\s*[\[({{<]\s*(?:at|arroba|chiocciola|@)\s*[\])}}>]\s*|\s*\b(?:arroba|chiocciola)\b\s*)
    | (?P<dot>\s*[\[({{<]\s*(?:dot|ponto|punto|\.)\s*[\])}}>]\s*
        |\s+(?:dot|ponto|punto)\s+(?=(?:com|net|org|br|it|co|me|ly)\b))
    | (?P<words>\b{_DIGIT_WORD}(?:[\s,.\-]{{1,3}}{_DIGIT_WORD}){{7,}}\b)
    | (?P<mixed>(?:{_SOME_WORDS}{{2,}}{_SOME_DIGITS}{{6,11}}|{_SOME_WORDS}{{4,}}{_SOME_DIGITS}{{4,11}})
        (?<=\d)(?!\d))
    | (?P<letters>(?<!\S)\w(?:[ ][\w@.+-]){{6,}}(?!\S))
    | (?P<spaced>(?<!\d)\d(?:[\s.\-_*/]{{1,2}}\d){{7,}}(?!\d))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPELLED: Final = frozenset({"words", "mixed", "spaced"})
_WORD: Final = re.compile(_DIGIT_WORD, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text written out.

    Attributes:
        places: Where each of its signs begins and ends in the original.
        spelled: Where in the original eight digits or more stand one by one, or as words.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    spelled: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the signs from `start` to before `end` are in the original."""
        return self.places[start][0], self.places[end - 1][1]


def plain(text: str) -> Plain:
    """Return the text written out."""
    signs = list(_signs(text))
    groups = (each for each in _HIDDEN.finditer(text) if each.lastgroup in _SPELLED)
    return Plain(
        "".join(sign for sign, _place in signs),
        tuple(place for _sign, place in signs),
        tuple(each.span() for each in groups),
    )


def _signs(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    at = 0
    for found in _HIDDEN.finditer(text):
        yield from _as_they_are(text, at, found.start())
        yield from _written_out(found)
        at = found.end()
    yield from _as_they_are(text, at, len(text))


def _as_they_are(text: str, start: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    for place in range(start, end):
        # What nobody sees is not sent; digits and letters of other widths are read as such.
        for sign in unicodedata.normalize("NFKC", clean(text[place])):
            yield "-" if sign in "_*" and _joins_digits(text, place) else sign, (place, place + 1)


def _joins_digits(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def _written_out(found: re.Match[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    if found.lastgroup in ("at", "dot"):
        yield ("@" if found.lastgroup == "at" else "."), found.span()
        return
    if found.lastgroup == "letters":
        blank = "" if set("@.") & {*found.group()} else " "
        for place in range(found.start(), found.end()):
            if found.string[place] != " " or blank:
                yield found.string[place], (place, place + 1)
        return
    for word in _WORD.finditer(found.string, found.start(), found.end()):
        yield _DIGITS.get(word.group().lower(), word.group()), word.span()
