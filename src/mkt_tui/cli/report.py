"""`mkt-tui report`: figures for people and for spreadsheets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_, _

if TYPE_CHECKING:
    # `--help` does without the desk.
    from mkt_tui.desk.desk import Desk
    from mkt_tui.desk.sales import Wanted

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _reports() -> None:
    """Keep `sales` a word of its own, though it is the only report."""


@app.command("sales", help=N_("What was sold of a publisher's titles."))
def sales(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help=N_("First day (else three months ago).")),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help=N_("Last day (else today)."))
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="title|shop|month", help=N_("What a line stands for."))
    ] = "title",
    shop: Annotated[
        str | None, typer.Option("--shop", metavar="NAME", help=N_("Only this shop."))
    ] = None,
    isbn: Annotated[
        str | None, typer.Option("--isbn", metavar="ISBN", help=N_("Only this title."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=N_("Write CSV for spreadsheets."))] = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help=N_("Write a spreadsheet file."))
    ] = None,
) -> None:
    """Report sales."""
    from mkt_tui.desk import sales as report

    desk = desk_of(context)
    wanted = _wanted(desk, since, until, by, shop, isbn)
    if xlsx is not None:
        report.write_xlsx(desk, wanted, xlsx)
    elif as_csv:
        typer.echo(report.csv_text(desk, wanted), nl=False)
    elif json:
        print_json(report.as_json(report.report(desk, wanted)))
    else:
        _show(desk, wanted)


def _wanted(
    desk: "Desk", since: str | None, until: str | None, by: str, shop: str | None, isbn: str | None
) -> "Wanted":
    from mkt_tui.desk import sales as report
    from mkt_tui.domain.publishing import isbn13

    if by not in {*report.By}:
        raise typer.BadParameter(
            _("choose one of: {names}").format(names=", ".join(report.By)), param_hint="--by"
        )
    usual = report.usual(desk)
    return report.Wanted(
        report.day(since) if since else usual.since,
        report.day(until) if until else usual.until,
        report.By(by),
        shop,
        (isbn13(isbn) or isbn) if isbn else None,
    )


def _show(desk: "Desk", wanted: "Wanted") -> None:
    from mkt_tui.desk import sales as report
    from mkt_tui.desk.formats import money

    found = report.report(desk, wanted)
    if not found.lines:
        typer.echo(_("Nothing was sold then, or the portal has not told it yet."), err=True)
        return
    rows = [
        [
            each.name,
            "-" if each.units is None else str(each.units),
            money(each.amount, each.currency),
        ]
        for each in found.lines
    ]
    rows += [
        [_("Total"), str(each.units or 0), money(each.amount, each.currency)]
        for each in found.totals
    ]
    Table([each.upper() for each in report.columns(wanted.by)]).write(rows)
