"""What people do about an order in a report of the monitor: cause, owner and note (M15)."""

from datetime import datetime
from typing import Final, Literal, NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache

Field = Literal["cause", "owner", "note"]
Place = tuple[int, str]
"""A channel's id and an order's number; the order itself may not be in the cache."""


class Care(NamedTuple):
    """What people have noted on an order."""

    cause: str | None
    owner: str | None
    note: str


_EMPTY: Final = {"cause": "NULL", "owner": "NULL", "note": "''"}


def change(
    database: Database, place: Place, field: Field, value: str | None, agent: str, now: datetime
) -> None:
    """Set one field; the others stay."""
    values = ", ".join(":value" if name == field else empty for name, empty in _EMPTY.items())
    database.execute(
        "INSERT INTO order_care (channel_id, number, cause, owner, note, changed_at, changed_by)"
        f" VALUES (:channel_id, :number, {values}, :now, :agent)"
        f" ON CONFLICT (channel_id, number) DO UPDATE SET {field} = excluded.{field},"
        " changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        {
            "channel_id": place[0],
            "number": place[1],
            "value": value,
            "now": to_cache(now),
            "agent": agent,
        },
    )


def own(database: Database, place: Place, agent: str) -> None:
    """Let `agent` see to the order, unless somebody does already; the row must exist."""
    database.execute(
        "UPDATE order_care SET owner = :agent"
        " WHERE channel_id = :channel_id AND number = :number AND owner IS NULL",
        {"channel_id": place[0], "number": place[1], "agent": agent},
    )


def find(database: Database, place: Place) -> Care | None:
    """Return what people have noted on the order."""
    row = database.row(
        "SELECT cause, owner, note FROM order_care"
        " WHERE channel_id = :channel_id AND number = :number",
        {"channel_id": place[0], "number": place[1]},
    )
    return Care._make(row) if row else None
