"""`mkt-tui order add`: an order of a portal entered by hand, as the desk's form does."""

from typing import Annotated

import typer

from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_, _

_ITEM = ("sku", "title", "quantity", "price")


def add(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=N_("The order's number."))],
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help=N_("The portal it is from."))
    ],
    opened: Annotated[
        str, typer.Option("--opened", help=N_("When, such as 2026-03-11 14:30 (else now)."))
    ] = "",
    customer: Annotated[str, typer.Option("--customer", help=N_("The customer's name."))] = "",
    status: Annotated[str, typer.Option("--status", help=N_("The portal's own word."))] = "",
    situation: Annotated[
        str, typer.Option("--situation", help=N_("up to date, or not up to date."))
    ] = "",
    erp: Annotated[str, typer.Option("--erp", help=N_("integrated, or not integrated."))] = "",
    total: Annotated[
        str, typer.Option("--total", help=N_("What the customer pays, such as 129,90."))
    ] = "",
    shipping: Annotated[str, typer.Option("--shipping", help=N_("What sending it costs."))] = "",
    discount: Annotated[str, typer.Option("--discount", help=N_("How much less is paid."))] = "",
    payment: Annotated[str, typer.Option("--payment", help=N_("How it is paid."))] = "",
    instalments: Annotated[str, typer.Option("--instalments", help=N_("In how many parts."))] = "",
    items: Annotated[
        list[str] | None,
        typer.Option(
            "--item",
            metavar="SKU;DESCRIPTION;PIECES;PRICE",
            help=N_("An item; the option may come several times, and its end may be left out."),
        ),
    ] = None,
) -> None:
    """Enter an order; a known one gets what is new about it."""
    from mkt_tui.desk import importing_orders

    desk = desk_of(context)
    told = {
        "order": number, "opened": opened, "customer": customer, "status": status,
        "situation": situation, "erp": erp, "total": total, "shipping": shipping,
        "discount": discount, "payment": payment, "instalments": instalments,
    }  # fmt: skip
    first, *others = [_item(each) for each in items or ()] or [{}]
    lines = [{**told, **first}, *({"order": number, **each} for each in others)]
    entered = importing_orders.enter(desk, desk.channel(channel), lines)
    words = N_("Order {number} was known; what you entered is in it.")
    if not entered.known:
        words = N_("Order {number} is in the list.")
    typer.echo(_(words).format(number=entered.order.number))


def _item(text: str) -> dict[str, str]:
    values = [each.strip() for each in text.split(";")]
    if len(values) > len(_ITEM):
        raise typer.BadParameter(_("--item takes SKU;DESCRIPTION;PIECES;PRICE"))
    return dict(zip(_ITEM, values, strict=False))


def add_to(app: typer.Typer) -> None:
    """Add the verb to those of orders."""
    app.command("add", help=N_("Enter a portal's order by hand."))(add)
