"""Finding tickets and orders by words and numbers: no text of an agent reaches a query as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mkt_tui.cache import queries
from mkt_tui.cache.database import Database
from mkt_tui.cache.queries import QueueRow
from mkt_tui.domain.words import LONGEST, NUMBER

LIMIT: Final = 100
# Words beyond these make a search no narrower that an agent would notice.
_MOST: Final = 12
# A beginning of so many letters has an index of its own on SQLite. A longer one is looked up
# among all words: merging what they stand in takes 20 times as long (10 ms to 0.6 ms at 100,000
# tickets, 41,000 of them found).
_INDEXED: Final = 3
_MOST_TERMS: Final = 200
# Of a hundred thousand numbers that begin alike nobody wants more than some to choose from.
_MOST_NUMBERS: Final = 30
_SHORTEST_NUMBER: Final = 3
# A channel has at least one of so many of the newest hits.
_SHARE: Final = 20
_ORDER: Final = "id, channel_id, number, site_number, customer, status, created_at FROM sales_order"

EXACT: Final = 0
BEGINS: Final = 1
WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, folded by `domain.words`.

    Attributes:
        numbers: The whole input taken for one number, in the spellings it may be kept in.
        words: The words, each taken for the beginning of one; all of them must be there.
        channels: The only channels that are looked in; empty = all.
    """

    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    channels: frozenset[int] = frozenset()


class OrderHit(NamedTuple):
    """An order that was found; instants in cache milliseconds."""

    id: int
    channel_id: int
    number: str
    site_number: str | None
    customer: str | None
    status: str
    created_at: int


class Hits(NamedTuple):
    """What was found, each with how well: EXACT, BEGINS or WORDS; the newest first in each."""

    tickets: list[tuple[int, QueueRow]]
    orders: list[tuple[int, OrderHit]]


def search(database: Database, wanted: Wanted, limit: int = LIMIT) -> Hits:
    """Return at most `limit` tickets and orders for each way of finding."""
    tickets = _rows(database, "ticket", f"{queries.ROW}{queries.FROM}", "ticket.id", wanted, limit)
    orders = _rows(database, "order", _ORDER, "id", wanted, limit)
    return Hits(
        _best((rank, QueueRow._make(row)) for rank, *row in tickets),
        _best((rank, OrderHit._make(row)) for rank, *row in orders),
    )


def begin_so(database: Database, table: str, word: str) -> str:
    """Return a full-text query for the words that begin with a folded `word`."""
    dialect = database.dialect
    word = word[:LONGEST]
    if len(word) == 1 and word.isascii():
        return dialect.word.format(word)
    is_number = not word.isalpha()
    if dialect.terms is None or (len(word) <= _INDEXED and not is_number):
        return dialect.prefix.format(word)
    most = _MOST_NUMBERS if is_number else _MOST_TERMS
    found = database.rows(
        dialect.terms.format(table=table),
        {"low": word, "high": f"{word}\U0010ffff", "limit": most},
    )
    if len(found) == most and not is_number:
        return dialect.prefix.format(word)
    terms = dialect.either.join(dialect.word.format(term) for (term,) in found)
    return f"({terms})" if terms else dialect.word.format(word)


def _queries(database: Database, table: str, wanted: Wanted) -> dict[int, str]:
    dialect, asked = database.dialect, {}
    if numbers := [NUMBER + each for each in wanted.numbers]:
        asked[EXACT] = dialect.either.join(map(dialect.word.format, numbers))
        longer = [each for each in numbers if len(each) > _SHORTEST_NUMBER]
        begun = [begin_so(database, table, each) for each in longer]
        asked |= {BEGINS: dialect.either.join(begun)} if begun else {}
    if words := wanted.words[:_MOST]:
        asked[WORDS] = dialect.both.join(begin_so(database, table, each) for each in words)
    return asked


def _rows(
    database: Database, table: str, row: str, key: str, wanted: Wanted, limit: int
) -> Sequence[Sequence[Any]]:
    asked = _queries(database, table, wanted)
    if not asked:
        return []
    there = ""
    if wanted.channels:
        # The newest are taken before it is known where they are from.
        limit *= _SHARE
        owner = "ticket.channel_id" if table == "ticket" else "channel_id"
        there = f" AND {owner} IN ({', '.join(map(str, sorted(wanted.channels)))})"
    parts = (
        f"SELECT {rank}, {row} WHERE {key} IN (SELECT * FROM ("
        f"{database.dialect.matching.format(table=table, query=f'query{rank}')} LIMIT {limit})"
        f" AS hit){there}"
        for rank in asked
    )
    return database.rows(" UNION ALL ".join(parts), {f"query{rank}": asked[rank] for rank in asked})


def _best(found: Iterable[tuple[int, Any]]) -> list[Any]:
    """Return each hit once, by the best way it was found in, then the newest first."""
    best: dict[int, tuple[int, Any]] = {}
    for rank, hit in sorted(found, key=lambda each: (each[0], -each[1].id)):
        best.setdefault(hit.id, (rank, hit))
    return list(best.values())
