"""Whether a message of a thread can only be a reply of ours."""

from datetime import UTC, datetime, timedelta
from typing import Final

from mkt_tui.adapters.bodies import wording
from mkt_tui.domain.operations import Reply
from mkt_tui.domain.tickets import MessageSnapshot, Role

# How far the marketplace's clock may be from ours before it counts as wrong.
_CLOCKS_APART: Final = timedelta(minutes=2)


def is_copy(message: MessageSnapshot, reply: Reply, off: timedelta) -> bool:
    """Tell whether `message` can be `reply`: ours, to the same sides, in its words, not older.

    Args:
        off: How far the marketplace's clock is from ours, see `far_off`.
    """
    told = set(message.recipients) - {Role.SHOP}
    return (
        message.author is Role.SHOP
        # Recipients that are not told prove nothing, and a second copy is worse than a third look.
        and (not told or told == set(reply.audience.roles))
        and message.sent_at >= reply.queued_at - _CLOCKS_APART + off
        and wording(message.body) == wording(reply.text)
    )


def far_off(at: datetime | None) -> timedelta:
    """Return how far the server's clock, now at `at`, is from ours; small differences are none.

    The dates of messages are the server's. If its clock is a day late, a reply that arrived looks
    older than itself, would not be found, and would be sent twice.
    """
    apart = at - datetime.now(UTC) if at else timedelta(0)
    return apart if abs(apart) > _CLOCKS_APART else timedelta(0)
