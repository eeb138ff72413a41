"""The filter of titles and of publishers' tickets, one line: `shop:kobo kind:toc presale farol`.

Words with blanks between; all of them must hold (P8). A word is a state (`open`), a kind of defect
(`toc`), `presale`, `field:value`, an ISBN, or else words of the title.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.publishing import Defect, Stage, isbn13
from mkt_tui.domain.words import fold
from mkt_tui.i18n import N_, _

PRESALE: Final = "presale"
ALL: Final = "all"
STATES: Final = (*Stage, ALL)
FIELDS: Final = ("title", "isbn", "shop", "kind", "state", "since", "until", "channel")
_OTHER_NAMES: Final = {
    "titulo": "title", "titolo": "title", "loja": "shop", "negozio": "shop", "tipo": "kind",
    "estado": "state", "situacao": "state", "stato": "state", "desde": "since", "dal": "since",
    "ate": "until", "al": "until", "canal": "channel", "canale": "channel", "is": "state",
}  # fmt: skip
_OTHER_WORDS: Final = {
    "aberto": "open", "aperto": "open", "gerente": "manager", "corrigido": "corrected",
    "corretto": "corrected", "contestado": "disputed", "contestato": "disputed",
    "fechado": "closed", "chiuso": "closed", "todos": "all", "tutti": "all", "typos": "typo",
    "digitacao": "typo", "refusi": "typo", "sumario": "toc", "sommario": "toc",
    "tecnico": "technical", "metadados": "metadata", "metadati": "metadata", "capa": "cover",
    "copertina": "cover", "outro": "other", "altro": "other", "prevenda": PRESALE,
    "pre-venda": PRESALE, "prevendita": PRESALE, "pre-sale": PRESALE,
}  # fmt: skip
_WORD: Final = re.compile(r'(?:[^\s"]|"[^"]*(?:"|$))+')
_LONGEST: Final = 500
# Shorter numbers stand in titles: 1984, 451.
_SHORTEST_ISBN: Final = 6


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """What a list is narrowed to; empty = everything that is not closed.

    Attributes:
        words: Folded beginnings of words of title, author or imprint.
        since, until: Days on which the ticket was opened, both included.
    """

    words: tuple[str, ...] = ()
    isbn: str | None = None
    shop: str | None = None
    defects: tuple[Defect, ...] = ()
    states: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    channel: str | None = None
    presale: bool = False

    @property
    def of_tickets(self) -> bool:
        """Whether it asks for something that only tickets have."""
        return bool(self.shop or self.defects or self.states or self.since or self.until)


def parse(text: str) -> TitleFilter:
    """Return the filter that a line says.

    Raises:
        FilterWrong: A word is not understood; the error says which one, and what could be.
    """
    if len(text) > _LONGEST:
        raise _wrong(text, 0, N_("it is too long"), "")
    told: dict[str, list[str]] = {}
    for found in _WORD.finditer(text):
        field, value = _term(found)
        told.setdefault(field, []).extend(value)
    last = {name: values[-1] for name, values in told.items() if values}
    return TitleFilter(
        words=tuple(told.get("title", ())),
        isbn=last.get("isbn"),
        shop=last.get("shop"),
        defects=tuple(map(Defect, told.get("kind", ()))),
        states=tuple(told.get("state", ())),
        since=_day(last.get("since")),
        until=_day(last.get("until")),
        channel=last.get("channel"),
        presale=PRESALE in told,
    )


def complete(text: str) -> list[str]:
    """Return what the last word of a line could become, the line's beginning kept."""
    start = text.rfind(" ") + 1
    before, word = text[:start], fold(text[start:])
    name, colon, begun = word.partition(":")
    field = _OTHER_NAMES.get(name, name)
    if colon:
        choice = {"kind": [*Defect], "state": [*STATES]}.get(field, [])
        return [f"{before}{name}:{each}" for each in choice if each.startswith(begun)]
    words = [*Stage, *Defect, PRESALE, ALL, *(f"{each}:" for each in FIELDS)]
    return [before + each for each in words if word and each.startswith(word)]


def _term(found: re.Match[str]) -> tuple[str, list[str]]:
    text, start = found[0], found.start()
    name, colon, value = text.partition(":")
    if not colon or name.startswith('"'):
        return _bare(text.replace('"', ""))
    field = _OTHER_NAMES.get(fold(name), fold(name))
    value = value.replace('"', "").strip()
    if field not in FIELDS:
        raise _wrong(text, start, N_("there is no such field"), ", ".join(FIELDS))
    if not value:
        raise _wrong(text, start, N_("a value is missing"), f"{field}:…")
    return field, _checked(field, value, text, start)


def _bare(text: str) -> tuple[str, list[str]]:
    word = _OTHER_WORDS.get(fold(text), fold(text))
    if word == PRESALE:
        return PRESALE, [word]
    if word in {*Defect}:
        return "kind", [word]
    if word in STATES:
        return "state", [word]
    if found := isbn13(text):
        return "isbn", [found]
    if text.isdecimal() and len(text) >= _SHORTEST_ISBN:
        return "isbn", [text]
    return "title", fold(text).split()


def _checked(field: str, value: str, text: str, start: int) -> list[str]:
    if field in ("kind", "state"):
        choice = {*Defect} if field == "kind" else {*STATES}
        words = [_OTHER_WORDS.get(fold(each), fold(each)) for each in value.split(",") if each]
        if not {*words} <= choice:
            raise _wrong(text, start, N_("there is no such value"), ", ".join(sorted(choice)))
        return words
    if field in ("since", "until"):
        if _day(value) is None:
            raise _wrong(text, start, N_("that is no time"), f"{field}:2026-03-01")
        return [value]
    if field == "isbn":
        return [isbn13(value) or "".join(char for char in value if char.isalnum())]
    return fold(value).split() if field == "title" else [fold(value)]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _wrong(text: str, start: int, what: str, remedy: str) -> FilterWrong:
    told = _("possible: {choice}").format(choice=remedy) if remedy else ""
    error = FilterWrong(word=text[:60], what=what, remedy=told)
    error.start, error.end = start, start + len(text)
    return error
