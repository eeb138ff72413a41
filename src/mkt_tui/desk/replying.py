"""Writing and sending a reply: the draft, the checks, the outbox row."""

from uuid import uuid4

from mkt_tui.cache import drafts, operations
from mkt_tui.cache.audit import Act
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Reply
from mkt_tui.domain.text import clean
from mkt_tui.domain.tickets import Audience, Role, answers
from mkt_tui.i18n import _


def keep(desk: Desk, ticket_id: int, draft: Draft) -> None:
    """Keep what the agent has written so far; an emptied draft is forgotten."""
    if draft.text.strip():
        drafts.save(desk.database, ticket_id, desk.agent, draft, desk.clock())
    else:
        drafts.drop(desk.database, ticket_id, desk.agent)


def check(conversation: Conversation, draft: Draft) -> None:
    """See whether the reply may be sent as it is.

    Raises:
        NotAllowed: It is empty, or the thread takes no such audience.
    """
    if not draft.text.strip():
        raise NotAllowed(what=_("The reply is empty"), remedy=_("Write it first."))
    if draft.audience not in conversation.audiences:
        raise NotAllowed(
            what=_("This ticket takes no message to: {audience}").format(
                audience=audience_name(draft.audience)
            ),
            remedy=_("Choose another recipient."),
        )


def send(desk: Desk, conversation: Conversation, draft: Draft) -> str:
    """Put the reply into the outbox and return the operation's id; the draft goes with it.

    One transaction: either the reply is durably queued, the ticket shows it and the audit log
    tells it, or nothing changed and the draft is still there.

    Raises:
        NotAllowed: See `check`; or an earlier reply to the ticket is still on its way.
        CacheProblem: It could not be written; nothing changed.
    """
    check(conversation, draft)
    ticket = conversation.ticket
    text = clean(draft.text.strip())
    reply = Reply(str(uuid4()), ticket.code, text, draft.audience, desk.clock())
    waiting = Role(ticket.waiting) if ticket.waiting else None
    with desk.database.transaction():
        if operations.pending(desk.database, ticket.id):
            raise NotAllowed(
                what=_("An earlier reply to ticket {code} is still on its way").format(
                    code=ticket.code
                ),
                remedy=_("Wait until the marketplace has confirmed it; your text is kept."),
            )
        operations.queue_reply(
            desk.database,
            reply,
            ticket.id,
            desk.agent,
            answers=answers(draft.audience, waiting),
        )
        drafts.drop(desk.database, ticket.id, desk.agent)
        desk.record(
            Act(
                "reply.queued",
                channel=conversation.channel.name,
                ticket=ticket.code,
                order_number=ticket.order_number,
                detail=f"to={draft.audience} operation={reply.operation}"
                + ("" if conversation.order else " order=unseen"),
            )
        )
    return reply.operation


def audience_name(audience: Audience) -> str:
    """Return the audience in words."""
    return {
        Audience.BOTH: _("customer AND marketplace"),
        Audience.OPERATOR: _("marketplace only"),
        Audience.CUSTOMER: _("customer only"),
    }[audience]
