"""The world made from the public Olist files: real orders and what their customers wrote.

- A review with a title or a message is a thread on its order, written by the customer; one review
  may name several orders, so there is one thread per row of the file.
- The moment of a review is `review_answer_timestamp`, when it reached the shop:
  `review_creation_date` has no time of day. It is used where the other is missing.
- A score of 3 or less waits for an answer, a better one does not.
- The file has no names: a customer gets a pseudonym that follows from `customer_unique_id`, so
  that repeat customers keep theirs. What else is not in the data (streets, tax numbers, tracking)
  is left out, not invented.
- An order of the shop Carrefour ends with an even hexadecimal digit, one of Leroy Merlin with an
  odd one.
- An order is to be shipped by the latest `shipping_limit_date` of its items, for it leaves whole.
- Instants carry no zone: they are read as America/Sao_Paulo. Unless the dates are kept as they
  are, all are moved by the same span, so that the newest event was a minute ago.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from mkt_tui.sandbox.errors import SandboxError
from mkt_tui.sandbox.olist_files import (
    Row,
    Rows,
    Tables,
    cents,
    grouped,
    instant,
    number_in,
    read_tables,
    shift_of,
)
from mkt_tui.sandbox.people import Pseudonyms
from mkt_tui.sandbox.records import (
    CUSTOMER,
    EVERYBODY,
    SHOP,
    Line,
    Message,
    Order,
    Payment,
    Person,
    Place,
    Shipment,
    Thread,
)
from mkt_tui.sandbox.world import Shop, World, identities

SUBJECT_LENGTH = 60
NEEDS_ANSWER_UP_TO = 3

_STATES = {
    "created": "WAITING_ACCEPTANCE",
    "approved": "WAITING_DEBIT_PAYMENT",
    "processing": "SHIPPING",
    "invoiced": "SHIPPING",
    "shipped": "SHIPPED",
    "delivered": "RECEIVED",
    "canceled": "CANCELED",
    "unavailable": "REFUSED",
}


def load(folder: Path, seed: int, now: datetime | None) -> World:
    """Return the world of the Olist files in `folder`.

    Args:
        folder: Where the CSV files are.
        seed: The API keys follow from it.
        now: Move all dates so that they end a minute before it; None keeps them.

    Raises:
        SandboxError: A file is missing or is not what its name says.
    """
    try:
        return _world(read_tables(folder), seed, now)
    except (KeyError, OSError, TypeError, ValueError, csv.Error) as error:
        raise SandboxError(
            f"The Olist files in {folder} cannot be read ({type(error).__name__}: {error}). "
            "Take them from the public data set again."
        ) from error


def _world(tables: Tables, seed: int, now: datetime | None) -> World:
    shift = timedelta(0) if now is None else shift_of(tables, now)
    builder = _Builder(tables, shift)
    orders = {row["order_id"]: builder.order(row) for row in tables.orders}
    threads = [
        builder.thread(orders[row["order_id"]], row, number)
        for number, row in enumerate(tables.reviews, 1)
        if is_written(row) and row["order_id"] in orders
    ]
    return World(
        tuple(
            Shop(
                identity,
                [order for order in orders.values() if _parity(order) == parity],
                [thread for thread in threads if _parity(thread.order) == parity],
            )
            for parity, identity in enumerate(identities(seed))
        )
    )


def is_written(review: Row) -> bool:
    """Tell whether a row of the reviews has any words."""
    return bool(review["review_comment_title"].strip() or review["review_comment_message"].strip())


def subject_of(title: str, message: str) -> str:
    """Return the title, or the beginning of the message up to a word boundary, on one line."""
    text = " ".join((title.strip() or message).split())
    if title.strip() or len(text) <= SUBJECT_LENGTH:
        return text
    cut = text[: SUBJECT_LENGTH + 1].rpartition(" ")[0]
    return cut or text[:SUBJECT_LENGTH]


def _parity(order: Order) -> int:
    return int(order.id[-1], 16) % 2


class _Builder:
    """Turns rows into records, with all dates moved by `shift`."""

    def __init__(self, tables: Tables, shift: timedelta) -> None:
        self._shift = shift
        self._items = grouped(tables.items, "order_id")
        self._payments = grouped(tables.payments, "order_id")
        self._customers = {row["customer_id"]: row for row in tables.customers}
        self._categories = {
            row["product_id"]: row["product_category_name"] for row in tables.products
        }
        self._sellers = {row["seller_id"]: row for row in tables.sellers}
        self._pseudonyms = Pseudonyms()

    def order(self, row: Row) -> Order:
        """Return the order of a row of olist_orders_dataset.csv."""
        items = sorted(self._items.get(row["order_id"], []), key=number_in("order_item_id"))
        created = self._required(row["order_purchase_timestamp"])
        approved = self._instant(row["order_approved_at"])
        shipped = self._instant(row["order_delivered_carrier_date"])
        received = self._instant(row["order_delivered_customer_date"])
        return Order(
            id=row["order_id"],
            customer=self._customer(row["customer_id"]),
            state=_STATES[row["order_status"]],
            created=created,
            updated=max(filter(None, (created, approved, shipped, received))),
            lines=tuple(self._line(item) for item in items),
            payments=self._paid(row["order_id"]),
            shipment=self._shipment(row, items),
            debited=approved,
            shipped=shipped,
            received=received,
        )

    def thread(self, order: Order, review: Row, number: int) -> Thread:
        """Return the thread of row `number` of olist_order_reviews_dataset.csv."""
        title, text = review["review_comment_title"], review["review_comment_message"]
        name = f"{review['review_id']}/{order.id}/{number}"
        when = review["review_answer_timestamp"] or review["review_creation_date"]
        sent = self._required(when)
        body = text if text.strip() else title
        message_id = str(uuid5(NAMESPACE_URL, f"olist/message/{name}"))
        message = Message(message_id, CUSTOMER, order.customer.name, (SHOP,), body, sent)
        return Thread(
            id=str(uuid5(NAMESPACE_URL, f"olist/thread/{name}")),
            order=order,
            topic=("FREE_TEXT", subject_of(title, text)),
            participants=EVERYBODY,
            messages=[message],
            updated=sent,
            waiting_since=sent if int(review["review_score"]) <= NEEDS_ANSWER_UP_TO else None,
        )

    def _customer(self, customer_id: str) -> Person:
        row = self._customers[customer_id]
        place = Place(
            zip_code=row["customer_zip_code_prefix"],
            city=row["customer_city"],
            state=row["customer_state"],
        )
        code = row["customer_unique_id"]
        firstname, lastname = self._pseudonyms.of(code)
        return Person(code, firstname, lastname, place)

    def _line(self, item: Row) -> Line:
        product = item["product_id"]
        category = self._categories.get(product, "")
        label = category.replace("_", " ").capitalize() or "Produto"
        return Line(
            sku=product[:12],
            product_code=product,
            title=f"{label} {product[:8]}",
            category_code=category or "sem_categoria",
            category_label=label,
            quantity=1,
            unit_price=cents(item["price"]),
            shipping=cents(item["freight_value"]),
            ships_from=self._origin(item["seller_id"]),
        )

    def _origin(self, seller_id: str) -> Place | None:
        row = self._sellers.get(seller_id)
        if row is None:
            return None
        return Place(
            zip_code=row["seller_zip_code_prefix"],
            city=row["seller_city"],
            state=row["seller_state"],
        )

    def _paid(self, order_id: str) -> tuple[Payment, ...]:
        rows = sorted(self._payments.get(order_id, []), key=number_in("payment_sequential"))
        return tuple(
            Payment(
                row["payment_type"], int(row["payment_installments"]), cents(row["payment_value"])
            )
            for row in rows
        )

    def _shipment(self, row: Row, items: Rows) -> Shipment:
        limits = [self._required(item["shipping_limit_date"]) for item in items]
        return Shipment(
            ship_by=max(limits, default=None),
            promised_until=self._instant(row["order_estimated_delivery_date"]),
        )

    def _required(self, text: str) -> datetime:
        return instant(text) + self._shift

    def _instant(self, text: str) -> datetime | None:
        return self._required(text) if text else None
