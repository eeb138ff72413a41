"""`mkt-tui ticket files`: what came with a ticket's messages, listed or saved."""

from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cache import threads
from mkt_tui.cache.instants import from_cache
from mkt_tui.cli.finding import find_ticket
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.attachments import Attached
from mkt_tui.desk.listing import instant
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _


def files(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=N_("The ticket's code."))],
    get: Annotated[
        str | None, typer.Option("--get", metavar="CODE", help=N_("Save the one of this code."))
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=N_("Where to; your home folder when left out.")),
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("The ticket's channel."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List files, or save one."""
    import asyncio

    from mkt_tui.desk import attachments

    desk = desk_of(context)
    row = find_ticket(desk, code, channel)
    found = attachments.of_thread(threads.messages(desk.database, row.id))
    if get is not None:
        wanted = attachments.chosen(found, get)
        typer.echo(str(asyncio.run(attachments.save(desk, row, wanted, folder))))
    elif json:
        print_json_list(_as_json(each) for each in found)
    else:
        rows = [list(map(str, each.values())) for each in map(_as_json, found)]
        Table((_("CODE"), _("NAME"), _("BYTES"), _("MESSAGE"), _("AT"))).write(rows)


def add_to(app: typer.Typer) -> None:
    """Put the verb into `ticket`."""
    app.command("files", help=N_("List the files that came with a ticket, or save one."))(files)


def _as_json(each: Attached) -> dict[str, str | int | None]:
    at = instant(from_cache(each.message.sent_at))
    name = clean_line(each.name)
    return {
        "code": each.code,
        "name": name,
        "size": each.size,
        "message": each.message.code,
        "at": at,
    }
