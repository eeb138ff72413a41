"""Conversations that the shop begins: about an order, or with the marketplace about anything else."""

from dataclasses import replace
from typing import Final, TypeAlias

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import acting
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.domain.ticket_operations import StartOperatorThread, StartThread
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import _

Begun: TypeAlias = StartThread | StartOperatorThread

# The marketplace first: to customers one mostly replies.
AUDIENCES: Final = (Audience.OPERATOR, Audience.CUSTOMER, Audience.BOTH)


def about_order(
    desk: Desk, record: OrderRecord, to: Audience | None = None
) -> tuple[Channel, StartThread]:
    """Return a conversation about an order to be written, with its channel.

    Raises:
        NotAllowed: The channel opens none from here, or not with these, or was removed.
    """
    channel = desk.channels().get(record.channel_id)
    if channel is None:
        raise NotAllowed(
            what=_("The order's channel was removed"), remedy=_("Look in the marketplace's portal.")
        )
    _check(channel, Kind.THREAD)
    possible = audiences(channel)
    audience = to or possible[0]
    if audience not in possible:
        raise _not_from_here(channel)
    topic, number = acting.first_topic(channel), record.number
    return channel, StartThread(acting.new_id(), number, "", audience, topic, desk.clock())


def audiences(channel: Channel) -> tuple[Audience, ...]:
    """Return whom a conversation about an order may be begun with; the first is proposed."""
    # Where only set topics are known, the marketplace's own staff are not written to by them.
    return (Audience.CUSTOMER,) if acting.first_topic(channel) else AUDIENCES


def with_marketplace(desk: Desk, channel: Channel, subject: str = "") -> StartOperatorThread:
    """Return a conversation with the marketplace to be written, about no order.

    Raises:
        NotAllowed: The channel opens none from here.
    """
    _check(channel, Kind.OPERATOR_THREAD)
    return StartOperatorThread(acting.new_id(), "", clean_line(subject, 200), desk.clock())


def written(prepared: Begun, subject: str, text: str) -> Begun:
    """Return it with what the agent wrote.

    Raises:
        NotAllowed: Subject or text is missing.
    """
    subject, text = clean_line(subject, 200), clean(text).strip()
    if not subject or not text:
        raise NotAllowed(
            what=_("A message needs a subject and a text"), remedy=_("Write what is missing.")
        )
    return replace(prepared, topic=subject, text=text)


def _check(channel: Channel, kind: Kind) -> None:
    if kind not in acting.abilities(channel):
        raise _not_from_here(channel)


def _not_from_here(channel: Channel) -> NotAllowed:
    return NotAllowed(
        what=_("{channel} lets nobody begin such a conversation from here").format(
            channel=channel.name
        ),
        remedy=_("Write in the marketplace's own portal."),
    )
