"""`mkt-tui status`: how the channels stand, for people and for monitoring."""

from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import status as desk_status
from mkt_tui.i18n import N_, _


def status(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help=N_("End with code 1 when a person should look (for monitoring).")
        ),
    ] = False,
) -> None:
    """Show how the channels stand."""
    known = [desk_status.as_json(each) for each in desk_status.look(desk_of(context))]
    if json:
        print_json_list(known)
    else:
        _show(known)
    if check and any(each["worries"] for each in known):
        raise typer.Exit(1)


def _show(known: list[dict[str, Any]]) -> None:
    if not known:
        typer.echo(_("There is no channel yet. Add one: mkt-tui channel add --help"), err=True)
        return
    heads = (
        *(_("CHANNEL"), _("SYNC"), _("LAST READ"), _("LAG"), _("WAITING"), _("FAILED")),
        *(_("UNKNOWN"), _("ERRORS"), _("NEXT TRY"), _("READ BY"), _("KEY EXPIRES")),
    )
    Table(heads).write([_line(each) for each in known])
    for each in known:
        for worry in each["worries"]:
            typer.echo(f"mkt-tui: {worry}", err=True)
        if each["error"] and each["enabled"]:
            typer.echo(f"mkt-tui: {each['error']}", err=True)
        if each["offers_error"] and each["enabled"]:
            told = _("Offers and stock are not read: {reason}").format(reason=each["offers_error"])
            typer.echo(f"mkt-tui: {told}", err=True)


def _line(channel: dict[str, Any]) -> list[str]:
    return [
        channel["channel"],
        _("on") if channel["enabled"] else _("off"),
        channel["last_success_at"] or "-",
        _span(channel["lag_seconds"]),
        *(str(channel[each]) for each in ("waiting", "failed", "unknown", "error_streak")),
        channel["next_try_at"] or "-",
        channel["read_by"] or "-",
        channel["key_expires_at"] or "-",
    ]


def _span(seconds: int | None) -> str:
    """Return a time in hours, minutes and seconds: 1:02:03."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
