"""Asking a marketplace for what is never kept here, when somebody looks at it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from mkt_tui.adapters import registry
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.i18n import _
from mkt_tui.secret_references import read_secret

Value = TypeVar("Value")


class OfChannel(Protocol):
    """An order or a ticket: something that a channel's marketplace knows more of."""

    @property
    def channel_id(self) -> int:
        """The channel it is of."""
        ...


def is_offered(desk: Desk, record: OfChannel, port: type) -> bool:
    """Tell whether its channel can be asked for that."""
    channel = desk.channels().get(record.channel_id)
    try:
        return channel is not None and issubclass(registry.load(channel.adapter), port)
    except UserError:
        return False


async def asked(
    desk: Desk,
    record: OfChannel,
    port: type,
    ask: Callable[[Any], Awaitable[Value]],
    refusal: str,
) -> Value:
    """Return what the marketplace answers.

    Args:
        refusal: What is said of a channel that cannot be asked for that; {channel} is its name.

    Raises:
        NotAllowed: The channel cannot be asked for that.
        ChannelError: Why it cannot be had now.
    """
    channel = channel_of(desk, record)
    kind = registry.load(channel.adapter)
    async with kind(channel, partial(read_secret, channel.secret, channel.name)) as adapter:
        if not isinstance(adapter, port):
            raise NotAllowed(
                what=refusal.format(channel=channel.name),
                remedy=_("Look in the marketplace's own portal."),
            )
        return await ask(adapter)


def channel_of(desk: Desk, record: OfChannel) -> Channel:
    """Return the channel of an order or a ticket.

    Raises:
        NotAllowed: It was removed.
    """
    channel = desk.channels().get(record.channel_id)
    if channel is None:
        raise NotAllowed(
            what=_("The channel was removed"), remedy=_("Look in the marketplace's portal.")
        )
    return channel
