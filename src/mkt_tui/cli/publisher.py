"""`mkt-tui publisher tickets` and `mkt-tui titles`: a publisher's two lists for people and scripts."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.i18n import N_, _

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
_Filter = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILTER",
        help=N_("Words such as shop:kobo kind:toc state:open presale 9786500000000."),
    ),
]
_Json = Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))]
_Limit = Annotated[int, typer.Option("--limit", min=0, metavar="N", help=N_("At most N lines."))]


@app.command("tickets", help=N_("List what shops say of titles, the most pressing first."))
def tickets(
    context: typer.Context, words: _Filter = None, json: _Json = False, limit: _Limit = 5000
) -> None:
    """List publishers' tickets."""
    from mkt_tui.desk import publisher
    from mkt_tui.domain import title_filters

    desk = desk_of(context)
    wanted = title_filters.parse(" ".join(words or ()))
    channels = desk.channels()
    found = [
        publisher.ticket_json(row, channels) for row in publisher.tickets(desk, wanted, limit)[0]
    ]
    heads = (_("TICKET"), _("STATE"), _("KIND"), _("SHOP"), _("ISBN"), _("TITLE"), _("SUBJECT"))
    _print(found, heads, ("ticket", "state", "kind", "shop", "isbn", "title", "subject"), json=json)


def titles(
    context: typer.Context, words: _Filter = None, json: _Json = False, limit: _Limit = 5000
) -> None:
    """List titles."""
    from mkt_tui.desk import publisher
    from mkt_tui.domain import title_filters

    desk = desk_of(context)
    wanted = title_filters.parse(" ".join(words or ()))
    channels = desk.channels()
    found = [
        publisher.title_json(row, channels) for row in publisher.all_titles(desk, wanted, limit)[0]
    ]
    heads = (_("ISBN"), _("TITLE"), _("AUTHOR"), _("IMPRINT"), _("TICKETS"), _("PRE-SALE"))
    keys = ("isbn", "title", "author", "imprint", "open_tickets", "presale")
    _print(found, heads, keys, json=json)


def _print(
    found: Sequence[dict[str, Any]], heads: Sequence[str], keys: Sequence[str], *, json: bool
) -> None:
    if json:
        print_json_list(found)
        return
    Table(heads).write([[_cell(row[key]) for key in keys] for row in found])
    if not found:
        typer.echo(_("Nothing fits."), err=True)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else "-"
    return "-" if value in (None, "") else str(value)
