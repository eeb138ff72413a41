"""The monitor's rules as SQL over `sales_order o`, for all who put them into statements.

They are those of `domain.monitor`; a test holds both to the same answers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mkt_tui.cache.database import Database
from mkt_tui.domain.monitor import Watch


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: instants in cache milliseconds.

    Attributes:
        channels: The channels whose orders count.
        now: The instant the reports are about.
    """

    channels: Collection[int]
    now: int
    watch: Watch


class ErpRead(NamedTuple):
    """When the seller's own system was read for a channel."""

    channel_id: int
    system: str
    read_at: int


# The one system that is known to create an order twice, so the only one it is reported of (M8).
MAGENTO: Final = "magento"
SHIPPED: Final = "o.shipped_at <= :now"
# An order's stage when the ERP was read: what came later it could not know.
STAGE_THEN: Final = (
    "CASE WHEN o.status IN ('cancelled', 'refused') THEN 'gone'"
    " WHEN o.approved_at IS NULL OR o.approved_at > {read_at} THEN 'waiting'"
    " WHEN o.delivered_at <= {read_at} THEN 'delivered'"
    " WHEN o.shipped_at <= {read_at} THEN 'shipped' ELSE 'to_ship' END"
)
IS_OPEN: Final = "o.open_until > :now AND o.approved_at <= :now"
RULE: Final = f"CASE WHEN {SHIPPED} THEN o.promised_rule ELSE o.ship_rule END"
DEADLINE: Final = f"CASE WHEN {SHIPPED} THEN o.promised_at ELSE o.ship_by END"
COPIES: Final = "erp_order e WHERE e.channel_id = o.channel_id AND e.number = o.number"
DIVERGED: Final = (
    "EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
    " AND l.number = o.number AND l.diverged = 1 AND l.at <= :now)"
)


def erp_reads(database: Database) -> list[ErpRead]:
    """Return when each ERP was read."""
    rows = database.rows("SELECT channel_id, system, read_at FROM erp_read ORDER BY channel_id")
    return [ErpRead._make(row) for row in rows]


def technical(read: ErpRead) -> str:
    """Return the branches of a CASE over an open order of a channel whose ERP was read."""
    here = f"o.channel_id = {read.channel_id}"
    clauses = ""
    if read.system == MAGENTO:
        clauses += f" WHEN {here} AND (SELECT COUNT(*) FROM {COPIES}) > 1 THEN 'erp_duplicates'"
    clauses += f" WHEN {here} AND {contradicted(read)} THEN 'desynchronised'"
    return clauses + (
        f" WHEN {here} AND o.approved_at + :grace <= {read.read_at}"
        f" AND NOT EXISTS (SELECT 1 FROM {COPIES}) THEN 'not_transmitted'"
    )


def contradicted(read: ErpRead) -> str:
    """Return the condition that a copy of the ERP says something else than the marketplace (M10)."""
    then = STAGE_THEN.format(read_at=read.read_at)
    return (
        f"EXISTS (SELECT 1 FROM {COPIES} AND e.stage <> 'other' AND e.stage <> {then}"
        f" AND NOT (e.stage = 'shipped' AND {then} = 'delivered')"
        " AND NOT EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
        " AND l.number = o.number AND l.diverged = 0 AND l.erp_id = e.erp_id"
        f" AND l.erp_stage = e.stage AND l.stage = {then}))"
    )


def of_channels(channels: Collection[int], table: str) -> str:
    """Return the condition that a row is of these channels."""
    listed = ", ".join(str(int(each)) for each in sorted(channels))
    # The plus keeps the channel's own index out of it, which would lead to every order there is.
    return f"+{table}.channel_id IN ({listed or 'NULL'})"


def parameters(asked: Asked) -> dict[str, Any]:
    """Return the instants that the statements name, in cache milliseconds."""
    watch = asked.watch
    return {
        "now": asked.now,
        "until": asked.now + _ms(watch.horizon.total_seconds()),
        "moved_since": asked.now - _ms(watch.moved_within.total_seconds()),
        "grace": _ms(watch.grace.total_seconds()),
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
