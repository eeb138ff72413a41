"""`mkt-tui epub`: check files before they leave."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import session_of
from mkt_tui.config import load_settings
from mkt_tui.home import Home, find_home
from mkt_tui.i18n import N_, _, choose, set_language

if TYPE_CHECKING:
    # `--help` does without the checker.
    from mkt_tui.epub.progress import Progress

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
# 1 is for what could not be done, as everywhere.
REFUSED: Final = 3


@app.command("check", help=N_("Check an EPUB with EPUBCheck and by the rules of shops."))
def check(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The EPUB file."))],
    shops: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="SHOP",
            help=N_("By whose rules; several may be given (else the distributor's)."),
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Check a file; exit 0 = every shop would take it, 3 = one would not, 1 = it was not checked."""
    from mkt_tui.desk import epub_check
    from mkt_tui.epub.report import as_text

    home = _home(context)
    with _shown() as tell:
        report = epub_check.check(home, path, shops or (), on_progress=tell)
    typer.echo(report.to_json() if json else as_text(report), nl=json)
    if not report.passed:
        raise typer.Exit(REFUSED)


@app.command("profiles", help=N_("List the shops' rules with their sources."))
def profiles(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List the profiles in force."""
    import msgspec

    from mkt_tui.desk import epub_check

    found = epub_check.profiles(_home(context))
    if json:
        print_json([msgspec.to_builtins(each) for each in found.values()])
        return
    table = Table((_("PROFILE"), _("SHOP"), _("VERSION"), _("SOURCE")))
    table.write([[each.name, each.title, each.version, each.source] for each in found.values()])


def _home(context: typer.Context) -> Home:
    """Return the home, and speak its language; no cache is opened for a check."""
    session = session_of(context)
    home = find_home(session.wanted_home)
    set_language(choose(session.wanted_language or load_settings(home).language))
    return home


@contextmanager
def _shown() -> Iterator[Callable[["Progress"], None]]:
    """Show a line that tells how far the check is, if anybody is there to see it."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console

    from mkt_tui.desk.epub_words import progress_line

    with Console(stderr=True).status("") as line:
        yield lambda progress: line.update(progress_line(progress))
