"""A copy of the SQLite cache while desks write into it, sound and whole or not at all."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from mkt_tui.cache.engines.sqlite import SqliteEngine
from mkt_tui.domain.errors import CacheDamaged, Doubtful
from mkt_tui.i18n import N_


def copy(source: Path, target: Path) -> int:
    """Copy the cache as it is at one moment; return the size in bytes.

    The copy is one file, readable by its owner only. Writers are not held up meanwhile. Replies
    that are on their way stand in it as doubtful, so that no restored backup sends them again.

    Raises:
        FileExistsError: There is something at `target`; it was left alone.
        OSError: The copy cannot be written; what there was of it is gone again.
        CacheProblem: The cache cannot be read or is damaged.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    try:
        with SqliteEngine(target, durable=True).errors():
            _fill(source, target)
        _sync(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target.stat().st_size


def _fill(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target, isolation_level=None)) as made,
    ):
        # All pages in one step: one moment of the cache, and no writer can make it begin again.
        original.backup(made, pages=-1)
        found = str(made.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if found != "ok":
            raise CacheDamaged(path=source, detail=found)
        _doubt_all(made)
        # A backup is moved and kept as one file.
        made.execute("PRAGMA journal_mode=DELETE")


def _doubt_all(made: sqlite3.Connection) -> None:
    """Mark what is on its way as doubtful: when the backup is used, it may long have arrived."""
    error = Doubtful(channel="-", detail=N_("it comes from a backup")).to_json()
    made.execute(
        "UPDATE operation SET state = 'unknown', settled_at = queued_at, error = ?,"
        " claimed_by = NULL, claim_expires_at = NULL WHERE state IN ('queued', 'sending')",
        (error,),
    )
    made.execute("UPDATE ticket SET delivery = 'unknown' WHERE delivery IN ('queued', 'sending')")


def _sync(target: Path) -> None:
    for path in (target, target.parent):
        handle = os.open(path, os.O_RDONLY)
        # Some file systems cannot sync a folder; the file itself is what counts.
        with suppress(OSError):
            os.fsync(handle)
        os.close(handle)
