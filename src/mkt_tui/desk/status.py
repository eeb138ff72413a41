"""How the channels stand, for those who operate a server and for their monitoring."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from mkt_tui.cache import backlog, channels, leases
from mkt_tui.cache.backlog import Backlog
from mkt_tui.cache.channels import StreamStatus
from mkt_tui.cache.leases import Lease
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import instant
from mkt_tui.desk.overview import WORRYING_LAG
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import _, ngettext

WORRYING_STREAK: Final = 3
_AWAITED: Final = ("tickets", "orders", "titles")


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How one channel stands.

    Attributes:
        last_success_at: Up to when everything was read: the slowest stream's word; None = not
            every stream has been read to its end yet.
        lag: How long ago that is.
        lease: Who reads the channel now; None = nobody.
        key_expires_at: When the token ended or ends that the last read went with; the next one
            renews it. None for keys that do not expire or do not say (Mirakl's).
        by_hand: A portal, which is never read.
        offers: Why what is offered could not be read at last; it keeps nothing else from being read.
    """

    name: str
    enabled: bool
    last_success_at: datetime | None
    lag: timedelta | None
    backlog: Backlog
    error_streak: int
    error: UserError | None
    next_try_at: datetime | None
    lease: Lease | None
    key_expires_at: datetime | None = None
    by_hand: bool = False
    offers: UserError | None = None


def look(desk: Desk) -> list[ChannelStatus]:
    """Return how every channel stands, by name."""
    now = desk.clock()
    backlogs = backlog.of_channels(desk.database)
    held = leases.all_leases(desk.database)
    keys = channels.keys(desk.database)
    return [
        replace(
            _status(desk, each, backlogs.get(each.id, Backlog()), held.get(each.id), now),
            key_expires_at=keys.get(each.id),
        )
        for each in desk.channels().values()
    ]


def _status(
    desk: Desk, channel: Channel, undelivered: Backlog, lease: Lease | None, now: datetime
) -> ChannelStatus:
    known = channels.stream_status(desk.database, channel.id)
    streams = [status for stream, status in known.items() if stream not in channels.SLOW]
    offered = known.get(channels.OFFERS)
    success = _slowest(streams)
    errors = [each.error for each in streams if each.error]
    tries = [each.next_try_at for each in streams if each.next_try_at]
    return ChannelStatus(
        name=channel.name,
        enabled=channel.enabled,
        last_success_at=success,
        lag=max(now - success, timedelta(0)) if success else None,
        backlog=undelivered,
        error_streak=max((each.error_streak for each in streams), default=0),
        error=errors[0] if errors else None,
        next_try_at=min(tries, default=None),
        lease=lease if lease and lease.is_held(now) else None,
        by_hand=channel.by_hand,
        offers=offered.error if offered else None,
    )


def _slowest(streams: list[StreamStatus]) -> datetime | None:
    # Sales, offers and returns are read every hour or so, which is no lag.
    streams = [each for each in streams if each.stream in _AWAITED]
    known = [each.last_success_at for each in streams if each.last_success_at]
    return min(known) if known and len(known) == len(streams) else None


def worries(status: ChannelStatus) -> Iterator[str]:
    """Yield, in sentences, why a person should look after an enabled channel."""
    if not status.enabled or status.by_hand:
        return
    if status.error_streak >= WORRYING_STREAK:
        yield _("{channel} failed {count} times in a row.").format(
            channel=status.name, count=status.error_streak
        )
    if status.lag is None:
        yield _("{channel} has not been read to its end yet.").format(channel=status.name)
    elif status.lag > WORRYING_LAG:
        yield _("{channel} was read {minutes} minutes ago.").format(
            channel=status.name, minutes=status.lag // timedelta(minutes=1)
        )
    yield from _undelivered(status)


def _undelivered(status: ChannelStatus) -> Iterator[str]:
    failed, unknown = status.backlog.failed, status.backlog.unknown
    if failed:
        yield ngettext(
            "{channel} has {count} refused reply.", "{channel} has {count} refused replies.", failed
        ).format(channel=status.name, count=failed)
    if unknown:
        yield ngettext(
            "{channel} has {count} reply in doubt.",
            "{channel} has {count} replies in doubt.",
            unknown,
        ).format(channel=status.name, count=unknown)


def as_json(status: ChannelStatus) -> dict[str, Any]:
    """Return the status under its public keys; to these keys others may only be added."""
    return {
        "channel": status.name,
        "enabled": status.enabled,
        "by_hand": status.by_hand,
        "last_success_at": instant(status.last_success_at),
        "lag_seconds": None if status.lag is None else int(status.lag.total_seconds()),
        "waiting": status.backlog.waiting,
        "failed": status.backlog.failed,
        "unknown": status.backlog.unknown,
        "error_streak": status.error_streak,
        "error": str(status.error) if status.error else None,
        "offers_error": str(status.offers) if status.offers else None,
        "next_try_at": instant(status.next_try_at),
        "read_by": status.lease.name if status.lease else None,
        "key_expires_at": instant(status.key_expires_at),
        "worries": list(worries(status)),
    }
