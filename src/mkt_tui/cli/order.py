"""`mkt-tui order`: the print view of orders on standard output, in files and on paper."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cli import order_acts, order_entry, order_parcels, returns
from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.saving import Folder, Get
from mkt_tui.cli.session import desk_of
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


class Format(StrEnum):
    """How an order is written."""

    TEXT = "text"
    JSON = "json"
    PDF = "pdf"
    RECEIPT = "receipt"
    HTML = "html"


class Made(StrEnum):
    """What a file of printed orders is."""

    TEXT = "text"
    PDF = "pdf"
    RECEIPT = "receipt"
    HTML = "html"


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
        Format,
        typer.Option("--format", help=N_("How it is written; receipt is a PDF of 80 mm.")),
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
        from mkt_tui.desk.sheet_json import as_json

        print_json(as_json(desk, record, revealed=reveal))
        return
    from mkt_tui.desk.printing import Form, document

    if output in (Format.PDF, Format.RECEIPT) and sys.stdout.isatty():
        raise NotAllowed(
            what=_("A PDF is nothing to read on a terminal"),
            remedy=_(
                "Send it to a file: mkt-tui order show {number} --format pdf > order.pdf"
            ).format(number=number),
        )
    sys.stdout.buffer.write(document(desk, [record], Form(output), revealed=reveal))
    sys.stdout.flush()


@app.command("documents", help=N_("List the papers that the marketplace holds, or save one."))
def documents(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", help=N_("The marketplace's number or your own system's.")),
    ],
    get: Get = None,
    folder: Folder = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List documents, or save one."""
    import asyncio

    from mkt_tui.cli.printing import print_json_list
    from mkt_tui.desk import documents as papers
    from mkt_tui.desk import sheet
    from mkt_tui.desk.listing import instant

    desk = desk_of(context)
    record = sheet.find(desk, number, channel)
    found = asyncio.run(papers.listed(desk, record))
    if get is not None:
        wanted = papers.chosen(found, get)
        typer.echo(str(asyncio.run(papers.save(desk, record, wanted, folder))))
        return
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "type": each.kind or None,
            "size": each.size,
            "uploaded_at": instant(each.at),
        }
        for each in found
    ]
    if json:
        print_json_list(rows)
    elif rows:
        heads = (_("CODE"), _("NAME"), _("TYPE"), _("BYTES"), _("UPLOADED"))
        Table(heads).write([[str(value or "-") for value in row.values()] for row in rows])
    else:
        typer.echo(_("The marketplace holds no document of this order."), err=True)


@app.command("print", help=N_("Print orders: to the printer, or into a new file."))
def print_orders(
    context: typer.Context,
    numbers: Annotated[
        list[str],
        typer.Argument(metavar="NUMBER...", help=N_("Orders by either number, as one document.")),
    ],
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=N_("Write a file there instead of printing.")),
    ] = None,
    made: Annotated[
        Made, typer.Option("--format", help=N_("What the file is; receipt is a PDF of 80 mm."))
    ] = Made.PDF,
    reveal: Annotated[
        bool, typer.Option("--reveal", help=N_("Print personal data; the audit log notes it."))
    ] = False,
) -> None:
    """Print orders."""
    from mkt_tui.desk import printing, sheet

    desk = desk_of(context)
    records = [sheet.find(desk, each, channel) for each in numbers]
    if folder is None:
        printing.to_printer(desk, records, revealed=reveal)
        return
    form = printing.Form(made)
    typer.echo(str(printing.to_file(desk, records, form, folder, revealed=reveal)))


order_acts.add_to(app)
order_parcels.add_to(app)
order_entry.add_to(app)
returns.add_to(app)
