"""What exchanges and refunds are about, beside their tickets (T39, T41)."""

from collections.abc import Iterable, Mapping
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.domain.tickets import Instance, TicketSnapshot

_WRITE: Final = """
INSERT INTO instance (ticket_id, protocol, amount, currency)
VALUES (:ticket_id, :protocol, :amount, :currency)
ON CONFLICT (ticket_id) DO UPDATE SET
    protocol = COALESCE(excluded.protocol, instance.protocol),
    amount = COALESCE(excluded.amount, instance.amount),
    currency = COALESCE(excluded.currency, instance.currency)
"""


def write(database: Database, ids: Mapping[str, int], snapshots: Iterable[TicketSnapshot]) -> None:
    """Keep what is told of instances; what is not told any more stays. In a transaction."""
    database.execute_many(
        _WRITE,
        [
            {
                "ticket_id": ids[each.code],
                "protocol": each.instance.protocol,
                "amount": each.instance.amount,
                "currency": each.instance.currency,
            }
            for each in snapshots
            if each.instance is not None
        ],
    )


def of_tickets(database: Database, tickets: Iterable[int]) -> dict[int, Instance]:
    """Return what is known, by ticket."""
    rows = database.rows(
        "SELECT ticket_id, protocol, amount, currency FROM instance"
        f" WHERE ticket_id IN ({', '.join(map(str, tickets)) or '-1'})"
    )
    return {row[0]: Instance(*row[1:]) for row in rows}
