"""Acts on orders from the desk to the marketplace: done once, whatever the wire does.

The judge is what the practice marketplace holds of the order afterwards (Mirakl OR11); it refuses
a second acceptance or shipment, so one that was sent twice ends as failed.
"""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mkt_tui.cache import operations
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk import order_acts, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.home import Home
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, report, rude_shop

FAULTS = (
    "",
    "reset-before@write x1",
    "reset-after-read@write x1",
    "reset-after-accept@write x1",
    "503@write x1",
    "500@write x1",
    "429-retry-after:1@write x1",
)
_NUMBERS = count(156_000_000_000_001)


@pytest.fixture(scope="module")
def shop() -> Iterator[RudeShop]:
    """A marketplace with orders in every state."""
    with rude_shop(tickets=900) as shop:
        yield shop


@dataclass
class World:
    """A desk, its sync and the marketplace behind it."""

    desk: Desk
    shop: RudeShop
    clock: Clock

    def sync(self, rounds: int = 1) -> None:
        """Let the sync look, minutes apart."""
        for _round in range(rounds):
            asyncio.run(Engine(self.desk.database, self.desk.settings, self.clock).once())
            self.clock.go(minutes=5)

    def act(self, make: Any, number: str, faults: str) -> Operation:
        """Let an agent act while the marketplace behaves like that, and the sync carry it out."""
        record = sheet.find(self.desk, number)
        act: Operation = make(self.desk, record)
        order_acts.perform(self.desk, record, act, again=True)
        self.clock.go(minutes=1)
        self.shop.be(*[faults] if faults else [])
        self.sync()
        self.shop.be()
        self.sync(3)
        return act

    def state(self, act: Operation) -> OperationState | None:
        """Tell where the act stands here."""
        outcome = operations.outcome(self.desk.database, act.operation)
        return outcome.state if outcome else None


@pytest.fixture(scope="module")
def politely_read(shop: RudeShop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that was filled once; each test reads what has changed since."""
    path = tmp_path_factory.mktemp("polite") / "cache.db"
    database = Database(path)
    add_channel(database, shop, path.with_name("key"))
    asyncio.run(Engine(database, Settings(), lambda: datetime.now(UTC)).once())
    database.close()
    return path


@pytest.fixture
def world(politely_read: Path, home: Home, shop: RudeShop) -> Iterator[World]:
    shutil.copyfile(politely_read, home.cache_file)
    home.cache_file.chmod(0o600)
    database = Database(home.cache_file)
    clock = Clock(datetime.now(UTC))
    world = World(Desk(database, Settings(), home, "ana", clock), shop, clock)
    shop.be()
    world.sync()
    yield world
    database.close()


def accept(desk: Desk, record: Any) -> Operation:
    return order_acts.decide(desk, record, accept=True)


@pytest.mark.parametrize("faults", FAULTS)
def test_an_acceptance_arrives_once(world: World, faults: str) -> None:
    number = world.shop.one_in("WAITING_ACCEPTANCE")
    act = world.act(accept, number, faults)
    held = world.shop.order(number)
    report("accept", faults, "OR21", f"{held['order_state']} {world.state(act)}")
    assert held["order_state"] == "WAITING_DEBIT_PAYMENT"
    assert world.state(act) is OperationState.SENT
    assert sheet.find(world.desk, number).marketplace_status == "WAITING_DEBIT_PAYMENT"


@pytest.mark.parametrize("faults", FAULTS)
def test_a_shipment_arrives_once_with_its_number(world: World, faults: str) -> None:
    number, parcel = world.shop.one_in("SHIPPING"), Parcel("BRT", str(next(_NUMBERS)))
    act = world.act(lambda desk, order: order_acts.ship(desk, order, parcel), number, faults)
    held = world.shop.order(number)
    report("ship", faults, "OR23 OR24", f"{held['order_state']} {world.state(act)}")
    assert (held["order_state"], held["shipping_tracking"]) == ("SHIPPED", parcel.number)
    assert world.state(act) is OperationState.SENT
    assert sheet.find(world.desk, number).tracking["number"] == parcel.number


@pytest.mark.parametrize("faults", ["", "reset-after-accept@write x1"])
def test_another_number_arrives_and_the_order_stays_where_it_is(world: World, faults: str) -> None:
    number, parcel = world.shop.one_in("SHIPPED"), Parcel("BRT", str(next(_NUMBERS)))
    act = world.act(lambda desk, order: order_acts.track(desk, order, parcel), number, faults)
    held = world.shop.order(number)
    assert (held["order_state"], held["shipping_tracking"]) == ("SHIPPED", parcel.number)
    assert world.state(act) is OperationState.SENT


def test_what_the_marketplace_refuses_is_left_to_a_person(world: World) -> None:
    number = world.shop.one_in("WAITING_ACCEPTANCE")
    record = sheet.find(world.desk, number)
    act = accept(world.desk, record)
    # Somebody refused it in the portal before the sync came by.
    world.shop.decide(number, accepted=False)
    order_acts.perform(world.desk, record, act)
    world.clock.go(minutes=1)
    world.sync(3)
    assert world.shop.order(number)["order_state"] == "REFUSED"
    assert world.state(act) is OperationState.FAILED
