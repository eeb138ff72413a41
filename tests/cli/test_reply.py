"""Answering from a script, up to the outbox; the way out is in test_with_sandbox.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkt_tui.cache import channels, drafts, threads
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cli import reply
from mkt_tui.config import agent_name
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from tests import worlds
from tests.cli.conftest import Listener
from tests.cli.program import Program, end


@pytest.fixture
def cache(home: Home, closed_url: str) -> Iterator[Database]:
    """Ticket t1 of Carrefour, whose marketplace cannot be reached."""
    database = Database(home.cache_file)
    worlds.read(database, worlds.channel(database, base_url=closed_url), worlds.ticket())
    database.execute("UPDATE channel SET secret = 'env:SHOP_KEY'")
    yield database
    database.close()


@pytest.fixture
def text(tmp_path: Path) -> str:
    file = tmp_path / "text"
    file.write_text("Olá, Maria!\n", encoding="utf-8")
    return str(file)


def queued(cache: Database) -> list[str]:
    return [row[0] for row in cache.rows("SELECT text FROM operation ORDER BY queued_at")]


def test_a_reply_is_in_the_outbox(mkt_tui: Program, cache: Database, text: str) -> None:
    done = mkt_tui("reply", "t1", "--text-file", text, "--to", "customer", "--json")
    assert done.code == 0
    (operation,) = threads.operations(cache, 1)
    assert done.json == {"operation": operation.id, "state": "queued", "error": None}
    assert (operation.text, operation.audience) == ("Olá, Maria!", "customer")


def test_the_text_may_come_from_standard_input(mkt_tui: Program, cache: Database) -> None:
    process = mkt_tui.process("reply", "t1", "--text-file", "-", "--to", "both")
    done = end(process, "Até já ☺".encode())
    assert done.code == 0
    assert queued(cache) == ["Até já ☺"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file or directory"),
        (b"Ol\xe1", "it is not UTF-8 text"),
        (b" \n", "The reply is empty"),
        (b"\xef\xbb\xbf", "The reply is empty"),
    ],
)
def test_texts_that_cannot_be_sent(
    mkt_tui: Program, cache: Database, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "text"
    if content is not None:
        file.write_bytes(content)
    done = mkt_tui("reply", "t1", "--text-file", str(file), "--to", "both")
    assert done.code == 1
    assert told in done.err
    assert done.err.count("\n") == 1
    assert queued(cache) == []


def test_a_folder_is_no_text(mkt_tui: Program, cache: Database, tmp_path: Path) -> None:
    done = mkt_tui("reply", "t1", "--text-file", str(tmp_path), "--to", "both")
    assert done.code == 1
    assert "Is a directory" in done.err


@pytest.mark.usefixtures("cache")
def test_a_ticket_that_is_not_there(mkt_tui: Program, text: str) -> None:
    done = mkt_tui("reply", "t9", "--text-file", text, "--to", "both")
    assert done.code == 1
    assert "There is no ticket t9" in done.err


def test_a_code_of_two_channels_needs_the_channel(
    mkt_tui: Program, cache: Database, text: str
) -> None:
    worlds.read(cache, worlds.channel(cache, "Fnac"), worlds.ticket())
    words = ("reply", "t1", "--text-file", text, "--to", "both")
    done = mkt_tui(*words)
    assert done.code == 1
    assert "Ticket t1 is in several channels: Carrefour, Fnac" in done.err
    assert queued(cache) == []
    assert mkt_tui(*words, "--channel", "Fnac").code == 0
    assert len(queued(cache)) == 1


def test_an_audience_that_the_thread_lacks(mkt_tui: Program, cache: Database, text: str) -> None:
    cache.execute("UPDATE ticket SET participants = 'customer'")
    done = mkt_tui("reply", "t1", "--text-file", text, "--to", "operator")
    assert done.code == 1
    assert "This ticket takes no message to: marketplace only" in done.err


@pytest.mark.usefixtures("cache")
def test_an_unknown_audience_is_a_usage_error(mkt_tui: Program, text: str) -> None:
    assert mkt_tui("reply", "t1", "--text-file", text, "--to", "all").code == 2


def test_a_draft_of_other_words_is_not_lost(mkt_tui: Program, cache: Database, text: str) -> None:
    draft = Draft("Half a thought", Audience.BOTH, seen=0)
    drafts.save(cache, 1, agent_name(), draft, worlds.NOW)
    words = ("reply", "t1", "--text-file", text, "--to", "both")
    done = mkt_tui(*words)
    assert done.code == 1
    assert "You have another draft on ticket t1" in done.err
    assert drafts.find(cache, 1, agent_name()) == draft
    assert mkt_tui(*words, "--replace-draft").code == 0
    assert drafts.find(cache, 1, agent_name()) is None


def test_a_second_reply_waits_for_the_first(mkt_tui: Program, cache: Database, text: str) -> None:
    words = ("reply", "t1", "--text-file", text, "--to", "both")
    assert mkt_tui(*words).code == 0
    assert "is still on its way" in mkt_tui(*words).err
    assert len(queued(cache)) == 1


def test_waiting_in_vain_says_that_the_words_are_kept(
    mkt_tui: Program, cache: Database, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "key")
    monkeypatch.setattr(reply, "WAIT_SECONDS", 0)
    done = mkt_tui("reply", "t1", "--text-file", text, "--to", "both", "--wait")
    assert done.code == 1
    assert "Carrefour has not confirmed the reply" in done.err
    assert "it stays in the outbox." in done.err
    assert [each.state for each in threads.operations(cache, 1)] == ["queued"]


def test_a_disabled_channel_is_not_called(
    mkt_tui: Program, cache: Database, text: str, listener: Listener
) -> None:
    cache.execute("UPDATE channel SET base_url = :url", {"url": listener.url})
    channels.set_enabled(cache, 1, enabled=False)
    words = ("reply", "t1", "--text-file", text, "--to", "both")
    refused = mkt_tui(*words, "--wait")
    assert refused.code == 1
    assert "Channel Carrefour is disabled" in refused.err
    assert queued(cache) == []
    kept = mkt_tui(*words)
    assert kept.code == 0
    assert "It is sent after: mkt-tui channel enable Carrefour" in kept.out
    assert not listener.was_called()


def test_a_file_may_go_with_it(
    mkt_tui: Program, cache: Database, text: str, tmp_path: Path
) -> None:
    (tmp_path / "nota.pdf").write_bytes(b"%PDF")
    options = ("--text-file", text, "--to", "both", "--attach")
    refused = mkt_tui("reply", "t1", *options, str(tmp_path / "gone.pdf"))
    assert refused.code == 1
    assert "gone.pdf cannot be attached: there is no such file" in refused.err
    assert mkt_tui("reply", "t1", *options, str(tmp_path / "nota.pdf")).code == 0
    (payload,) = cache.rows("SELECT payload FROM operation")
    assert "nota.pdf" in payload[0]


def test_nobody_to_answer_is_told_with_what_to_do(
    mkt_tui: Program, cache: Database, text: str
) -> None:
    closed = worlds.ticket("t9", participants=())
    worlds.read(cache, channels.all_channels(cache)[0], closed)
    done = mkt_tui("reply", "t9", "--text-file", text, "--to", "customer")
    assert done.code == 1
    assert "Answer in the marketplace's own portal." in done.err
    assert queued(cache) == []
