"""Reading what is left of a damaged SQLite file, row by row, from copies only.

Where the beginning of the file is gone, the beginning of a fresh cache is put in its place: first
the header, then the pages that say where each table begins. A table is read by ranges of row
numbers; a range that meets a damaged page is halved until what is sound is found. What a damaged
page had led to is then looked for page by page: a page of rows is a small table in itself.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias

Row: TypeAlias = tuple[Any, ...]
Pieces: TypeAlias = Mapping[int, bytes]

_PAGE: Final = 4096
_HEADER: Final = 100
_PAGE_OF_ROWS: Final = 13
_PAGE_OF_PAGES: Final = 5
_NEEDED: Final = frozenset({"channel", "ticket", "draft", "operation", "audit"})
# So many failed looks cost a second or two; more mean that a whole tree is gone.
_PATIENCE: Final = 20_000


class _Confused(sqlite3.DatabaseError):
    """A tree that leads in circles: it tells its rows in no order."""


class Wreck:
    """A copy of a damaged cache that can be opened, though not all of it be read."""

    def __init__(self, copy: Path, connection: sqlite3.Connection) -> None:
        self._copy = copy
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        """Return the columns the table has in this file."""
        return _columns(self._connection, table)

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield the readable rows; where pages were damaged, some may come twice or be old."""
        sql = (
            f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
            " WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        )
        ranges = [(1, self._last_number(table))]
        failures = 0
        while ranges and failures < _PATIENCE:
            low, high = ranges.pop()
            try:
                for row in self._connection.execute(sql, (low, high)):
                    if not low <= row[0] <= high:
                        raise _Confused
                    low = row[0] + 1
                    yield row[1:]
            except sqlite3.DatabaseError:
                failures += 1
                if low < high:
                    middle = (low + high) // 2
                    ranges += [(middle + 1, high), (low, middle)]
        if failures:
            yield from self._strewn_rows(table, columns)

    def _strewn_rows(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Yield the rows of every page of rows, taken for a page of this table."""
        strewn = self._copy.with_name("strewn.db")
        with suppress(sqlite3.DatabaseError):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self._copy, strewn)
        for page in _pages_of_rows(strewn):
            with suppress(sqlite3.DatabaseError), closing(_connect(strewn)) as connection:
                connection.execute(
                    "UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (page, table)
                )
            with suppress(sqlite3.DatabaseError), closing(_connect(strewn)) as connection:
                yield from connection.execute(
                    f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED"
                )

    def _last_number(self, table: str) -> int:
        # Row numbers begin at 1, and a row takes more than a byte. A torn last page tells too little.
        size = self._copy.stat().st_size
        try:
            sql = f"SELECT MAX(rowid) FROM {table} NOT INDEXED"
            return max(size, int(self._connection.execute(sql).fetchone()[0] or 0))
        except sqlite3.DatabaseError:
            return size


@contextmanager
def opened(damaged: Path, fresh: Path, folder: Path) -> Iterator[Wreck | None]:
    """Open a copy of the damaged file, mended where it must be; None when nothing helps.

    Args:
        damaged: The file; with its log beside it, if there is one. Neither is changed.
        fresh: An empty cache of this version.
        folder: A private folder for copies.
    """
    beginnings: tuple[Pieces, ...] = ({}, {0: fresh.read_bytes()[:_HEADER]}, _contents(fresh))
    copy = folder / "copy.db"
    for pieces, with_log in product(beginnings, (True, False)):
        _copy(damaged, copy, with_log=with_log)
        if pieces:
            _mend(copy, pieces)
        with closing(_connect(copy)) as connection:
            if _names_its_tables(connection):
                yield Wreck(copy, connection)
                return
    yield None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = _text
    with suppress(sqlite3.DatabaseError):
        # A file that is shorter than it says is refused otherwise.
        connection.execute("PRAGMA writable_schema=ON")
        # Only copies are opened here: to wait for the disk would take minutes and save nothing.
        connection.execute("PRAGMA synchronous=OFF")
    return connection


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _names_its_tables(connection: sqlite3.Connection) -> bool:
    try:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        return names >= _NEEDED and all(_columns(connection, each) for each in _NEEDED)
    except sqlite3.DatabaseError:
        return False


def _copy(damaged: Path, copy: Path, *, with_log: bool) -> None:
    for each in ("-wal", "-shm"):
        Path(f"{copy}{each}").unlink(missing_ok=True)
    shutil.copyfile(damaged, copy)
    log = Path(f"{damaged}-wal")
    if with_log and log.exists():
        shutil.copyfile(log, f"{copy}-wal")


def _mend(copy: Path, pieces: Pieces) -> None:
    pages = max(-(-copy.stat().st_size // _PAGE), 1 + max(pieces))
    beginning = bytearray(pieces[0])
    # The file's size counts where both of its change counters agree; no page is free.
    beginning[28:32] = pages.to_bytes(4, "big")
    beginning[32:40] = bytes(8)
    beginning[24:28] = beginning[92:96]
    with copy.open("r+b") as file:
        file.truncate(pages * _PAGE)
        for number, piece in {**pieces, 0: bytes(beginning)}.items():
            file.seek(number * _PAGE)
            file.write(piece)


def _contents(fresh: Path) -> Pieces:
    """Return the pages, from 0, that say where each table of an empty cache begins."""
    content = fresh.read_bytes()
    wanted = [0]
    if content[_HEADER] == _PAGE_OF_PAGES:
        count = int.from_bytes(content[103:105], "big")
        cells = [int.from_bytes(content[112 + 2 * n : 114 + 2 * n], "big") for n in range(count)]
        wanted += [int.from_bytes(content[at : at + 4], "big") - 1 for at in (108, *cells)]
    return {each: content[each * _PAGE : (each + 1) * _PAGE] for each in wanted}


def _pages_of_rows(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        for number in range(1, path.stat().st_size // _PAGE):
            file.seek(number * _PAGE)
            if file.read(1) == bytes((_PAGE_OF_ROWS,)):
                yield number + 1


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
