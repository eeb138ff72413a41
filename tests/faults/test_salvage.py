"""A damaged cache file: set aside as it is, and what agents wrote is carried into a fresh one.

Each page of a real file is destroyed in turn, the header byte by byte region, and the file is cut
off at many places. Words that stood on other pages must survive.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mkt_tui.cache import handing, migrate, notes, operations, wreck
from mkt_tui.cache.database import Database
from mkt_tui.cache.salvage import Salvaged, salvage
from mkt_tui.cache.soundness import examine, users
from mkt_tui.domain.operation_kinds import OperationState
from tests.faults.damage import PAGE, Words, changed, fill, pages_of, pages_with, scribble
from tests.worlds import NOW


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Words]:
    path = tmp_path_factory.mktemp("sound") / "cache.db"
    return path, fill(path)


@pytest.fixture(autouse=True)
def _made_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of salvages make the same new cache: copied, not migrated, in a third of the time.

    A table of 300 rows is looked for in a tenth of the tries that one of thousands is worth.
    """
    monkeypatch.setattr(migrate, "upgrade", lambda path: shutil.copyfile(empty_cache, path))
    monkeypatch.setattr(wreck, "_PATIENCE", 2_000)


@pytest.fixture
def path(sound: tuple[Path, Words], tmp_path: Path) -> Path:
    """A copy of the sound cache, to be damaged."""
    path = tmp_path / "cache.db"
    path.write_bytes(sound[0].read_bytes())
    return path


@pytest.fixture
def words(sound: tuple[Path, Words]) -> Words:
    return sound[1]


def rescue(path: Path) -> Salvaged:
    """Salvage the file, and see what must be true after every salvage."""
    damaged = path.read_bytes()
    saved = salvage(path, NOW)
    assert saved.aside.read_bytes() == damaged
    assert saved.aside.name == "cache.db.damaged-20260310T150000Z"
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, saved.aside.name]
    assert examine(path).damage is None
    assert examine(path).orphans == 0
    return saved


def saved_words(path: Path) -> Words:
    database = Database(path)
    words = Words(
        dict(database.rows("SELECT ticket_id, text FROM draft")),
        dict(database.rows("SELECT id, text FROM operation")),
    )
    database.close()
    return words


def beyond(path: Path, words: Words, pages: set[int]) -> Words:
    """Return the words that stand on none of these pages."""
    return Words(
        {key: text for key, text in words.drafts.items() if not pages_with(path, text) & pages},
        {key: text for key, text in words.operations.items() if not pages_with(path, text) & pages},
    )


@pytest.mark.parametrize("start", range(4))
def test_whichever_page_is_destroyed_the_words_on_all_others_survive(
    path: Path, words: Words, start: int
) -> None:
    sound = path.read_bytes()
    assert pages_of(path) > 40
    for page in range(start, pages_of(path), 4):
        path.write_bytes(sound)
        wanted = beyond(path, words, {page})
        scribble(path, page)
        saved = rescue(path)
        found = saved_words(path)
        assert found.drafts.items() >= wanted.drafts.items(), page
        assert found.operations.items() >= wanted.operations.items(), page
        saved.aside.unlink()


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, 16), (0, 100), (16, 2), (18, 6), (24, 12), (28, 4), (40, 30), (92, 8)],
)
def test_a_destroyed_header_costs_no_word(
    path: Path, words: Words, offset: int, length: int
) -> None:
    scribble(path, 0, length, offset)
    saved = rescue(path)
    assert saved_words(path) == words
    assert saved.rows["audit"] == 300


def test_a_destroyed_first_page_costs_no_word(path: Path, words: Words) -> None:
    scribble(path, 0)
    assert examine(path).damage
    rescue(path)
    assert saved_words(path) == words


@pytest.mark.parametrize("start", range(4))
def test_a_file_that_is_cut_off_keeps_the_words_before_the_cut(
    path: Path, words: Words, start: int
) -> None:
    sound = path.read_bytes()
    step = 3 * PAGE + 1000
    for cut in range(PAGE + start * step, len(sound), 4 * step):
        path.write_bytes(sound)
        wanted = beyond(path, words, set(range(cut // PAGE, pages_of(path) + 1)))
        path.write_bytes(sound[:cut])
        saved = rescue(path)
        found = saved_words(path)
        assert found.drafts.items() >= wanted.drafts.items(), cut
        assert found.operations.items() >= wanted.operations.items(), cut
        saved.aside.unlink()


def test_a_torn_last_page_does_not_hide_how_many_words_there_were(path: Path, words: Words) -> None:
    last = max(min(pages_with(path, each)) for each in words.operations.values())
    wanted = beyond(path, words, set(range(last, pages_of(path) + 1)))
    path.write_bytes(path.read_bytes()[: last * PAGE + 136])
    rescue(path)
    assert wanted.operations
    assert saved_words(path).operations.items() >= wanted.operations.items()


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"SQLite format 3\0", bytes(PAGE), b"\xff" * 50_000, b"no database" * 999],
    ids=["empty", "a letter", "only a head", "a page of zeros", "ones", "words"],
)
def test_what_is_no_database_at_all_is_set_aside_too(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert rescue(path).rows == {}
    assert saved_words(path) == Words()


def test_the_log_goes_aside_with_its_file_and_its_words_are_saved(path: Path, words: Words) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint=0")
        writer.execute("UPDATE draft SET text = 'Só no diário.' WHERE ticket_id = 1")
        log = Path(f"{path}-wal").read_bytes()
        content = path.read_bytes()
    path.write_bytes(content)
    Path(f"{path}-wal").write_bytes(log)
    scribble(path, 0, 100)
    saved = salvage(path, NOW)
    assert Path(f"{saved.aside}-wal").read_bytes() == log
    assert saved_words(path).drafts[1] == "Só no diário."


def test_two_damages_in_a_second_overwrite_nothing(path: Path) -> None:
    asides = set()
    for _ in range(3):
        scribble(path, 0)
        asides.add(salvage(path, NOW).aside)
    assert len(asides) == 3


def test_what_was_on_its_way_is_looked_for_before_it_is_sent(path: Path, words: Words) -> None:
    scribble(path, 0, 100)
    rescue(path)
    database = Database(path)
    for operation in words.operations:
        outcome = operations.outcome(database, operation)
        assert outcome is not None
        assert outcome.state is OperationState.UNKNOWN
    database.close()


def test_words_survive_without_their_ticket(path: Path, words: Words) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ticket'"
        ).fetchone()[0]
    scribble(path, root - 1)
    rescue(path)
    assert saved_words(path) == words


def nothing(_content: bytearray) -> None:
    """Leave the file as it is."""


def empty(content: bytearray) -> None:
    content.clear()


@pytest.mark.parametrize(
    ("change", "damage"), [(nothing, False), (empty, False), (lambda c: c.__delitem__(0), True)]
)
def test_damage_is_told_from_health(
    path: Path, change: Callable[[bytearray], None], damage: bool
) -> None:
    with changed(path) as content:
        change(content)
    assert bool(examine(path).damage) is damage


def test_who_has_the_cache_open_is_seen(path: Path) -> None:
    program = f"import sys; f = open({str(path)!r}); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert users(path) == [other.pid]
    assert users(path) == []


def test_notes_and_whose_the_tickets_were_are_saved(path: Path) -> None:
    database = Database(path)
    with database.transaction():
        notes.add(database, 1, "ana", "mind the voltage", ["bia"], NOW)
        handing.give(database, 1, "bia", "ana", NOW, "yours")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    rescue(path)
    database = Database(path)
    assert [each.text for each in notes.of_ticket(database, 1)] == ["mind the voltage"]
    assert notes.mentioning(database, "bia") == [1]
    assert [each.after for each in handing.chain(database, 1)] == ["bia"]
    assert database.value("SELECT assignee FROM ticket WHERE id = 1") == "bia"
    database.close()
