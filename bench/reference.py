"""What a first sync is held to: fetch, decode and insert, one after the other.

The pages are those the engine asks for, the rows those it wrote; the tables are bare, without an
index, a constraint or a conversion.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from bench.marketplace import Shop
from bench.spent import Spent, so_far
from mkt_tui.cache.database import Database

_PAGE: Final = 100
_TABLES: Final = ("ticket", "message", "sales_order")
_TABLES_BESIDE: Final = ("stock", "order_return")


def run(folder: Path, shops: list[Shop], synced: Database, *, beside: bool = False) -> Spent:
    """Return what it takes.

    Args:
        beside: Offers and returns as well.
    """
    tables = (*_TABLES, *_TABLES_BESIDE) if beside else _TABLES
    rows = {table: synced.rows(f"SELECT * FROM {table}") for table in tables}
    began = so_far()
    bodies = asyncio.run(_fetch(shops, beside=beside))
    for body in bodies:
        orjson.loads(body)
    _insert(folder / f"reference-{len(tables)}.db", rows)
    return so_far() - began


async def _fetch(shops: list[Shop], *, beside: bool) -> list[bytes]:
    bodies = []
    for shop in shops:
        headers = {"Authorization": shop.secret}
        async with httpx.AsyncClient(base_url=shop.base_url, headers=headers, timeout=60) as client:
            threads = _by_token(client, "/api/inbox/threads", {"with_messages": "true"})
            bodies += [body async for body in threads]
            bodies += [body async for body in _by_offset(client, "/api/orders")]
            if beside:
                bodies += [body async for body in _by_offset(client, "/api/offers")]
                bodies += [body async for body in _by_token(client, "/api/returns", {})]
    return bodies


async def _by_token(
    client: httpx.AsyncClient, path: str, asked: dict[str, str]
) -> AsyncIterator[bytes]:
    query: dict[str, str | int] = {**asked, "limit": _PAGE}
    while True:
        body = (await client.get(path, params=query)).raise_for_status().content
        yield body
        token = _tail(body, "next_page_token")
        if token is None:
            return
        query["page_token"] = token


async def _by_offset(client: httpx.AsyncClient, path: str) -> AsyncIterator[bytes]:
    offset, total = 0, 1
    while offset < total:
        query: dict[str, str | int] = {"max": _PAGE, "offset": offset}
        body = (await client.get(path, params=query)).raise_for_status().content
        yield body
        offset, total = offset + _PAGE, int(_tail(body, "total_count") or 0)


def _tail(body: bytes, key: str) -> str | None:
    """Return a field that stands near the end of a page, without decoding the page."""
    place = body.rfind(f'"{key}":'.encode())
    if place < 0:
        return None
    text = body[place + len(key) + 3 :].split(b",")[0].strip(b'"} ]\n')
    return text.decode() or None


def _insert(file: Path, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        for table, found in rows.items():
            width = len(found[0]) if found else 1
            columns = ",".join(f"c{each}" for each in range(width))
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.execute("BEGIN")
            marks = ",".join("?" * width)
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
            connection.execute("COMMIT")
