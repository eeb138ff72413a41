"""The one way into the outbox: every reply and every act of a person is put there from here."""

from datetime import timedelta

from mkt_tui.cache import operations
from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.i18n import _


def queue(
    desk: Desk,
    channel: Channel,
    wanted: Operation,
    *,
    ticket_id: int | None = None,
    answers: bool = False,
    hold: timedelta | None = None,
    order_number: str | None = None,
    detail: str = "",
) -> None:
    """Queue an operation with its row in the audit log; call inside a transaction.

    Args:
        ticket_id: The ticket it is part of, where it is about a ticket.
        answers: Whether it ends the wait of that ticket.
        hold: For how long it can be recalled; None = the settings' `hold_seconds`.
        order_number: The order that the audit log names, where the operation names none itself.
        detail: What else the audit log notes.

    Raises:
        NotAllowed: Another one on the same order or ticket is still on its way.
    """
    one_at_a_time(desk, channel, wanted, ticket_id)
    operations.queue(
        desk.database,
        wanted,
        channel.id,
        desk.agent,
        ticket_id,
        answers=answers,
        hold=timedelta(seconds=desk.settings.hold_seconds) if hold is None else hold,
    )
    desk.record(
        Act(
            f"{wanted.kind}.queued",
            channel=channel.name,
            ticket=getattr(wanted, "ticket_code", None),
            order_number=getattr(wanted, "order_number", order_number),
            detail=f"operation={wanted.operation}{detail}",
        )
    )


def one_at_a_time(desk: Desk, channel: Channel, wanted: Operation, ticket_id: int | None) -> None:
    """Make sure that nothing else is on its way for the order, or by this agent for the ticket.

    Documents wait for nothing and nothing waits for them: they change neither.

    Raises:
        NotAllowed: Something is.
    """
    number: str | None = getattr(wanted, "order_number", None)
    if ticket_id is not None and operations.pending(desk.database, ticket_id, desk.agent):
        raise NotAllowed(
            what=_("Your earlier reply to ticket {code} is still on its way").format(
                code=getattr(wanted, "ticket_code", "")
            ),
            remedy=_("Wait until the marketplace has confirmed it; your text is kept."),
        )
    if (
        number is not None
        and wanted.kind is not Kind.DOCUMENT
        and operations.pending_on_order(desk.database, channel.id, number)
    ):
        raise NotAllowed(
            what=_("Something else is still on its way to {channel} for this").format(
                channel=channel.name
            ),
            remedy=_("Wait until the marketplace has confirmed it, or settle it with u."),
        )
