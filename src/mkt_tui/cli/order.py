"""`mkt-tui order`: the print view of an order on standard output."""

from enum import StrEnum
from typing import Annotated

import typer

from mkt_tui.cli.printing import print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


class Format(StrEnum):
    """How an order is written."""

    TEXT = "text"
    JSON = "json"


@app.callback()
def orders() -> None:
    """Hold the verbs together; without this Typer would drop the word `show`."""


@app.command("show", help=N_("Write the print view of an order."))
def show(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", help=N_("The marketplace's number or your own system's.")),
    ],
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help=N_("Text for people or JSON for scripts."))
    ] = Format.TEXT,
    reveal: Annotated[
        bool, typer.Option("--reveal", help=N_("Show personal data; the audit log notes it."))
    ] = False,
) -> None:
    """Show an order."""
    from mkt_tui.desk import sheet

    desk = desk_of(context)
    record = sheet.find(desk, number, channel)
    if reveal:
        sheet.reveal(desk, record)
    if output is Format.JSON:
        print_json(sheet.as_json(desk, record, revealed=reveal))
    else:
        typer.echo(sheet.as_text(desk, record, revealed=reveal))
