"""`mkt-tui order accept|refuse|track|ship|deliver|exchange|cancel|refund|document ...`: acts at the marketplace.

Each says what it changes and what it does not, and does nothing without `--yes` or a person's y.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Operation
from mkt_tui.i18n import N_, _

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help=N_("The marketplace's number or your own system's."))
]
OnChannel = Annotated[
    str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
]
Yes = Annotated[
    bool, typer.Option("--yes", help=N_("Do it without asking, even where somebody did before."))
]
Carrier = Annotated[str, typer.Option("--carrier", metavar="NAME", help=N_("Who carries it."))]
Url = Annotated[
    str | None, typer.Option("--url", metavar="URL", help=N_("The page of the parcel."))
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="CODE", help=N_("The marketplace's reason code."))
]
Tracking = Annotated[
    list[str],
    typer.Argument(
        metavar="TRACKING[:ITEM[xPIECES],...]...",
        help=N_("The number of each parcel, and what is in it: AA1:1,2x3 AA2:2x1."),
    ),
]


def accept(
    context: typer.Context, number: Number, channel: OnChannel = None, yes: Yes = False
) -> None:
    """Accept an order."""
    _decide(context, number, channel, yes=yes, accepts=True)


def refuse(
    context: typer.Context, number: Number, channel: OnChannel = None, yes: Yes = False
) -> None:
    """Refuse an order."""
    _decide(context, number, channel, yes=yes, accepts=False)


def track(
    context: typer.Context,
    number: Number,
    tracking: Annotated[str, typer.Argument(metavar="TRACKING", help=N_("The parcel's number."))],
    carrier: Carrier,
    url: Url = None,
    parcel: Annotated[
        str | None,
        typer.Option("--parcel", metavar="CODE", help=N_("Which one, where it has several.")),
    ] = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Enter the tracking of an order."""
    from mkt_tui.desk import order_acts, shipments
    from mkt_tui.domain.order_operations import Parcel

    desk, record = find_order(context, number, channel)
    code = parcel and shipments.chosen(shipments.listed(desk, record), [parcel])[0].code
    act = order_acts.track(desk, record, Parcel(carrier, tracking, url=url), code)
    perform(desk, record, act, yes=yes)


def ship(
    context: typer.Context,
    number: Number,
    tracking: Tracking,
    carrier: Carrier,
    url: Url = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Declare an order shipped."""
    from mkt_tui.desk import order_acts, shipping

    desk, record = find_order(context, number, channel)
    parcels = shipping.chosen(record, carrier, " ".join(tracking), url)
    perform(desk, record, order_acts.ship(desk, record, *parcels), yes=yes)


def deliver(
    context: typer.Context, number: Number, channel: OnChannel = None, yes: Yes = False
) -> None:
    """Declare an order delivered."""
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    perform(desk, record, order_acts.deliver(desk, record), yes=yes)


def exchange(
    context: typer.Context,
    number: Number,
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ITEM[xPIECES]]...",
            help=N_("Items by their place, such as 1 or 2x3; none = all."),
        ),
    ] = None,
    returned: Annotated[
        bool, typer.Option("--returned", help=N_("They came back; no others leave for them."))
    ] = False,
    tracking: Annotated[
        str, typer.Option("--tracking", metavar="NUMBER", help=N_("The parcel's number."))
    ] = "",
    carrier: Annotated[
        str, typer.Option("--carrier", metavar="NAME", help=N_("Who carries it."))
    ] = "",
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Tell of items that were exchanged or came back."""
    from mkt_tui.desk import order_acts, shipping
    from mkt_tui.domain.order_operations import Parcel

    desk, record = find_order(context, number, channel)
    shares = shipping.pieces(record, " ".join(items or ()))
    parcel = Parcel(carrier, tracking, shares=shares)
    act = order_acts.exchange(desk, record, parcel, returned=returned)
    perform(desk, record, act, yes=yes)


def cancel(
    context: typer.Context,
    number: Number,
    reason: Reason = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Cancel an order."""
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    perform(desk, record, order_acts.cancel(desk, record, reason), yes=yes)


def refund(
    context: typer.Context,
    number: Number,
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ITEM[=AMOUNT]]...",
            help=N_("Items by their place, such as 1 or 2=12.50; none = all that is left."),
        ),
    ] = None,
    reason: Reason = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Pay back what is left of an order, or of some items."""
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    act = order_acts.refund(desk, record, reason, " ".join(items or ()))
    perform(desk, record, act, yes=yes)


def document(
    context: typer.Context,
    number: Number,
    path: Annotated[Path, typer.Argument(metavar="FILE", help=N_("Such as the invoice."))],
    kind: Annotated[
        str, typer.Option("--type", metavar="CODE", help=N_("The marketplace's code of its kind."))
    ],
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Put a file to an order."""
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    perform(desk, record, order_acts.document(desk, record, path, kind), yes=yes)


def delete_document(
    context: typer.Context,
    number: Number,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help=N_("Its code: mkt-tui order documents NUMBER."))
    ],
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Take a file away from an order."""
    import asyncio

    from mkt_tui.desk import documents, order_acts

    desk, record = find_order(context, number, channel)
    wanted = documents.chosen(asyncio.run(documents.listed(desk, record)), code)
    perform(desk, record, order_acts.delete_document(desk, record, wanted), yes=yes)


def incident(
    context: typer.Context,
    number: Number,
    reason: Reason = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Declare the incident of an order settled."""
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    perform(desk, record, order_acts.end_incident(desk, record, reason), yes=yes)


def _decide(
    context: typer.Context, number: str, channel: str | None, *, yes: bool, accepts: bool
) -> None:
    from mkt_tui.desk import order_acts

    desk, record = find_order(context, number, channel)
    perform(desk, record, order_acts.decide(desk, record, accept=accepts), yes=yes)


def find_order(
    context: typer.Context, number: str, channel: str | None
) -> tuple[Desk, OrderRecord]:
    """Return the desk and the order that the command line names."""
    from mkt_tui.desk import sheet

    desk = desk_of(context)
    return desk, sheet.find(desk, number, channel)


def perform(desk: Desk, record: OrderRecord, act: Operation, *, yes: bool) -> None:
    """Ask, unless `yes`, and put the act into the outbox."""
    from mkt_tui.desk import order_acts, order_questions

    confirm(order_questions.question(desk, record, act), yes=yes)
    order_acts.perform(desk, record, act, again=True)
    typer.echo(_("Queued: it leaves with the next look of the sync."))


def confirm(question: Sequence[str], *, yes: bool) -> None:
    """Show what will change, and end the program unless `yes` or a person says so.

    Raises:
        NotAllowed: There is nobody to ask.
    """
    for line in question:
        typer.echo(line, err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotAllowed(
            what=_("Nothing was done: nobody confirmed it"), remedy=_("Add --yes to do it.")
        )
    if not typer.confirm(_("Do it?"), err=True):
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Put the verbs into `order`."""
    app.command("accept", help=N_("Accept a new order at its marketplace."))(accept)
    app.command("refuse", help=N_("Refuse a new order at its marketplace."))(refuse)
    app.command("track", help=N_("Enter or correct the tracking of an order at its marketplace."))(
        track
    )
    app.command("incident", help=N_("End the incident of an order at its marketplace."))(incident)
    app.command("ship", help=N_("Declare an order shipped at its marketplace."))(ship)
    app.command("deliver", help=N_("Declare an order delivered at its marketplace."))(deliver)
    app.command("exchange", help=N_("Tell the marketplace what was exchanged or came back."))(
        exchange
    )
    app.command("cancel", help=N_("Cancel an order at its marketplace."))(cancel)
    app.command("refund", help=N_("Pay back an order, or a part of it, at its marketplace."))(
        refund
    )
    app.command("document", help=N_("Put a file to an order at its marketplace."))(document)
    app.command("delete-document", help=N_("Take a file away from an order at its marketplace."))(
        delete_document
    )
