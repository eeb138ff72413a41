"""Channels in the cache, and how their reads went."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import from_cache, maybe_from_cache, maybe_to_cache, to_cache
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError

OFFERS: Final = "listings"
"""The stream of what a channel offers."""

SLOW: Final = frozenset({OFFERS, "sales", "returns"})
"""Streams read four times an hour or less often, which tell nothing of how far behind a channel is."""

_COLUMNS = "id, name, adapter, country, base_url, secret, zone, enabled, options"


class StreamStatus(NamedTuple):
    """How one stream of a channel stands; `complete` = its first read came to its end.

    `last_try_at` is the end of the last look, however it went.
    """

    stream: str
    cursor: str | None
    complete: bool
    last_success_at: datetime | None
    next_try_at: datetime | None
    error: UserError | None
    error_streak: int
    last_try_at: datetime | None = None


def all_channels(database: Database) -> list[Channel]:
    """Return every channel by name."""
    return [_channel(row) for row in database.rows(f"SELECT {_COLUMNS} FROM channel ORDER BY name")]


def find_channel(database: Database, name: str) -> Channel | None:
    """Return the channel of that name, upper and lower case alike."""
    # Compared here, for what databases call lower case depends on them and their locale.
    wanted = name.casefold()
    return next((each for each in all_channels(database) if each.name.casefold() == wanted), None)


def add_channel(database: Database, channel: Channel, now: datetime, agent: str) -> None:
    """Keep a new channel; its `id` is given by the cache."""
    database.execute(
        "INSERT INTO channel (name, adapter, country, base_url, secret, zone, enabled, options,"
        " created_at, created_by) VALUES (:name, :adapter, :country, :base_url, :secret, :zone,"
        " :enabled, :options, :now, :agent)",
        {
            "name": channel.name,
            "adapter": channel.adapter,
            "country": channel.country,
            "base_url": channel.base_url,
            "secret": channel.secret,
            "zone": channel.zone,
            "enabled": int(channel.enabled),
            "options": json.dumps(dict(channel.options)),
            "now": to_cache(now),
            "agent": agent,
        },
    )


def set_enabled(database: Database, channel_id: int, *, enabled: bool) -> None:
    """Switch the channel's synchronisation on or off."""
    database.execute(
        "UPDATE channel SET enabled = :enabled WHERE id = :id",
        {"enabled": int(enabled), "id": channel_id},
    )


def keep_options(database: Database, channel_id: int, options: Mapping[str, str]) -> None:
    """Keep the channel's options."""
    database.execute(
        "UPDATE channel SET options = :options WHERE id = :id",
        {"options": json.dumps(dict(options)), "id": channel_id},
    )


def keep_address(database: Database, channel_id: int, base_url: str) -> None:
    """Keep another address of the channel."""
    database.execute(
        "UPDATE channel SET base_url = :url WHERE id = :id", {"url": base_url, "id": channel_id}
    )


def keep_secret(database: Database, channel_id: int, secret: str) -> None:
    """Keep another reference to the channel's key."""
    database.execute(
        "UPDATE channel SET secret = :secret WHERE id = :id", {"secret": secret, "id": channel_id}
    )


def rename(database: Database, channel_id: int, name: str) -> None:
    """Call the channel otherwise; acts that were logged keep the name they were done under."""
    database.execute(
        "UPDATE channel SET name = :name WHERE id = :id", {"name": name, "id": channel_id}
    )


def unsent_words(database: Database, channel_id: int) -> int:
    """Return how many drafts and undelivered operations the channel has."""
    return int(
        database.value(
            "SELECT (SELECT COUNT(*) FROM draft JOIN ticket ON ticket.id = draft.ticket_id"
            " WHERE ticket.channel_id = :id)"
            " + (SELECT COUNT(*) FROM ticket WHERE channel_id = :id AND delivery <> 'sent')"
            " + (SELECT COUNT(*) FROM operation WHERE channel_id = :id AND ticket_id IS NULL"
            " AND state NOT IN ('sent', 'recalled'))",
            {"id": channel_id},
        )
    )


def remove_channel(database: Database, channel_id: int) -> None:
    """Forget the channel with its tickets, orders and operations (the audit stays)."""
    database.execute("DELETE FROM operation WHERE channel_id = :id", {"id": channel_id})
    database.execute("DELETE FROM channel WHERE id = :id", {"id": channel_id})


def stream_status(database: Database, channel_id: int) -> dict[str, StreamStatus]:
    """Return how each stream of the channel stands, by its name."""
    rows = database.rows(
        "SELECT stream, cursor, complete, last_success_at, next_try_at, error, error_streak,"
        " last_try_at"
        " FROM sync WHERE channel_id = :id",
        {"id": channel_id},
    )
    return {row[0]: _status(row) for row in rows}


def mark_success(
    database: Database, channel_id: int, stream: str, now: datetime, next_try: datetime
) -> None:
    """Note that the stream was read to its end."""
    _mark(database, channel_id, stream, now, next_try, None)


def mark_failure(
    database: Database,
    channel_id: int,
    stream: str,
    now: datetime,
    next_try: datetime,
    error: UserError,
) -> None:
    """Note that the stream could not be read, and why."""
    _mark(database, channel_id, stream, now, next_try, error)


def note_key(database: Database, channel_id: int, expires_at: datetime | None) -> None:
    """Note when the channel's token ends; a difference of less than a minute wakes no desk."""
    database.execute(
        "UPDATE channel SET key_expires_at = :at WHERE id = :id"
        " AND (ABS(COALESCE(key_expires_at, 0) - COALESCE(CAST(:at AS BIGINT), 0)) >= 60000)",
        {"id": channel_id, "at": maybe_to_cache(expires_at)},
    )


def keys(database: Database) -> dict[int, datetime]:
    """Return when the channels' tokens end, by channel; those that do not tell are not there."""
    rows = database.rows("SELECT id, key_expires_at FROM channel WHERE key_expires_at IS NOT NULL")
    return {id_: from_cache(at) for id_, at in rows}


def make_due(database: Database) -> None:
    """Let every stream be read as soon as its engine looks."""
    database.execute("UPDATE sync SET next_try_at = NULL")


def make_stream_due(database: Database, channel_id: int, stream: str) -> None:
    """Let one stream be read as soon as its engine looks; one that fails keeps its pause."""
    database.execute(
        "UPDATE sync SET next_try_at = NULL WHERE channel_id = :channel_id AND stream = :stream"
        " AND error IS NULL",
        {"channel_id": channel_id, "stream": stream},
    )


def read_anew(database: Database, channel_id: int, stream: str) -> None:
    """Let one stream be read from its beginning, as soon as its engine looks."""
    database.execute(
        "UPDATE sync SET cursor = NULL, complete = 0, next_try_at = NULL"
        " WHERE channel_id = :channel_id AND stream = :stream",
        {"channel_id": channel_id, "stream": stream},
    )


def _mark(
    database: Database,
    channel_id: int,
    stream: str,
    now: datetime,
    next_try: datetime,
    error: UserError | None,
) -> None:
    database.execute(
        "INSERT INTO sync (channel_id, stream, complete, last_try_at, last_success_at,"
        " next_try_at, error, error_streak) VALUES (:channel_id, :stream, 0, :now, :success,"
        " :next_try, :error, :failed)"
        " ON CONFLICT (channel_id, stream) DO UPDATE SET last_try_at = excluded.last_try_at,"
        " last_success_at = COALESCE(excluded.last_success_at, sync.last_success_at),"
        " next_try_at = excluded.next_try_at, error = excluded.error,"
        " error_streak = CASE WHEN excluded.error IS NULL THEN 0 ELSE sync.error_streak + 1 END",
        {
            "channel_id": channel_id,
            "stream": stream,
            "now": to_cache(now),
            "success": None if error else to_cache(now),
            "next_try": to_cache(next_try),
            "error": error.to_json() if error else None,
            "failed": int(error is not None),
        },
    )


def _channel(row: Row) -> Channel:
    id_, name, adapter, country, base_url, secret, zone, enabled, options = row
    return Channel(
        id=id_,
        name=name,
        adapter=adapter,
        country=country,
        base_url=base_url,
        secret=secret,
        zone=zone,
        enabled=bool(enabled),
        options=json.loads(options),
    )


def _status(row: Row) -> StreamStatus:
    stream, cursor, complete, success, next_try, error, streak, last_try = row
    return StreamStatus(
        stream,
        cursor,
        bool(complete),
        maybe_from_cache(success),
        maybe_from_cache(next_try),
        UserError.from_json(error) if error else None,
        streak,
        maybe_from_cache(last_try),
    )
