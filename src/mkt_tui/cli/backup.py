"""`mkt-tui backup`: a copy of the cache, while everybody goes on working."""

from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cli.session import desk_of
from mkt_tui.desk.backup import backup as make
from mkt_tui.i18n import N_, _


def backup(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("Where to; it must not exist yet."))
    ],
) -> None:
    """Back the cache up."""
    size = make(desk_of(context), file)
    typer.echo(
        _("The cache is saved in {path} ({size} MB) and checked.").format(
            path=file, size=f"{size / 1_000_000:.1f}"
        )
    )
