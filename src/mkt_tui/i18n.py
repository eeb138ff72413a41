"""The language of the interface: English in the source, pt_BR and it from gettext catalogues.

Words are looked up when they are shown, never at import, so one process can change language
(tests do) and a constant may be marked with `N_` and translated later with `_`.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "pt_BR", "it")
_LOCALE_DIR: Final = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a constant for the catalogues without translating it yet."""
    return text


# What operating systems say of files and networks, for the catalogues.
SYSTEM_WORDS: Final = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("File exists"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File name too long"),
    N_("File too large"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Exec format error"),
)

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language: str = "en"


def _(text: str) -> str:
    """Return `text` in the current language."""
    return _catalogue.gettext(text)


def why(error: OSError) -> str:
    """Return in the current language why the system refused something."""
    return _(error.strerror) if error.strerror else type(error).__name__


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of the current language that goes with `count`."""
    return _catalogue.ngettext(singular, plural, count)


def translator(name: str) -> Callable[[str], str]:
    """Return what puts texts into `name` (one of LANGUAGES), whatever the agent's language is."""
    if name == _language:
        return _
    found = gettext.translation("mkt_tui", _LOCALE_DIR, languages=[name], fallback=True)
    return found.gettext


def language() -> str:
    """Return the current language as a Babel locale name: en, pt_BR or it."""
    return _language


def set_language(name: str) -> None:
    """Speak `name` (one of LANGUAGES) from now on."""
    global _catalogue, _language
    _language = name
    _catalogue = gettext.translation("mkt_tui", _LOCALE_DIR, languages=[name], fallback=True)


def choose(wanted: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the language to speak: the wanted one, else what the locale says, else English.

    Args:
        wanted: What `--lang` or the settings name, in any spelling (pt, pt-BR, it_IT), or None.
        environment: Where LC_ALL, LC_MESSAGES and LANG are read.
    """
    if wanted:
        return _closest(wanted) or "en"
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(variable):
            return _closest(value) or "en"
    return "en"


def _closest(spelling: str) -> str | None:
    stem = spelling.replace("-", "_").split(".")[0].split("_")[0].lower()
    return {"en": "en", "pt": "pt_BR", "it": "it"}.get(stem)
