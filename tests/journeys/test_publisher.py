"""J10: an e-book whose table of contents is wrong, from the queue to the shops that take it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from mkt_tui.sandbox.books import book
from tests.journeys.conftest import command, playing
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]
ENDED = "SELECT stage FROM complaint JOIN correction ON correction.ticket_id = complaint.ticket_id"


@pytest.fixture(autouse=True)
def _java() -> None:
    if shutil.which("java") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Java is missing")
        pytest.skip("Java is missing")


@pytest.mark.parametrize("size", SIZES)
def test_j10_checked_corrected_and_taken_by_every_shop(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    settings = home / "settings.toml"
    settings.touch(mode=0o600)
    settings.write_text("hold_seconds = 0\ntickets_every = 2.0\n")
    with playing("bookwire", tickets=12) as portal:
        told = portal.channels[0]
        key = home / "portal.key"
        key.touch(mode=0o600)
        key.write_text(told["secret"])
        where = ["--base-url", told["base_url"], "--secret", f"file:{key}"]
        options = ["--adapter", "bookwire", "--country", "BR"]
        command(home, "channel", "add", told["name"], *options, *where)
        command(home, "channel", "enable", told["name"])
        command(home, "sync", "--once")
        database = Database(home / "cache.db")
        file = tmp_path / "corrigido.epub"
        with desk(home, size, sys.executable) as screen:
            screen.wait_for("PRIORITY|Pending")
            screen.keys = 0
            screen.press("b")
            screen.wait_for("Publisher queue")
            screen.press("enter")
            screen.wait_for("TO CORRECT")
            isbn = database.value(
                "SELECT isbn FROM complaint JOIN ticket ON ticket.id = ticket_id"
                " WHERE stage = 'open' ORDER BY registered_at LIMIT 1"
            )
            file.write_bytes(book(str(isbn)))
            screen.press("end")
            screen.wait_for("Notes ─")
            screen.press("k")
            screen.wait_for("File to check")
            screen.type(str(file))
            screen.press("enter")
            screen.wait_for("would be taken")
            screen.press("s")
            screen.wait_for("Corrected: a new file")
            screen.press("c")
            screen.wait_for(r"Declare \d+ corrected[\s\S]*y = yes")
            screen.press("y")
            assert screen.keys == 8
            screen.press("home")
            screen.wait_for("CLOSED")
            while "accepted by every shop" not in screen.text:
                screen.press("down")
        assert database.value(ENDED) == "closed"
        found = database.rows("SELECT act FROM audit ORDER BY id")
        database.close()
    acts = [act for (act,) in found]
    assert acts.index("file.checked") < acts.index("correct.queued") < acts.index("title.accepted")
