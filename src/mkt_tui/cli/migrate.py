"""`mkt-tui migrate`: move the cache to PostgreSQL, or back into a file."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cache.places import Place, ServerAddress
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _


def migrate(
    context: typer.Context,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL|FILE",
            help=N_("An empty database, postgresql+psycopg://user@host/name, or a new file."),
        ),
    ],
) -> None:
    """Copy the whole cache."""
    from mkt_tui.cache.copying import copy
    from mkt_tui.cache.database import Database

    desk = desk_of(context)
    place = _place(to)
    _check_idle(desk)
    if place == desk.database.place:
        raise NotAllowed(
            what=_("The cache is in {place} already").format(place=place),
            remedy=_("Name another place with --to."),
        )
    with closing(Database(place)) as target:
        counts = copy(desk.database, target, desk.agent, desk.clock())
    for table, rows in counts.items():
        typer.echo(f"{table}: {rows}")
    typer.echo(
        _(
            "Everything is in {place} now; {old} is as it was. Let every desk use the new one."
        ).format(place=place, old=desk.database.name)
    )


def _place(text: str) -> Place:
    if "://" in text:
        return ServerAddress.parse(text, "--to")
    return Path(text).expanduser().absolute()


def _check_idle(desk: Desk) -> None:
    """See that nobody works on the cache: what is written after the copy would stay behind."""
    from mkt_tui.sync.lease import at_work

    if at_work(desk.database, desk.clock()):
        raise NotAllowed(
            what=_("A desk or a sync service is at work on this cache"),
            remedy=_("End them all first, on every server."),
        )
