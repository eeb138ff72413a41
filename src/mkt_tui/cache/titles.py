"""Titles of publishers into the cache: a page with its cursor in one transaction.

Files and deliveries that were not asked for stay as they are known; those that were are all there
is, so what the portal no longer tells of a title goes.
"""

from collections.abc import Sequence
from typing import Final

import orjson

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_from_cache, maybe_to_cache, to_cache
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.domain.publishing import (
    FileProblem,
    Manager,
    Sale,
    ShopDelivery,
    ShopState,
    TitleFile,
    TitleSnapshot,
)
from mkt_tui.domain.words import fold

_TITLES: Final = """
INSERT INTO title (id, channel_id, isbn, name, author, imprint, state, on_sale_at, manager, words,
    updated_at)
VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM title), :channel_id, :isbn, :name, :author, :imprint,
    :state, :on_sale_at, :manager, :words, :updated_at)
ON CONFLICT (channel_id, isbn) DO UPDATE SET
    name = excluded.name,
    author = COALESCE(excluded.author, title.author),
    imprint = COALESCE(excluded.imprint, title.imprint),
    state = COALESCE(excluded.state, title.state),
    on_sale_at = COALESCE(excluded.on_sale_at, title.on_sale_at),
    manager = COALESCE(excluded.manager, title.manager),
    words = excluded.words,
    updated_at = excluded.updated_at
WHERE excluded.updated_at >= title.updated_at
"""
_FILES: Final = """
INSERT INTO title_file (channel_id, isbn, code, kind, version, sha256, size, received_at, checked,
    problems) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (channel_id, isbn, code) DO UPDATE SET checked = excluded.checked,
    problems = excluded.problems
"""
_SHOPS: Final = """
INSERT INTO title_shop (channel_id, isbn, shop, state, message, updated_at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel_id, isbn, shop) DO UPDATE SET state = excluded.state,
    message = excluded.message, updated_at = excluded.updated_at
"""
_SALES: Final = """
INSERT INTO sale (channel_id, code, isbn, shop, kind, units, amount, currency, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (channel_id, code) DO UPDATE SET isbn = excluded.isbn, shop = excluded.shop,
    kind = excluded.kind, units = excluded.units, amount = excluded.amount,
    currency = excluded.currency, at = excluded.at
"""


def write_titles(database: Database, stream: Stream, snapshots: Sequence[TitleSnapshot]) -> None:
    """Write a page of titles and the stream's new cursor."""
    with database.transaction():
        enter_titles(database, stream.channel_id, snapshots)
        advance(database, stream)


def enter_titles(database: Database, channel_id: int, snapshots: Sequence[TitleSnapshot]) -> None:
    """Write titles; call inside a transaction."""
    for each in snapshots:
        database.execute(_TITLES, _title(channel_id, each))
        _write_files(database, channel_id, each)
        _write_deliveries(database, channel_id, each)


def write_sales(database: Database, stream: Stream, sales: Sequence[Sale]) -> None:
    """Write a page of sales and the stream's new cursor; a known line is replaced."""
    with database.transaction():
        database.execute_many(_SALES, [_sale(stream.channel_id, each) for each in sales])
        advance(database, stream)


def manager_text(manager: Manager | None) -> str | None:
    """Return a manager as the cache keeps one; see `manager_in`."""
    return orjson.dumps(manager).decode() if manager else None


def manager_in(text: str | None) -> Manager | None:
    """Return the manager of a text that `manager_text` made."""
    return Manager(**orjson.loads(text)) if text else None


def files(database: Database, channel_id: int, isbn: str) -> list[TitleFile]:
    """Return the files of a title, the newest first."""
    rows = database.rows(
        "SELECT code, kind, version, sha256, size, received_at, checked, problems FROM title_file"
        " WHERE channel_id = :channel_id AND isbn = :isbn ORDER BY version DESC, received_at DESC",
        {"channel_id": channel_id, "isbn": isbn},
    )
    return [
        TitleFile(
            *(code, kind, version, sha256, size),
            maybe_from_cache(at),
            checked,
            tuple(FileProblem(**each) for each in orjson.loads(problems)),
        )
        for code, kind, version, sha256, size, at, checked, problems in rows
    ]


def deliveries(database: Database, channel_id: int, isbn: str) -> list[ShopDelivery]:
    """Return where a title stands at each shop, by their names."""
    rows = database.rows(
        "SELECT shop, state, message, updated_at FROM title_shop"
        " WHERE channel_id = :channel_id AND isbn = :isbn ORDER BY shop",
        {"channel_id": channel_id, "isbn": isbn},
    )
    return [
        ShopDelivery(shop, ShopState(state), message, from_cache(at))
        for shop, state, message, at in rows
    ]


def is_moving(database: Database, channel_id: int) -> bool:
    """Tell whether a file of the channel is on its way to a shop."""
    return bool(
        database.value(
            "SELECT 1 FROM title_shop WHERE channel_id = :id AND state IN ('queued', 'sent')",
            {"id": channel_id},
        )
    )


def _title(channel_id: int, title: TitleSnapshot) -> dict[str, object]:
    return {
        "channel_id": channel_id,
        "isbn": title.isbn,
        "name": title.name,
        "author": title.author,
        "imprint": title.imprint,
        "state": title.state,
        "on_sale_at": maybe_to_cache(title.on_sale_at),
        "manager": manager_text(title.manager),
        "words": fold(" ".join(filter(None, (title.name, title.author, title.imprint)))),
        "updated_at": to_cache(title.updated_at),
    }


def _write_files(database: Database, channel_id: int, title: TitleSnapshot) -> None:
    rows = [
        (channel_id, title.isbn, each.code, each.kind, each.version, each.sha256, each.size,
         maybe_to_cache(each.received_at), each.checked, orjson.dumps(each.problems).decode())
        for each in title.files or ()
    ]  # fmt: skip
    database.execute_many(_FILES, rows)


def _write_deliveries(database: Database, channel_id: int, title: TitleSnapshot) -> None:
    if title.deliveries is None:
        return
    database.execute(
        "DELETE FROM title_shop WHERE channel_id = :channel_id AND isbn = :isbn"
        f" AND shop NOT IN ({database.dialect.texts})",
        {
            "channel_id": channel_id,
            "isbn": title.isbn,
            "listed": orjson.dumps([each.shop for each in title.deliveries]).decode(),
        },
    )
    database.execute_many(
        _SHOPS,
        [
            (channel_id, title.isbn, each.shop, each.state, each.message, to_cache(each.updated_at))
            for each in title.deliveries
        ],
    )


def _sale(channel_id: int, sale: Sale) -> tuple[object, ...]:
    return (
        *(channel_id, sale.code, sale.isbn, sale.shop, sale.kind, sale.units, sale.amount),
        *(sale.currency, to_cache(sale.at)),
    )
