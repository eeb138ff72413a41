"""Tickets that end by themselves: every shop concerned has accepted the corrected title (P12)."""

from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from mkt_tui.adapters.acts import ClosesTickets
from mkt_tui.adapters.base import Adapter
from mkt_tui.cache import audit, complaints, operations, titles
from mkt_tui.cache.audit import Act
from mkt_tui.cache.complaints import Correction
from mkt_tui.cache.database import Database
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.publishing import Stage, is_settled
from mkt_tui.domain.ticket_operations import CloseTicket

_AGENT: Final = "mkt-tui"


def end_accepted(database: Database, channel: Channel, adapter: Adapter, now: datetime) -> None:
    """End what came through, and tell the portal, once, where it has not ended it itself."""
    for correction in complaints.awaited(database, channel.id):
        there = titles.deliveries(database, channel.id, correction.isbn)
        if correction.stage is Stage.CLOSED or is_settled(
            correction.shop, there, correction.before
        ):
            _end(database, channel, adapter, correction, now)


def _end(
    database: Database, channel: Channel, adapter: Adapter, correction: Correction, now: datetime
) -> None:
    with database.transaction():
        if not complaints.settle(database, correction, now):
            return
        if correction.stage is not Stage.CLOSED and isinstance(adapter, ClosesTickets):
            # The same id however often it is found: the portal hears of it once.
            closing = str(uuid5(NAMESPACE_URL, f"close/{correction.operation}"))
            wanted = CloseTicket(closing, correction.ticket_code, now)
            operations.queue(database, wanted, channel.id, _AGENT, correction.ticket_id)
        act = Act("title.accepted", channel.name, correction.ticket_code, detail=correction.isbn)
        audit.record(database, act, _AGENT, now)
