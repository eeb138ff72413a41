"""`mkt-tui ticket ...`: what the desk does to tickets, for scripts."""

from typing import Annotated

import typer

from mkt_tui.cache.instants import from_cache
from mkt_tui.cli import ticket_files, ticket_links
from mkt_tui.cli.begin import begin
from mkt_tui.cli.finding import find_ticket
from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.cli.ticket_each import ChannelName, Code, Codes, Json, each_ticket
from mkt_tui.desk import history, noting, presence, sharing
from mkt_tui.desk.listing import instant as iso
from mkt_tui.i18n import N_, _

app = typer.Typer(no_args_is_help=True)


@app.command(help=N_("Forward tickets to a colleague, or to several by load."))
def forward(
    context: typer.Context,
    codes: Codes,
    to: Annotated[str, typer.Option("--to", metavar="NAMES", help=N_("Agents, by commas."))],
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help=N_("Why; it stays in the house."))
    ] = "",
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Forward tickets."""
    desk = desk_of(context)
    agents = presence.chosen(desk, to)
    each_ticket(
        desk, codes, channel, lambda ids: sharing.forward(desk, ids, agents, note), json=json
    )


@app.command(help=N_("Assign tickets to yourself."))
def take(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Take tickets."""
    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: sharing.take(desk, ids), json=json)


@app.command(help=N_("Assign tickets to nobody."))
def release(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Let tickets go."""
    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: sharing.let_go(desk, ids), json=json)


@app.command(help=N_("Put tickets off; never beyond their deadline."))
def snooze(
    context: typer.Context,
    codes: Codes,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="TIME",
            help=N_("45m, 2h, 3d, 14:30, 2026-03-11 or 2026-03-11 14:30."),
        ),
    ],
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Put tickets off."""
    from mkt_tui.desk import snoozing  # its dates take longer to load than --help may

    desk = desk_of(context)
    wanted = snoozing.until(desk, until)
    each_ticket(desk, codes, channel, lambda ids: snoozing.snooze(desk, ids, wanted), json=json)


@app.command(help=N_("Bring back tickets that were put off."))
def wake(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Bring tickets back."""
    from mkt_tui.desk import snoozing

    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: snoozing.wake(desk, ids), json=json)


@app.command(name="no-reply", help=N_("Mark tickets as needing no reply."))
def no_reply(
    context: typer.Context,
    codes: Codes,
    remind: Annotated[
        str | None,
        typer.Option(
            "--remind", metavar="TIME", help=N_("When they come back all the same: 2h, 14:30 ...")
        ),
    ] = None,
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Mark tickets."""
    from mkt_tui.desk import snoozing

    desk = desk_of(context)
    wanted = snoozing.until(desk, remind) if remind else None
    each_ticket(desk, codes, channel, lambda ids: snoozing.no_reply(desk, ids, wanted), json=json)


@app.command(help=N_("Open answered tickets again."))
def reopen(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Open tickets again."""
    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: sharing.reopen(desk, ids), json=json)


@app.command(help=N_("Write an internal note; @name tells a colleague."))
def note(
    context: typer.Context,
    code: Code,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help=N_("The note."))],
    channel: ChannelName = None,
) -> None:
    """Write a note."""
    desk = desk_of(context)
    named = noting.add(desk, find_ticket(desk, code, channel).id, text)
    told = _("Note kept; told: {names}").format(names=", ".join(named))
    typer.echo(told if named else _("Note kept."))


app.command(help=N_("Begin a conversation: with the marketplace, or about an order."))(begin)


@app.command(help=N_("Enter a portal's protocol by hand."))
def add(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=N_("The protocol's number."))],
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help=N_("The portal it is from."))
    ],
    order: Annotated[str, typer.Option("--order", help=N_("Order or delivery number."))] = "",
    customer: Annotated[str, typer.Option("--customer", help=N_("The customer's name."))] = "",
    subject: Annotated[str, typer.Option("--subject", help=N_("What it is about."))] = "",
    message: Annotated[str, typer.Option("--message", help=N_("What was written."))] = "",
    opened: Annotated[
        str, typer.Option("--opened", help=N_("When, such as 2026-03-11 14:30 (else now)."))
    ] = "",
    due: Annotated[str, typer.Option("--due", help=N_("The deadline that the portal gives."))] = "",
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help=N_("cancellation, question, exchange, delivery, payment or complaint."),
        ),
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", help=N_("message, chat, exchange or refund."))
    ] = "",
    party: Annotated[str, typer.Option("--party", help=N_("Who opened it."))] = "",
    protocol: Annotated[
        str, typer.Option("--protocol", help=N_("The protocol an exchange or a refund belongs to."))
    ] = "",
    amount: Annotated[
        str, typer.Option("--amount", help=N_("What is to be paid back, such as 129,90."))
    ] = "",
) -> None:
    """Enter a protocol."""
    from mkt_tui.desk import importing

    desk = desk_of(context)
    told = {
        "code": code, "order": order, "customer": customer, "subject": subject,
        "message": message, "opened": opened, "due": due, "reason": reason, "kind": kind,
        "party": party, "protocol": protocol, "amount": amount,
    }  # fmt: skip
    entry = importing.enter(desk, desk.channel(channel), told)
    typer.echo(_("Protocol {code} is in the queue.").format(code=entry.code))


@app.command(help=N_("Note that tickets were answered on their portals."))
def answered(
    context: typer.Context,
    codes: Codes,
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help=N_("What was answered; may be left out."))
    ] = "",
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Note an answer."""
    from mkt_tui.desk import portals

    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: portals.answered(desk, ids, text), json=json)


@app.command(help=N_("Hand tickets to the marketplace's own people."))
def hand(
    context: typer.Context,
    codes: Codes,
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help=N_("Why; only the marketplace reads it."))
    ],
    channel: ChannelName = None,
    json: Json = False,
) -> None:
    """Hand tickets over."""
    from mkt_tui.desk import ticket_acts

    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: ticket_acts.hand(desk, ids, text), json=json)


@app.command(help=N_("Close tickets at their marketplace; nothing opens them again from here."))
def close(
    context: typer.Context, codes: Codes, channel: ChannelName = None, json: Json = False
) -> None:
    """Close tickets."""
    from mkt_tui.desk import ticket_acts

    desk = desk_of(context)
    each_ticket(desk, codes, channel, lambda ids: ticket_acts.close(desk, ids), json=json)


@app.command(name="history", help=N_("Show who did what with a ticket, and its notes."))
def show_history(
    context: typer.Context, code: Code, channel: ChannelName = None, json: Json = False
) -> None:
    """Show what happened."""
    from mkt_tui.desk.formats import instant

    desk = desk_of(context)
    row = find_ticket(desk, code, channel)
    entries = history.of_ticket(desk, row)
    notes = history.notes_of(desk, row.id)
    if json:
        print_json(
            {
                "history": [{**each._asdict(), "at": iso(from_cache(each.at))} for each in entries],
                "notes": [{**each._asdict(), "at": iso(from_cache(each.at))} for each in notes],
            }
        )
        return
    zone = desk.settings.zone
    lines = [[instant(each.at, zone), each.agent, each.act, each.detail] for each in entries]
    lines += [[instant(each.at, zone), each.agent, _("note"), each.text] for each in notes]
    Table((_("TIME"), _("AGENT"), _("ACT"), _("DETAIL"))).write(lines)


@app.command(help=N_("Deal out the tickets that nobody has to the agents present, by load."))
def deal(context: typer.Context, json: Json = False) -> None:
    """Deal tickets out."""
    desk = desk_of(context)
    given = sharing.deal(desk)
    if json:
        print_json([{"ticket_id": key, "agent": name} for key, name in given.items()])
        return
    typer.echo(_("Dealt out: {count}").format(count=len(given)))


ticket_files.add_to(app)
ticket_links.add_to(app)
