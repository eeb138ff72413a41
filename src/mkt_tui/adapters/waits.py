"""Who waits for us, and who the customer is, where a marketplace does not say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mkt_tui.domain.tickets import MessageSnapshot, Role


@dataclass(frozen=True, slots=True)
class Wait:
    """Who waits, and since when."""

    since: datetime
    who: Role


def unanswered(messages: Iterable[MessageSnapshot]) -> Wait | None:
    """Return the customer's wait before the marketplace's; each ends when it is told something.

    Args:
        messages: The thread, oldest first.
    """
    thread = tuple(messages)
    for side in (Role.CUSTOMER, Role.OPERATOR):
        since = None
        for message in thread:
            if message.author is side:
                since = since or message.sent_at
            elif message.author is Role.SHOP and side in message.recipients:
                since = None
        if since:
            return Wait(since, side)
    return None


def name_of_customer(messages: Iterable[MessageSnapshot]) -> str | None:
    """Return what the customer is called in his own messages; None where none of them tells it."""
    names = (each.author_name for each in messages if each.author is Role.CUSTOMER)
    return next((each for each in names if each), None)
