"""J12: a new Amazon channel, from nothing to the first read, within its budget of keys."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkt_tui.cache.database import Database
from tests.journeys.conftest import Sandbox, playing
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]


@pytest.fixture
def amazon() -> Iterator[Sandbox]:
    with playing("amazon") as found:
        yield found


def table(sandbox: Sandbox) -> str:
    """The shop's own line for a marketplace that is elsewhere than usual."""
    offered = sandbox.channels[0]
    token = offered["options"]["token_url"]
    return f'[amazon]\naddress = "{offered["base_url"]}"\noptions = {{token_url = "{token}"}}\n'


@pytest.mark.parametrize("size", SIZES)
def test_j12_new_channel(tmp_path: Path, amazon: Sandbox, size: tuple[int, int]) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "marketplaces.toml").write_text(table(amazon), encoding="utf-8")
    secret = amazon.channels[0]["secret"]
    with desk(home, size, sys.executable) as screen:
        screen.wait_for("mkt-tui")
        screen.press("g", "c")
        screen.wait_for("There is no channel yet")
        screen.press("n")
        screen.wait_for("such as Amazon IT")
        screen.type("Amazon BR")
        screen.press("tab")
        screen.type("BR")
        screen.wait_for("client_secret")
        screen.press("enter")
        screen.wait_for("Credentials are not shown")
        screen.paste(secret)
        screen.wait_for("•••")
        screen.press("enter")
        screen.wait_for("Order sync is OFF")
        screen.press("t")
        screen.wait_for("answers and accepts the key. Order sync is OFF")
        screen.press("p")
        screen.wait_for("Account for personal data")
        screen.type("brasil")
        screen.press("enter", "enter")
        screen.wait_for("account for personal data: brasil")
        screen.press("space")
        screen.wait_for("from which day on")
        screen.type("2020-01-31")
        screen.press("enter")
        screen.wait_for("orders from 2020-01-31 on")
        screen.press("w")
        screen.wait_for("order sync ON\\?")
        screen.press("y")
        screen.wait_for("Saved. Order sync of Amazon BR is on")
        assert screen.keys <= 14
        for part in json.loads(secret).values():
            assert part.encode() not in screen.raw
            assert not [each for each in home.rglob("*") if each.is_file() and part in text(each)]
    database = Database(home / "cache.db")
    acts = database.rows("SELECT act, detail FROM audit WHERE act LIKE 'channel%' ORDER BY id")
    database.close()
    assert [act for act, _detail in acts] == [
        "channel.added",
        "channel.tested",
        "channel.personal-data",
        "channel.orders-since",
        "channel.enabled",
    ]


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
