"""Tickets for scripts: the keys of `mkt-tui tickets --json`, and a list read in constant memory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from mkt_tui.cache import queries
from mkt_tui.cache.instants import from_cache, maybe_from_cache
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import days_pending, situation
from mkt_tui.domain.tickets import STATES, Holder, Situation, TicketState

PAGE: Final = 500
SNOOZED: Final = STATES.index(TicketState.SNOOZED)


def pages(desk: Desk, wanted: QueueFilter, limit: int | None = None) -> Iterator[list[QueueRow]]:
    """Yield the queue page by page, each found by the key of the last row before it."""
    anchor = None
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        # The anchor's own row comes first again, unless it moved or went meanwhile.
        found = queries.page(desk.database, wanted, anchor, 0, size + 1)
        page = [row for row in found if row.key != anchor][:size]
        if not page:
            return
        yield page
        anchor = page[-1].key
        left = None if left is None else left - len(page)


def page_as_json(desk: Desk, page: Sequence[QueueRow]) -> list[dict[str, Any]]:
    """Return a page's tickets under their public keys."""
    channels, now = desk.channels(), desk.clock()
    # A channel may be removed while the list is read; its tickets are gone with it.
    return [as_json(desk, row, channels, now) for row in page if row.channel_id in channels]


def _holder(told: Holder | None) -> dict[str, str | None] | None:
    """Return who has a ticket at its marketplace, which is never `assignee`, who has it here."""
    return {"side": told.side, "team": told.team, "person": told.person} if told else None


def as_json(
    desk: Desk,
    row: QueueRow,
    channels: Mapping[int, Channel],
    now: datetime,
) -> dict[str, Any]:
    """Return a ticket under its public keys; to these keys others may only be added."""
    channel = channels[row.channel_id]
    registered = from_cache(row.registered_at)
    is_open = row.state == 0
    return {
        "code": row.code,
        "channel": channel.name,
        "marketplace": channel.adapter,
        "order": row.order_number,
        "site_order": row.site_number,
        "customer": row.customer,
        "subject": row.subject,
        "situation": _situation(desk, registered, now) if is_open else None,
        "state": STATES[row.state],
        "days_pending": days_pending(registered, now, desk.settings.zone) if is_open else None,
        "registered_at": instant(registered),
        "received_at": instant(from_cache(row.received_at)),
        "due_at": instant(maybe_from_cache(row.due_at)),
        "assignee": row.assignee,
        "received_from": row.received_from,
        "due_rule": row.due_rule,
        "house_due_at": instant(maybe_from_cache(row.house_due_at)),
        "snoozed_until": instant(from_cache(row.sort_at)) if row.state == SNOOZED else None,
        "kind": row.kind,
        "reason": row.reason,
        "held_by": _holder(row.holder),
    }


def _situation(desk: Desk, registered: datetime, now: datetime) -> Situation:
    return situation(registered, now, desk.settings.rules, desk.settings.zone)


def instant(moment: datetime | None) -> str | None:
    """Return an instant in ISO 8601, UTC, to the second: 2026-11-22T05:30:00Z."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
