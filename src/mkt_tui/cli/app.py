"""The command tree: global options, and the verbs of the other modules."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from mkt_tui import __version__
from mkt_tui.cli import (
    agent,
    backup,
    carrier,
    channel,
    deadlines,
    demo,
    doctor,
    epub,
    imports,
    items,
    keys,
    migrate,
    monitor,
    order,
    order_acts,
    orders,
    publisher,
    reply,
    report,
    sandbox,
    search,
    status,
    sync,
    ticket,
    tickets,
)
from mkt_tui.cli.opening import open_desk
from mkt_tui.cli.session import LANGUAGES, is_language, session_of
from mkt_tui.i18n import N_, _

_HELP = N_("The terminal desk for the support agents of multi-marketplace sellers.")
# Typer's own help texts, named here so that the catalogues hold them.
_OF_TYPER = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)

app = typer.Typer(
    help=_HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(channel.app, name="channel", help=N_("Add, test and switch sales channels."))
app.add_typer(carrier.app, name="carrier", help=N_("List and test carriers."))
order_acts.add_to(order.app)
app.add_typer(order.app, name="order", help=N_("Show, print and act on orders."))
app.add_typer(monitor.app, name="monitor", help=N_("Watch orders: what is late, or will be."))
app.add_typer(ticket.app, name="ticket", help=N_("Forward, put off and note tickets."))
app.add_typer(imports.app, name="import", help=N_("Import a portal's protocols."))
app.add_typer(epub.app, name="epub", help=N_("Check e-books before they leave."))
app.add_typer(agent.app, name="agent", help=N_("Name agents; be away and back."))
app.add_typer(publisher.app, name="publisher", help=N_("What shops say of a publisher's titles."))
app.add_typer(report.app, name="report", help=N_("Figures: what was sold."))
app.command("titles", help=N_("List a publisher's titles with their open tickets."))(
    publisher.titles
)
app.command("sync", help=N_("Read the marketplaces and deliver replies."))(sync.sync)
app.command("tickets", help=N_("List tickets, the most pressing first."))(tickets.tickets)
app.command("deadlines", help=N_("List the deadline rules in force and their sources."))(
    deadlines.deadlines
)
app.command("orders", help=N_("List orders, the newest first."))(orders.orders)
app.command("search", help=N_("Find tickets and orders by any number or words."))(search.search)
app.command("items", help=N_("List what was sold and what is unavailable, with its stock."))(
    items.items
)
app.command("reply", help=N_("Answer a ticket."))(reply.reply)
app.command("migrate", help=N_("Move the cache to PostgreSQL, or back into a file."))(
    migrate.migrate
)
app.command("status", help=N_("Show how the channels stand."))(status.status)
app.command("keys", help=N_("List every key by the name the settings know it by."))(keys.keys)
app.command("backup", help=N_("Copy the cache to a file while everybody works on."))(backup.backup)
app.command("doctor", help=N_("Examine the installation, and repair what is safe to repair."))(
    doctor.doctor
)
app.command("sandbox", help=N_("Play the practice marketplaces on this machine."))(sandbox.sandbox)
app.command("demo", help=N_("Open the practice desk."))(demo.demo)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mkt-tui {__version__}")
        raise typer.Exit


def _check_language(spelling: str | None) -> str | None:
    if spelling is not None and not is_language(spelling):
        raise typer.BadParameter(
            _("choose one of: {languages}").format(languages=", ".join(LANGUAGES))
        )
    return spelling


@app.callback()
def start(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            metavar="DIR",
            help=N_("Folder of settings, cache and logs (else MKT_TUI_HOME, else the user's own)."),
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help=N_("PostgreSQL instead of the home's file: postgresql+psycopg://user@host/name."),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="|".join(LANGUAGES),
            callback=_check_language,
            help=N_("Language of the interface (else the settings, else the locale)."),
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=N_("Show the version.")
        ),
    ] = False,
) -> None:
    """Keep the global options; without a verb, open the desk."""
    session = session_of(context)
    session.wanted_home, session.wanted_language = home, lang
    session.wanted_database = database
    if context.invoked_subcommand is None:
        open_desk(session)


def command() -> Any:
    """Return the command tree with its help in the current language."""
    root = get_command(app)
    _translate(root)
    return root


def _translate(node: Any) -> None:
    for thing in (node, *node.params):
        if getattr(thing, "help", None):
            thing.help = _(thing.help)
    for child in getattr(node, "commands", {}).values():
        _translate(child)
