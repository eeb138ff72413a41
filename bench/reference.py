"""What a first sync cannot be faster than: fetch, decode and insert, one after the other.

The pages are those the engine asks for, the rows those it wrote; the tables are bare, without an
index, a constraint or a conversion.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from bench.marketplace import Shop
from mkt_tui.cache.database import Database

_PAGE: Final = 100
_TABLES: Final = ("ticket", "message", "sales_order")


def seconds(folder: Path, shops: list[Shop], synced: Database) -> float:
    """Return how long it takes."""
    rows = {table: synced.rows(f"SELECT * FROM {table}") for table in _TABLES}
    began = time.perf_counter()
    bodies = asyncio.run(_fetch(shops))
    for body in bodies:
        orjson.loads(body)
    _insert(folder / "reference.db", rows)
    return time.perf_counter() - began


async def _fetch(shops: list[Shop]) -> list[bytes]:
    bodies = []
    for shop in shops:
        headers = {"Authorization": shop.secret}
        async with httpx.AsyncClient(base_url=shop.base_url, headers=headers, timeout=60) as client:
            bodies += [body async for body in _threads(client)]
            bodies += [body async for body in _orders(client)]
    return bodies


async def _threads(client: httpx.AsyncClient) -> AsyncIterator[bytes]:
    query: dict[str, str | int] = {"with_messages": "true", "limit": _PAGE}
    while True:
        body = (await client.get("/api/inbox/threads", params=query)).raise_for_status().content
        yield body
        token = _tail(body, "next_page_token")
        if token is None:
            return
        query["page_token"] = token


async def _orders(client: httpx.AsyncClient) -> AsyncIterator[bytes]:
    offset, total = 0, 1
    while offset < total:
        query: dict[str, str | int] = {"max": _PAGE, "offset": offset}
        body = (await client.get("/api/orders", params=query)).raise_for_status().content
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
            width = len(found[0])
            columns = ",".join(f"c{each}" for each in range(width))
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.execute("BEGIN")
            marks = ",".join("?" * width)
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
            connection.execute("COMMIT")
