"""Reading once and for ever, where nothing answers; with answers in test_with_sandbox.py."""

import signal
from collections.abc import Iterator

import pytest

from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.home import Home
from tests import worlds
from tests.cli.conftest import Listener
from tests.cli.program import Program, end, environment


@pytest.fixture
def cache(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("NO", "key")
    database = Database(home.cache_file)
    yield database
    database.close()


@pytest.mark.parametrize("words", [[], ["--once", "--service"], ["--service", "--json"]])
def test_one_of_once_and_service(mkt_tui: Program, words: list[str]) -> None:
    done = mkt_tui("sync", *words)
    assert done.code == 2
    assert "--once" in done.err
    assert "--service" in done.err or "--json" in done.err


def test_without_channels_it_says_how_to_begin(mkt_tui: Program) -> None:
    done = mkt_tui("sync", "--once")
    assert done.code == 1
    assert "mkt-tui channel add" in done.err


def test_an_unreachable_host(mkt_tui: Program, cache: Database, closed_url: str) -> None:
    worlds.channel(cache, base_url=closed_url)
    done = mkt_tui("sync", "--once")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"mkt-tui: Carrefour cannot be reached at {closed_url}")
    assert "Carrefour cannot be reached" in mkt_tui("channel", "list").err


def test_json_of_a_failure(mkt_tui: Program, cache: Database, closed_url: str) -> None:
    worlds.channel(cache, base_url=closed_url)
    done = mkt_tui("sync", "--once", "--json")
    assert (done.code, done.err) == (1, "")
    (channel,) = done.json["channels"]
    assert done.json["ok"] is False
    assert list(channel) == ["channel", "tickets", "orders", "sent", "error"]
    assert "cannot be reached" in channel["error"]


def test_an_unknown_channel(mkt_tui: Program) -> None:
    done = mkt_tui("sync", "--once", "--channel", "Fnac")
    assert done.code == 1
    assert "There is no channel Fnac" in done.err


def test_a_disabled_channel_is_not_called_even_by_name(
    mkt_tui: Program, cache: Database, listener: Listener
) -> None:
    channels.set_enabled(cache, worlds.channel(cache, base_url=listener.url).id, enabled=False)
    done = mkt_tui("sync", "--once", "--channel", "Carrefour")
    assert done.code == 1
    assert "Channel Carrefour is disabled" in done.err
    assert not listener.was_called()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service(
    mkt_tui: Program, cache: Database, listener: Listener, number: signal.Signals
) -> None:
    worlds.channel(cache, base_url=listener.url)
    process = mkt_tui.process("sync", "--service", env=environment(NO="key"))
    listener.server.settimeout(30)
    listener.server.accept()[0].close()
    process.send_signal(number)
    done = end(process)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_the_service_of_a_desk_ends_with_it(
    mkt_tui: Program, cache: Database, listener: Listener
) -> None:
    worlds.channel(cache, base_url=listener.url)
    words = ("sync", "--service", "--while-open")
    process = mkt_tui.process(*words, env=environment(NO="key"))
    listener.server.settimeout(30)
    listener.server.accept()[0].close()
    assert process.poll() is None
    done = end(process)
    assert (done.code, done.out, done.err) == (0, "", "")
