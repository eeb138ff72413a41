"""`mkt-tui ticket begin`: a conversation that the shop begins, from a script."""

from typing import TYPE_CHECKING, Annotated

import typer

from mkt_tui.cli.order_acts import confirm
from mkt_tui.cli.reply import read_text
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _

if TYPE_CHECKING:
    from mkt_tui.desk.beginning import Begun


def begin(
    context: typer.Context,
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help=N_("The channel it is begun on."))
    ],
    subject: Annotated[str, typer.Option("--subject", help=N_("What it is about."))],
    text_file: Annotated[
        str,
        typer.Option(
            "--text-file", metavar="FILE", help=N_("The message in UTF-8; - reads standard input.")
        ),
    ],
    order: Annotated[
        str | None, typer.Option("--order", metavar="NUMBER", help=N_("The order it is about."))
    ] = None,
    to: Annotated[
        Audience | None,
        typer.Option("--to", help=N_("Who receives it; the marketplace when left out.")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Send it without asking."))] = False,
) -> None:
    """Begin a conversation."""
    from mkt_tui.desk import acting, beginning

    desk = desk_of(context)
    place = desk.channel(channel)
    prepared = _prepared(desk, place, order, to)
    wanted = beginning.written(prepared, subject, read_text(text_file))
    told = acting.confirmation(place, wanted)
    confirm([told.deed, *told.details, told.there, told.not_here], yes=yes)
    acting.send(desk, place, wanted)
    typer.echo(_("Queued: it leaves with the next look of the sync."))


def _prepared(desk: Desk, channel: Channel, order: str | None, to: Audience | None) -> "Begun":
    from mkt_tui.desk import beginning, sheet

    if order is not None:
        record = sheet.find(desk, order, channel.name)
        return beginning.about_order(desk, record, to)[1]
    if to not in (None, Audience.OPERATOR):
        raise NotAllowed(
            what=_("A conversation with a customer is about an order"),
            remedy=_("Name it with --order."),
        )
    return beginning.with_marketplace(desk, channel)
