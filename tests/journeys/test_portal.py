"""J8: an order in mediation on a portal without an API."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]
NUMBER = "0298334411"


@pytest.mark.parametrize("size", SIZES)
def test_j8_copy_look_answer(tmp_path: Path, size: tuple[int, int]) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "mkt_tui", "--home", str(home), "--lang", "en"]
    address = "https://portal.example.com"
    add = ["channel", "add", "B2W", "--adapter", "portal", "--country", "BR"]
    subprocess.run(
        [*command, *add, "--base-url", address, "--option", f"link={address}/o/{{order}}"],
        check=True,
    )
    subprocess.run(
        [*command, "ticket", "add", "P-1", "--channel", "B2W", "--order", NUMBER], check=True
    )
    with desk(home, size, sys.executable) as screen:
        screen.wait_for("B2W")
        screen.press("c")
        screen.wait_for(NUMBER)
        screen.press("l")
        screen.wait_for("B2W portal")
        assert f"{address}/o/{NUMBER}" in screen.text
        screen.press("a")
        screen.wait_for("Answered on the portal: P-1")
        screen.press("enter")
        screen.wait_for("No open tickets")
        assert screen.keys == 4
        assert b64encode(NUMBER.encode()) in screen.raw
        assert f"{address}/o/{NUMBER}\x1b\\".encode() in screen.raw
    database = Database(home / "cache.db")
    found = database.row("SELECT agent, detail FROM audit WHERE act = 'portal.answered'", {})
    assert found is not None
    assert database.value("SELECT state FROM ticket", {}) == 1
    database.close()
