"""A statement about many rows of a channel, named in one parameter."""

from collections.abc import Iterable

import orjson

from mkt_tui.cache.database import Database


def run_listed(database: Database, sql: str, channel_id: int, texts: Iterable[str]) -> None:
    """Run a statement whose `{texts}` are the values of `texts`, in the channel `:channel_id`."""
    listed = orjson.dumps(list(texts)).decode()
    database.execute(
        sql.format(texts=database.dialect.texts), {"channel_id": channel_id, "listed": listed}
    )
