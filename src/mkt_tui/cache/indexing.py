"""The words that tickets and orders are found by, kept with every page that comes in.

A row of `ticket_words` or `order_words` holds the folded words (`domain.words`) of one ticket or
order. SQLite keeps an FTS5 index over it by triggers, PostgreSQL a GIN index over its tsvector:
both only cut at blanks, so they find the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.domain import words
from mkt_tui.domain.errors import CacheDamaged
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.tickets import TicketSnapshot

Rows: TypeAlias = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
WordsById: TypeAlias = dict[int, str]

SECTIONS: Final = ("tracking", "billing", "personal", "finance", "transport")
_AT_ONCE: Final = 1_000
# One statement for a page: FTS5 brings what it was told to the disk before each further one.
_WRITE: Final = (
    "INSERT INTO {table}_words ({table}_id, words)"
    " SELECT CAST(key AS BIGINT), value FROM {pairs} AS told WHERE TRUE"
    " ON CONFLICT ({table}_id) DO UPDATE SET words = excluded.words"
    " WHERE {table}_words.words <> excluded.words"
)

_TICKET: Final = "ticket.id, ticket.code, ticket.order_number, ticket.subject, ticket.customer"
_ORDER: Final = f"id, number, site_number, customer, {', '.join(SECTIONS)}, items"
_TABLES: Final = {"ticket": "ticket", "order": "sales_order"}
# What FTS5 is told; PostgreSQL looks after its indexes by itself.
_COMMAND: Final = "INSERT INTO {table}_index ({table}_index) VALUES ('{command}')"


def index_tickets(
    database: Database, channel_id: int, snapshots: Sequence[TicketSnapshot]
) -> dict[str, int]:
    """Add what a page tells to the words of its tickets, and return the tickets' ids by code."""
    told: dict[str, list[str]] = {}
    for each in snapshots:
        told.setdefault(each.code, []).extend(
            text for one in each.messages for text in (one.author_name, one.body)
        )
        if each.complaint:
            told[each.code].append(each.complaint.isbn)
    return index_texts(database, channel_id, told)


def index_texts(
    database: Database, channel_id: int, told: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Add texts to the words of the tickets of these codes, and return the tickets' ids by code."""
    known = database.rows(
        f"SELECT {_TICKET}, ticket_words.words FROM ticket LEFT JOIN ticket_words"
        " ON ticket_words.ticket_id = ticket.id"
        f" WHERE channel_id = :channel_id AND code IN ({database.dialect.texts})",
        {"channel_id": channel_id, "listed": _listed(told)},
    )
    _write(
        database,
        "ticket",
        {row[0]: _of_ticket(row[1:5], told[row[1]], row[5] or "") for row in known},
    )
    return {row[1]: row[0] for row in known}


def index_orders(database: Database, channel_id: int, snapshots: Sequence[OrderSnapshot]) -> None:
    """Add what a page tells to the words of its orders."""
    known = database.rows(
        "SELECT number, id, words FROM sales_order LEFT JOIN order_words"
        " ON order_words.order_id = sales_order.id"
        f" WHERE channel_id = :channel_id AND number IN ({database.dialect.texts})",
        {"channel_id": channel_id, "listed": _listed(each.number for each in snapshots)},
    )
    places = {row[0]: row[1:] for row in known}
    found = {row[0]: set((row[2] or "").split()) for row in known}
    for each in snapshots:
        found[each.number] |= _of_snapshot(each)
    _write(database, "order", {places[number][0]: _joined(found[number]) for number in found})


def is_whole(database: Database) -> bool:
    """Tell whether every ticket and order has its words, and the index is sound."""
    for table, owner in _TABLES.items():
        missing = (
            f"SELECT 1 FROM {owner} WHERE id NOT IN (SELECT {table}_id FROM {table}_words) LIMIT 1"
        )
        if database.value(missing):
            return False
    try:
        _command(database, "integrity-check")
    except CacheDamaged:
        return False
    return True


def rebuild(database: Database) -> None:
    """Make all words anew, from what the cache holds."""
    with database.transaction():
        # First the index as the words say, for a damaged one cannot be taken back word by word.
        _command(database, "rebuild")
        for table in _TABLES:
            database.execute(f"DELETE FROM {table}_words")
        fill(database.rows, partial(_write, database))


def fill(rows: Rows, write: Callable[[str, WordsById], object]) -> None:
    """Make the words of all tickets and orders.

    Args:
        write: Writes the words of some rows of a table (ticket, order).
    """
    for part in _parts(rows, f"SELECT {_TICKET} FROM ticket WHERE id > :after"):
        texts = _texts(rows, part[0][0], part[-1][0])
        write("ticket", {row[0]: _of_ticket(row[1:], texts.get(row[0], ())) for row in part})
    for part in _parts(rows, f"SELECT {_ORDER} FROM sales_order WHERE id > :after"):
        write("order", {row[0]: _joined(_of_row(row)) for row in part})


def _write(database: Database, table: str, found: WordsById) -> None:
    # By id: FTS5 takes what comes before its newest row for a new beginning.
    listed = orjson.dumps({str(each): found[each] for each in sorted(found)}).decode()
    database.execute(_WRITE.format(table=table, pairs=database.dialect.pairs), {"listed": listed})


def _command(database: Database, command: str) -> None:
    if database.dialect.terms:
        for table in _TABLES:
            database.execute(_COMMAND.format(table=table, command=command))


def _parts(rows: Rows, query: str) -> Iterable[Sequence[Sequence[Any]]]:
    query = f"{query} ORDER BY id LIMIT {_AT_ONCE}"
    part = rows(query, {"after": 0})
    while part:
        yield part
        part = rows(query, {"after": part[-1][0]})


def _texts(rows: Rows, first: int, last: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for ticket_id, *texts in rows(
        "SELECT ticket_id, author_name, body FROM message"
        " WHERE ticket_id BETWEEN :first AND :last ORDER BY id",
        {"first": first, "last": last},
    ):
        found.setdefault(ticket_id, []).extend(texts)
    return found


def _of_ticket(row: Sequence[Any], texts: Iterable[str], before: str = "") -> str:
    code, order_number, subject, customer = row
    found = words.of_ticket((code, order_number), subject, customer, texts)
    # What its messages said stays; its subject and its customer may have changed.
    kept = (each for each in before.split() if each[0] not in words.TAGS)
    return _joined(found.union(kept))


def _of_snapshot(order: OrderSnapshot) -> set[str]:
    sections = [getattr(order, name) for name in SECTIONS]
    return words.of_order((order.number, order.site_number), order.customer, sections, order.items)


def _of_row(row: Sequence[Any]) -> set[str]:
    _order_id, number, site_number, customer, *sections, items = row
    told = [orjson.loads(each) for each in sections]
    return words.of_order((number, site_number), customer, told, orjson.loads(items))


def _joined(found: set[str]) -> str:
    return " ".join(sorted(found)[: words.MOST])


def _listed(codes: Iterable[str]) -> str:
    return orjson.dumps(list(codes)).decode()
