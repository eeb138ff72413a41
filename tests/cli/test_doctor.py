"""What is wrong with an installation, in sentences; what is safe to repair is repaired."""

import shutil
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mkt_tui.cache import leases, operations, settling, soundness
from mkt_tui.cache.database import Database
from mkt_tui.desk import doctor_home, spelling
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.errors import Doubtful
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Done, Program
from tests.faults.damage import PAGE, fill, scribble

KEY = "key-that-nobody-may-see"
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def cache(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("NO", KEY)
    monkeypatch.setattr(spelling, "is_known", lambda _language: True)
    database = Database(home.cache_file)
    yield database
    database.close()


def checks(done: Done) -> list[str]:
    return [each["check"] for each in done.json]


def repaired(cache: Database) -> list[str]:
    rows = cache.rows("SELECT detail FROM audit WHERE act = 'doctor.repaired' ORDER BY id")
    return [detail for (detail,) in rows]


def examined(mkt_tui: Program, *words: str) -> Done:
    done = mkt_tui("doctor", *words)
    assert done.err == ""
    assert KEY not in done.out
    return done


def test_programs_that_the_work_here_needs_are_missed(
    mkt_tui: Program, cache: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Java only where titles are corrected; a dictionary for each language that is written."""
    worlds.channel(cache)
    monkeypatch.setenv("PATH", "")
    assert checks(examined(mkt_tui, "--json")) == []
    worlds.channel(cache, "Bookwire", adapter="bookwire")
    monkeypatch.setattr(spelling, "is_known", lambda spoken: spoken != "pt_BR")
    done = examined(mkt_tui)
    assert "java: EPUBCheck needs Java" in done.out
    assert "apt install default-jre-headless" in done.out
    assert "apt install libenchant-2-2 hunspell-pt-br" in done.out
    assert checks(examined(mkt_tui, "--json")) == ["java", "dictionary"]


def test_nothing_is_wrong(mkt_tui: Program, cache: Database) -> None:
    worlds.channel(cache)
    assert examined(mkt_tui) == Done(0, "Nothing is wrong.\n", "")
    assert examined(mkt_tui, "--json").json == []


def test_an_installation_that_was_never_used(mkt_tui: Program) -> None:
    assert examined(mkt_tui).code == 0


def test_settings_that_cannot_be_read_do_not_hide_the_rest(mkt_tui: Program, home: Home) -> None:
    home.settings_file.write_text("zone = 5")
    home.settings_file.chmod(0o644)
    done = examined(mkt_tui, "--json")
    assert done.code == 1
    assert checks(done) == ["settings", "permissions"]


def test_rights_of_others_are_taken_away(mkt_tui: Program, cache: Database, home: Home) -> None:
    home.data.chmod(0o755)
    home.cache_file.chmod(0o664)
    done = examined(mkt_tui)
    assert done.code == 1
    assert f"{home.cache_file} can be read by other users of this machine." in done.out
    assert stat.S_IMODE(home.cache_file.stat().st_mode) == 0o664
    done = examined(mkt_tui, "--fix")
    assert done.code == 0
    assert "They cannot read it any more." in done.out
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.cache_file.stat().st_mode) == 0o600
    assert examined(mkt_tui).code == 0
    assert repaired(cache) == ["permissions"] * 2


def test_a_disk_that_is_nearly_full(
    mkt_tui: Program, cache: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    done = examined(mkt_tui, "--fix")
    assert done.code == 1
    assert "has 5 MB left" in done.out


def test_a_log_that_has_grown_is_written_into_the_cache(
    mkt_tui: Program, cache: Database, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_home, "LONGEST_LOG", 30_000)
    worlds.channel(cache)
    cache.execute("UPDATE channel SET options = :long", {"long": '{"a": "' + "x" * 40_000 + '"}'})
    assert checks(examined(mkt_tui, "--json")) == ["log"]
    assert examined(mkt_tui, "--fix").code == 0
    # The row of the audit log that tells of it is in it again.
    assert Path(f"{home.cache_file}-wal").stat().st_size < 30_000
    assert repaired(cache) == ["log"]
    assert examined(mkt_tui).code == 0


def test_rows_without_what_they_refer_to_are_told(
    mkt_tui: Program, cache: Database, home: Home
) -> None:
    with closing(sqlite3.connect(home.cache_file, isolation_level=None)) as careless:
        careless.execute("INSERT INTO draft VALUES (99, 'ana', 'x', 'both', 0, 0, 0)")
    assert checks(examined(mkt_tui, "--json", "--fix")) == ["references"]


def a_reply(cache: Database) -> str:
    shop = worlds.channel(cache)
    worlds.read(cache, shop, worlds.ticket())
    then = utc_now() - LONG_AGO
    reply = Reply("op1", "t1", "Chega amanhã.", Audience.BOTH, then)
    operations.queue(cache, reply, 1, "ana", 1, answers=True)
    return reply.operation


def state(cache: Database) -> OperationState:
    found = operations.outcome(cache, "op1")
    assert found is not None
    return found.state


def test_a_reply_whose_sender_died_is_looked_for(mkt_tui: Program, cache: Database) -> None:
    a_reply(cache)
    operations.claim(cache, 1, "dead", utc_now() - LONG_AGO, timedelta(minutes=2))
    assert checks(examined(mkt_tui, "--json")) == ["sending"]
    assert state(cache) is OperationState.SENDING
    assert checks(examined(mkt_tui, "--json", "--fix")) == ["sending"]
    assert state(cache) is OperationState.UNKNOWN
    assert examined(mkt_tui).code == 0


def test_replies_that_nobody_delivers_and_doubts_that_nobody_settles(
    mkt_tui: Program, cache: Database
) -> None:
    operation = a_reply(cache)
    assert checks(examined(mkt_tui, "--json", "--fix")) == ["queued"]
    operations.claim(cache, 1, "w", utc_now(), timedelta(minutes=2))
    then = utc_now() - LONG_AGO
    settling.settle_unknown(cache, operation, Doubtful(channel="c", detail="-"), then, then)
    done = examined(mkt_tui, "--json", "--fix")
    assert (done.code, checks(done)) == (1, ["unknown"])
    assert state(cache) is OperationState.UNKNOWN


@pytest.mark.parametrize(
    ("holder", "minutes", "dead"),
    [
        (f"{socket.gethostname()}:4194305:x", 3, True),
        (f"{socket.gethostname()}:1:x", -1, True),
        ("elsewhere:1:x", -1, True),
        ("elsewhere:1:x", 3, False),
    ],
    ids=["no such process", "too late", "elsewhere, too late", "elsewhere"],
)
def test_leases_of_the_dead_are_released(
    mkt_tui: Program, cache: Database, holder: str, minutes: int, dead: bool
) -> None:
    shop = worlds.channel(cache)
    leases.take(cache, shop.id, holder, utc_now(), timedelta(minutes=minutes))
    assert checks(examined(mkt_tui, "--json")) == (["lease"] if dead else [])
    assert examined(mkt_tui, "--fix").code == 0
    assert (leases.holder(cache, shop.id) is None) is dead


def test_a_marketplace_that_writes_from_the_future(mkt_tui: Program, cache: Database) -> None:
    worlds.read(cache, worlds.channel(cache), worlds.ticket(updated_at=utc_now() + LONG_AGO))
    done = examined(mkt_tui, "--fix")
    assert done.code == 1
    assert "which has not come yet" in done.out


def test_a_key_that_cannot_be_read_is_named_where_nobody_else_reads_the_channel(
    mkt_tui: Program, cache: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = worlds.channel(cache)
    monkeypatch.delenv("NO")
    done = examined(mkt_tui)
    assert done.code == 1
    assert "The secret env:NO of channel Carrefour cannot be read" in done.out
    leases.take(cache, shop.id, "elsewhere:1:x", utc_now(), timedelta(minutes=3))
    assert examined(mkt_tui).code == 0


def destroyed_header(path: Path) -> None:
    scribble(path, 0, 100)


def destroyed_middle(path: Path) -> None:
    scribble(path, 20)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: -6 * PAGE - 77])


@pytest.mark.parametrize("damage", [destroyed_header, destroyed_middle, cut_off])
def test_a_damaged_cache_is_set_aside_and_its_words_are_saved(
    mkt_tui: Program, home: Home, damage: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO", KEY)
    words = fill(home.cache_file)
    damage(home.cache_file)
    damaged = home.cache_file.read_bytes()
    done = examined(mkt_tui)
    assert done.code == 1
    assert f"damage: The cache file {home.cache_file} is damaged" in done.out
    assert home.cache_file.read_bytes() == damaged

    done = examined(mkt_tui, "--fix")
    assert done.code == 0
    (aside,) = home.data.glob("cache.db.damaged-*")
    assert aside.read_bytes() == damaged
    assert stat.S_IMODE(aside.stat().st_mode) & 0o077 == 0
    assert f"It is kept as {aside}. Saved: channels 1, drafts " in done.out
    assert soundness.examine(home.cache_file).damage is None
    assert mkt_tui("tickets").code == 0
    database = Database(home.cache_file)
    saved: dict[int, str] = dict(database.rows("SELECT ticket_id, text FROM draft"))
    assert repaired(database)[-1] == "damage"
    database.close()
    assert saved
    assert saved.items() <= words.drafts.items()


def test_a_damaged_cache_in_use_is_left_alone(
    mkt_tui: Program, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home.cache_file)
    destroyed_header(home.cache_file)
    damaged = home.cache_file.read_bytes()
    monkeypatch.setattr(soundness, "users", lambda _path: [4711, 4712])
    done = examined(mkt_tui, "--fix")
    assert done.code == 1
    assert "in use by the processes 4711, 4712" in done.out
    assert home.cache_file.read_bytes() == damaged
    assert not list(home.data.glob("*.damaged-*"))


def test_a_search_index_that_lost_words_is_made_anew(mkt_tui: Program, cache: Database) -> None:
    shop = worlds.channel(cache)
    worlds.read(cache, shop, worlds.ticket("t-1", None))
    cache.execute("DELETE FROM ticket_words")
    assert checks(examined(mkt_tui, "--json")) == ["search"]
    assert "made anew" in examined(mkt_tui, "--fix").out
    assert cache.value("SELECT COUNT(*) FROM ticket_words") == 1
    assert checks(examined(mkt_tui, "--json")) == []
