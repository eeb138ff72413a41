"""Replies of which nobody knows whether they arrived: a person looks and decides (J6)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mkt_tui.cache import operations, settling
from mkt_tui.cache.audit import Act
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import ThreadMessage, ThreadOperation
from mkt_tui.desk import conversation as conversations
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.tickets import Role
from mkt_tui.i18n import N_, _

_CLOCKS_DIFFER: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful reply beside the thread it may be in; `found` is the message that looks like it."""

    operation: ThreadOperation
    conversation: Conversation
    found: ThreadMessage | None


def first(desk: Desk) -> Doubt | None:
    """Return the oldest doubtful reply, this agent's own before colleagues'."""
    ticket_id = operations.oldest_doubt(desk.database, desk.agent)
    if ticket_id is None:
        return None
    talk = conversations.load(desk, ticket_id)
    doubtful = next((each for each in talk.operations if each.state == "unknown"), None)
    return Doubt(doubtful, talk, _find(doubtful, talk)) if doubtful else None


def it_arrived(desk: Desk, doubt: Doubt) -> None:
    """Mark the reply as sent: the message found in the thread is it."""
    if doubt.found is None:
        raise NotAllowed(
            what=_("The thread holds no such message"), remedy=_("Look at the marketplace first.")
        )
    operation = doubt.operation
    code = doubt.found.code
    settling.settle_sent(desk.database, operation.id, code, operation.agent, desk.clock())
    _record(desk, doubt, "reply.settled-sent")


def send_again(desk: Desk, doubt: Doubt) -> None:
    """Queue the reply once more, by a person's decision."""
    _still(settling.queue_again(desk.database, doubt.operation.id, None, desk.clock()))
    _record(desk, doubt, "reply.sent-again")


def give_up(desk: Desk, doubt: Doubt) -> None:
    """Stop trying: the ticket stays open and the words are a draft again."""
    refusal = NotAllowed(what=N_("A person stopped the doubtful reply"), remedy="")
    _still(settling.settle_failed(desk.database, doubt.operation.id, refusal, desk.clock()))
    _record(desk, doubt, "reply.given-up")


def _find(operation: ThreadOperation, talk: Conversation) -> ThreadMessage | None:
    earliest = from_cache(operation.queued_at) - _CLOCKS_DIFFER
    wanted = " ".join(operation.text.split())
    candidates = (
        each
        for each in talk.messages
        if each.author == Role.SHOP and from_cache(each.sent_at) >= earliest
    )
    return next((each for each in candidates if " ".join(each.body.split()) == wanted), None)


def _still(done: bool) -> None:
    if not done:
        raise NotAllowed(
            what=_("The reply has been settled meanwhile"), remedy=_("Nothing was changed.")
        )


def _record(desk: Desk, doubt: Doubt, act: str) -> None:
    desk.record(
        Act(
            act,
            channel=doubt.conversation.channel.name,
            ticket=doubt.conversation.ticket.code,
            detail=f"operation={doubt.operation.id}",
        )
    )
