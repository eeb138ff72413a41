"""A cache moved from engine to engine is the same cache."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from mkt_tui.cache import copying, drafts, operations, tables
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.places import Place
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheProblem, NotAllowed
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.postgres import Server
from tests.worlds import NOW, channel, order, read, read_orders, ticket


@pytest.fixture
def full(desk: Desk) -> Database:
    """A cache with something in every table that matters."""
    shop = channel(desk.database)
    read(desk.database, shop, *(ticket(f"t{n}", n % 7) for n in range(30)))
    read_orders(desk.database, shop, order(), order("200-B"))
    drafts.save(desk.database, 3, "ana", Draft("Bom dia", Audience.BOTH), NOW)
    with desk.database.transaction():
        reply = Reply("op1", "t1", "Chega amanhã.", Audience.BOTH, NOW)
        operations.queue(desk.database, reply, 1, "ana", 2, answers=True)
    desk.database.execute("DELETE FROM ticket WHERE code = 't29'")
    return desk.database


@pytest.fixture
def target_place(engine: str, desk: Desk, request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty place of the other engine."""
    if engine == "postgresql":
        yield desk.home.data / "other.db"
        return
    running: Server = request.getfixturevalue("postgres")
    with running.database(empty=True) as address:
        yield address


@pytest.fixture
def target(target_place: Place) -> Iterator[Database]:
    database = Database(target_place)
    yield database
    database.close()


def everything(database: Database) -> dict[str, list[object]]:
    assert tables.tickets.TicketRow.__tablename__ == "ticket"
    return {
        each.name: [
            tuple(row)
            for row in database.rows(
                f"SELECT {', '.join(c.name for c in each.columns)} FROM {each.name} ORDER BY 1, 2"
            )
        ]
        for each in SQLModel.metadata.sorted_tables
    }


@pytest.mark.parametrize("at_once", [4, 1000])
def test_everything_arrives_under_its_own_id(
    full: Database, target: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(copying, "_AT_ONCE", at_once)
    before = everything(full)
    counts = copying.copy(full, target, "ana", NOW)
    assert everything(full) == before
    arrived = everything(target)
    assert target.rows("SELECT agent, act FROM audit") == [("ana", "cache.copied")]
    assert arrived | {"audit": []} == before | {"audit": []}
    assert counts["ticket"] == 29


def test_ids_go_on_after_the_largest(full: Database, target: Database) -> None:
    copying.copy(full, target, "ana", NOW)
    largest = target.value("SELECT MAX(id) FROM ticket")
    other = channel(target, "Leroy Merlin")
    read(target, other, ticket("new"))
    assert target.value("SELECT id FROM ticket WHERE code = 'new'") == largest + 1
    assert other.id == 2


def test_a_target_in_use_is_refused(full: Database, target: Database) -> None:
    channel(target, "Somebody's")
    with pytest.raises(NotAllowed, match="never overwritten"):
        copying.copy(full, target, "ana", NOW)
    assert target.value("SELECT COUNT(*) FROM ticket") == 0


def test_a_copy_that_fails_leaves_the_target_empty(
    full: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_compare", _fail)
    with pytest.raises(CacheProblem):
        copying.copy(full, target, "ana", NOW)
    assert not any(everything(target).values())


def _fail(*_: object) -> None:
    raise CacheProblem(path="x", detail="y")


def test_the_moved_cache_goes_on_working(full: Database, target: Database) -> None:
    copying.copy(full, target, "ana", NOW)
    claimed = operations.claim(target, 1, "w", NOW, timedelta(minutes=1))
    assert claimed
    assert isinstance(claimed.wanted, Reply)
    assert claimed.wanted.text == "Chega amanhã."


@pytest.mark.parametrize("fails", [False, True])
def test_a_server_has_all_its_indexes_references_and_triggers_after_it(
    full: Database, target: Database, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    if target.dialect.terms:
        pytest.skip("a file is filled as it is")
    before = _built(target)
    if fails:
        monkeypatch.setattr(copying, "_compare", _fail)
    with nullcontext() if not fails else pytest.raises(CacheProblem):
        copying.copy(full, target, "ana", NOW)
    assert len(before) > 60
    assert _built(target) == before


def _built(server: Database) -> list[object]:
    here = "current_schema()::regnamespace"
    return [
        *server.rows("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"),
        *server.rows(
            "SELECT CAST(conrelid::regclass AS text), conname, pg_get_constraintdef(oid), convalidated"
            f" FROM pg_constraint WHERE connamespace = {here} ORDER BY 1, 2"
        ),
        *server.rows(
            "SELECT CAST(tgrelid::regclass AS text), tgname, CAST(tgenabled AS text) FROM pg_trigger"
            " WHERE NOT tgisinternal ORDER BY 1, 2"
        ),
    ]  # fmt: skip
