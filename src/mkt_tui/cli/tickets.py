"""`mkt-tui tickets`: the queue for scripts."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from mkt_tui.cache.queries import QueueFilter, QueueState
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import listing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain.filters import parse
from mkt_tui.domain.reasons import subject
from mkt_tui.domain.tickets import Situation, TicketState
from mkt_tui.i18n import N_, _

_SITUATIONS = {Situation.PENDING: N_("pending"), Situation.PRIORITY: N_("PRIORITY")}

_STATES = {TicketState.ANSWERED: N_("answered"), TicketState.SNOOZED: N_("snoozed")}


def tickets(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    state: Annotated[
        QueueState, typer.Option("--state", help=N_("Which tickets."))
    ] = QueueState.OPEN,
    mine: Annotated[bool, typer.Option("--mine", help=N_("Only those assigned to you."))] = False,
    late: Annotated[bool, typer.Option("--late", help=N_("Only open ones past due."))] = False,
    text: Annotated[
        str,
        typer.Option(
            "--filter", metavar="TEXT", help=N_("A filter as in the desk: carrefour late >2d.")
        ),
    ] = "",
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help=N_("At most N tickets."))
    ] = None,
) -> None:
    """List tickets."""
    desk = desk_of(context)
    view = View(
        state=state,
        channel_id=desk.channel(channel).id if channel else None,
        mine=mine,
        late=late,
        terms=parse(text, desk.channel_words()),
    )
    wanted = view.filter(desk)
    found = _pages(desk, wanted, limit)
    if json:
        print_json_list(ticket for page in found for ticket in page)
        return
    _print_table(found)


def _pages(desk: Desk, wanted: QueueFilter, limit: int | None) -> Iterator[list[dict[str, Any]]]:
    for page in listing.pages(desk, wanted, limit):
        yield listing.page_as_json(desk, page)


def _print_table(pages: Iterator[list[dict[str, Any]]]) -> None:
    heads = (
        _("CODE"),
        _("CHANNEL"),
        _("SITUATION"),
        _("DAYS"),
        _("DUE"),
        _("ORDER"),
        _("CUSTOMER"),
        _("SUBJECT"),
    )
    table, nothing = Table(heads), True
    for page in pages:
        table.write([_line(each) for each in page])
        nothing = False
    if nothing:
        typer.echo(_("No ticket."), err=True)


def _line(ticket: dict[str, Any]) -> list[str]:
    situation = ticket["situation"]
    days = ticket["days_pending"]
    return [
        ticket["code"],
        ticket["channel"],
        _(_SITUATIONS[situation]) if situation else _(_STATES[ticket["state"]]),
        "" if days is None else str(days),
        ticket["due_at"] or "-",
        ticket["order"] or "-",
        ticket["customer"] or "-",
        subject(ticket["subject"]),
    ]
