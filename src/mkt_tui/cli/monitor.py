"""`mkt-tui monitor`: the nine reports on orders, for people and for scripts."""

import csv
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.domain.monitor import Report, Watch
from mkt_tui.i18n import N_, _

if TYPE_CHECKING:
    # `--help` does without the desk.
    from mkt_tui.desk.monitor import Case

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
_WATCH = Watch()


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


@app.callback()
def monitor(
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="ISO",
            help=N_("The instant, such as 2018-08-01T12:00; without a zone, each channel's own."),
        ),
    ] = None,
    horizon: Annotated[
        float,
        typer.Option(
            "--horizon", metavar="HOURS", min=0, max=8760, help=N_("How near a deadline is near.")
        ),
    ] = _hours(_WATCH.horizon),
    moved_within: Annotated[
        float,
        typer.Option(
            "--moved-within",
            metavar="HOURS",
            min=0,
            max=8760,
            help=N_("How fresh the carrier's last movement must be to arrive in time."),
        ),
    ] = _hours(_WATCH.moved_within),
    report: Annotated[
        int | None,
        typer.Option(
            "--report",
            metavar="N",
            min=1,
            max=len(Report),
            help=N_("Only the report of this number."),
        ),
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=N_("Write CSV for spreadsheets."))] = False,
) -> None:
    """Show which orders are in trouble, or will be."""
    if context.invoked_subcommand:
        return
    from mkt_tui.desk import monitor as desk_monitor

    watch = Watch(timedelta(hours=horizon), timedelta(hours=moved_within))
    question = desk_monitor.Question(_instant(as_of), watch, channel)
    chosen = [each for each in Report if report in (None, each.number)]
    desk = desk_of(context)
    if json:
        print_json(desk_monitor.as_json(desk, question, chosen))
    elif as_csv:
        csv.writer(sys.stdout).writerows(desk_monitor.as_rows(desk, question, chosen))
    elif report is None:
        counted = desk_monitor.counts(desk, question)
        rows = [[str(each.number), str(counted[each]), desk_monitor.title(each)] for each in Report]
        Table((_("NO"), _("ORDERS"), _("REPORT"))).write(rows)
    else:
        _show(desk_monitor.cases(desk, question, chosen[0]))


@app.command("erp", help=N_("Read an export of your own system, to compare it with a channel."))
def read_erp(
    context: typer.Context,
    export: Annotated[
        typer.FileText,
        typer.Argument(
            metavar="FILE",
            encoding="utf-8-sig",
            help=N_("CSV: erp_id, order, status; - = standard input."),
        ),
    ],
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help=N_("Whose orders it holds."))
    ],
    system: Annotated[
        str, typer.Option("--system", metavar="NAME", help=N_("What it is, such as magento."))
    ] = "erp",
) -> None:
    """Read an ERP export."""
    from mkt_tui.desk import erp

    desk = desk_of(context)
    count = erp.read_export(desk, desk.channel(channel), system, export)
    typer.echo(_("{count} orders of {system} read.").format(count=count, system=system))


def _show(found: "list[Case]") -> None:
    from mkt_tui.desk.formats import signed
    from mkt_tui.desk.listing import instant
    from mkt_tui.desk.monitor import cause_name

    if not found:
        typer.echo(_("No order."), err=True)
        return
    heads = (_("TIME"), _("ORDER"), _("CHANNEL"), _("DEADLINE"), _("CAUSE"), _("OWNER"), _("NOTE"))
    rows = [
        [
            signed(each.deadline, each.now) if each.deadline else "-",
            each.order,
            each.channel.name,
            instant(each.deadline) or "-",
            cause_name(each.cause) if each.cause else "-",
            each.owner or "-",
            each.note,
        ]
        for each in found
    ]
    Table(heads).write(rows)


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            _("{text} is no instant; write one such as 2018-08-01T12:00:00-03:00").format(
                text=text
            ),
            param_hint="--as-of",
        ) from None
