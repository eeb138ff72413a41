"""The seller's own system behind a bridge: read as it changes, and held against the marketplace."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from mkt_tui.adapters import registry
from mkt_tui.adapters.bridge import BridgeAdapter
from mkt_tui.cache import monitor
from mkt_tui.config import Settings, load_settings
from mkt_tui.desk import monitor as desk_monitor
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Question
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.monitor import Report
from mkt_tui.domain.orders import Billing, OrderSnapshot, OrderStatus
from mkt_tui.home import find_home
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.records import Order
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import Shop, World
from mkt_tui.sync.erp import Erp
from mkt_tui.sync.reading import Reading
from mkt_tui.sync.timing import Timing
from tests.worlds import HOUR, NOW, channel, order, read_orders

ADDRESS = "http://erp/marabraz"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A bridge over HTTP; our contract is the same before an ERP and before a portal."""
    made = replace(invent(40, 5, NOW - 2 * HOUR, ("marabraz",)), clock=lambda: NOW)
    transport = httpx.ASGITransport(app=create_app(made))
    load = registry.load
    monkeypatch.setattr(
        registry,
        "load",
        lambda name: (
            partial(BridgeAdapter, transport=transport) if name == "bridge" else load(name)
        ),
    )
    monkeypatch.setenv("ERP_KEY", made.shops[0].identity.api_key)
    return made


@pytest.fixture
def shop(world: World) -> Shop:
    return world.shops[0]


def system(name: str = "magento", channels: str = "carrefour, Magalu") -> Channel:
    options = {"channels": channels}
    return Channel(0, name, "bridge", "", ADDRESS, "env:ERP_KEY", "UTC", options=options)


def sold(each: Order) -> OrderSnapshot:
    """The order as its marketplace tells it, under the number that the ERP keeps beside its own."""
    status = {"SHIPPED": OrderStatus.SHIPPED, "CANCELED": OrderStatus.CANCELLED}
    return order(
        f"P{each.id}",
        status=status.get(each.state, OrderStatus.TO_SHIP),
        billing=Billing(paid_at=NOW - 80 * HOUR),
        tracking=replace(order().tracking, shipped_at=each.shipped),
    )


async def look(desk: Desk, where: Channel, *systems: Channel) -> int:
    return await Erp(desk.database, systems, desk.clock).orders(where, object())  # type: ignore[arg-type]


def numbers(desk: Desk, report: Report) -> list[str]:
    later = Question(as_of=NOW + HOUR)
    return sorted(each.order for each in desk_monitor.cases(desk, later, report))


async def test_what_the_erp_does_not_hold_is_listed_until_it_does(desk: Desk, shop: Shop) -> None:
    where = channel(desk.database)
    held = next(each for each in shop.orders.values() if each.state == "SHIPPING")
    lost = replace(sold(held), number="P999")
    read_orders(desk.database, where, sold(held), lost)

    assert await look(desk, where, system()) == len(shop.orders)
    assert numbers(desk, Report.NOT_TRANSMITTED) == ["P999"]
    (case,) = desk_monitor.cases(desk, Question(as_of=NOW + HOUR), Report.NOT_TRANSMITTED)
    assert case.target == "magento"
    assert case.tried
    assert case.tried.last

    shop.orders["999"] = replace(held, id="999", updated=NOW)
    assert 1 <= await look(desk, where, system()) < len(shop.orders)
    assert numbers(desk, Report.NOT_TRANSMITTED) == []


async def test_a_state_that_changes_in_the_erp_alone_is_desynchronised(
    desk: Desk, shop: Shop
) -> None:
    where = channel(desk.database)
    held = next(each for each in shop.orders.values() if each.state == "SHIPPING")
    read_orders(desk.database, where, sold(held))
    await look(desk, where, system())
    assert numbers(desk, Report.DESYNCHRONISED) == []

    held.state, held.updated = "CANCELED", NOW
    assert 1 <= await look(desk, where, system()) < len(shop.orders)
    assert numbers(desk, Report.DESYNCHRONISED) == [f"P{held.id}"]


async def test_only_the_channels_it_is_named_for_are_held_against_it(
    desk: Desk, shop: Shop
) -> None:
    where = channel(desk.database, "Leroy Merlin")
    assert shop.orders
    assert await look(desk, where, system()) == 0
    assert monitor.transmissions(desk.database) == {}


async def test_a_system_that_cannot_be_read_is_told_and_nothing_is_called_missing(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = channel(desk.database)
    read_orders(desk.database, where, order("1", status=OrderStatus.TO_SHIP))
    monkeypatch.setenv("ERP_KEY", "wrong")
    settings = Settings(erps=(system(),))
    timing = Timing(desk.database, settings, desk.clock)
    reading = Reading(desk.database, settings, desk.clock, timing, lambda _progress: None)
    assert world.shops
    with pytest.raises(Exception, match="magento"):
        await reading.read(where, object(), "erp")  # type: ignore[arg-type]
    assert numbers(desk, Report.NOT_TRANSMITTED) == []
    row = desk.database.row("SELECT error, next_try_at FROM sync WHERE stream = 'erp'")
    assert row is not None
    assert "AccessRefused" in row[0]


def test_the_settings_name_system_and_channels(tmp_path: Path) -> None:
    home = find_home(tmp_path)
    home.settings.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text(
        '[erp.Magento]\nbase_url = "https://erp"\nsecret = "env:K"\nchannels = "Carrefour"\n'
    )
    (found,) = load_settings(home).erps
    assert (found.name, found.adapter, found.base_url) == ("Magento", "bridge", "https://erp")
    assert found.options == {"channels": "Carrefour"}


def test_a_missing_order_tells_how_often_it_was_asked_for(desk: Desk) -> None:
    where = channel(desk.database)
    desk.database.execute(
        "INSERT INTO order_notice (channel_id, number, notified_at, error)"
        " VALUES (:id, '666', 0, 'currency')",
        {"id": where.id},
    )
    for minutes in (10, 5):
        at = NOW - timedelta(minutes=minutes)
        monitor.note_try(desk.database, where.id, "666", int(at.timestamp() * 1000))
    (case,) = desk_monitor.cases(desk, Question(), Report.NOT_CREATED)
    assert case.tried
    assert case.tried.tries == 2
    told = desk_monitor.as_json(desk, Question(), [Report.NOT_CREATED])
    (public,) = told["reports"]["not_created"]
    assert (public["tries"], public["last_try_at"]) == (2, "2026-03-10T14:55:00Z")
