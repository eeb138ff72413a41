"""Operations that need a person: nobody knows whether they arrived (J6), or they were refused.

A refused reply is not among them: its ticket is open again and its words are a draft.
"""

from dataclasses import dataclass

from mkt_tui.cache import operations, order_records, settling
from mkt_tui.cache.audit import Act
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.operations import Place
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.threads import ThreadMessage
from mkt_tui.desk import conversation as conversations
from mkt_tui.desk import queuing, refunding
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import FileLost, NotAllowed, UserError
from mkt_tui.domain.operation_kinds import Kind, OperationState
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import RefundOrder
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import MessageSnapshot, Role
from mkt_tui.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Doubt:
    """An operation beside what the marketplace showed last of its thread or order.

    Attributes:
        wanted: None when its row is damaged.
        found: The message of the thread that looks like the reply.
        readable: Whether the marketplace shows its threads, our replies included.
        asked: Whether the sync goes on asking the marketplace, and settles it by itself.
        refused: Why the marketplace did not do it; None while nobody knows.
        lost: The reply is there without a file of it; None = nothing says so.
    """

    place: Place
    channel: Channel
    wanted: Operation | None
    agent: str
    refused: UserError | None
    conversation: Conversation | None
    order: OrderRecord | None
    found: ThreadMessage | None
    readable: bool = True
    asked: bool = False
    lost: FileLost | None = None

    @property
    def can_have_arrived(self) -> bool:
        """Whether a person may say that it arrived: of a reply, the thread must show it.

        Where no thread can be read, as with mails, only the person can know.
        """
        if self.refused:
            return False
        return self.found is not None or self.place.kind is not Kind.REPLY or not self.readable


def first(desk: Desk, ticket_id: int | None = None) -> Doubt | None:
    """Return what needs a person longest: the ticket's, then this agent's own, then colleagues'."""
    place = operations.oldest_doubt(desk.database, desk.agent, ticket_id)
    return _load(desk, place) if place else None


def anew(desk: Desk, doubt: Doubt) -> Doubt | OperationState:
    """Return the doubt as it is now; the operation's state where somebody settled it meanwhile."""
    outcome = operations.outcome(desk.database, doubt.place.operation)
    assert outcome is not None
    waits = OperationState.FAILED if doubt.refused else OperationState.UNKNOWN
    return _load(desk, doubt.place) if outcome.state is waits else outcome.state


def it_arrived(desk: Desk, doubt: Doubt) -> None:
    """Mark the operation as done: a person has seen it at the marketplace."""
    if not doubt.can_have_arrived:
        raise NotAllowed(
            what=_("The thread holds no such message"), remedy=_("Look at the marketplace first.")
        )
    code = doubt.found.code if doubt.found else ""
    operation = doubt.place.operation
    _still(settling.settle_found(desk.database, operation, code, doubt.agent, desk.clock()))
    _record(desk, doubt, "settled-sent")


def send_again(desk: Desk, doubt: Doubt) -> None:
    """Queue the operation once more, by a person's decision.

    Raises:
        NotAllowed: It has been settled meanwhile; or it was refused, and since then something else
            is on its way for the order, or the money has been paid back.
    """

    def check() -> None:
        # One in doubt kept all others back; after a refused one anything may have been done.
        if doubt.refused is not None and doubt.wanted is not None:
            queuing.one_at_a_time(desk, doubt.channel, doubt.wanted, doubt.place.ticket_id)
            if isinstance(doubt.wanted, RefundOrder) and doubt.order is not None:
                refunding.check(desk, doubt.order, doubt.wanted)

    operation = doubt.place.operation
    _still(settling.queue_again(desk.database, operation, None, desk.clock(), check))
    _record(desk, doubt, "sent-again")


def give_up(desk: Desk, doubt: Doubt) -> None:
    """Stop trying: a ticket stays open and its words are a draft again."""
    operation, now = doubt.place.operation, desk.clock()
    if doubt.refused is None:
        refusal = NotAllowed(what=N_("A person stopped the doubtful reply"), remedy="")
        _still(settling.settle_failed(desk.database, operation, refusal, now))
    if doubt.place.ticket_id is None:
        _still(settling.put_aside(desk.database, operation, now))
    _record(desk, doubt, "given-up")


def _load(desk: Desk, place: Place) -> Doubt:
    outcome = operations.outcome(desk.database, place.operation)
    assert outcome is not None
    wanted = _wanted(desk, place)
    talk = conversations.load(desk, place.ticket_id) if place.ticket_id else None
    channel = desk.channels()[place.channel_id]
    readable, asked = _answers(channel, place.kind)
    return Doubt(
        place=place,
        channel=channel,
        readable=readable,
        asked=asked,
        wanted=wanted,
        agent=place.agent,
        lost=outcome.error if isinstance(outcome.error, FileLost) else None,
        refused=outcome.error if outcome.state is OperationState.FAILED else None,
        conversation=talk,
        order=_order(desk, place),
        found=_find(wanted, talk) if isinstance(wanted, Reply) and talk else None,
    )


def _answers(channel: Channel, kind: Kind) -> tuple[bool, bool]:
    """Return whether the marketplace shows its threads, and whether the sync asks it now."""
    # The adapters bring HTTP with them, which no desk needs to start.
    from mkt_tui.adapters import registry
    from mkt_tui.adapters.acts import FindsDone
    from mkt_tui.adapters.base import FindsSent, ReadsThread

    try:
        adapter = registry.load(channel.adapter)
    except UserError:
        return True, False
    finds = FindsSent if kind is Kind.REPLY else FindsDone
    return issubclass(adapter, ReadsThread), channel.enabled and issubclass(adapter, finds)


def _wanted(desk: Desk, place: Place) -> Operation | None:
    try:
        return operations.load(desk.database, place.operation)
    except ValueError:
        return None


def _order(desk: Desk, place: Place) -> OrderRecord | None:
    if place.order_number is None:
        return None
    found = order_records.orders(desk.database, place.order_number, place.channel_id)
    return next((each for each in found if each.number == place.order_number), None)


def _find(reply: Reply, talk: Conversation) -> ThreadMessage | None:
    wanted = " ".join(reply.text.split())
    return next(
        (
            each
            for each in talk.messages
            if " ".join(each.body.split()) == wanted and reply.can_be(_snapshot(each))
        ),
        None,
    )


def _snapshot(message: ThreadMessage) -> MessageSnapshot:
    return MessageSnapshot(
        message.code,
        Role(message.author),
        message.author_name,
        # A person sees whom it went to, and may know better than the marketplace tells.
        (),
        message.body,
        from_cache(message.sent_at),
    )


def _still(done: bool) -> None:
    if not done:
        raise NotAllowed(what=_("It has been settled meanwhile"), remedy=_("Nothing was changed."))


def _record(desk: Desk, doubt: Doubt, act: str) -> None:
    desk.record(
        Act(
            f"{doubt.place.kind}.{act}",
            channel=doubt.channel.name,
            ticket=doubt.conversation.ticket.code if doubt.conversation else None,
            order_number=doubt.place.order_number,
            detail=f"operation={doubt.place.operation}",
        )
    )
