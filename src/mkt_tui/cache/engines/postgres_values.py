"""PostgreSQL's values as the ones SQLite would return: whole numbers, no Decimal, no bool."""

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper


class _Number(Loader):
    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class _Flag(Loader):
    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


def agree_on_values(connection: AdaptContext) -> None:
    """Let a connection take and give values as sqlite3 does."""
    adapters = connection.adapters
    assert adapters is not None
    adapters.register_loader("numeric", _Number)
    adapters.register_loader("bool", _Flag)
    # By default the type follows the size of each number, and with it the statement's plan.
    adapters.register_dumper(int, Int8Dumper)
