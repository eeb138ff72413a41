"""The log of an installation: one rotating file, never the terminal, never anybody's words.

Lines written to standard error would tear the screen. Texts of errors and of libraries' own lines
may hold what customers wrote or what a server echoed, so only their kind and place are kept.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import format_tb
from typing import Final

_SIZE: Final = 2_000_000
_KEPT: Final = 3
_log: Final = logging.getLogger("mkt_tui")


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Write what this process logs to `path`: ours from INFO on, libraries' from WARNING on.

    The file gets its mode from the process's mask, which `home.prepare` has narrowed.
    """
    # A full disk must not be reported on standard error line after line.
    logging.raiseExceptions = False
    handler = RotatingFileHandler(
        path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Formatter())
    logging.getLogger().addHandler(handler)
    before = _log.level
    _log.setLevel(logging.INFO)
    try:
        yield
    finally:
        _log.setLevel(before)
        logging.getLogger().removeHandler(handler)
        handler.close()


def places(error: BaseException) -> str:
    """Return the kind of `error` and of its causes with the lines they passed, without words."""
    told = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append("".join(format_tb(current.__traceback__)) + type(current).__qualname__)
        current = current.__cause__ or current.__context__
    return "\ncaused by\n".join(told)


def write_bug(error: Exception) -> None:
    """Log the places of an error that nobody expected."""
    _log.critical("stopped by a bug", exc_info=error)


class _Formatter(logging.Formatter):
    """Keeps our own lines, and of libraries' lines only where they come from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, followed by the places of the record's error if it has one."""
        ours = record.name.partition(".")[0] == "mkt_tui"
        text = record.getMessage() if ours else f"{record.filename}:{record.lineno}"
        when = self.formatTime(record)
        line = f"{when} {record.process} {record.levelname} {record.name}: {text}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line}\n{places(error)}"
