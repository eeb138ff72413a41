"""Filling the empty tables of a PostgreSQL database: what costs a look per row is done once, after it.

Indexes are built of all rows, references are checked of all rows, and nobody is told of each of
them. All of it is part of the transaction: when that fails, nothing was ever taken away.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from mkt_tui.cache.engines.base import Row

_REFERENCES: Final = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""
# Those that make a key stay: they are part of what a table is.
_INDEXES: Final = """
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT EXISTS
    (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"""
_MEMORY: Final = "SET LOCAL maintenance_work_mem = '256MB'"


@contextmanager
def loading(connection: psycopg.Connection[Row], tables: Iterable[str]) -> Iterator[None]:
    """Take references, indexes and triggers off the tables, and put them back at the end."""
    run = connection.execute
    run(_MEMORY)
    triggers = [
        (f"ALTER TABLE {each} DISABLE TRIGGER USER", f"ALTER TABLE {each} ENABLE TRIGGER USER")
        for each in tables
    ]
    for off, _on in triggers:
        run(off)
    taken: list[tuple[Any, ...]] = []
    for query in (_REFERENCES, _INDEXES):
        found = run(query).fetchall()
        for off, _on in found:
            run(off)
        taken += found
    yield
    # A reference needs the key it leads to, so what was taken first comes back last.
    for _off, on in (*reversed(taken), *triggers):
        run(on)
    run("ANALYZE")


def load(
    connection: psycopg.Connection[Row], table: str, columns: Iterable[str], rows: Iterable[Row]
) -> None:
    """Add rows by COPY, which is many times faster than a statement per row."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)
