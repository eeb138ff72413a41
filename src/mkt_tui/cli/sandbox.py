"""`mkt-tui sandbox`: the practice marketplaces as a server of this machine."""

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cli.sync import when_input_ends
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.i18n import N_, _

Tickets = Annotated[
    int, typer.Option("--tickets", metavar="N", help=N_("How many tickets to invent."))
]
Dataset = Annotated[
    Path | None,
    typer.Option(
        "--dataset", metavar="DIR", help=N_("Serve the public Olist files of this folder instead.")
    ),
]
AsIs = Annotated[bool, typer.Option("--as-is", help=N_("Keep the dates of the data set."))]


def sandbox(
    port: Annotated[
        int, typer.Option("--port", metavar="P", help=N_("TCP port of 127.0.0.1; 0 = any free."))
    ] = 0,
    tickets: Tickets = 400,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help=N_("The same seed gives the same world."))
    ] = 1,
    dataset: Dataset = None,
    as_is: AsIs = False,
    faults: Annotated[
        list[str] | None,
        typer.Option(
            "--faults",
            metavar="SPEC",
            help=N_("Be rude on purpose, such as: reset-after-accept@write x1,429@read x3"),
        ),
    ] = None,
    shop: Annotated[
        list[str] | None,
        typer.Option("--shop", metavar="SHOP", help=N_("Play this shop; may be given repeatedly.")),
    ] = None,
    paced: Annotated[
        bool,
        typer.Option("--paced", help=N_("Keep the request rates that each marketplace documents.")),
    ] = False,
    while_open: Annotated[bool, typer.Option("--while-open", hidden=True)] = False,
) -> None:
    """Play the practice marketplaces until SIGTERM or Ctrl+C."""
    if while_open:
        when_input_ends(lambda: os.kill(os.getpid(), signal.SIGTERM))
    try:
        from mkt_tui.sandbox.errors import SandboxError
        from mkt_tui.sandbox.server import SandboxOptions, serve
        from mkt_tui.sandbox.world import TWO_SHOPS
    except ImportError as error:
        raise _not_installed(error) from error
    try:
        rude = tuple(faults or ())
        shops = tuple(shop) if shop else TWO_SHOPS
        serve(SandboxOptions(port, tickets, seed, dataset, as_is, rude, shops, paced))
    except SandboxError as error:
        raise UserError(detail=error) from error


def _not_installed(error: ImportError) -> Exception:
    if (error.name or "").startswith("mkt_tui"):
        return error
    return NotAllowed(
        what=_("The practice marketplaces are not installed"),
        remedy=_("Install them: pip install 'mkt-tui[sandbox]'"),
    )
