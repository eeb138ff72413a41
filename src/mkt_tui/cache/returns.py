"""Returns as the marketplaces told them, by order; what is not told any more stays as it was."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.cache.told import told
from mkt_tui.domain.returns import ENDED, ReturnSnapshot

_COLUMNS: Final = (
    "channel_id, code, order_number, state, marketplace_state, created_at, updated_at, details"
)
_WRITE: Final = f"""
INSERT INTO order_return ({_COLUMNS})
VALUES (:channel_id, :code, :order_number, :state, :marketplace_state, :created_at, :updated_at,
    :details)
ON CONFLICT (channel_id, code) DO UPDATE SET
    order_number = excluded.order_number,
    state = CASE excluded.marketplace_state WHEN '' THEN order_return.state
        ELSE excluded.state END,
    marketplace_state = CASE excluded.marketplace_state WHEN '' THEN order_return.marketplace_state
        ELSE excluded.marketplace_state END,
    updated_at = excluded.updated_at,
    details = json_patch(order_return.details, excluded.details)
WHERE excluded.updated_at >= order_return.updated_at
"""
IS_OPEN: Final = f"order_return.state NOT IN ({', '.join(repr(str(each)) for each in ENDED)})"
_OWN_COLUMNS: Final = frozenset(_COLUMNS.split(", "))


class ReturnRecord(NamedTuple):
    """A return; instants in cache milliseconds, `details` the other fields of `ReturnSnapshot`."""

    channel_id: int
    code: str
    order_number: str
    state: str
    marketplace_state: str
    created_at: int
    updated_at: int
    details: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What people call it by: the number on its parcel, else the marketplace's own."""
        return str(self.details.get("rma") or self.code)


def write(database: Database, stream: Stream, snapshots: Sequence[ReturnSnapshot]) -> None:
    """Write a page of returns with the stream's new cursor; an overtaken one changes nothing."""
    with database.transaction():
        rows = [_row(stream.channel_id, each) for each in snapshots]
        database.execute_many(_WRITE, rows)
        advance(database, stream)


def of_order(database: Database, channel_id: int, number: str) -> list[ReturnRecord]:
    """Return the order's returns, the oldest first."""
    return _records(
        database,
        "channel_id = :channel_id AND order_number = :number ORDER BY created_at, code",
        {"channel_id": channel_id, "number": number},
    )


def in_states(
    database: Database, states: Collection[str], channel_id: int | None, limit: int
) -> list[ReturnRecord]:
    """Return the returns in these states, those that waited longest first; no state = all."""
    wanted = ", ".join(f"'{each}'" for each in states)
    return _records(
        database,
        (f"state IN ({wanted})" if states else "1 = 1")
        + " AND (CAST(:channel_id AS INTEGER) IS NULL OR channel_id = :channel_id)"
        " ORDER BY updated_at, channel_id, code LIMIT :limit",
        {"channel_id": channel_id, "limit": limit},
    )


class Taken(NamedTuple):
    """A step that left from here later than the marketplace's last word on the return."""

    step: str
    state: str


def taken(database: Database) -> dict[tuple[int, str], Taken]:
    """Return the newest such step of each open return, by its channel and code."""
    rows = database.rows(
        "SELECT order_return.channel_id, order_return.code, operation.payload, operation.state"
        " FROM order_return JOIN operation ON operation.channel_id = order_return.channel_id"
        " AND operation.order_number = order_return.order_number"
        " AND operation.queued_at > order_return.updated_at"
        f" WHERE operation.kind = 'return' AND operation.state <> 'recalled' AND {IS_OPEN}"
        " ORDER BY operation.queued_at, operation.id"
    )
    told = ((row, orjson.loads(row[2])) for row in rows)
    return {
        (row[0], row[1]): Taken(payload["step"], row[3])
        for row, payload in told
        if payload["return_code"] == row[1]
    }


def _records(database: Database, which: str, values: Mapping[str, object]) -> list[ReturnRecord]:
    rows = database.rows(f"SELECT {_COLUMNS} FROM order_return WHERE {which}", values)
    return [_record(row) for row in rows]


def _record(row: Row) -> ReturnRecord:
    return ReturnRecord._make((*row[:7], orjson.loads(row[7])))


def _row(channel_id: int, snapshot: ReturnSnapshot) -> dict[str, Any]:
    details = {name: value for name, value in told(snapshot).items() if name not in _OWN_COLUMNS}
    return {
        "channel_id": channel_id,
        "code": snapshot.code,
        "order_number": snapshot.order_number,
        "state": snapshot.state,
        "marketplace_state": snapshot.marketplace_state,
        "created_at": _ms(snapshot.created_at),
        "updated_at": _ms(snapshot.updated_at),
        "details": orjson.dumps(details).decode(),
    }


def _ms(at: datetime) -> int:
    return to_cache(at)
