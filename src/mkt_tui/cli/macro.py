"""`mkt-tui macro`: list, show, add, edit, remove, import and export canned replies."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help=N_("What is typed after ::"))]
Shop = Annotated[bool, typer.Option("--shop", help=N_("The shop's, for all agents; else yours."))]


@app.command("list", help=N_("List the macros that hold, and whose they are."))
def show_all(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List them."""
    from mkt_tui.desk import macro_files

    found = macro_files.everything(desk_of(context))
    if json:
        print_json_list(
            {"name": each.macro.name, "owner": each.owner, **macro_files.as_fields(each.macro)}
            for each in found
        )
        return
    owners = {"package": _("package"), "shop": _("shop"), "own": _("yours")}
    rows = [
        (
            each.macro.name,
            owners[each.owner],
            each.macro.language or "",
            ", ".join(each.macro.channels),
            " ".join(each.macro.text.split()),
        )
        for each in found
    ]
    Table((_("MACRO"), _("WHOSE"), _("LANGUAGE"), _("CHANNELS"), _("TEXT"))).write(rows)


@app.command("show", help=N_("Write a macro's text."))
def show(context: typer.Context, name: Name) -> None:
    """Write it as it is, its places unfilled."""
    from mkt_tui.desk import macro_files

    typer.echo(macro_files.find(desk_of(context), name).macro.text)


@app.command("add", help=N_("Keep a macro, in place of your own of that name."))
def add(
    context: typer.Context,
    name: Name,
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help=N_("Its words; - reads them."))
    ] = "-",
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help=N_("en, pt_BR or it."))
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="NAME", help=N_("Only for channels that begin so.")),
    ] = None,
    shop: Shop = False,
) -> None:
    """Keep it."""
    from mkt_tui.desk import macro_files
    from mkt_tui.domain.macros import Macro
    from mkt_tui.domain.text import clean

    words = clean(sys.stdin.read() if text == "-" else text).strip("\n")
    made = Macro(name, words, language, tuple(channel or ()))
    macro_files.put(desk_of(context), {name: macro_files.as_fields(made)}, shop=shop)
    typer.echo(_("Kept: ::{name}").format(name=name))


@app.command("edit", help=N_("Change a macro's text in your own editor."))
def edit(context: typer.Context, name: Name, shop: Shop = False) -> None:
    """Change it; one of the package or the shop becomes your own."""
    from dataclasses import replace

    from mkt_tui.desk import macro_files, outside_editor

    desk = desk_of(context)
    macro = macro_files.find(desk, name).macro
    written = outside_editor.edit(desk, macro.text, outside_editor.command(desk)).strip("\n")
    if written in ("", macro.text):
        typer.echo(_("Nothing was changed."))
        return
    changed = macro_files.as_fields(replace(macro, text=written))
    macro_files.put(desk, {name: changed}, shop=shop)
    typer.echo(_("Kept: ::{name}").format(name=name))


@app.command("remove", help=N_("Forget a macro of yours, or of the shop."))
def remove(context: typer.Context, name: Name, shop: Shop = False) -> None:
    """Forget it."""
    from mkt_tui.desk import macro_files

    macro_files.remove(desk_of(context), name, shop=shop)
    typer.echo(_("Removed: ::{name}").format(name=name))


@app.command("export", help=N_("Write macros as a file of them; all when none is named."))
def export(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
) -> None:
    """Write them to standard output."""
    from mkt_tui.desk import macro_files

    typer.echo(macro_files.exported(desk_of(context), names or []), nl=False)


@app.command("import", help=N_("Keep all macros of a file."))
def take(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("- reads standard input."))],
    shop: Shop = False,
) -> None:
    """Keep them all, or none when one of them cannot be used."""
    from mkt_tui.desk import macro_files

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotAllowed(
            what=_("The file {path} cannot be read").format(path=file),
            remedy=_("Check its name and its rights."),
        ) from error
    found = macro_files.read(text)
    macro_files.put(desk_of(context), found, shop=shop)
    for name in found:
        typer.echo(_("Kept: ::{name}").format(name=name))
