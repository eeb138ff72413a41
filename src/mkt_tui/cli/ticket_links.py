"""`mkt-tui ticket link` and `unlink`: tickets that are about the same thing."""

import typer

from mkt_tui.cli.session import desk_of
from mkt_tui.cli.ticket_each import ChannelName, Codes, Json, each_ticket
from mkt_tui.desk import linking
from mkt_tui.i18n import N_


def link(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Link tickets."""
    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: linking.link(desk, ids), json=json)


def unlink(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Unlink tickets."""
    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: linking.unlink(desk, ids), json=json)


def add_to(app: typer.Typer) -> None:
    """Put the verbs into `ticket`."""
    app.command("link", help=N_("Link tickets that are about the same thing."))(link)
    app.command("unlink", help=N_("Take tickets out of what they are linked with."))(unlink)
