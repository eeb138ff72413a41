"""Returns as the marketplaces told them, by order; what is not told any more stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from mkt_tui.cache import order_list
from mkt_tui.cache.database import Database, Row
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.streams import Stream, advance
from mkt_tui.cache.told import told
from mkt_tui.domain.returns import ENDED, ReturnSnapshot

_COLUMNS: Final = (
    "id, channel_id, code, order_number, state, marketplace_state, created_at, updated_at, details"
)
_WRITE: Final = f"""
INSERT INTO order_return ({_COLUMNS}, rma, tracking)
VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM order_return), :channel_id, :code, :order_number,
    :state, :marketplace_state, :created_at, :updated_at, :details, :rma, :tracking)
ON CONFLICT (channel_id, code) DO UPDATE SET
    order_number = excluded.order_number,
    state = CASE excluded.marketplace_state WHEN '' THEN order_return.state
        ELSE excluded.state END,
    marketplace_state = CASE excluded.marketplace_state WHEN '' THEN order_return.marketplace_state
        ELSE excluded.marketplace_state END,
    updated_at = excluded.updated_at,
    rma = COALESCE(excluded.rma, order_return.rma),
    tracking = COALESCE(excluded.tracking, order_return.tracking),
    details = json_patch(order_return.details, excluded.details)
WHERE excluded.updated_at >= order_return.updated_at
"""
IS_OPEN: Final = f"order_return.state NOT IN ({', '.join(repr(str(each)) for each in ENDED)})"
_OWN_COLUMNS: Final = frozenset(_COLUMNS.split(", "))
_NUMBERS: Final = ("order_number", "code", "rma", "tracking")


@dataclass(frozen=True, slots=True)
class ReturnFilter:
    """Which returns a list shows; what is empty or None leaves nothing out.

    Attributes:
        number: Only those with a number that begins so: their own, their parcel's, or one that
            finds their order.
    """

    states: tuple[str, ...] = ()
    channel_id: int | None = None
    number: str | None = None


class ReturnRecord(NamedTuple):
    """A return; instants in cache milliseconds, `details` the other fields of `ReturnSnapshot`."""

    id: int
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
    with database.transaction(durable=False):
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


def ids(database: Database, wanted: ReturnFilter) -> list[int]:
    """Return the ids of the list's returns, those that moved longest ago first; for a thread."""
    conditions, parameters = _conditions(wanted)
    rows = database.rows(
        f"SELECT id FROM order_return WHERE {conditions} ORDER BY updated_at, channel_id, code",
        parameters,
    )
    return [row[0] for row in rows]


def counts(database: Database, wanted: ReturnFilter) -> dict[str, int]:
    """Return how many returns there are of each state; for a thread."""
    conditions, parameters = _conditions(wanted)
    sql = f"SELECT state, COUNT(*) FROM order_return WHERE {conditions} GROUP BY state"
    return {row[0]: row[1] for row in database.rows(sql, parameters)}


def by_id(database: Database, wanted: Sequence[int]) -> dict[int, ReturnRecord]:
    """Return returns by their ids; those that are gone are left out."""
    which = f"id IN ({', '.join(map(str, wanted)) or 'NULL'})"
    return {each.id: each for each in _records(database, which, {})}


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
    return ReturnRecord._make((*row[:8], orjson.loads(row[8])))


def _conditions(wanted: ReturnFilter) -> tuple[str, dict[str, Any]]:
    parts, parameters = [], dict[str, Any]()
    if wanted.states:
        parts.append(f"state IN ({', '.join(repr(str(each)) for each in wanted.states)})")
    if wanted.channel_id is not None:
        parts.append("channel_id = :channel_id")
        parameters["channel_id"] = wanted.channel_id
    if wanted.number is not None:
        own = (order_list.BEGINS.format(column=each) for each in _NUMBERS)
        order = "SELECT channel_id, number FROM sales_order"
        of_order = f"(channel_id, order_number) IN ({order} WHERE id IN ({order_list.by_number()}))"
        parts.append(f"({' OR '.join([*own, of_order])})")
        parameters |= order_list.beginning(wanted.number)
    return " AND ".join(parts) or "1 = 1", parameters


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
        "rma": snapshot.rma,
        "tracking": snapshot.tracking,
        "details": orjson.dumps(details).decode(),
    }


def _ms(at: datetime) -> int:
    return to_cache(at)
