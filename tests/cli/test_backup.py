"""A copy of the cache while desks write: whole, private, never over another file."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from mkt_tui.cache import audit
from mkt_tui.cache.audit import Act
from mkt_tui.cache.database import Database
from mkt_tui.home import Home
from tests.cli.program import Program
from tests.faults.damage import fill, scribble
from tests.worlds import NOW


def read(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_backup_is_whole_private_and_in_the_audit_log(
    mkt_tui: Program, home: Home, tmp_path: Path
) -> None:
    words = fill(home.cache_file)
    target = tmp_path / "copy.db"
    done = mkt_tui("backup", str(target))
    assert (done.code, done.err) == (0, "")
    assert str(target) in done.out
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert dict(read(target, "SELECT ticket_id, text FROM draft")) == words.drafts  # type: ignore[arg-type]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("copy")] == ["copy.db"]
    assert read(home.cache_file, "SELECT detail FROM audit WHERE act = 'cache.backup'") == [
        (f"file=copy.db bytes={target.stat().st_size}",)
    ]


def test_a_backup_opens_as_a_home(mkt_tui: Program, home: Home, tmp_path: Path) -> None:
    words = fill(home.cache_file)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    assert mkt_tui("backup", str(elsewhere / "cache.db")).code == 0
    database = Database(elsewhere / "cache.db")
    assert len(database.rows("SELECT 1 FROM draft")) == len(words.drafts)
    database.close()


def test_a_backup_that_is_used_later_sends_nothing_again(
    mkt_tui: Program, home: Home, tmp_path: Path
) -> None:
    words = fill(home.cache_file)
    assert mkt_tui("backup", str(tmp_path / "copy.db")).code == 0
    states = "SELECT state, COUNT(*) FROM operation GROUP BY state"
    assert read(tmp_path / "copy.db", states) == [("unknown", len(words.operations))]
    assert read(home.cache_file, states) == [("queued", len(words.operations))]


def test_an_agent_who_writes_meanwhile_is_not_held_up_and_spoils_nothing(
    mkt_tui: Program, home: Home, tmp_path: Path
) -> None:
    fill(home.cache_file)
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        database = Database(home.cache_file)
        while not stop.is_set() or not written:
            # Two rows that belong together: a copy must hold both or none.
            with database.transaction():
                for half in ("first", "second"):
                    audit.record(database, Act("pair", detail=half), "bia", NOW)
            written.append(1)
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            assert mkt_tui("backup", str(tmp_path / f"{number}.db")).code == 0
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        halves = read(
            tmp_path / f"{number}.db",
            "SELECT COUNT(*) FROM audit WHERE act = 'pair' GROUP BY detail",
        )
        assert len({count for (count,) in halves}) <= 1


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_nothing_is_ever_overwritten(
    mkt_tui: Program, home: Home, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "copy.db"
    if kind == "file":
        target.write_text("mine")
    elif kind == "link":
        target.symlink_to(tmp_path / "elsewhere")
    else:
        target.mkdir()
    done = mkt_tui("backup", str(target))
    assert (done.code, done.out) == (1, "")
    assert f"There is a file {target} already" in done.err
    assert not (tmp_path / "elsewhere").exists()
    if kind == "file":
        assert target.read_text() == "mine"


def test_a_place_that_cannot_be_written(mkt_tui: Program, tmp_path: Path) -> None:
    done = mkt_tui("backup", str(tmp_path / "no" / "copy.db"))
    assert done.code == 1
    assert "cannot be written (No such file or directory)" in done.err


def test_a_damaged_cache_leaves_no_backup_that_looks_like_one(
    mkt_tui: Program, home: Home, tmp_path: Path
) -> None:
    fill(home.cache_file)
    scribble(home.cache_file, 30)
    done = mkt_tui("backup", str(tmp_path / "copy.db"))
    assert done.code == 1
    assert f"The cache file {home.cache_file} is damaged" in done.err
    assert "mkt-tui doctor --fix" in done.err
    assert not (tmp_path / "copy.db").exists()
