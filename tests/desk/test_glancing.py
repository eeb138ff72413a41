"""A ticket that was read before it was opened is the one in the cache, or it is not shown."""

import asyncio
from contextlib import closing
from datetime import timedelta

import pytest

from mkt_tui.cache import channels, queries
from mkt_tui.cache.database import Database
from mkt_tui.desk import conversation, noting
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.glancing import Glances
from tests.conftest import Clock
from tests.worlds import channel, order, read, read_orders, ticket


@pytest.fixture
def first(desk: Desk) -> int:
    shop = channel(desk.database)
    read_orders(desk.database, shop, order())
    read(desk.database, shop, ticket("t1"), ticket("t2"))
    return row(desk, "t1")


def row(desk: Desk, code: str) -> int:
    return queries.tickets_by_code(desk.database, code)[0].id


def glanced(desk: Desk, ticket_id: int) -> Glances:
    glances = Glances(desk)
    asyncio.run(glances.look(ticket_id))
    return glances


def test_what_was_looked_at_is_known_whole(desk: Desk, first: int) -> None:
    found = glanced(desk, first).of(first)
    assert found == conversation.load(desk, first)
    assert found is not None
    assert found.sheet is not None


def test_another_ticket_is_not_known(desk: Desk, first: int) -> None:
    assert glanced(desk, first).of(row(desk, "t2")) is None


def test_what_this_desk_did_since_makes_it_void(desk: Desk, first: int) -> None:
    glances = glanced(desk, first)
    noting.add(desk, first, "liguei para a loja")
    assert glances.of(first) is None
    asyncio.run(glances.look(first))
    found = glances.of(first)
    assert found is not None
    assert [each.text for each in found.notes] == ["liguei para a loja"]


def test_what_came_from_elsewhere_since_makes_it_void(desk: Desk, first: int) -> None:
    glances = glanced(desk, first)
    shop = channels.all_channels(desk.database)[0]
    with closing(Database(desk.database.place)) as another:
        read(another, shop, ticket("t1", 2))
    # On a server the news has a way to go; no desk is told of it before its own next question.
    desk.database.value("SELECT 1")
    assert glances.of(first) is None


def test_it_grows_old_in_an_unchanged_cache_too(desk: Desk, first: int, clock: Clock) -> None:
    glances = glanced(desk, first)
    clock.now += timedelta(minutes=2)
    assert glances.of(first) is None


def test_a_ticket_that_is_gone_is_told_of_when_it_is_opened(desk: Desk, first: int) -> None:
    assert glanced(desk, first + 1_000).of(first + 1_000) is None


def test_a_renamed_channel_is_seen_at_once(desk: Desk, first: int) -> None:
    assert [each.name for each in desk.channels().values()] == ["Carrefour"]
    desk.database.execute("UPDATE channel SET name = 'Atacadão'")
    assert [each.name for each in desk.channels().values()] == ["Atacadão"]
    with closing(Database(desk.database.place)) as another:
        another.execute("UPDATE channel SET name = 'Carrefour'")
    desk.database.value("SELECT 1")
    assert [each.name for each in desk.channels().values()] == ["Carrefour"]
