"""What is kept of orders for the monitor of the present is what a full recount finds.

The cache is changed in every way there is, in any sequence; then the reports are counted from what
was kept, and once more by the rules, order by order.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TypeAlias

from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from mkt_tui.cache import erp, migrate, monitor, monitor_present, parcels
from mkt_tui.cache.database import Database
from mkt_tui.cache.erp import ErpOrder
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.monitor import Asked
from mkt_tui.cache.parcels import Look
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.monitor import Report, Stage, Watch
from mkt_tui.domain.orders import OrderParcel, OrderStatus
from mkt_tui.domain.parcels import CarrierEvent, ParcelReport, ParcelState
from tests.monitor_orders import invent
from tests.thorough import examples
from tests.worlds import HOUR, NOW, channel, order, read_orders

# The orders' instants lie around NOW; by then all of them have happened.
LATER = NOW + 1000 * HOUR
SHOPS = ("Carrefour", "Magento")
Listed: TypeAlias = dict[Report, list[tuple[int | str | None, ...]]]
Act: TypeAlias = Callable[[Database, Channel, random.Random], None]


def some_orders(database: Database, shop: Channel, rng: random.Random) -> None:
    orders = rng.sample(invent(30, rng), 8)
    parcel = OrderParcel(f"P{rng.randrange(9)}", "BRT")
    told = [replace(each, updated_at=NOW, parcels=(parcel,)) for each in orders]
    read_orders(database, shop, *told)


def an_erp(database: Database, shop: Channel, rng: random.Random) -> None:
    rows = [
        ErpOrder(f"{number}/{copy}", f"N{number}", "word", rng.choice(list(Stage)))
        for number in rng.sample(range(30), 20)
        for copy in range(rng.choice((1, 1, 2)))
    ]
    at = NOW + rng.randrange(-700, 700) * HOUR
    with database.transaction():
        erp.replace(database, shop.id, rng.choice(("magento", "other")), rows, "ana", at)


def a_link(database: Database, shop: Channel, rng: random.Random) -> None:
    number = f"N{rng.randrange(30)}"
    held = erp.copies(database, shop.id, number)
    copy = rng.choice(held) if held else None
    erp.link(database, (shop.id, number), copy, rng.choice(list(Stage)), "ana", NOW)


def an_act_of_ours(database: Database, shop: Channel, rng: random.Random) -> None:
    erp.diverge(database, (shop.id, f"N{rng.randrange(30)}"), "ana", NOW)


def a_look_at_a_carrier(database: Database, shop: Channel, rng: random.Random) -> None:
    due = parcels.due(database, shop.id, LATER, 100)
    if not due:
        return
    arrived = rng.choice((None, NOW + 5 * HOUR))
    moved = CarrierEvent(NOW - rng.randrange(100) * HOUR, ParcelState.IN_TRANSIT, "on its way")
    report = ParcelReport(ParcelState.IN_TRANSIT, (moved,), delivered_at=arrived)
    look = Look(rng.choice(due), report, None, None, NOW, None, tells_marketplace=False)
    parcels.note(database, look, shop)


ACTS: tuple[Act, ...] = (some_orders, an_erp, a_link, an_act_of_ours, a_look_at_a_carrier)


def told(database: Database, at: datetime, horizon: int) -> Listed:
    ids = [row[0] for row in database.rows("SELECT id FROM channel")]
    asked = Asked(ids, to_cache(at), Watch(horizon=horizon * HOUR))
    counted = monitor.counts(database, asked)
    found = {each: list(map(tuple, monitor.cases(database, asked, each))) for each in Report}
    assert counted == {each: len(rows) for each, rows in found.items()}
    for shop in ids:
        only = monitor.counts(database, replace(asked, channels=[shop]))
        assert only == {each: sum(row[0] == shop for row in rows) for each, rows in found.items()}
    return found


def recounted(database: Database, shop: Channel, at: datetime, horizon: int) -> Listed:
    """Return the same, worked out by the rules: with something ahead, nothing kept is believed."""
    row = {"id": shop.id, "at": to_cache(at) + 1}
    database.execute("INSERT INTO order_move VALUES (:id, 'of another order', :at)", row)
    asked = Asked([shop.id], to_cache(at), Watch())
    assert not monitor_present.is_asked(database, asked)
    found = told(database, at, horizon)
    database.execute("DELETE FROM order_move WHERE at = :at", {"at": row["at"]})
    assert monitor_present.is_asked(database, asked)
    return found


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(SHOPS)), max_size=12),
    hours=st.integers(0, 100),
    horizon=st.sampled_from((1, 48, 900)),
)
def test_what_was_kept_is_what_a_recount_finds(
    desk: Desk, seed: int, acts: list[tuple[Act, str]], hours: int, horizon: int
) -> None:
    database, rng = desk.database, random.Random(seed)
    database.execute("DELETE FROM operation")
    database.execute("DELETE FROM channel")
    shops = {name: channel(database, name) for name in SHOPS}
    for shop in shops.values():
        some_orders(database, shop, rng)
    for act, name in acts:
        act(database, shops[name], rng)

    at = LATER + hours * HOUR
    assert told(database, at, horizon) == recounted(database, shops["Magento"], at, horizon)


def test_an_order_that_is_ahead_of_its_time_is_counted_by_the_rules(desk: Desk) -> None:
    """A clock that runs ahead at the marketplace may not hide an order from its report."""
    shop = channel(desk.database)
    plain = order("A", status=OrderStatus.TO_SHIP)
    late = replace(plain, transport=replace(plain.transport, ship_by=NOW - HOUR))
    read_orders(
        desk.database,
        shop,
        replace(late, tracking=replace(plain.tracking, shipped_at=NOW + HOUR)),
    )
    asked = Asked([shop.id], to_cache(NOW), Watch())
    assert not monitor_present.is_asked(desk.database, asked)
    assert monitor.counts(desk.database, asked)[Report.SHIP_LATE] == 1
    later = replace(asked, now=to_cache(NOW + 2 * HOUR))
    assert monitor_present.is_asked(desk.database, later)
    assert monitor.counts(desk.database, later)[Report.SHIP_LATE] == 0


def test_what_an_older_cache_holds_is_watched_after_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    database, rng = Database(path), random.Random(5)
    shops = [channel(database, name) for name in SHOPS]
    for shop, act in product(shops, ACTS * 3):
        act(database, shop, rng)
    before = database.rows("SELECT id, watched FROM sales_order ORDER BY id")
    database.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        settings_of = migrate.configuration(connection)
        command.downgrade(settings_of, "0011")
        command.upgrade(settings_of, "head")
    engine.dispose()

    database = Database(path)
    assert database.rows("SELECT id, watched FROM sales_order ORDER BY id") == before
    assert len({row[1] for row in before}) == 6
    database.close()
