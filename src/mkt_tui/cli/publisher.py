"""`mkt-tui publisher tickets` and `mkt-tui titles`: a publisher's two lists for people and scripts."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated, Any, Final

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
_PAGE: Final = 64
_Limit = Annotated[
    int | None, typer.Option("--limit", min=0, metavar="N", help=N_("At most N lines."))
]


@app.command("tickets", help=N_("List what shops say of titles, the most pressing first."))
def tickets(
    context: typer.Context, words: _Filter = None, json: _Json = False, limit: _Limit = None
) -> None:
    """List publishers' tickets."""
    from mkt_tui.desk import publisher, publisher_lists
    from mkt_tui.domain import title_filters

    desk = desk_of(context)
    wanted = title_filters.parse(" ".join(words or ()))
    channels = desk.channels()
    rows = publisher_lists.tickets(desk, wanted, limit)
    found = (publisher.ticket_json(row, channels) for row in rows)
    heads = (_("TICKET"), _("STATE"), _("KIND"), _("SHOP"), _("ISBN"), _("TITLE"), _("SUBJECT"))
    _print(found, heads, ("ticket", "state", "kind", "shop", "isbn", "title", "subject"), json=json)


def titles(
    context: typer.Context, words: _Filter = None, json: _Json = False, limit: _Limit = None
) -> None:
    """List titles."""
    from mkt_tui.desk import publisher, publisher_lists
    from mkt_tui.domain import title_filters

    desk = desk_of(context)
    wanted = title_filters.parse(" ".join(words or ()))
    channels = desk.channels()
    rows = publisher_lists.titles(desk, wanted, limit)
    found = (publisher.title_json(row, channels) for row in rows)
    heads = (_("ISBN"), _("TITLE"), _("AUTHOR"), _("IMPRINT"), _("TICKETS"), _("PRE-SALE"))
    keys = ("isbn", "title", "author", "imprint", "open_tickets", "presale")
    _print(found, heads, keys, json=json)


def _print(
    found: Iterable[dict[str, Any]], heads: Sequence[str], keys: Sequence[str], *, json: bool
) -> None:
    if json:
        print_json_list(found)
        return
    table, nothing, rows = Table(heads), True, iter(found)
    while page := list(islice(rows, _PAGE)):
        table.write([[_cell(row[key]) for key in keys] for row in page])
        nothing = False
    if nothing:
        typer.echo(_("Nothing fits."), err=True)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else "-"
    return "-" if value in (None, "") else str(value)
