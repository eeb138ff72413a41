"""What `cache.database` needs of an engine: connections per thread, and errors made ours."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = tuple[Any, ...]
Parameters: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The few words that the engines spell differently.

    Attributes:
        texts: A query of the texts of a JSON list, the parameter `listed`.
        pairs: The rows `key` and `value` of a JSON object of texts, the parameter `listed`.
        renumber: A statement that lets the ids of {table} go on after the largest; None where
            they do so by themselves.
        matching: A query of the ids of {table} (ticket, order) whose words match `{query}`, the
            newest first.
        word: A word in such a query; prefix: the words that begin so; both, either: between two.
        terms: A query of the words of all {table}s from `low` to `high`, where the engine walks
            such a list faster than it merges what those words stand in; None elsewhere.
        through: What has a table read through {index} that its planner would not choose.
    """

    texts: str
    pairs: str
    renumber: str | None
    matching: str
    word: str
    prefix: str
    both: str
    either: str
    terms: str | None
    through: str


class Answer(Protocol):
    """The part of a DB-API cursor that is used."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""

    def fetchmany(self, size: int) -> list[Any]:
        """Return so many of the next rows, none after the last."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""


class Engine(Protocol):
    """One kind of database; a call uses the connection of the thread it is made in.

    Foreign errors may come out of every method but `errors` and `close`; within `errors()` they
    are made ours.
    """

    dialect: Dialect

    def errors(self) -> AbstractContextManager[None]:
        """Make the foreign errors of a block ours (CacheProblem)."""

    def run(self, sql: str, parameters: Parameters) -> Answer:
        """Run one statement with `:name` parameters."""

    def run_many(self, sql: str, parameters: Sequence[Parameters] | Iterable[Row]) -> None:
        """Run one statement once per element, with `:name` or `?` parameters."""

    def loading(self, tables: Iterable[str]) -> AbstractContextManager[None]:
        """Within a transaction, make these empty tables ready for many rows; nobody is told of them."""

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table as fast as the engine can."""

    def transaction(self, *, durable: bool) -> AbstractContextManager[None]:
        """Keep all of a block or nothing; nobody else writes meanwhile.

        Args:
            durable: Whether its end waits for the disk, where the engine's commits do so at all.
        """

    def expect_pages(self) -> None:
        """Make ready for page after page of rows, in the thread that asks."""

    def version(self) -> int:
        """Return a number that changes when another connection changed something."""

    def schema(self) -> str | None:
        """Return the migration the database has come to, None for an empty one."""

    def upgrade(self) -> None:
        """Run the migrations that lack; of several processes one runs them, the others wait."""

    def close(self) -> None:
        """Close the connections of all threads."""
