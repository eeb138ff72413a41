"""Forwarding, putting off and noting from scripts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.config import agent_name
from mkt_tui.domain.tickets import Attachment
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Program

NOW = datetime.now(UTC)


@pytest.fixture
def cache(home: Home) -> Iterator[Database]:
    """Two tickets that came just now."""
    database = Database(home.cache_file)
    shop = worlds.channel(database)
    for code in ("t1", "t2"):
        fresh = worlds.ticket(code, waiting_since=NOW, created_at=NOW, updated_at=NOW)
        worlds.read(database, shop, fresh)
    yield database
    database.close()


def ticket(mkt_tui: Program, code: str, state: str = "all") -> dict[str, object]:
    listed = mkt_tui("tickets", "--json", "--state", state).json
    found: dict[str, object] = next(each for each in listed if each["code"] == code)
    return found


@pytest.mark.usefixtures("cache")
def test_forwarding_by_command(mkt_tui: Program) -> None:
    refused = mkt_tui("ticket", "forward", "t1", "--to", "bia")
    assert refused.code == 1
    assert "There is no agent bia" in refused.err
    assert mkt_tui("agent", "add", "bia").code == 0
    done = mkt_tui("ticket", "forward", "t1", "t2", "--to", "bia", "--note", "yours", "--json")
    assert done.json == [
        {"code": "t1", "done": True, "told": "forwarded to bia"},
        {"code": "t2", "done": True, "told": "forwarded to bia"},
    ]
    assert ticket(mkt_tui, "t1")["assignee"] == "bia"
    assert ticket(mkt_tui, "t1")["received_from"] == agent_name()
    again = mkt_tui("ticket", "forward", "t1", "--to", "bia")
    assert (again.code, again.out) == (1, "")
    assert "bia has it already" in again.err
    listed = mkt_tui("agent", "list", "--json").json
    assert listed == [{"name": "bia", "away": False, "present": False, "open": 2}]
    assert "bia" in mkt_tui("agent", "list").out


@pytest.mark.usefixtures("cache")
def test_who_is_away_is_forwarded_nothing(mkt_tui: Program) -> None:
    mkt_tui("agent", "add", "bia")
    assert mkt_tui("agent", "away", "--agent", "bia").code == 0
    assert "bia is away" in mkt_tui("ticket", "forward", "t1", "--to", "bia").err
    mkt_tui("agent", "back", "--agent", "bia")
    assert mkt_tui("ticket", "forward", "t1", "--to", "bia").code == 0
    assert mkt_tui("agent", "away", "--agent", "zoe").code == 1


@pytest.mark.usefixtures("cache")
def test_putting_off_and_back(mkt_tui: Program) -> None:
    assert mkt_tui("ticket", "snooze", "t1", "--until", "never").code == 1
    done = mkt_tui("ticket", "snooze", "t1", "--until", "2h")
    assert "t1: put off until" in done.out
    found = ticket(mkt_tui, "t1", "snoozed")
    assert found["state"] == "snoozed"
    assert found["snoozed_until"]
    assert mkt_tui("ticket", "wake", "t1").code == 0
    assert ticket(mkt_tui, "t1")["state"] == "open"


@pytest.mark.usefixtures("cache")
def test_notes_and_history(mkt_tui: Program) -> None:
    assert mkt_tui("ticket", "take", "t1").code == 0
    assert mkt_tui("ticket", "release", "t1").code == 0
    assert mkt_tui("ticket", "no-reply", "t1").code == 0
    assert mkt_tui("ticket", "reopen", "t1").code == 0
    assert mkt_tui("ticket", "note", "t1", "--text", "mind the voltage").out == "Note kept.\n"
    told = mkt_tui("ticket", "history", "t1", "--json").json
    assert [each["act"] for each in told["history"]] == [
        "taken",
        "let go",
        "marked: needs no reply",
        "opened again",
        "note written",
    ]
    assert told["notes"][0]["text"] == "mind the voltage"
    assert "mind the voltage" in mkt_tui("ticket", "history", "t1").out


@pytest.mark.usefixtures("cache")
def test_dealing_out_needs_somebody(mkt_tui: Program) -> None:
    assert "No agent is present" in mkt_tui("ticket", "deal").err


def test_files_are_listed_and_an_empty_list_is_said_in_words(
    mkt_tui: Program, cache: Database
) -> None:
    files = (Attachment("f-1", "foto.jpg", 7),)
    written = replace(worlds.message("m-1"), attachments=files)
    shop = channels.find_channel(cache, "Carrefour")
    assert shop
    worlds.read(cache, shop, worlds.ticket("t3", messages=(written,)))
    listed = mkt_tui("ticket", "files", "t3", "--json").json
    assert [(each["code"], each["name"], each["size"]) for each in listed] == [
        ("f-1", "foto.jpg", 7)
    ]
    assert "foto.jpg" in mkt_tui("ticket", "files", "t3").out
    assert "The ticket has: f-1." in mkt_tui("ticket", "files", "t3", "--get", "f-2").err
    none = mkt_tui("ticket", "files", "t1")
    assert (none.code, none.out) == (0, "")
    assert "No file came with this thread." in none.err


@pytest.mark.usefixtures("cache")
def test_linking_by_command(mkt_tui: Program) -> None:
    assert "t1: linked" in mkt_tui("ticket", "link", "t1", "t2").out
    assert "t2: no longer linked" in mkt_tui("ticket", "unlink", "t2").out
    alone = mkt_tui("ticket", "unlink", "t1")
    assert (alone.code, "linked with no ticket" in alone.err) == (1, True)


@pytest.mark.usefixtures("cache")
def test_the_tickets_of_who_is_ill_go_back_to_the_house(mkt_tui: Program) -> None:
    mkt_tui("agent", "add", "bia")
    assert mkt_tui("ticket", "forward", "t1", "--to", "bia").code == 0
    told = mkt_tui("agent", "away", "--agent", "bia", "--let-go").out
    assert "1 ticket is nobody's now." in told
    (listed,) = mkt_tui("agent", "list", "--json").json
    assert (listed["away"], listed["open"]) == (True, 0)
