"""`mkt-tui agent ...`: who may be given tickets, who is present, who is away."""

from typing import Annotated

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import presence
from mkt_tui.i18n import N_, _, ngettext

app = typer.Typer(no_args_is_help=True)


@app.command(name="list", help=N_("List the agents and what each has to do."))
def show(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List agents."""
    found = presence.everybody(desk_of(context))
    if json:
        print_json([each._asdict() for each in found])
        return
    lines = [
        [
            each.name,
            _("away") if each.away else _("present") if each.present else _("no desk open"),
            str(each.open),
        ]
        for each in found
    ]
    Table((_("AGENT"), _("STATE"), _("OPEN"))).write(lines)


@app.command(help=N_("Name a colleague who has opened no desk yet."))
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The login name."))],
) -> None:
    """Add an agent."""
    presence.add(desk_of(context), name)
    typer.echo(_("Agent {name} can be given tickets now.").format(name=name))


@app.command(help=N_("Be given no tickets until back."))
def away(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--agent", metavar="NAME", help=N_("A colleague (else you)."))
    ] = None,
    let_go: Annotated[
        bool, typer.Option("--let-go", help=N_("Let the open tickets go, so that nobody has them."))
    ] = False,
) -> None:
    """Go away."""
    desk = desk_of(context)
    presence.set_away(desk, away=True, name=name)
    if let_go:
        from mkt_tui.desk import sharing  # not needed for the other verbs

        count = len(sharing.let_go(desk, sharing.held(desk, name)))
        told = ngettext(
            "{count} ticket is nobody's now.", "{count} tickets are nobody's now.", count
        )
        typer.echo(told.format(count=count))


@app.command(help=N_("Be given tickets again."))
def back(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--agent", metavar="NAME", help=N_("A colleague (else you)."))
    ] = None,
) -> None:
    """Come back."""
    presence.set_away(desk_of(context), away=False, name=name)
