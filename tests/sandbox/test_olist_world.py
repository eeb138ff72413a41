"""The world made from the public Olist files, compared with the files read another way."""

import csv
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mkt_tui.sandbox.errors import SandboxError
from mkt_tui.sandbox.mirakl.order_json import order_json
from mkt_tui.sandbox.olist import load, subject_of
from mkt_tui.sandbox.records import Order, Thread
from mkt_tui.sandbox.world import World
from tests.contract.openapi import shared_dir
from tests.sandbox.conftest import NOW, connect

LOCAL = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared_dir() / "data" / "olist"


@pytest.fixture(scope="module")
def real(folder: Path) -> World:
    return load(folder, 1, None)


@pytest.fixture(scope="module")
def moved(folder: Path) -> World:
    return load(folder, 1, NOW)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"olist_{name}_dataset.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def written(folder: Path) -> list[dict[str, str]]:
    return [
        each
        for each in rows(folder, "order_reviews")
        if (each["review_comment_title"] + each["review_comment_message"]).strip()
    ]


def orders_of(world: World) -> dict[str, Order]:
    return {key: order for shop in world.shops for key, order in shop.orders.items()}


def threads_of(world: World) -> list[Thread]:
    return [each for shop in world.shops for each in shop.threads.values()]


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=LOCAL).astimezone(UTC)


def test_every_order_and_every_written_review_is_there(folder: Path, real: World) -> None:
    reviews = written(folder)
    threads = threads_of(real)

    assert set(orders_of(real)) == {each["order_id"] for each in rows(folder, "orders")}
    assert len(threads) == len({each.id for each in threads}) == len(reviews)
    assert Counter(each.order.id for each in threads) == Counter(
        each["order_id"] for each in reviews
    )


def test_bad_scores_wait_since_the_review_came_and_good_ones_do_not(
    folder: Path, real: World
) -> None:
    bad = [each for each in written(folder) if int(each["review_score"]) <= 3]
    waiting = [each for each in threads_of(real) if each.waiting_since]

    assert Counter(each.waiting_since for each in waiting) == Counter(
        utc(each["review_answer_timestamp"]) for each in bad
    )
    assert all(each.waiting_since == each.updated == each.messages[0].sent for each in waiting)


def test_words_arrive_untouched(folder: Path, real: World) -> None:
    expected = Counter(
        each["review_comment_message"]
        if each["review_comment_message"].strip()
        else each["review_comment_title"]
        for each in written(folder)
    )
    assert Counter(each.messages[0].body for each in threads_of(real)) == expected


def test_orders_keep_their_dates_items_payments_and_customers(folder: Path, real: World) -> None:
    orders = orders_of(real)
    items = Counter(each["order_id"] for each in rows(folder, "order_items"))
    payments = rows(folder, "order_payments")
    customers = {each["customer_id"]: each for each in rows(folder, "customers")}

    assert all(len(order.lines) == items[order.id] for order in orders.values())
    assert sum(p.amount for o in orders.values() for p in o.payments) == sum(
        round(float(each["payment_value"]) * 100) for each in payments
    )
    for row in rows(folder, "orders"):
        order, customer = orders[row["order_id"]], customers[row["customer_id"]]
        assert order.created == utc(row["order_purchase_timestamp"])
        delivered = row["order_delivered_customer_date"]
        assert order.received == (utc(delivered) if delivered else None)
        assert order.customer.id == customer["customer_unique_id"]
        assert order.customer.place.city == customer["customer_city"]


def test_states_follow_the_status_of_the_data(folder: Path, real: World) -> None:
    expected = {
        "delivered": "RECEIVED",
        "shipped": "SHIPPED",
        "unavailable": "REFUSED",
        "canceled": "CANCELED",
        "invoiced": "SHIPPING",
        "processing": "SHIPPING",
        "approved": "WAITING_DEBIT_PAYMENT",
    }
    statuses = Counter(expected[each["order_status"]] for each in rows(folder, "orders"))
    assert Counter(each.state for each in orders_of(real).values()) == statuses


def test_the_last_digit_decides_the_shop_and_threads_follow_their_order(real: World) -> None:
    for parity, shop in enumerate(real.shops):
        assert all(int(each[-1], 16) % 2 == parity for each in shop.orders)
        assert all(each.order.id in shop.orders for each in shop.threads.values())


def test_repeat_customers_keep_their_pseudonym(real: World, moved: World) -> None:
    names: dict[str, set[str]] = {}
    orders = [*orders_of(real).values(), *orders_of(moved).values()]
    for order in orders:
        names.setdefault(order.customer.id, set()).add(order.customer.name)
    assert all(len(each) == 1 for each in names.values())
    assert len({each.pop() for each in names.values()}) > 2000


def test_all_dates_move_by_the_same_span_and_end_a_minute_ago(real: World, moved: World) -> None:
    before, after = orders_of(real), orders_of(moved)
    spans = {after[key].created - before[key].created for key in before}
    spans |= {
        late.updated - early.updated
        for early, late in zip(threads_of(real), threads_of(moved), strict=True)
    }
    spans |= {
        after[key].shipment.promised_until - order.shipment.promised_until  # type: ignore[operator]
        for key, order in before.items()
    }
    newest = max(
        *(each.updated for each in threads_of(moved)), *(each.updated for each in after.values())
    )

    assert len(spans) == 1
    assert newest == NOW - timedelta(minutes=1)
    assert [each.id for each in threads_of(real)] == [each.id for each in threads_of(moved)]


def test_orders_without_items_are_served_too(real: World) -> None:
    empty = [each for each in orders_of(real).values() if not each.lines]
    assert len(empty) == 404
    seen: Any = order_json(empty[0], [])
    assert (seen["order_lines"], seen["total_price"]) == ([], 0)
    assert seen["order_additional_fields"]


async def test_the_whole_inbox_can_be_walked(real: World) -> None:
    for shop in real.shops:
        pages = await connect(real, shop.identity.slug).walk(limit=100, with_messages="true")
        assert sorted(chain(*pages)) == sorted(shop.threads)


def test_a_subject_is_the_title_or_the_first_words() -> None:
    long = "Comprei dois relógios e até agora só chegou um deles, quero saber do outro"
    assert subject_of(" recomendo ", long) == "recomendo"
    assert subject_of("", long) == "Comprei dois relógios e até agora só chegou um deles, quero"
    assert subject_of("", "curto\r\ne bom") == "curto e bom"
    assert subject_of(" ", "x" * 90) == "x" * 60


def test_a_missing_folder_or_file_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="There is no folder"):
        load(tmp_path / "nowhere", 1, None)
    with pytest.raises(SandboxError, match=r"olist_orders_dataset\.csv is missing"):
        load(tmp_path, 1, None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", "olist_orders_dataset.csv has no column"),
        ("order_id,customer_id,order_status,order_purchase_timestamp\nx,y", "has no column"),
    ],
)
def test_a_file_that_is_something_else_is_told(
    folder: Path, tmp_path: Path, content: str, message: str
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "olist_orders_dataset.csv").write_text(content, encoding="utf-8")
    with pytest.raises(SandboxError, match=message):
        load(tmp_path, 1, None)


def test_a_damaged_file_is_told(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "olist_order_items_dataset.csv").open("ab") as stream:
        stream.write(b"0009792311464db532ff765bf7b182ae,\xff\xfe\n")
    with pytest.raises(SandboxError, match="cannot be read"):
        load(tmp_path, 1, None)
