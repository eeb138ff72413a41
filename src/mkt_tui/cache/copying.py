"""Moving a cache to another place, from engine to engine: everything, or nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from mkt_tui.cache import audit
from mkt_tui.cache.audit import Act
from mkt_tui.cache.database import Database, Row
from mkt_tui.domain.errors import CacheProblem, NotAllowed
from mkt_tui.i18n import N_, _

_AT_ONCE: Final = 1000


def copy(source: Database, target: Database, agent: str, now: datetime) -> dict[str, int]:
    """Copy every row of every table, under the ids they have, and return how many per table.

    Nobody writes to either of them meanwhile; the source is left as it is.

    Raises:
        NotAllowed: The target holds something already.
        CacheProblem: One of them failed, and the target is as empty as before.
    """
    _check_empty(target)
    with source.transaction(), target.transaction():
        _check_empty(target)
        with target.loading(_tables()):
            counts = {table: _copy_table(source, target, table) for table in _tables()}
        _compare(source, target, counts)
        _renumber(target)
        rows = sum(counts.values())
        copied = Act("cache.copied", detail=f"from={source.name} rows={rows}")
        audit.record(target, copied, agent, now)
    return counts


class _Table(NamedTuple):
    """A table's columns and key; `numbered` = the database gives the ids."""

    columns: list[str]
    key: list[str]
    numbered: bool


def _tables() -> dict[str, _Table]:
    """Return the tables in an order in which none refers to a later one."""
    # The schema in words costs 0.3 s, which only such rare commands may take.
    from sqlmodel import SQLModel

    from mkt_tui.cache import tables  # noqa: F401 - defines the tables

    return {
        each.name: _Table(
            [column.name for column in each.columns],
            [column.name for column in each.primary_key],
            each.autoincrement_column is not None,
        )
        for each in SQLModel.metadata.sorted_tables
    }


def _check_empty(target: Database) -> None:
    if any(target.value(f"SELECT 1 FROM {table} LIMIT 1") for table in _tables()):
        raise NotAllowed(
            what=_("{place} holds a cache already, which is never overwritten").format(
                place=target.name
            ),
            remedy=_("Name an empty database, or a file that does not exist."),
        )


def _copy_table(source: Database, target: Database, table: str) -> int:
    columns, key, _numbered = _tables()[table]
    total = 0

    def counted() -> Iterator[Row]:
        nonlocal total
        for rows in _chunks(source, table, columns, key):
            total += len(rows)
            yield from rows

    target.load(table, columns, counted())
    return total


def _chunks(
    source: Database, table: str, columns: list[str], key: list[str]
) -> Iterator[list[Row]]:
    places = [columns.index(each) for each in key]
    keys = ", ".join(key)
    after = f" WHERE ({keys}) > ({', '.join(f':{each}' for each in key)})"
    query = f"SELECT {', '.join(columns)} FROM {table}{{where}} ORDER BY {keys} LIMIT {_AT_ONCE}"
    rows = source.rows(query.format(where=""))
    while rows:
        yield rows
        last = {name: rows[-1][place] for name, place in zip(key, places, strict=True)}
        rows = source.rows(query.format(where=after), last)


def _compare(source: Database, target: Database, counts: dict[str, int]) -> None:
    for table, copied in counts.items():
        query = f"SELECT COUNT(*) FROM {table}"
        if not source.value(query) == target.value(query) == copied:
            raise CacheProblem(
                path=target.name, detail=N_("not every row arrived; nothing is kept")
            )


def _renumber(target: Database) -> None:
    """Let the ids that the target gives from now on follow those that were copied."""
    renumber = target.dialect.renumber
    if renumber is None:
        return
    for name, table in _tables().items():
        if table.numbered:
            target.rows(renumber.format(table=name))
