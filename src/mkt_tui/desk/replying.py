"""Writing and sending a reply: the draft, the checks, the outbox row, and taking it back."""

from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from mkt_tui.cache import drafts, operations, settling, threads
from mkt_tui.cache.audit import Act
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.operations import Place
from mkt_tui.cache.threads import News
from mkt_tui.desk import attaching, policies, queuing
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.text import clean
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, Role, answers
from mkt_tui.i18n import N_, _


class Held(NotAllowed):
    """The reply is held: somebody wrote after its draft was begun. `news` is what they wrote."""

    sentence = N_("Somebody wrote on ticket {code} after you began. Look at it before you send.")

    def __init__(self, news: tuple[News, ...] = (), **parameters: object) -> None:
        super().__init__(**parameters)
        self.news = news


def keep(desk: Desk, ticket_id: int, draft: Draft) -> None:
    """Keep what the agent has written so far; an emptied draft is forgotten."""
    if draft.text.strip():
        drafts.save(desk.database, ticket_id, desk.agent, draft, desk.clock())
    else:
        drafts.drop(desk.database, ticket_id, desk.agent)


def check(desk: Desk, conversation: Conversation, draft: Draft) -> None:
    """See whether the reply may be sent as it is.

    Raises:
        NotAllowed: It is empty, or the thread takes no such audience, or the channel no such files.
        Stopped: Its marketplace would not take it; see `policies`.
    """
    if not draft.text.strip():
        raise NotAllowed(what=_("The reply is empty"), remedy=_("Write it first."))
    if draft.audience not in conversation.audiences:
        raise NotAllowed(
            what=_("This ticket takes no message to: {audience}").format(
                audience=audience_name(draft.audience)
            ),
            remedy=_("Choose another recipient.")
            if conversation.audiences
            else _("Answer in the marketplace's own portal."),
        )
    policies.check(desk, conversation, draft.text, draft.audience)
    attaching.check(desk, conversation, draft.audience, draft.files)


def hold_if_stale(
    desk: Desk, conversation: Conversation, draft: Draft, known: Collection[str] = ()
) -> None:
    """Hold the reply when a customer or a colleague wrote after its draft was begun.

    Args:
        known: The marks of the news that the agent has been shown.

    Raises:
        Held: There is other news.
    """
    ticket = conversation.ticket
    seen = conversation.newest if draft.seen is None else draft.seen
    news = threads.news(desk.database, ticket.id, desk.agent, seen)
    if {each.mark for each in news} - set(known):
        raise Held(tuple(news), code=ticket.code)


def send(
    desk: Desk,
    conversation: Conversation,
    draft: Draft,
    *,
    known: Collection[str] = (),
    hold: timedelta = timedelta(0),
) -> str:
    """Put the reply into the outbox and return the operation's id; the draft goes with it.

    One transaction: either the reply is durably queued, the ticket shows it and the audit log
    tells it, or nothing changed and the draft is still there.

    Args:
        known: See `hold_if_stale`.
        hold: For how long the reply can still be recalled.

    Raises:
        NotAllowed: See `check`; or this agent's earlier reply is still on its way.
        Held: See `hold_if_stale`.
        CacheProblem: It could not be written; nothing changed.
    """
    check(desk, conversation, draft)
    ticket = conversation.ticket
    text = clean(draft.text.strip())
    reply = Reply(str(uuid4()), ticket.code, text, draft.audience, desk.clock(), files=draft.files)
    waiting = Role(ticket.waiting) if ticket.waiting else None
    with desk.database.transaction():
        hold_if_stale(desk, conversation, draft, known)
        queuing.queue(
            desk,
            conversation.channel,
            operations.anchored(desk.database, reply, ticket.id),
            ticket_id=ticket.id,
            answers=answers(draft.audience, waiting),
            hold=hold,
            order_number=ticket.order_number,
            detail=_noted(conversation, reply),
        )
        drafts.drop(desk.database, ticket.id, desk.agent)
    return reply.operation


def recall(desk: Desk) -> Place | None:
    """Take back what of the agent's is newest and has not left; words are a draft again.

    Returns:
        What it was, or None when there was nothing to take back any more.
    """
    newest = operations.newest_queued(desk.database, desk.agent)
    if newest is None:
        return None
    operation = newest.operation
    if not settling.recall(desk.database, operation, desk.agent, desk.clock()):
        return None
    desk.record(Act(f"{newest.kind}.recalled", detail=f"operation={operation}"))
    return newest


def first_audience(talk: Conversation) -> Audience | None:
    """Return whom a reply begins with; None = nobody may be told.

    That is its draft's recipient, else who waits, else the side that was spoken with last.
    """
    if talk.draft and talk.draft.audience in talk.audiences:
        return talk.draft.audience
    waits = Role(talk.ticket.waiting) if talk.ticket.waiting else _spoken_with(talk)
    # Where the two cannot be told together, else the marketplace alone would be told first.
    reached = (each for each in talk.audiences if answers(each, waits))
    return next(reached, next(iter(talk.audiences), None))


def _spoken_with(talk: Conversation) -> Role | None:
    if not talk.messages:
        return None
    last = talk.messages[-1]
    sides = [last.author, *last.recipients.split(",")]
    return next((Role(each) for each in sides if each and each != Role.SHOP), None)


def audience_name(audience: Audience) -> str:
    """Return the audience in words."""
    return {
        Audience.BOTH: _("customer AND marketplace"),
        Audience.OPERATOR: _("marketplace only"),
        Audience.CUSTOMER: _("customer only"),
    }[audience]


def _noted(conversation: Conversation, reply: Reply) -> str:
    unseen = "" if conversation.order else " order=unseen"
    return f" to={reply.audience} files={len(reply.files)}{unseen}"
