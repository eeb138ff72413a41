"""What the verbs share that list files and save one."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from mkt_tui.i18n import N_

Get: TypeAlias = Annotated[
    str | None, typer.Option("--get", metavar="CODE", help=N_("Save the one of this code."))
]
Folder: TypeAlias = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR", help=N_("Where to; your home folder when left out.")),
]
