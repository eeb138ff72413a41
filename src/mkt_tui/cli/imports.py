"""`mkt-tui import`: what portals and spreadsheets hold, into the queue."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mkt_tui.cli.printing import print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_, _

if TYPE_CHECKING:
    # `--help` does without the desk.
    from mkt_tui.desk.importing import Report

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


File = Annotated[Path, typer.Argument(metavar="FILE", help=N_("CSV or XLSX with heads."))]
Portal = Annotated[
    str, typer.Option("--channel", metavar="NAME", help=N_("The portal they are from."))
]
Mapped = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=HEAD", help=N_("Which column is which; it is remembered.")
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would be done."))]
Json = Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))]


@app.command("tickets", help=N_("Import a portal's protocols from CSV or XLSX; never twice."))
def tickets(
    context: typer.Context,
    path: File,
    channel: Portal,
    columns: Mapped = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Import protocols; exit 1 when lines were left out."""
    from mkt_tui.desk import importing

    desk = desk_of(context)
    where, mapping = desk.channel(channel), _mapping(columns or ())
    _end(importing.run(desk, where, path, mapping, dry=dry_run), dry_run=dry_run, json=json)


@app.command("orders", help=N_("Import a portal's orders from CSV or XLSX, a line for each item."))
def orders(
    context: typer.Context,
    path: File,
    channel: Portal,
    columns: Mapped = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Import orders; exit 1 when lines were left out."""
    from mkt_tui.desk import importing_orders

    desk = desk_of(context)
    where, mapping = desk.channel(channel), _mapping(columns or ())
    _end(importing_orders.run(desk, where, path, mapping, dry=dry_run), dry_run=dry_run, json=json)


def _end(report: "Report", *, dry_run: bool, json: bool) -> None:
    if json:
        print_json(_as_json(report, dry_run=dry_run))
    else:
        _show(report, dry_run=dry_run)
    if report.wrong:
        raise typer.Exit(1)


def _show(report: "Report", *, dry_run: bool) -> None:
    typer.echo(f"{report.told}: " + ", ".join(f"{k}={v}" for k, v in report.columns.items()))
    for each in report.wrong:
        typer.echo(
            _("line {line}: {detail}").format(line=each.line, detail=each.told.strip()), err=True
        )
    counted = _("{new} new, {changed} changed, {same} unchanged, {wrong} left out.").format(
        new=report.new, changed=report.changed, same=report.same, wrong=len(report.wrong)
    )
    typer.echo(
        _("Dry run, nothing was written: {counts}").format(counts=counted) if dry_run else counted
    )


def _as_json(report: "Report", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "file": report.told,
        "columns": dict(report.columns),
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "wrong": [{"line": each.line, "error": each.told.strip()} for each in report.wrong],
    }


def _mapping(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    if not all(field and sign and head for field, sign, head in pairs):
        raise typer.BadParameter(_("--map takes FIELD=HEAD"))
    return {field.strip(): head.strip() for field, _sign, head in pairs}
