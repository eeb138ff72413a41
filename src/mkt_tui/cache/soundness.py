"""The SQLite file looked at from outside: is it sound, and does anybody have it open?"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

SIDE_FILES: Final = ("-wal", "-shm")


class Soundness(NamedTuple):
    """What a look at the file says.

    Attributes:
        damage: The first thing that is wrong with its pages; None = sound.
        orphans: How many rows refer to rows that are not there.
        log_bytes: The size of the write-ahead log.
    """

    damage: str | None
    orphans: int = 0
    log_bytes: int = 0


def examine(path: Path) -> Soundness:
    """Check every page of the cache, changing nothing in it.

    Raises:
        OSError: The file cannot be opened at all.
    """
    with path.open("rb"):
        pass
    log = Path(f"{path}-wal")
    size = log.stat().st_size if log.exists() else 0
    if size and not path.stat().st_size:
        # SQLite would throw the log away.
        return Soundness("the file is empty beside its log")
    try:
        # Read-only, for closing an ordinary connection would write the log into the file.
        how = "mode=ro" if log.exists() else "immutable=1"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as found:
            told = str(found.execute("PRAGMA integrity_check(1)").fetchone()[0])
            orphans = len(found.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.DatabaseError as error:
        return Soundness(_line(str(error)))
    return Soundness(None if told == "ok" else _line(told), orphans, size)


def shorten_log(path: Path) -> bool:
    """Write the log into the cache and empty it; False while a reader still needs it."""
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        busy, _frames, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def users(path: Path) -> list[int]:
    """Return the other processes that have the cache open, as far as this user may see (Linux)."""
    wanted = {str(path.resolve())} | {f"{path.resolve()}{each}" for each in SIDE_FILES}
    others = (each for each in Path("/proc").glob("[0-9]*") if int(each.name) != os.getpid())
    return sorted(int(each.name) for each in others if wanted & set(_open_files(each)))


def _open_files(process: Path) -> Iterator[str]:
    # Processes end while they are looked at, and other users' cannot be looked at.
    with suppress(OSError):
        for each in (process / "fd").iterdir():
            with suppress(OSError):
                yield str(each.readlink())


def _line(text: str) -> str:
    """Return the first telling line of SQLite's report."""
    lines = [each for each in text.splitlines() if each and not each.startswith("***")]
    return lines[0] if lines else text
