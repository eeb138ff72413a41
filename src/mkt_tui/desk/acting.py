"""Acts at a marketplace that are no reply: asked for, confirmed, put into the outbox (T27, A6).

A screen makes the record of an operation with `new_id`, asks its agent with the words of
`confirmation`, and hands it to `send`; hold, recall, delivery and doubts are those of every
operation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from mkt_tui.desk import act_words, queuing
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.i18n import _


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an agent reads before the last key.

    Attributes:
        deed: What is to be done, to which order or ticket, with which amount.
        there: What changes at the marketplace.
        not_here: What does not change by it, and is somebody else's to do.
    """

    deed: str
    details: tuple[str, ...]
    there: str
    not_here: str


def new_id() -> str:
    """Return the id of a new operation."""
    return str(uuid4())


def abilities(channel: Channel) -> frozenset[Kind]:
    """Return what can be done at the channel from here.

    Raises:
        UserError: Its adapter is missing or broken.
    """
    # The adapters bring HTTP with them, which no desk needs to start.
    from mkt_tui.adapters import acts, registry

    adapter = registry.load(channel.adapter)
    return frozenset(kind for kind in Kind if acts.can(adapter, kind))


def first_topic(channel: Channel) -> str:
    """Return the topic that a first message to a customer needs there; "" where any subject does."""
    from mkt_tui.adapters import registry

    topic: str = getattr(registry.load(channel.adapter), "FIRST_TOPIC", "")
    return topic


def confirmation(channel: Channel, wanted: Operation) -> Confirmation:
    """Return the facts to confirm.

    Raises:
        NotAllowed: The channel cannot do it from here.
    """
    if wanted.kind not in abilities(channel):
        raise NotAllowed(
            what=_("{channel} cannot do this from here: {act}").format(
                channel=channel.name, act=act_words.kind_name(wanted.kind)
            ),
            remedy=_("Do it in the marketplace's own portal."),
        )
    there, not_here = act_words.elsewhere(channel, wanted)
    details = tuple(act_words.details(wanted))
    return Confirmation(act_words.deed(wanted), details, there, not_here)


def send(
    desk: Desk,
    channel: Channel,
    wanted: Operation,
    *,
    ticket_id: int | None = None,
    answers: bool = False,
    also: Callable[[], None] = lambda: None,
) -> None:
    """Put an act into the outbox, with its row in the audit log; one transaction.

    It can be recalled for `hold_seconds`.

    Args:
        ticket_id: The ticket it is part of, where it is about a ticket.
        answers: Whether it ends the wait of that ticket.
        also: Writes what belongs to it, within the same transaction.

    Raises:
        NotAllowed: Another act on the same order or ticket is still on its way.
        CacheProblem: It could not be written; nothing changed.
    """
    with desk.database.transaction():
        queuing.queue(desk, channel, wanted, ticket_id=ticket_id, answers=answers)
        also()
