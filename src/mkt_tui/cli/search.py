"""`mkt-tui search`: what the desk finds, for scripts."""

from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import search as finding
from mkt_tui.domain.reasons import subject
from mkt_tui.i18n import N_, _


def search(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help=N_("A number, a name, words of a message.")),
    ],
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Find tickets and orders."""
    desk = desk_of(context)
    found = finding.find(desk, " ".join(words))
    rows = list(finding.as_json(desk, found))
    if json:
        print_json_list(rows)
    elif rows:
        heads = (_("FOUND"), _("CODE"), _("CHANNEL"), _("ORDER"), _("CUSTOMER"), _("SUBJECT"))
        Table(heads).write([_line(each) for each in rows])
    else:
        typer.echo(_("Nothing found."), err=True)
    if found.note:
        typer.echo(found.note, err=True)
    if not rows:
        raise typer.Exit(1)


def _line(hit: dict[str, Any]) -> list[str]:
    kind = _("ticket") if hit["found"] == "ticket" else _("order")
    about = subject(hit["subject"]) if hit.get("subject") else None
    told = (hit.get("code"), hit["channel"], hit["order"], hit["customer"], about)
    return [kind, *(each or "-" for each in told)]
