"""M1: an order that was told of and did not come is asked for by its number, and else listed."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Self

from mkt_tui.adapters.base import Page
from mkt_tui.cache import monitor
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.config import rule_book
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer
from mkt_tui.domain.monitor import Report, Watch
from mkt_tui.domain.orders import OrderSnapshot, Unreadable
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.sync.pull import Progress, Pull
from tests.worlds import NOW, channel, order, read, ticket


class Shop:
    """A marketplace whose list holds one order that makes no sense, and that finds by number."""

    sane = False

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        del channel, secret

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    async def check(self) -> None:
        return

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        broken = () if self.sane else (Unreadable("666", "currency_iso_code"),)
        yield Page((order("1"),), "c", complete=True, unreadable=broken)

    async def order(self, number: str) -> OrderSnapshot | None:
        if number == "666" and not self.sane:
            raise BadAnswer(channel="Carrefour", detail="currency_iso_code")
        return order(number) if number in ("666", "late") else None


def silent(_progress: Progress) -> None:
    pass


def listed(desk: Desk, channel_id: int) -> list[str]:
    desk.database.execute("UPDATE sync SET last_success_at = :now", {"now": to_cache(NOW)})
    later = to_cache(NOW + timedelta(hours=1))
    asked = Asked([channel_id], later, Watch())
    return [each.number for each in monitor.cases(desk.database, asked, Report.NOT_CREATED)]


class Together(Shop):
    """A marketplace that finds several by number at once."""

    asked: tuple[str, ...] = ()

    async def order(self, number: str) -> OrderSnapshot | None:
        raise AssertionError(number)

    async def orders_named(self, numbers: Sequence[str]) -> tuple[OrderSnapshot, ...]:
        self.asked += tuple(numbers)
        return tuple(order(each) for each in numbers if each.startswith("late"))


async def test_several_are_asked_for_in_one_request_where_that_can_be(desk: Desk) -> None:
    where = channel(desk.database)
    shop = Together(where, str)
    pull = Pull(desk.database, desk.clock, rule_book(desk.settings), silent)
    early = NOW - timedelta(minutes=5)
    for number in ("late-1", "late-2", "nowhere"):
        read(desk.database, where, ticket(number, order_number=number), registered_at=early)
    assert await pull.orders(where, shop) == 3
    assert sorted(shop.asked) == ["666", "late-1", "late-2", "nowhere"]
    assert listed(desk, where.id) == ["nowhere", "666"]


async def test_what_can_be_had_by_its_number_is_fetched_and_the_rest_is_listed(desk: Desk) -> None:
    where = channel(desk.database)
    shop = Shop(where, str)
    pull = Pull(desk.database, desk.clock, rule_book(desk.settings), silent)
    early = NOW - timedelta(minutes=5)
    read(desk.database, where, ticket("t1", order_number="late"), registered_at=early)
    read(desk.database, where, ticket("t2", order_number="nowhere"), registered_at=early)

    assert await pull.orders(where, shop) == 2
    assert listed(desk, where.id) == ["nowhere", "666"]

    shop.sane = True
    await pull.orders(where, shop)
    assert listed(desk, where.id) == ["nowhere"]


class Slow(Shop):
    """A marketplace with tickets, whose orders come in two pages."""

    tickets_told: tuple[TicketSnapshot, ...] = (
        ticket("t1", order_number="1"),
        ticket("t2", order_number="nowhere"),
    )

    def __init__(self, channel: Channel, secret: Callable[[], str], desk: Desk) -> None:
        super().__init__(channel, secret)
        self._desk, self._id = desk, channel.id
        self.missing_meanwhile: list[str] = []

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        yield Page(self.tickets_told, "c", complete=True)

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        yield Page((order("5"),), "a", complete=False)
        yield Page((order("6"),), "b", complete=False)
        self.missing_meanwhile = listed(self._desk, self._id)
        yield Page((order("1"),), "c", complete=True)


async def test_no_order_is_missed_before_all_of_them_were_read_for_once(desk: Desk) -> None:
    where = channel(desk.database)
    shop = Slow(where, str, desk)
    pull = Pull(desk.database, desk.clock, rule_book(desk.settings), silent)

    await pull.tickets(where, shop)
    assert listed(desk, where.id) == []
    await pull.orders(where, shop)
    assert shop.missing_meanwhile == []
    assert listed(desk, where.id) == ["nowhere"]

    shop.tickets_told = (ticket("t3", order_number="new"),)
    await pull.tickets(where, shop)
    told = desk.database.rows("SELECT number FROM order_notice ORDER BY number")
    assert told == [("new",), ("nowhere",)]
