"""Words and numbers as search compares them: folded, so that 'JOÃO' finds 'joao'.

The folding is done here, at write time and on every query, and not by a database: SQLite's
tokenizer, PostgreSQL's parser and its extension `unaccent` (which an agent's role may not install)
disagree about accents, hyphens and addresses. The engines only ever see finished words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, lru_cache
from types import NoneType
from typing import Any, Final
from unicodedata import normalize

# Longer ones are no words of people; both the text and the query are cut here.
LONGEST: Final = 48
# So many different words of a thread are found again; a PostgreSQL tsvector ends at 1 MB.
MOST: Final = 8_000
# The first sign of a word that is not just anywhere in the text.
NUMBER: Final = "#"
SUBJECT: Final = "$"
CUSTOMER: Final = "@"
TAGS: Final = NUMBER + SUBJECT + CUSTOMER

_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_WORD: Final = re.compile(r"[^\W_]+")
_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
# It begins where a word begins and never gives a letter back: else every word is tried at each letter.
_JOINED: Final = re.compile(r"(?<![^\W_])[^\W_]++(?:[./-][^\W_]++)+")
_NUMBERS: Final = re.compile(
    r"(number|document|sku|isbn|ean|key|transaction|phone|email|(?<!zip)_code)$"
)
# Most values, in which there is no text.
_PLAIN: Final = frozenset({NoneType, int, bool, float, datetime})
# What the fields of records are that hold one such value or a plain text.
_FLAT: Final = tuple(
    each for one in (str, int, bool, float, datetime) for each in (one, one | None)
)
_NAMES: Final = frozenset({"customer", "name", "company"})


def fold(text: str) -> str:
    """Return `text` in lower case without diacritics; folding it again changes nothing."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", normalize("NFKD", normalize("NFKD", text).casefold()))


def words(text: str) -> list[str]:
    """Return the folded words; a number written in groups comes whole as well.

    '529.982.247-25' gives its four groups and 52998224725, so that it is found either way.
    """
    found: list[str] = []
    for part in text.split():
        found += _known(part) if len(part) <= LONGEST else _of_part(part)
    return found


def _of_part(part: str) -> list[str]:
    """Return the words of what no blank parts."""
    folded = fold(part)
    found = _WORD.findall(folded)
    if len(folded) > LONGEST:
        found = [each[:LONGEST] for each in found]
    if "." in folded or "-" in folded or "/" in folded:
        wholes = ("".join(_WORD.findall(each))[:LONGEST] for each in _JOINED.findall(folded))
        found += (each for each in wholes if not each.isalpha())
    return found


# People's texts are made of the same few thousand words, and to fold one takes ten times as long
# as to look it up.
_known = lru_cache(maxsize=8_192)(_of_part)


def number(text: str) -> str:
    """Return a number as it is compared: its letters and digits only, folded."""
    if text.isascii():
        return text.lower().encode().translate(None, _SIGNS).decode()[:LONGEST]
    return "".join(_WORD.findall(fold(text)))[:LONGEST]


def of_ticket(
    codes: Iterable[str | None], subject: str, customer: str | None, texts: Iterable[str] = ()
) -> set[str]:
    """Return what finds a ticket: its numbers, its subject, its customer, its messages."""
    found = _numbers(codes)
    for tag, text in ((SUBJECT, subject), (CUSTOMER, customer or "")):
        for word in words(text):
            found |= {word, tag + word}
    for text in texts:
        if len(found) < MOST:
            found.update(words(text))
    return found


def of_order(
    codes: Iterable[str | None], customer: str | None, sections: Iterable[Any], items: Iterable[Any]
) -> set[str]:
    """Return what finds an order: every number in it, its people, what was bought.

    Args:
        sections: Records of `domain.orders`, or mappings of the fields told.
        items: The same, one for each line.
    """
    found: dict[str, set[str]] = {"number": {each for each in codes if each}}
    found |= {"name": {customer or ""}, "title": set()}
    _collect((*sections, *items), found)
    # No word goes over the end of a line, so one look is enough for all of them.
    names = words("\n".join(found["name"]))
    others = words("\n".join(found["title"]))
    return _numbers(found["number"]).union(names, (CUSTOMER + word for word in names), others)


def _numbers(values: Iterable[str | None]) -> set[str]:
    return {NUMBER + folded for each in values if each and (folded := number(each))}


def _collect(values: Iterable[Any], found: Mapping[str, set[str]]) -> None:
    """Note the texts to be found in nested records, mappings and lists, by their role, each once."""
    for value in values:
        record: Any = type(value)
        if record is tuple or record is list:
            _collect(value, found)
            continue
        if record is dict:
            told = [(_role(name), inner) for name, inner in value.items()]
        else:
            told = [(role, getattr(value, name)) for name, role in _searched(record)]
        for role, inner in told:
            kind: type[object] = type(inner)
            if kind is str:
                if role:
                    found[role].add(inner)
            elif kind not in _PLAIN:
                _collect((inner,), found)


@cache
def _searched(record: type[object]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a record that texts can be found in, with their roles.

    Nothing can be found in what is no record.
    """
    if not is_dataclass(record):
        return ()
    roles = ((each, _role(each.name)) for each in fields(record))
    return tuple((each.name, role) for each, role in roles if role or each.type not in _FLAT)


@cache
def _role(field: str) -> str:
    if _NUMBERS.search(field):
        return "number"
    if field in _NAMES:
        return "name"
    return "title" if field == "title" else ""
