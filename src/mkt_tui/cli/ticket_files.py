"""`mkt-tui ticket files`: what came with a ticket's messages, listed or saved."""

import typer

from mkt_tui.cache import threads
from mkt_tui.cache.instants import from_cache
from mkt_tui.cli.finding import find_ticket
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.saving import Folder, Get
from mkt_tui.cli.session import desk_of
from mkt_tui.cli.ticket_each import ChannelName, Code, Json
from mkt_tui.desk.attachments import Attached
from mkt_tui.desk.listing import instant
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _


def files(
    context: typer.Context,
    code: Code,
    get: Get = None,
    folder: Folder = None,
    channel: ChannelName = None,
    json: Json = False,
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
    elif not found:
        typer.echo(_("No file came with this thread."), err=True)
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
