"""The tracking service: parcels followed to the door, and a number put right exactly once (C13)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.adapters import registry
from mkt_tui.adapters.carriers.page import TrackingPage
from mkt_tui.cache import order_story, parcels
from mkt_tui.cache.database import Database
from mkt_tui.cache.places import Place
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Refused, Unreachable, UserError
from mkt_tui.domain.orders import OrderStatus, Tracking
from mkt_tui.domain.parcels import (
    CarrierEvent,
    Parcel,
    ParcelReport,
    ParcelState,
    correction,
    next_look,
)
from mkt_tui.sync import tracking
from tests.worlds import NOW, channel, order, read_orders

BRT = Channel(0, "BRT", "brt", "", "http://brt.test", "env:BRT", "UTC")
Reaction = ParcelReport | UserError | None


class Depot:
    """A carrier that says of each number what the test tells it to."""

    NAMES = ("brt",)
    BASE_URL = "http://brt.test"
    told: dict[str, Reaction]
    asked: list[str]

    def __init__(self, _account: Channel, _secret: Callable[[], str]) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def page(self, number: str) -> str:
        return f"http://brt.test/{number}"

    async def track(self, parcel: Parcel) -> ParcelReport | None:
        Depot.asked.append(parcel.number)
        reaction = Depot.told.get(parcel.first_number or parcel.number)
        if isinstance(reaction, UserError):
            raise reaction
        return reaction


class Marketplace:
    """A channel that takes another tracking number for an order."""

    async def track_order(self, wanted: object) -> None: ...


class Clock:
    """The test's own time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _depot(monkeypatch: pytest.MonkeyPatch) -> None:
    Depot.told, Depot.asked = {}, []
    monkeypatch.setattr(registry, "load_carrier", lambda _name: Depot)


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    made = Database(place)
    yield made
    made.close()


def shipped(number: str, tracked: str, carrier: str = "BRT Corriere") -> Any:
    return order(
        number,
        status=OrderStatus.SHIPPED,
        tracking=Tracking(carrier, tracked, shipped_at=NOW - timedelta(hours=1)),
    )


def report(number: str | None, state: ParcelState = ParcelState.IN_TRANSIT) -> ParcelReport:
    event = CarrierEvent(NOW - timedelta(minutes=5), state, "PARTITA", "BOLOGNA")
    delivered = NOW if state is ParcelState.DELIVERED else None
    return ParcelReport(state, (event,), number, delivered_at=delivered)


def service(database: Database, clock: Clock) -> tracking.Tracking:
    return tracking.Tracking(database, (BRT,), clock)


async def passed(database: Database, clock: Clock, where: Channel) -> int:
    return await service(database, clock).parcels(where, Marketplace())  # type: ignore[arg-type]  # no more is asked of it


async def test_a_number_is_put_right_once_and_both_are_kept(
    database: Database, clock: Clock
) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "first"))
    Depot.told["first"] = None
    assert await passed(database, clock, shop) == 0
    clock.now += timedelta(minutes=15)
    Depot.told["first"] = report("right")
    assert await passed(database, clock, shop) == 1
    # The carrier changes its mind, and a late page brings the first number back: nothing moves.
    Depot.told["first"] = report("third")
    for _time in range(3):
        clock.now += timedelta(hours=3)
        await passed(database, clock, shop)
        read_orders(database, shop, shipped("100-A", "first"))
    (parcel,) = parcels.of_order(database, shop.id, "100-A")
    assert (parcel.first_number, parcel.number) == ("first", "right")
    assert parcel.url == "http://brt.test/right"
    corrected = [
        act
        for act in order_story.of_order(database, shop.id, shop.name, "100-A").acts
        if act.act == "parcel.corrected"
    ]
    assert [(each.agent, each.detail) for each in corrected] == [("tracking", "first > right")]
    rows = database.rows("SELECT kind, order_number, agent FROM operation")
    assert rows == [("track", "100-A", "tracking")]


async def test_a_parcel_that_arrived_is_asked_for_no_more(database: Database, clock: Clock) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n1"))
    Depot.told["n1"] = report(None, ParcelState.DELIVERED)
    await passed(database, clock, shop)
    for _time in range(3):
        clock.now += timedelta(days=1)
        await passed(database, clock, shop)
    assert Depot.asked == ["n1"]
    (parcel,) = parcels.of_order(database, shop.id, "100-A")
    assert (parcel.state, parcel.delivered_at) == ("delivered", int(NOW.timestamp() * 1000))
    assert database.value("SELECT delivered_at FROM sales_order") == parcel.delivered_at


async def test_the_monitor_sees_the_carrier_move(database: Database, clock: Clock) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n1"))
    Depot.told["n1"] = report(None)
    await passed(database, clock, shop)
    moved = int((NOW - timedelta(minutes=5)).timestamp() * 1000)
    assert database.value("SELECT moved_at FROM sales_order") == moved


async def test_a_carrier_that_is_away_is_asked_once_and_again_later(
    database: Database, clock: Clock
) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n1"), shipped("101-A", "n2"))
    Depot.told["n1"] = Depot.told["n2"] = Unreachable(channel="BRT", url="x", detail="y")
    with pytest.raises(Unreachable):
        await passed(database, clock, shop)
    assert len(Depot.asked) == 1
    assert await passed(database, clock, shop) == 0
    Depot.told["n1"] = Depot.told["n2"] = report(None)
    clock.now += timedelta(minutes=16)
    assert await passed(database, clock, shop) == 2
    assert parcels.of_order(database, shop.id, "100-A")[0].error is None


async def test_a_refused_parcel_keeps_nobody_else_waiting(database: Database, clock: Clock) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n1"), shipped("101-A", "n2"))
    Depot.told["n1"] = Refused(channel="BRT", status=200, detail="two of them")
    Depot.told["n2"] = report(None)
    with pytest.raises(Refused):
        await passed(database, clock, shop)
    assert sorted(Depot.asked) == ["n1", "n2"]
    error = parcels.of_order(database, shop.id, "100-A")[0].error
    assert error is not None
    assert "two of them" in error


async def test_other_carriers_parcels_are_left_alone(database: Database, clock: Clock) -> None:
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n1", carrier="Correios"))
    assert await passed(database, clock, shop) == 0
    assert Depot.asked == []


async def test_where_only_a_page_is_known_it_is_shown_and_nobody_was_asked(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "load_carrier", lambda _name: TrackingPage)
    page = replace(BRT, name="Correios", adapter="page", base_url="https://posta.test/?n={number}")
    shop = channel(database)
    read_orders(database, shop, shipped("100-A", "n 1", carrier="Correios"))
    asks = tracking.Tracking(database, (page,), clock)
    assert await asks.parcels(shop, Marketplace()) == 0  # type: ignore[arg-type]  # no more is asked of it
    (parcel,) = parcels.of_order(database, shop.id, "100-A")
    assert parcel.url == "https://posta.test/?n=n%201"
    assert (parcel.looked_at, parcel.error) == (None, None)
    assert parcels.due(database, shop.id, clock(), 10) == []


states = st.sampled_from([None, *ParcelState])
numbers = st.sampled_from(["a", "b", "c", None])


@given(told=st.lists(numbers, max_size=20))
def test_whatever_a_carrier_tells_a_number_changes_at_most_once(told: list[str | None]) -> None:
    parcel = Parcel(1, "100-A", "a", "BRT", "1", NOW)
    changes = 0
    for number in told:
        right = correction(parcel, ParcelReport(ParcelState.IN_TRANSIT, number=number))
        if right is not None:
            changes += 1
            parcel = Parcel(1, "100-A", right, "BRT", "1", NOW, first_number=parcel.number)
    assert changes <= 1


@given(state=states, hours=st.integers(min_value=0, max_value=5000))
def test_looks_are_polite_and_come_to_an_end(state: ParcelState | None, hours: int) -> None:
    parcel = Parcel(1, "100-A", "a", "BRT", "1", NOW)
    now = NOW + timedelta(hours=hours)
    again = next_look(parcel, state, now)
    if again is None:
        assert state is ParcelState.DELIVERED or hours > 45 * 24
    else:
        assert timedelta(minutes=10) <= again - now <= timedelta(hours=12)
