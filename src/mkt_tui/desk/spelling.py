"""Spelling of what is written here, by the dictionaries of this server (Enchant with Hunspell's).

    slips("pt_BR", "Chega amanhã, sem atrazo.")     # [Slip(start=18, end=24, word='atrazo')]
    suggestions("pt_BR", "atrazo")                  # ['atraso', ...]

A language is a BCP 47 tag or a locale: pt-BR, pt_BR, it, en-GB. All functions block: a first word
loads its dictionary (0.2 s, 10 to 40 MB), suggestions of a long word take up to 0.5 s. Both happen
outside of Python's lock, so in a thread they keep nobody waiting. Enchant was chosen because the
word lists of pure Python libraries know European Portuguese only, or take 100 MB and seconds.
"""

import ctypes
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import enchant

MOST_SUGGESTIONS: Final = 7
# Which dictionaries serve a language that is named without its country; the first is enough, a
# word is right when any of them has it.
_USUAL: Final = {
    "en": ("en_US", "en_GB"),
    "pt": ("pt_BR", "pt_PT"),
    "it": ("it_IT",),
    "es": ("es_ES",),
    "fr": ("fr_FR", "fr"),
    "de": ("de_DE",),
}
_CHUNK: Final = re.compile(r"\S+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Numbers, addresses, places of macros: what no dictionary has, and nobody spells.
_NO_WORDS: Final = re.compile(r"\d|@|://|\{\{|\}\}|\bwww\.|[a-z]\.[a-z]{2,}")
_SHORTEST: Final = 2


class Slip(NamedTuple):
    """A word that no dictionary has, and where it stands: text[start:end] == word."""

    start: int
    end: int
    word: str


class _Dictionaries:
    """The dictionaries that are in use; Enchant itself is not safe for threads."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._broker: enchant.Broker | None = None
        self._loaded: dict[str, list[enchant.Dict]] = {}

    def of(self, language: str) -> "list[enchant.Dict]":
        found = self._loaded.get(language)
        if found is None:
            found = self._loaded[language] = list(self._load(language))
        return found

    def _load(self, language: str) -> "Iterator[enchant.Dict]":
        for tag in self._installed(language):
            import enchant  # is there, or none would be installed

            assert self._broker is not None
            with suppress(enchant.errors.Error):
                yield self._broker.request_dict(tag)

    def has(self, language: str) -> bool:
        """Tell whether there is one; looking for it does not load it."""
        if language in self._loaded:
            return bool(self._loaded[language])
        return bool(self._installed(language))

    def _installed(self, language: str) -> list[str]:
        try:
            import enchant  # needs a library of the system, and only whoever writes needs either
        except ImportError:
            return []
        broker = self._broker = self._broker or enchant.Broker()
        return [each for each in _tags(language) if broker.dict_exists(each)]

    def let_go(self) -> None:
        with self.lock:
            if self._loaded:
                self._loaded, self._broker = {}, None
                # The memory would stay with this process: 40 MB for each of a room of desks.
                with suppress(OSError, AttributeError):
                    ctypes.CDLL(None).malloc_trim(0)


_dictionaries: Final = _Dictionaries()


def is_known(language: str) -> bool:
    """Tell whether this server has a dictionary of the language."""
    with _dictionaries.lock:
        return _dictionaries.has(language)


def slips(language: str, text: str, known: Collection[str] = ()) -> list[Slip]:
    """Return the misspelled words from left to right; none where there is no dictionary.

    Args:
        known: Words that are right whatever a dictionary says, in lower case.
    """
    with _dictionaries.lock:
        words = list(_words(text))
        # A reply that is only opened loads no dictionary.
        using = _dictionaries.of(language) if words else []
        right: dict[str, bool] = {}
        found = []
        for each in words if using else ():
            if each.word not in right:
                right[each.word] = each.word.casefold() in known or _is_right(using, each.word)
            if not right[each.word]:
                found.append(each)
        return found


def suggestions(language: str, word: str, at_most: int = MOST_SUGGESTIONS) -> list[str]:
    """Return what may have been meant, the likeliest first."""
    with _dictionaries.lock:
        found: dict[str, None] = {}
        for each in _dictionaries.of(language):
            found |= dict.fromkeys(each.suggest(_plain(word)))
        return list(found)[:at_most]


def let_go() -> None:
    """Give the memory of the dictionaries back; the next word loads its own again."""
    _dictionaries.let_go()


def _tags(language: str) -> tuple[str, ...]:
    """Return the names of the dictionaries that would do, without repetition."""
    short, _sign, country = language.replace("-", "_").partition("_")
    exact = (f"{short.lower()}_{country.upper()}",) if country else ()
    usual = _USUAL.get(short.lower(), (short.lower(),))
    # Portuguese of Brazil is not that of Portugal; a shop's English may be either.
    return exact if exact and exact[0] in usual and short.lower() != "en" else (*exact, *usual)


def _words(text: str) -> Iterator[Slip]:
    for chunk in _CHUNK.finditer(text):
        if _NO_WORDS.search(chunk.group()):
            continue
        for word in _WORD.finditer(chunk.group()):
            if len(word.group()) >= _SHORTEST and not word.group().isupper():
                begins = chunk.start() + word.start()
                yield Slip(begins, begins + len(word.group()), word.group())


def _is_right(using: "list[enchant.Dict]", word: str) -> bool:
    plain = _plain(word)
    # A quote after a word may be a part of it: un po'.
    if any(each.check(plain) or each.check(plain + "'") for each in using):
        return True
    parts = [each for each in re.split(r"['-]", plain) if each]
    return len(parts) > 1 and all(
        len(part) < _SHORTEST or any(each.check(part) for each in using) for part in parts
    )


def _plain(word: str) -> str:
    """Return the word with the apostrophe that dictionaries have."""
    return word.replace("’", "'")
