"""Who is writing on a ticket: shown to colleagues, never in the way of a draft."""

from datetime import timedelta
from typing import Final

from mkt_tui.cache import claims
from mkt_tui.cache.claims import Claim
from mkt_tui.desk.desk import Desk

# Outlives a few missed renewals, for a stalled link stops the desk that should renew it.
LENGTH: Final = timedelta(seconds=60)
RENEW_EVERY: Final = 20.0


def take(desk: Desk, ticket_id: int) -> Claim | None:
    """Claim the ticket, or renew the claim; return the colleague's claim that stands instead."""
    return claims.take(desk.database, ticket_id, desk.agent, desk.clock(), LENGTH)


def release(desk: Desk, ticket_id: int) -> None:
    """Let the ticket go."""
    claims.release(desk.database, ticket_id, desk.agent)


def writer(desk: Desk, ticket_id: int) -> Claim | None:
    """Return the colleague who is writing on the ticket now."""
    claim = claims.holder(desk.database, ticket_id, desk.clock())
    return claim if claim and claim.agent != desk.agent else None
