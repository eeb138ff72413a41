"""One text to several tickets: filled for each, checked as each one's channel wants, sent one by one.

Nobody sees every thread before, so what a person would have stopped at stops the reply to that
ticket: a colleague who writes, words of the agent's own, a place that nothing is known for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mkt_tui.cache import drafts, settling
from mkt_tui.cache.audit import Act
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import macros, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.macros import Macro
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import _

MOST: Final = 200
# What went to many is read longer before somebody finds the slip.
_HOLD: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Part:
    """The reply to one ticket; `refused` says why it cannot be sent, "" = it can."""

    talk: Conversation
    draft: Draft
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How it went, and the operations that can still be taken back, with their tickets."""

    results: list[Result]
    operations: tuple[tuple[str, int], ...]

    @property
    def tickets(self) -> frozenset[int]:
        """Those that a reply was queued for."""
        return frozenset(ticket for _operation, ticket in self.operations)


def see_that_they_are_few(tickets: Sequence[int]) -> None:
    """See that so many can be answered at once.

    Raises:
        NotAllowed: There are too many.
    """
    if len(tickets) > MOST:
        raise NotAllowed(
            what=_("More than {count} tickets are not answered at once").format(count=MOST),
            remedy=_("Mark fewer of them."),
        )


def audiences(talks: Sequence[Conversation]) -> list[Audience]:
    """Return whom replies can go to: what most of the tickets take comes first, the widest of it.

    Raises:
        NotAllowed: None of them takes a reply from here.
    """
    taken = [each for talk in talks for each in talk.audiences]
    if not taken:
        raise NotAllowed(
            what=_("None of them takes a reply from here"),
            remedy=_("Answer in the marketplace's own portal."),
        )
    return sorted({*taken}, key=lambda each: (-taken.count(each), list(Audience).index(each)))


def plan(desk: Desk, talks: Sequence[Conversation], text: str, audience: Audience) -> list[Part]:
    """Return the reply to each ticket, as it would be sent now; nothing is."""
    return [_part(desk, each, text, audience) for each in talks]


def _part(desk: Desk, talk: Conversation, text: str, audience: Audience) -> Part:
    filled = macros.fill(desk, talk, Macro("", text)).text
    draft = Draft(filled, audience, talk.newest)
    try:
        _see_that_it_is_free(talk)
        replying.check(desk, talk, draft)
    except UserError as error:
        return Part(talk, draft, str(error).strip())
    return Part(talk, draft)


def _see_that_it_is_free(talk: Conversation) -> None:
    if talk.writer is not None:
        raise NotAllowed(
            what=_("{name} is writing on it").format(name=talk.writer.agent), remedy=""
        )
    if talk.draft is not None:
        raise NotAllowed(what=_("You have begun a reply to it"), remedy="")


def send(desk: Desk, parts: Sequence[Part]) -> Sent:
    """Put the replies that can be sent into the outbox, each in a transaction of its own.

    What somebody wrote since they were planned holds the reply to that ticket.
    """
    hold = _HOLD if desk.settings.hold_seconds else timedelta(0)
    results, queued = [], []
    for part in parts:
        told = part.refused
        if not told:
            try:
                operation = replying.send(desk, part.talk, part.draft, hold=hold)
                queued.append((operation, part.talk.ticket.id))
            except UserError as error:
                told = str(error).strip()
        ticket = part.talk.ticket
        to = replying.audience_name(part.draft.audience)
        results.append(Result(ticket.id, ticket.code, not told, told or to))
    return Sent(results, tuple(queued))


def take_back(desk: Desk, sent: Sent) -> frozenset[int]:
    """Take back the replies that have not left; return the tickets they were for.

    Their words become no drafts, for who sent them has them in one piece.
    """
    taken = set()
    for operation, ticket_id in sent.operations:
        if settling.recall(desk.database, operation, desk.agent, desk.clock()):
            drafts.drop(desk.database, ticket_id, desk.agent)
            desk.record(Act("reply.recalled", detail=f"operation={operation}"))
            taken.add(ticket_id)
    return frozenset(taken)
