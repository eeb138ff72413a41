"""The command tree: global options over the verbs."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from mkt_tui import __version__
from mkt_tui.cli.opening import open_desk
from mkt_tui.cli.session import LANGUAGES, is_language, session_of
from mkt_tui.cli.verbs import Verbs, translated
from mkt_tui.i18n import N_, _

_HELP = N_("The terminal desk for the support agents of multi-marketplace sellers.")
# Typer's own help texts, named here so that the catalogues hold them.
_OF_TYPER = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)

app = typer.Typer(
    cls=Verbs,
    help=_HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


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
    return translated(get_command(app))
