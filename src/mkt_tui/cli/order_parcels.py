"""`mkt-tui order parcels`, `send-prepared`, `prepare-parcel` ...: parcels known one by one."""

from typing import Annotated

import typer

from mkt_tui.cli.order_acts import (
    Carrier,
    Number,
    OnChannel,
    Tracking,
    Url,
    Yes,
    find_order,
    perform,
)
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.i18n import N_, _

Code = Annotated[
    str, typer.Argument(metavar="CODE", help=N_("Its code there, or its tracking number."))
]


def parcels(
    context: typer.Context,
    number: Number,
    channel: OnChannel = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List the parcels."""
    from mkt_tui.desk import shipments

    desk, record = find_order(context, number, channel)
    found = shipments.listed(desk, record)
    if json:
        print_json_list(
            [
                {
                    "parcel": each.code,
                    "status": each.status,
                    "sent": each.sent,
                    "carrier": each.carrier,
                    "tracking": each.number,
                    "url": each.url,
                    "pieces": [{"line": line, "quantity": count} for line, count in each.pieces],
                }
                for each in found
            ]
        )
    elif found:
        rows = [
            [each.code, each.carrier or "-", each.number or "-", each.status or "-"]
            for each in found
        ]
        Table((_("CODE"), _("CARRIER"), _("NUMBER"), _("STATE"))).write(rows)
    else:
        typer.echo(_("The marketplace knows no single parcel of this order."), err=True)


def send_prepared(
    context: typer.Context,
    number: Number,
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CODE]...", help=N_("Which ones; all that are prepared else.")),
    ] = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Declare prepared parcels sent."""
    from mkt_tui.desk import parcelling, shipments

    desk, record = find_order(context, number, channel)
    found = shipments.listed(desk, record)
    wanted = shipments.chosen(found, codes or [each.code for each in found if not each.sent])
    perform(desk, record, parcelling.send(desk, record, wanted), yes=yes)


def prepare(
    context: typer.Context,
    number: Number,
    tracking: Tracking,
    carrier: Carrier,
    url: Url = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Prepare parcels that leave later."""
    from mkt_tui.desk import parcelling, shipments, shipping

    desk, record = find_order(context, number, channel)
    found = shipments.listed(desk, record)
    left = parcelling.left(record, found)
    parcels = shipping.chosen(record, carrier, " ".join(tracking), url, left)
    perform(desk, record, parcelling.prepare(desk, record, parcels, found), yes=yes)


def delete(
    context: typer.Context, number: Number, code: Code, channel: OnChannel = None, yes: Yes = False
) -> None:
    """Delete a prepared parcel."""
    from mkt_tui.desk import parcelling, shipments

    desk, record = find_order(context, number, channel)
    [which] = shipments.chosen(shipments.listed(desk, record), [code])
    perform(desk, record, parcelling.delete(desk, record, which), yes=yes)


def move(
    context: typer.Context,
    number: Number,
    code: Code,
    warehouse: Annotated[str, typer.Argument(help=N_("The warehouse's code at the marketplace."))],
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Say from which warehouse a prepared parcel leaves."""
    from mkt_tui.desk import parcelling, shipments

    desk, record = find_order(context, number, channel)
    [which] = shipments.chosen(shipments.listed(desk, record), [code])
    perform(desk, record, parcelling.move(desk, record, which, warehouse), yes=yes)


def add_to(app: typer.Typer) -> None:
    """Put the verbs into `order`."""
    app.command("parcels", help=N_("List the parcels that the marketplace knows one by one."))(
        parcels
    )
    app.command(
        "send-prepared", help=N_("Declare parcels sent that were prepared at the marketplace.")
    )(send_prepared)
    app.command("prepare-parcel", help=N_("Prepare parcels that leave later."))(prepare)
    app.command("delete-parcel", help=N_("Delete a prepared parcel."))(delete)
    app.command("move-parcel", help=N_("Say from which warehouse a prepared parcel leaves."))(move)
