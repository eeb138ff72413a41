"""`mkt-tui returns` and `mkt-tui order return`: what customers send back, and what is done about it."""

from typing import Annotated

import typer

from mkt_tui.cli.order_acts import Number, OnChannel, Yes, find_order, perform
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.domain.returns import ReturnState, ReturnStep
from mkt_tui.i18n import N_, _


def returns(
    context: typer.Context,
    state: Annotated[
        list[ReturnState] | None,
        typer.Option("--state", help=N_("Only these; may be repeated. All that are open else.")),
    ] = None,
    channel: OnChannel = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List returns."""
    from mkt_tui.desk import return_list, return_words, returning

    desk = desk_of(context)
    found = return_list.listed(desk, state or return_list.OPEN, channel)
    if json:
        print_json_list(returning.as_json(desk, each) for each in found)
        return
    names = {key: each.name for key, each in desk.channels().items()}
    heads = (_("RETURN"), _("CHANNEL"), _("ORDER"), _("STATE"), _("REASON"))
    rows = [
        [
            each.name,
            names[each.channel_id],
            each.order_number,
            return_words.state(each),
            return_words.reason(each),
        ]
        for each in found
    ]
    if rows:
        Table(heads).write(rows)
    else:
        typer.echo(_("No return."), err=True)


def handle(
    context: typer.Context,
    number: Number,
    step: Annotated[ReturnStep, typer.Argument(help=N_("What is done about it."))],
    which: Annotated[
        str | None,
        typer.Option("--return", metavar="NUMBER", help=N_("Which one, where it has several.")),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="CODE", help=N_("Why it is refused.")),
    ] = None,
    wrong: Annotated[
        list[str] | None,
        typer.Option(
            "--wrong",
            metavar="ITEM=CODE[:WORDS]",
            help=N_("What is wrong with an item, by its place; all others are in order."),
        ),
    ] = None,
    channel: OnChannel = None,
    yes: Yes = False,
) -> None:
    """Take a step about a return."""
    from mkt_tui.desk import returning

    desk, record = find_order(context, number, channel)
    found = returning.chosen(desk, record, which)
    findings = returning.findings(found, wrong or ()) if step is ReturnStep.JUDGE else ()
    act = returning.handle(desk, record, found, step, reason=reason, findings=findings)
    perform(desk, record, act, yes=yes)


def returnable(
    context: typer.Context,
    number: Number,
    channel: OnChannel = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Tell what may be sent back."""
    from mkt_tui.desk import returnable

    desk, record = find_order(context, number, channel)
    found = returnable.listed(desk, record)
    if json:
        print_json_list(map(returnable.as_json, found))
        return
    for each in found:
        typer.echo("\n".join(returnable.in_words(record, each)))


def add_to(app: typer.Typer) -> None:
    """Put the verbs into `order`."""
    told = N_("Accept, refuse, receive, judge or close a return at its marketplace.")
    app.command("return", help=told)(handle)
    app.command("returnable", help=N_("Ask what its customer may send back now."))(returnable)
