"""The disk fails under an open desk: a sentence on the screen, and no word is lost."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from tests import worlds
from tests.journeys.conftest import Place
from tests.journeys.terminal import Terminal, desk

FIRST = "Bom dia!"
MORE = " O pedido sai amanha." * 12


def open_composer(home: Path) -> Terminal:
    """Open the desk on its only ticket, begin a reply, and wait until its first words are safe."""
    home.mkdir(mode=0o700)
    database = Database(home / "cache.db")
    worlds.read(database, worlds.channel(database), worlds.ticket())
    # Nothing listens there; whoever tried would only slow the desk down.
    database.execute("UPDATE channel SET enabled = 0")
    database.close()
    (home / "cache.db").chmod(0o600)
    screen = desk(home, (80, 24), sys.executable)
    screen.wait_for("PRIORITY")
    screen.press("r")
    screen.wait_for("customer AND marketplace")
    screen.type(FIRST)
    wait_for_draft(home, FIRST)
    return screen


def wait_for_draft(home: Path, words: str) -> None:
    Place(home, {}).wait_for("SELECT text FROM draft", words)


def fill(disk: Path) -> Path:
    """Leave no room on the disk; return what takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            assert filler.stat().st_size
    return filler


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, for real."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_named_and_the_words_are_saved_when_there_is_room(
    small_disk: Path,
) -> None:
    home = small_disk / "home"
    with open_composer(home) as screen:
        filler = fill(small_disk)
        screen.type(MORE)
        screen.wait_for("is full")
        screen.press("escape")
        seen = screen.wait_for("Recipient")
        assert "O pedido sai amanha." in seen
        assert "Traceback" not in seen
        filler.unlink()
        # No key is pressed: the desk tries again by itself.
        wait_for_draft(home, FIRST + MORE)
        screen.press("escape")
        screen.wait_for("1 draft is waiting")
    assert b"Traceback" not in screen.raw


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The agent's own folder, on a disk that works."""
    folder = tmp_path / "agent"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


def test_a_cache_that_fails_goes_and_comes_back_loses_no_word(
    tmp_path: Path, elsewhere: Path
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    with open_composer(home) as screen:
        # A disk that turns read-only under open files answers like this.
        screen.let_write(yes=False)
        screen.type(MORE)
        screen.wait_for("cannot be written")
        screen.wait_for("NOT SAVED")
        screen.let_write(yes=True)
        wait_for_draft(home, FIRST + MORE)
        home.rename(away)
        screen.wait_for("no longer there")
        assert "O pedido sai amanha." in screen.wait_for("NOT SAVED")
        # It is back where it was: the desk goes on by itself.
        away.rename(home)
        screen.wait_for(r"(?s)\A(?!.*NOT SAVED)")
        screen.type(MORE)
        wait_for_draft(home, FIRST + MORE + MORE)
        shutil.rmtree(home)
        screen.wait_for("NOT SAVED")
        screen.press("ctrl+q")
        screen.wait_for_end()
    assert b"Traceback" not in screen.raw
    assert not home.exists(), "nothing makes an empty cache where the cache was"
    (kept,) = elsewhere.glob("mkt-tui-words-*.txt")
    assert kept.stat().st_mode & 0o077 == 0
    assert FIRST + MORE + MORE in kept.read_text()
    assert kept.name.encode() in screen.raw.replace(b"\r\n", b"")
    told_at_the_next_start(home, kept)


def told_at_the_next_start(home: Path, kept: Path) -> None:
    with desk(home, (120, 24), sys.executable) as screen:
        screen.wait_for(kept.stem[-8:])
