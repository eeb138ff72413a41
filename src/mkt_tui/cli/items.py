"""`mkt-tui items`: what was sold, what is unavailable, and the stock of a SKU."""

from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_, _


def items(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]", help=N_("A SKU, or words of its title.")),
    ] = None,
    unavailable: Annotated[
        bool, typer.Option("--unavailable", help=N_("Only what nobody can buy now."))
    ] = False,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=366, help=N_("Sold in so many days."))
    ] = 30,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List items."""
    from mkt_tui.desk.items import items as find
    from mkt_tui.desk.listing import instant

    found = find(desk_of(context), " ".join(words or ()), channel, days)
    both = found.unavailable if unavailable else dict.fromkeys((*found.sold, *found.unavailable))
    rows: list[dict[str, Any]] = [
        {
            "sku": each.sku,
            "channel": each.channel.name,
            "title": each.title,
            "sold": each.sold,
            "orders": each.orders,
            "stock": each.left,
            "offered": each.offered,
            "as_of": instant(each.as_of),
        }
        for each in both
    ]
    if json:
        print_json_list(rows)
    elif rows:
        heads = (_("SKU"), _("CHANNEL"), _("SOLD"), _("STOCK"), _("AS OF"), _("TITLE"))
        keys = ("sku", "channel", "sold", "stock", "as_of", "title")
        Table(heads).write([[_cell(row[key]) for key in keys] for row in rows])
    else:
        typer.echo(_("No item."), err=True)


def _cell(value: object) -> str:
    return "-" if value is None else str(value)
