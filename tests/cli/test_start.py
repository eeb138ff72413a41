"""How the program starts, refuses and ends."""

import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mkt_tui import __version__
from mkt_tui.cache.database import Database
from mkt_tui.desk import listing
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Program, end, environment, start

HEAVY = {"textual", "sqlalchemy", "sqlmodel", "httpx", "babel", "rich"}


@pytest.mark.parametrize("words", [["--version"], ["--lang", "it", "--version"]])
def test_version(words: list[str]) -> None:
    done = end(start(*words))
    assert (done.code, done.out, done.err) == (0, f"mkt-tui {__version__}\n", "")


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["channel", "--help"]])
def test_words_that_need_no_installation_load_nothing_heavy(words: list[str]) -> None:
    assert not loaded(*words) & HEAVY


def test_tickets_load_no_toolkit_no_orm_and_no_http(mkt_tui: Program, home: Home) -> None:
    Database(home.cache_file).close()
    found = loaded("--home", str(mkt_tui.home), "tickets", "--json")
    assert not found & {"textual", "sqlalchemy", "httpx"}


def loaded(*words: str) -> set[str]:
    """Return the top packages that a command imports."""

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mkt_tui", *words],
        capture_output=True,
        check=True,
        text=True,
    )
    names = re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE)
    assert "mkt_tui" in names
    return {each.partition(".")[0] for each in names}


def test_help_names_the_verbs(mkt_tui: Program) -> None:
    done = mkt_tui("--help")
    assert done.code == 0
    for verb in ("channel", "sync", "tickets", "order", "reply", "sandbox", "demo"):
        assert re.search(rf"^  {verb} ", done.out, re.MULTILINE)


def test_completion_knows_the_verbs() -> None:
    asked = environment(
        _MKT_TUI_COMPLETE="complete_bash", COMP_WORDS="mkt-tui channel en", COMP_CWORD="2"
    )
    assert end(start(env=asked)).out.split() == ["enable"]


def test_the_desk_needs_a_terminal(mkt_tui: Program) -> None:
    done = mkt_tui()
    assert done.code == 2
    assert "The desk needs a terminal" in done.err


def test_an_unknown_verb_is_a_usage_error(mkt_tui: Program) -> None:
    assert mkt_tui("nonsense").code == 2


def test_an_unknown_language_is_a_usage_error(mkt_tui: Program) -> None:
    done = mkt_tui("--lang", "tlh", "tickets")
    assert done.code == 2
    assert "en, pt-BR, it" in done.err


@pytest.mark.parametrize("garbage", [b"\xff\xfe", b"language = ", b"colour = 'red'"])
def test_garbage_in_the_settings(mkt_tui: Program, home: Home, garbage: bytes) -> None:
    home.settings_file.write_bytes(garbage)
    done = mkt_tui("tickets")
    assert done.code == 1
    assert done.err.startswith(f"mkt-tui: The settings file {home.settings_file} cannot be used")
    assert home.settings_file.read_bytes() == garbage


def test_a_home_that_others_can_read_is_refused(mkt_tui: Program, home: Home) -> None:
    home.cache_file.unlink()
    home.data.chmod(0o755)
    done = mkt_tui("tickets")
    assert done.code == 1
    assert f"chmod go-rwx {home.data}" in done.err
    assert not home.cache_file.exists()


@pytest.mark.parametrize("verb", ["tickets", "channel list", "sync --once"])
def test_a_damaged_cache_is_left_as_it_is(mkt_tui: Program, home: Home, verb: str) -> None:
    home.cache_file.write_bytes(b"no database at all, but somebody's words" * 100)
    home.cache_file.chmod(0o600)
    before = home.cache_file.read_bytes()
    done = mkt_tui(*verb.split())
    assert done.code == 1
    assert f"The cache file {home.cache_file} is damaged" in done.err
    assert home.cache_file.read_bytes() == before


def test_a_newer_cache_is_left_alone(mkt_tui: Program, home: Home) -> None:
    Database(home.cache_file).close()
    with sqlite3.connect(home.cache_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = mkt_tui("tickets")
    assert done.code == 1
    assert "newer mkt-tui" in done.err


def test_a_bug_is_one_sentence_and_its_places_in_the_log(
    mkt_tui: Program, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        customer = "Maria Silva"
        raise ValueError(customer)

    monkeypatch.setattr(listing, "pages", fail)
    done = mkt_tui("tickets")
    assert done.code == 70
    assert done.err.count("\n") == 1
    assert str(home.log_file) in done.err
    log = home.log_file.read_text()
    assert "test_start.py" in log
    assert "ValueError" in log
    assert "Maria" not in log.replace('customer = "Maria Silva"', "")
    assert stat.S_IMODE(home.log_file.stat().st_mode) == 0o600


def test_ctrl_c_ends_quietly(mkt_tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(listing, "pages", interrupt)
    done = mkt_tui("tickets")
    assert (done.code, done.err) == (130, "")


@pytest.mark.parametrize("words", [["tickets"], ["tickets", "--json"], ["--help"]])
def test_a_reader_that_goes_away_is_no_event(
    mkt_tui: Program, home: Home, words: list[str]
) -> None:
    database = Database(home.cache_file)
    many = [worlds.ticket(f"t{number}") for number in range(1200)]
    worlds.read(database, worlds.channel(database), *many)
    database.close()
    process = mkt_tui.process(*words)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(60) == 1
    for pipe in (process.stdin, process.stderr):
        assert pipe is not None
        pipe.close()


def test_a_locale_without_accents_does_not_end_the_list(mkt_tui: Program, home: Home) -> None:
    database = Database(home.cache_file)
    worlds.read(database, worlds.channel(database), worlds.ticket(customer="João"))
    database.close()
    ascii_only = environment(PYTHONIOENCODING="ascii")
    assert r"Jo\xe3o" in end(mkt_tui.process("tickets", env=ascii_only)).out
    (ticket,) = end(mkt_tui.process("tickets", "--json", env=ascii_only)).json
    assert ticket["customer"] == "João"


def test_the_home_may_come_from_the_environment(tmp_path: Path) -> None:
    named = environment(MKT_TUI_HOME=str(tmp_path / "named"))
    assert end(start("tickets", "--json", env=named)).json == []
    assert (tmp_path / "named" / "cache.db").exists()
