"""`mkt-tui orders`: the list of orders for people and scripts."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from mkt_tui.cache.order_list import OrderFilter
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.i18n import N_, _


def orders(
    context: typer.Context,
    number: Annotated[
        str | None,
        typer.Argument(
            metavar="NUMBER", help=N_("How a number begins: of an order, a parcel or a ticket.")
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    status: Annotated[
        OrderStatus | None, typer.Option("--status", help=N_("Only orders of this status."))
    ] = None,
    touched: Annotated[
        bool, typer.Option("--acted-on", help=N_("Only orders somebody acted on from here."))
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help=N_("At most N orders."))
    ] = None,
) -> None:
    """List orders."""
    from mkt_tui.desk.orders import number as read_number

    desk = desk_of(context)
    wanted = OrderFilter(
        channel_id=desk.channel(channel).id if channel else None,
        status=status.value if status else None,
        touched=touched,
        number=read_number(number) if number else None,
    )
    found = _pages(desk, wanted, limit)
    if json:
        print_json_list(order for page in found for order in page)
        return
    _print_table(found)


def _pages(desk: Desk, wanted: OrderFilter, limit: int | None) -> Iterator[list[dict[str, Any]]]:
    from mkt_tui.desk.orders import as_json, in_pages

    for page in in_pages(desk, wanted, limit):
        channels = desk.channels()
        yield [as_json(row, channels) for row in page if row.channel_id in channels]


def _print_table(pages: Iterator[list[dict[str, Any]]]) -> None:
    heads = (
        *(_("ORDER"), _("CHANNEL"), _("STATUS"), _("DATE")),
        *(_("TOTAL"), _("FEE"), _("TICKETS"), _("TRACKING"), _("CUSTOMER")),
    )
    table, nothing = Table(heads), True
    for page in pages:
        table.write([_line(each) for each in page])
        nothing = False
    if nothing:
        typer.echo(_("No order."), err=True)


def _line(order: dict[str, Any]) -> list[str]:
    amounts = [
        f"{order[each]} {order['currency']}" if order[each] is not None else "-"
        for each in ("total", "fee")
    ]
    tickets = f"{order['open_tickets']}/{order['tickets']}" if order["tickets"] else "-"
    return [
        *(order["order"], order["channel"], order["marketplace_status"] or order["status"]),
        *(order["created_at"][:10], *amounts, tickets, order["tracking"] or "-"),
        order["customer"] or "-",
    ]
