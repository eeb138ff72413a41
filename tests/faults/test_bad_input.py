"""What can go wrong outside gives one sentence, an exit code, a banner, and loses nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk import overview
from mkt_tui.desk.desk import Desk
from mkt_tui.home import Home, find_home
from mkt_tui.screens import queue_words
from tests.faults.rude import Answer, Behaviour, good, marketplace, threads_page

SECRET = "key-that-nobody-may-see"


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    said: str


def run(home: Path, *arguments: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "mkt_tui", "--home", str(home), "--lang", "en", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "SHOP_KEY": SECRET},
    )
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def add_channel(home: Path, url: str) -> None:
    home.mkdir(mode=0o700, exist_ok=True)
    where = ["--adapter", "mirakl", "--country", "BR", "--base-url", url]
    assert run(home, "channel", "add", "Carrefour", *where, "--secret", "env:SHOP_KEY").code == 0
    assert run(home, "channel", "enable", "Carrefour").code == 0


def point_to(home: Path, url: str) -> None:
    """The marketplace has moved, or its manners have changed."""
    database = Database(home / "cache.db")
    database.execute("UPDATE channel SET base_url = :url", {"url": url})
    database.close()


def tickets(home: Path) -> int:
    database = Database(home / "cache.db")
    found = database.value("SELECT COUNT(*) FROM ticket")
    database.close()
    return int(found)


def banner(home: Path) -> str:
    where: Home = find_home(home)
    database = Database(where.cache_file)
    words = queue_words.banner(overview.look(Desk(database, Settings(), where, "ana"))).plain
    database.close()
    return " ".join(words.split())


def answer(status: int, body: bytes = b"{}", **headers: str) -> Callable[..., Answer]:
    return lambda _path, _query: (status, headers, body)


def dies_on_the_second_page(path: str, query: dict[str, str]) -> Answer | None:
    return None if "page_token" in query else good(path, query)


def same_token_for_ever(path: str, query: dict[str, str]) -> Answer | None:
    if path.endswith("/threads"):
        return 200, {}, threads_page(range(3), "again")
    return good(path, query)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose marketplace behaved well so far: five tickets."""
    home = tmp_path_factory.mktemp("filled") / "home"
    with marketplace(good) as url:
        add_channel(home, url)
        assert run(home, "sync", "--once").code == 0
    assert tickets(home) == 5
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of that home."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


@pytest.mark.parametrize(
    ("behaviour", "sentence", "advice"),
    [
        (
            answer(401, b'{"status":401,"message":"Unauthorized"}'),
            "refuses the API key",
            "env:SHOP_KEY",
        ),
        (answer(429, b""), "fewer requests", "next try"),
        (answer(503, b""), "not available", "next try"),
        (answer(200, b"<html>maintenance</html>"), "cannot be read", "channel test"),
        (answer(200, b'{"data": [{"id": 1}'), "cannot be read", "channel test"),
        (answer(200, b'{"data": [{"id": "a\xff"}]}'), "cannot be read", "channel test"),
        (answer(200, b'{"data": "none"}'), "cannot be read", "channel test"),
        (lambda _path, _query: None, "Carrefour", "Check|channel test|next try"),
    ],
)
def test_a_marketplace_that_answers_wrongly(
    home: Path, behaviour: Behaviour, sentence: str, advice: str
) -> None:
    with marketplace(behaviour) as url:
        point_to(home, url)
        result = run(home, "sync", "--once")
    assert result.code == 1
    said = " ".join(result.said.split())
    assert sentence in said
    assert any(each in said for each in advice.split("|"))
    assert sentence in banner(home)
    assert tickets(home) == 5
    with marketplace(good) as url:
        point_to(home, url)
        assert run(home, "sync", "--once").code == 0
    assert banner(home) == ""


def test_a_marketplace_that_is_not_there(home: Path) -> None:
    point_to(home, "http://127.0.0.1:1")
    result = run(home, "sync", "--once")
    assert result.code == 1
    assert "cannot be reached at http://127.0.0.1:1" in " ".join(result.said.split())
    assert "cannot be reached" in banner(home)
    assert tickets(home) == 5


def test_a_page_that_dies_half_way_keeps_the_pages_before_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with marketplace(dies_on_the_second_page) as url:
        add_channel(home, url)
        assert run(home, "sync", "--once").code == 1
    assert tickets(home) == 3
    with marketplace(good) as url:
        point_to(home, url)
        assert run(home, "sync", "--once").code == 0
    assert tickets(home) == 5


def test_a_page_token_that_comes_back_for_ever_ends_the_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with marketplace(same_token_for_ever) as url:
        add_channel(home, url)
        result = run(home, "sync", "--once")
    assert result.code == 1
    assert "cannot be read" in " ".join(result.said.split())
    assert tickets(home) == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, for real."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_loses_nothing_and_is_named(small_disk: Path) -> None:
    home = small_disk / "home"
    with marketplace(good) as url:
        add_channel(home, url)
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                assert filler.stat().st_size
        result = run(home, "sync", "--once")
        assert result.code == 1
        assert "is full" in " ".join(result.said.split())
        filler.unlink()
        assert run(home, "sync", "--once").code == 0
    assert tickets(home) == 5
