"""One command line from its words to its exit code.

0 done; 1 refused or failed, in one sentence; 2 a command that cannot be understood; 70 a bug,
whose places are in the log; 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import Final

from mkt_tui import i18n
from mkt_tui.cli.opening import is_plain_start, open_desk
from mkt_tui.cli.session import Session, peek_language
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import _, why

FAILED: Final = 1
BUG: Final = 70
INTERRUPTED: Final = 130


def run(arguments: Sequence[str]) -> int:
    """Carry out the command line `arguments` and return the exit code."""
    _survive_odd_locales()
    # Textual looks for it when it is loaded, and would wait 100 ms after Esc for the rest of a key. A
    # terminal writes a key in one piece, and ssh sends it so; whose link cuts it says a longer wait.
    os.environ.setdefault("ESCDELAY", "50")
    # Help is written while the command line is read, so its language must be known before.
    i18n.set_language(i18n.choose(peek_language(arguments)))
    with Session() as session:
        code = _guarded(session, arguments)
    return _flushed(code)


def _guarded(session: Session, arguments: Sequence[str]) -> int:
    try:
        if is_plain_start(session, arguments):
            open_desk(session)
        else:
            # Typer costs half of a desk's start, so only what has a verb or a doubt asks it.
            from mkt_tui.cli import app

            app.command().main(list(arguments), prog_name="mkt-tui", obj=session)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except UserError as error:
        _tell(f"mkt-tui: {error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last door: a bug becomes a sentence and a log
        return _bug(session, error)
    return 0


def _bug(session: Session, error: Exception) -> int:
    from mkt_tui.logs import places, write_bug

    if session.logged_at is None:
        _tell(places(error))
        _tell(_("mkt-tui: This is a bug of mkt-tui. Please report what stands above."))
    else:
        write_bug(error)
        _tell(
            _("mkt-tui: This is a bug of mkt-tui. Please report it with the end of {path}.").format(
                path=session.logged_at
            )
        )
    return BUG


def _tell(sentence: str) -> None:
    with suppress(OSError):
        sys.stderr.write(sentence + "\n")


def _survive_odd_locales() -> None:
    """Make a locale that lacks a letter show it escaped instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flushed(code: int) -> int:
    """Write out what is left; a reader that went away (| head) is no event to tell."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code or FAILED
    except OSError as error:
        _tell(f"mkt-tui: {why(error)}")
        return code or FAILED
    return code
