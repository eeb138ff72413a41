"""What the head of the queue tells: counts per channel, freshness, and what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mkt_tui.cache import channels, drafts, notes, order_records, queries
from mkt_tui.cache.instants import to_cache
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError

WORRYING_LAG: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ChannelOverview:
    """One channel at a glance; `reading` = its first read has not come to its end yet."""

    id: int
    name: str
    enabled: bool
    open: int
    late: int
    synced_at: datetime | None
    reading: bool
    error: UserError | None
    by_hand: bool = False

    @property
    def is_read(self) -> bool:
        """Whether the engine reads it."""
        return self.enabled and not self.by_hand


@dataclass(frozen=True, slots=True)
class Overview:
    """All channels, and what needs an agent's attention.

    `failed` and `unknown` count tickets by their replies, `acts` what was done to no ticket.
    `mentioned` are the tickets with a note that names the agent and was not seen yet.
    """

    channels: tuple[ChannelOverview, ...]
    failed: int
    unknown: int
    drafts: tuple[int, ...]
    acts: int = 0
    mentioned: frozenset[int] = frozenset()

    @property
    def open(self) -> int:
        """Open tickets of all channels."""
        return sum(each.open for each in self.channels)

    @property
    def late(self) -> int:
        """Late tickets of all channels."""
        return sum(each.late for each in self.channels)

    @property
    def synced_at(self) -> datetime | None:
        """Since when all enabled channels are up to date; None while one never was."""
        synced = [each.synced_at for each in self.channels if each.is_read]
        known = [each for each in synced if each is not None]
        return min(known) if known and len(known) == len(synced) else None


def look(desk: Desk) -> Overview:
    """Read the overview; a scan of the open tickets, so for a thread."""
    counted = {each.channel_id: each for each in queries.counts(desk.database, _now(desk))}
    undelivered = queries.undelivered(desk.database)
    seen = []
    for channel in desk.channels().values():
        known = channels.stream_status(desk.database, channel.id)
        streams = [status for name, status in known.items() if name not in channels.SLOW]
        number = counted.get(channel.id)
        synced = [each.last_success_at for each in streams if each.last_success_at]
        errors = [each.error for each in streams if each.error]
        seen.append(
            ChannelOverview(
                id=channel.id,
                name=channel.name,
                enabled=channel.enabled,
                open=number.open if number else 0,
                late=number.late if number else 0,
                synced_at=min(synced, default=None),
                # A stream without pages, such as carriers' words, is only told to have succeeded.
                reading=not all(each.complete or each.last_success_at for each in streams)
                or not streams,
                error=errors[0] if errors and channel.enabled else None,
                by_hand=channel.by_hand,
            )
        )
    return Overview(
        tuple(seen),
        undelivered.get("failed", 0),
        undelivered.get("unknown", 0),
        tuple(each.ticket_id for each in drafts.places(desk.database, desk.agent)),
        len(order_records.stranded(desk.database)),
        frozenset(notes.mentioning(desk.database, desk.agent)),
    )


def ask_for_sync(desk: Desk) -> None:
    """Make every stream due now; whoever holds the lease sees it within a second."""
    channels.make_due(desk.database)


def _now(desk: Desk) -> int:
    return to_cache(desk.clock())
