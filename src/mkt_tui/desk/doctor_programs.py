"""Are the programs and dictionaries of the server there that this installation's work needs?"""

from collections.abc import Iterator
from typing import Final

from mkt_tui.cache import checks
from mkt_tui.desk import acting, spelling
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.findings import Finding
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.macros import language_of
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.i18n import _, language

_PACKAGES: Final = {
    "pt_BR": "libenchant-2-2 hunspell-pt-br",
    "it": "libenchant-2-2 hunspell-it",
    "en": "libenchant-2-2 hunspell-en-us",
}


def findings(desk: Desk) -> Iterator[Finding]:
    """Find what is missing; a server that never checks e-books needs no Java."""
    enabled = [each for each in desk.channels().values() if each.enabled]
    if any(map(_corrects, enabled)) or checks.any_made(desk.database):
        yield from _java()
    for spoken in sorted({language_of(each, language()) for each in enabled}):
        if not spelling.is_known(spoken):
            yield _no_dictionary(spoken)
    spelling.let_go()


def _corrects(channel: Channel) -> bool:
    try:
        return Kind.CORRECT in acting.abilities(channel)
    except UserError:
        return False  # a broken adapter is told elsewhere


def _java() -> Iterator[Finding]:
    from mkt_tui.epub.epubcheck import JavaMissing, find_java  # brings what reads reports

    try:
        find_java()
    except JavaMissing as error:
        yield Finding("java", str(error), "")


def _no_dictionary(spoken: str) -> Finding:
    return Finding(
        "dictionary",
        _(
            "This server has no dictionary of {language}: nothing written in it is spell-checked."
        ).format(language=spoken.replace("_", "-")),
        _("Ask your administrator: apt install {packages}").format(packages=_PACKAGES[spoken]),
    )
