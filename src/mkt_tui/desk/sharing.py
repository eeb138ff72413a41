"""Sharing work: forward, take, let go, deal out, close without a reply; one ticket or many.

Every act is audited, says per ticket how it went, and leaves everybody's drafts where they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mkt_tui.cache import handing, marking, queries
from mkt_tui.cache.agents import Agent
from mkt_tui.cache.audit import Act
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import presence
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Result:
    """How an act went on one ticket; `told` says what was done, or why it was not."""

    ticket_id: int
    code: str
    done: bool
    told: str


def forward(
    desk: Desk, tickets: Sequence[int], to: Sequence[Agent], note: str = ""
) -> list[Result]:
    """Forward tickets; among several agents each goes to whoever has least to do (T21).

    Args:
        to: As `presence.chosen` gives them.
        note: Why, for the chain of the ticket and its reader; stays in the house.
    """
    words, turn = clean_line(note), {each.name: each.open for each in to}

    def one(row: QueueRow) -> str:
        name = min(turn, key=lambda each: turn[each])
        if not handing.give(desk.database, row.id, name, desk.agent, desk.clock(), words):
            raise NotAllowed(what=_("{name} has it already").format(name=name), remedy="")
        turn[name] += 1
        _record(desk, "ticket.forwarded", row, f"to={name}")
        return _("forwarded to {name}").format(name=name)

    return on_each(desk, tickets, one)


def take(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Assign tickets to this agent."""

    def one(row: QueueRow) -> str:
        if not handing.give(desk.database, row.id, desk.agent, desk.agent, desk.clock()):
            raise NotAllowed(what=_("You have it already"), remedy="")
        _record(desk, "ticket.taken", row, f"before={row.assignee or '-'}")
        return _("is yours")

    return on_each(desk, tickets, one)


def let_go(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Assign tickets to nobody."""

    def one(row: QueueRow) -> str:
        if not handing.give(desk.database, row.id, None, desk.agent, desk.clock()):
            raise NotAllowed(what=_("Nobody has it"), remedy="")
        _record(desk, "ticket.released", row, f"before={row.assignee or '-'}")
        return _("is nobody's now")

    return on_each(desk, tickets, one)


def held(desk: Desk, name: str | None = None) -> list[int]:
    """Return the tickets that an agent, else this one, has and somebody waits for."""
    return handing.held(desk.database, name or desk.agent)


def deal(desk: Desk) -> dict[int, str]:
    """Deal the open tickets that nobody has out to who is present, by open load.

    Raises:
        NotAllowed: Nobody is present.
    """
    there = _dealt_to(desk)
    given = handing.deal(
        desk.database,
        handing.unassigned(desk.database),
        there,
        desk.agent,
        desk.clock(),
        desk.settings.deal_at_most,
    )
    desk.record(Act("tickets.dealt", detail=f"tickets={len(given)} agents={len(there)}"))
    return given


def to_deal(desk: Desk) -> tuple[int, list[str]]:
    """Return how many open tickets nobody has, and the names of those whom `deal` gives them to.

    Raises:
        NotAllowed: Nobody is present.
    """
    names = [each.name for each in _dealt_to(desk)]
    return len(handing.unassigned(desk.database)), names


def _dealt_to(desk: Desk) -> list[Agent]:
    there = [each for each in presence.everybody(desk) if each.present and not each.away]
    if not there:
        raise NotAllowed(
            what=_("No agent is present"), remedy=_("Somebody must open a desk and not be away.")
        )
    return there


def reopen(desk: Desk, tickets: Sequence[int]) -> list[Result]:
    """Open tickets again that were answered or marked as needing no reply."""

    def one(row: QueueRow) -> str:
        if not marking.reopen(desk.database, row.id):
            raise NotAllowed(what=_("It is open"), remedy="")
        _record(desk, "ticket.reopened", row, None)
        return _("is open again")

    return on_each(desk, tickets, one)


def on_each(desk: Desk, tickets: Sequence[int], act: Callable[[QueueRow], str]) -> list[Result]:
    """Do one act per ticket, each in a transaction of its own; what is refused stops no other."""
    results = []
    for ticket_id in tickets:
        row = None
        try:
            with desk.database.transaction():
                row = queries.ticket(desk.database, ticket_id)
                if row is None:
                    raise NotAllowed(what=_("The ticket is gone"), remedy="")
                told, done = act(row), True
        except UserError as error:
            told, done = str(error).strip(), False
        results.append(Result(ticket_id, row.code if row else "-", done, told))
    return results


def summary(results: Sequence[Result]) -> str:
    """Return the results in one sentence: all alike, or how many went well."""
    words = {each.told for each in results if each.done}
    done = sum(each.done for each in results)
    if len(results) == 1:
        return f"{results[0].code}: {results[0].told}"
    counted = ngettext("{count} ticket", "{count} tickets", done).format(count=done)
    told = ", ".join(sorted(words)) or "-"
    if done == 1:
        return f"{counted}: {told}"
    # What is told is of one ticket, and several languages have other words for many.
    return _("{counted}, each: {told}").format(counted=counted, told=told)


def _record(desk: Desk, act: str, row: QueueRow, detail: str | None) -> None:
    channel = desk.channels()[row.channel_id].name
    desk.record(Act(act, channel, row.code, row.order_number, detail))
