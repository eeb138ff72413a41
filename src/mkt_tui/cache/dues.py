"""Due instants in the cache: as columns of a ticket, and computed anew when rules changed."""

from typing import Any, Final

from mkt_tui.cache import order_dates
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, maybe_from_cache, span_to_cache, to_cache
from mkt_tui.domain.deadlines.clocks import Clocks, Wait
from mkt_tui.domain.tickets import OMBUDSMAN

DUE: Final = ("due_at", "due_rule", "house_due_at", "house_rule")
_AT_ONCE: Final = 500
# Ten years in milliseconds: what an ombudsman passed on stands before all that waits.
AHEAD: Final = 315_360_000_000
_AHEAD: Final = f"CASE kind WHEN '{OMBUDSMAN}' THEN {AHEAD} ELSE 0 END"
OPEN_PLACE: Final = f"(COALESCE(due_at, received_at) - {_AHEAD})"
"""The `sort_at` of an open ticket."""
_RENEW: Final = f"""
UPDATE ticket SET due_at = :due_at, due_rule = :due_rule, house_due_at = :house_due_at,
    house_rule = :house_rule, sort_at = CASE WHEN state = 0 THEN :due_at - {_AHEAD}
    WHEN state = 2 AND sort_at > :due_at - :urgent THEN :due_at - :urgent ELSE sort_at END
WHERE id = :id
"""


def due_values(clocks: Clocks, wait: Wait) -> dict[str, Any]:
    """Return the columns that hold both deadlines of a wait."""
    due = clocks.due(wait)
    return {
        "due_at": to_cache(due.hard),
        "due_rule": due.hard_rule,
        "house_due_at": to_cache(due.house),
        "house_rule": due.house_rule,
    }


def renew(database: Database, clocks: Clocks) -> int:
    """Compute the deadlines of a channel's waits and orders anew if its rules changed.

    Returns how many waits. Page by page, each a transaction of its own, so that agents write meanwhile; a break leaves
    the old version behind, and the next call begins anew.
    """
    channel_id, version = clocks.channel.id, clocks.book.version
    place = {"id": channel_id}
    if database.value("SELECT rules FROM channel WHERE id = :id", place) == version:
        return 0
    order_dates.renew(database, clocks)
    renewed = last = 0
    while found := _renew_page(database, clocks, last):
        last, count = found
        renewed += count
    database.execute(
        "UPDATE channel SET rules = :version WHERE id = :id", place | {"version": version}
    )
    return renewed


def _renew_page(database: Database, clocks: Clocks, after: int) -> tuple[int, int] | None:
    with database.transaction():
        rows = database.rows(
            "SELECT id, kind, received_at, registered_at, told_due_at FROM ticket"
            " WHERE channel_id = :channel_id AND due_at IS NOT NULL AND id > :after"
            " ORDER BY id LIMIT :limit",
            {"channel_id": clocks.channel.id, "after": after, "limit": _AT_ONCE},
        )
        waits = {
            row[0]: Wait(row[1], from_cache(row[2]), from_cache(row[3]), maybe_from_cache(row[4]))
            for row in rows
        }
        database.execute_many(
            _RENEW,
            [
                {"id": key, "urgent": span_to_cache(clocks.book.urgent), **due_values(clocks, wait)}
                for key, wait in waits.items()
            ],
        )
    return (rows[-1][0], len(rows)) if rows else None
