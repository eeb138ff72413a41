"""From the bare command to the open desk: the start every agent waits for, every day."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mkt_tui.cli.session import Session, is_language
from mkt_tui.i18n import _

USAGE: Final = 2
# Set by a shell that asks what could follow.
COMPLETION: Final = "_MKT_TUI_COMPLETE"
_OPTIONS: Final = frozenset({"--home", "--lang", "--database"})


def is_plain_start(session: Session, arguments: Sequence[str]) -> bool:
    """Tell whether the words ask for the desk and no more; the session then wants what they say.

    Only `--home X`, `--lang X` and `--database X` are understood here. Everything else, mistakes
    too, is for Typer, whose loading is half of a desk's start.
    """
    if COMPLETION in os.environ:
        return False
    given: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name not in _OPTIONS:
            return False
        given[name] = value if equals else next(words, "")
    if not all(given.values()) or not is_language(given.get("--lang", "en")):
        return False
    session.wanted_home = Path(given["--home"]) if "--home" in given else None
    session.wanted_language = given.get("--lang")
    session.wanted_database = given.get("--database")
    return True


def open_desk(session: Session) -> None:
    """Open the desk on this terminal.

    Raises:
        SystemExit: There is no terminal, or a bug ended the desk.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        told = _(
            "mkt-tui: The desk needs a terminal. For scripts there are commands: mkt-tui --help"
        )
        sys.stderr.write(f"{told}\n")
        raise SystemExit(USAGE)
    desk = session.desk()
    # The desk's toolkit takes longer to load than any other verb to run.
    from mkt_tui.app import run_desk

    run_desk(desk)
