"""Dates of orders that are kept beside their sections: deadlines by rule, movements of parcels."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import from_cache, to_cache
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.deadlines.rules import DELIVER, SHIP

# Which column holds the deadline of a kind, and which the rule that gave it.
_DUE: Final = {SHIP: ("ship_by", "ship_rule"), DELIVER: ("promised_at", "promised_rule")}
RULES: Final = tuple(rule for _due, rule in _DUE.values())
_AT_ONCE: Final = 500
# The marketplace's own date wins, also when it comes to be known before or after a rule's.
_IS_TOLD: Final = "sales_order.{due} IS NOT NULL AND sales_order.{rule} IS NULL"
_KEEP: Final = (
    "{due} = CASE WHEN excluded.{rule} IS NOT NULL AND " + _IS_TOLD + " THEN sales_order.{due}"
    " ELSE COALESCE(excluded.{due}, sales_order.{due}) END,"
    " {rule} = CASE WHEN excluded.{due} IS NULL THEN sales_order.{rule}"
    " WHEN " + _IS_TOLD + " THEN NULL ELSE excluded.{rule} END"
)
KEPT: Final = ", ".join(_KEEP.format(due=due, rule=rule) for due, rule in _DUE.values())
"""What an upsert of orders sets of these columns."""
_MOVES: Final = (
    "INSERT INTO order_move (channel_id, number, at) VALUES (?, ?, ?)"
    " ON CONFLICT (channel_id, number, at) DO NOTHING"
)


def by_rule(
    clocks: Clocks | None, approved: datetime | None, told: Mapping[str, int | None]
) -> dict[str, Any]:
    """Return the columns of the deadlines: the marketplace's own date, else the rule's (M17).

    Args:
        clocks: The rules of the channel, None = none.
        told: The marketplace's dates by column.
    """
    values: dict[str, Any] = {}
    for kind, (column, rule) in _DUE.items():
        values |= {column: told[column], rule: None}
        found = clocks.of_order(kind, approved) if clocks and approved else None
        if told[column] is None and found:
            values |= {column: to_cache(found[0]), rule: found[1]}
    return values


def renew(database: Database, clocks: Clocks) -> None:
    """Compute the deadlines that come from rules anew; page by page, each its own transaction."""
    last = 0
    if not _concerned(database, clocks):
        return
    while rows := database.rows(
        "SELECT id, approved_at, CASE WHEN ship_rule IS NULL THEN ship_by END,"
        " CASE WHEN promised_rule IS NULL THEN promised_at END FROM sales_order"
        " WHERE channel_id = :channel_id AND id > :after AND approved_at IS NOT NULL"
        " ORDER BY id LIMIT :limit",
        {"channel_id": clocks.channel.id, "after": last, "limit": _AT_ONCE},
    ):
        changes = []
        for key, approved, ship_by, promised in rows:
            told = {"ship_by": ship_by, "promised_at": promised}
            changes.append({"id": key, **by_rule(clocks, from_cache(approved), told)})
        with database.transaction():
            database.execute_many(
                "UPDATE sales_order SET ship_by = :ship_by, ship_rule = :ship_rule,"
                " promised_at = :promised_at, promised_rule = :promised_rule WHERE id = :id",
                changes,
            )
        last = rows[-1][0]


def by_rules(database: Database, channel_id: int, number: str) -> dict[str, tuple[int, str]]:
    """Return the deadlines that rules gave an order, each with its rule's name (M17).

    Returns:
        By column, `ship_by` and `promised_at`; cache milliseconds.
    """
    found = database.row(
        "SELECT ship_by, ship_rule, promised_at, promised_rule FROM sales_order"
        " WHERE channel_id = :id AND number = :number",
        {"id": channel_id, "number": number},
    )
    ship_by, ship_rule, promised_at, promised_rule = found or (None,) * 4
    told = {"ship_by": (ship_by, ship_rule), "promised_at": (promised_at, promised_rule)}
    return {column: (due, rule) for column, (due, rule) in told.items() if due is not None and rule}


def note_moves(database: Database, channel_id: int, moves: Iterable[tuple[str, datetime]]) -> None:
    """Keep movements of orders, by number and instant, for whoever asks about an earlier day."""
    if rows := [(channel_id, number, to_cache(at)) for number, at in moves]:
        database.execute_many(_MOVES, rows)


def _concerned(database: Database, clocks: Clocks) -> bool:
    """Tell whether any rule gives, or gave, orders of the channel a deadline."""
    if clocks.of_orders():
        return True
    return bool(
        database.value(
            "SELECT 1 FROM sales_order WHERE channel_id = :id"
            " AND (ship_rule IS NOT NULL OR promised_rule IS NOT NULL) LIMIT 1",
            {"id": clocks.channel.id},
        )
    )
