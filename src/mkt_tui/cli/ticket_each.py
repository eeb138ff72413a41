"""What the verbs about tickets share: what they are given, and how they tell of each ticket."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import typer

from mkt_tui.cli.finding import find_ticket
from mkt_tui.cli.printing import print_json
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result
from mkt_tui.i18n import N_

Codes: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="CODE...", help=N_("The tickets' codes."))
]
Code: TypeAlias = Annotated[str, typer.Argument(metavar="CODE", help=N_("The ticket's code."))]
ChannelName: TypeAlias = Annotated[
    str | None, typer.Option("--channel", metavar="NAME", help=N_("The ticket's channel."))
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))]


def each_ticket(
    desk: Desk,
    codes: Sequence[str],
    channel: str | None,
    act: Callable[[list[int]], list[Result]],
    *,
    json: bool,
) -> None:
    """Do an act on each ticket; exit 1 when one was refused."""
    results = act([find_ticket(desk, code, channel).id for code in codes])
    if json:
        print_json([_as_json(each) for each in results])
    for each in results:
        if not json:
            typer.echo(f"{each.code}: {each.told}", err=not each.done)
    if not all(each.done for each in results):
        raise typer.Exit(1)


def _as_json(result: Result) -> dict[str, Any]:
    return {"code": result.code, "done": result.done, "told": result.told}
