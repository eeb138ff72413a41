"""Reading the Olist CSV files."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mkt_tui.sandbox.errors import SandboxError

ZONE = ZoneInfo("America/Sao_Paulo")

Row = dict[str, str]
Rows = list[Row]

ORDER_EVENTS = (
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
)
"""What has happened to an order; order_estimated_delivery_date is only a promise."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of the files the sandbox uses."""

    orders: Rows
    items: Rows
    payments: Rows
    reviews: Rows
    customers: Rows
    products: Rows
    sellers: Rows


# The columns the sandbox relies on, so that a wrong file is told at the start and by its name.
_COLUMNS = {
    "orders": ("order_id", "customer_id", "order_status", *ORDER_EVENTS),
    "items": ("order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"),
    "payments": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "reviews": ("review_id", "order_id", "review_score", "review_comment_message"),
    "customers": ("customer_id", "customer_unique_id", "customer_city", "customer_state"),
    "products": ("product_id", "product_category_name"),
    "sellers": ("seller_id", "seller_city", "seller_state"),
}
_NAMES = {"items": "order_items", "payments": "order_payments", "reviews": "order_reviews"}


def read_tables(folder: Path) -> Tables:
    """Return the rows of the files in `folder`.

    Raises:
        SandboxError: The folder or a file is missing, or a file lacks a column.
    """
    if not folder.is_dir():
        raise SandboxError(f"There is no folder {folder}. Name the one that holds the Olist files.")
    tables = {name: _read(folder, name) for name in (each.name for each in fields(Tables))}
    return Tables(**tables)


def shift_of(tables: Tables, now: datetime) -> timedelta:
    """Return by how much to move all dates, so that the newest event was a minute before `now`."""
    newest = max(_events(tables), default="")
    return now - timedelta(minutes=1) - instant(newest) if newest else timedelta(0)


def instant(text: str) -> datetime:
    """Return the instant of a local date and time such as 2018-08-31 01:37:31."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def cents(text: str) -> int:
    """Return an amount such as 99.9 in cents, without the detour over binary fractions."""
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0")[:2])


def grouped(rows: Rows, column: str) -> dict[str, Rows]:
    """Return the rows by the value of `column`."""
    groups: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def number_in(column: str) -> Callable[[Row], int]:
    """Return a sort key: the whole number in `column`."""
    return lambda row: int(row[column])


def _events(tables: Tables) -> Iterator[str]:
    """All instants that happened, as text: in this form they sort as they are."""
    for row in tables.orders:
        yield from (row[name] for name in ORDER_EVENTS)
    for row in tables.reviews:
        yield row["review_answer_timestamp"] or row["review_creation_date"]


def _read(folder: Path, name: str) -> Rows:
    path = folder / f"olist_{_NAMES.get(name, name)}_dataset.csv"
    if not path.is_file():
        raise SandboxError(f"{path} is missing. Put all the Olist files into {folder}.")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = set(_COLUMNS[name]) - set(reader.fieldnames or ())
        if missing:
            raise SandboxError(
                f"{path} has no column {min(missing)}. Take the file from the Olist data set again."
            )
        return list(reader)
