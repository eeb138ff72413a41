"""`mkt-tui channel`: the sales channels of this installation."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from mkt_tui.cache import channels as kept
from mkt_tui.cli import channel_access
from mkt_tui.cli.channel_access import Name
from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import capabilities, channel_options, channel_setup, channels
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import instant
from mkt_tui.domain.channels import PORTAL, Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.i18n import N_, _

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command("add", help=N_("Add a channel; it stays disabled until you enable it."))
def add(
    context: typer.Context,
    name: Name,
    adapter: Annotated[str, typer.Option("--adapter", help=N_("The adapter, such as mirakl."))],
    country: Annotated[
        str, typer.Option("--country", help=N_("Country of sale, an ISO code such as BR."))
    ],
    base_url: Annotated[
        str,
        typer.Option(
            "--base-url",
            metavar="URL",
            help=N_("Address of the marketplace's API, or of its portal."),
        ),
    ],
    secret: Annotated[
        str,
        typer.Option(
            "--secret",
            metavar="REF",
            help=N_("Where its key is kept: env:NAME, file:PATH, cmd:COMMAND, keyring:NAME/USER."),
        ),
    ] = "",
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help=N_("A setting of the adapter.")),
    ] = None,
) -> None:
    """Add a channel."""
    from mkt_tui.adapters import registry

    wanted = NewChannel(name, adapter, country, base_url, secret, _options(option or ()))
    added = channels.add(desk_of(context), wanted, registry.names())
    typer.echo(_("{channel} is added.").format(channel=added.name))
    _say_off(added)


@app.command("list", help=N_("List the channels and when each was read."))
def show(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List the channels."""
    desk = desk_of(context)
    known = [_as_json(desk, each) for each in desk.channels().values()]
    if json:
        print_json_list(known)
        return
    heads = (_("CHANNEL"), _("KIND"), _("COUNTRY"), _("SYNC"), _("LAST READ"), _("ADDRESS"))
    if known:
        Table(heads).write([_line(each) for each in known])
    else:
        typer.echo(_("There is no channel yet. Add one: mkt-tui channel add --help"), err=True)
    for each in known:
        if each["error"]:
            typer.echo(f"mkt-tui: {each['error']}", err=True)


@app.command("test", help=N_("Ask the marketplace one harmless question with the channel's key."))
def test(context: typer.Context, name: Name) -> None:
    """Test a channel; an explicit act, so a disabled one is asked too."""
    desk = desk_of(context)
    channel = desk.channel(name)
    try:
        channel_setup.check(channel)
    except UserError as error:
        channels.tested(desk, channel, error)
        raise
    channels.tested(desk, channel, None)
    typer.echo(_("{channel} answers and accepts the key.").format(channel=channel.name))
    _say_off(channel)


@app.command("set", help=N_("Set another address or other options of a channel."))
def set_(
    context: typer.Context,
    name: Name,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help=N_("Its new address; all is read anew.")),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help=N_("A setting of the adapter.")),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="KEY", help=N_("A setting that is to go.")),
    ] = None,
) -> None:
    """Set a channel's address and options; those that are not named stay."""
    desk = desk_of(context)
    channel = desk.channel(name)
    options = channel_options.settable(desk, channel) | _options(option or ())
    wanted = {key: value for key, value in options.items() if key not in (without or ())}
    changes = Changes(address=base_url, options=wanted)
    changed = channel_setup.apply(desk, channel.name, changes)
    typer.echo(_("{channel} is set.").format(channel=changed.name))


@app.command("enable", help=N_("Switch the channel's synchronisation on."))
def enable(
    context: typer.Context,
    name: Name,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d"],
            help=N_("Read orders from this day on only; tickets come whole."),
        ),
    ] = None,
) -> None:
    """Enable a channel."""
    changes = Changes(enabled=True, since=since.date() if since else None)
    channel = channel_setup.apply(desk_of(context), name, changes)
    typer.echo(_("Order sync of {channel} is on.").format(channel=channel.name))


@app.command("disable", help=N_("Switch the channel's synchronisation off."))
def disable(context: typer.Context, name: Name) -> None:
    """Disable a channel."""
    channel = channels.set_enabled(desk_of(context), name, enabled=False)
    _say_off(channel)


@app.command("rename", help=N_("Call a channel otherwise."))
def rename(
    context: typer.Context,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help=N_("Its new name."))],
) -> None:
    """Rename a channel."""
    renamed = channel_setup.rename(desk_of(context), name, new)
    typer.echo(_("The channel is called {name} now.").format(name=renamed.name))


@app.command(
    "can", help=N_("Tell what can be done at the channel from here, and why not the rest.")
)
def can(
    context: typer.Context,
    name: Name,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Show the capability matrix of a channel (A15)."""
    found = capabilities.of(desk_of(context).channel(name))
    if json:
        print_json_list(
            {"name": str(each.name), "where": str(each.place), "reason": each.reason or None}
            for each in found
        )
        return
    lines = [[each.title, capabilities.place_name(each.place), each.reason] for each in found]
    Table((_("FUNCTION"), _("WHERE"), _("REASON"))).write(lines)


@app.command("remove", help=N_("Forget a channel with its tickets and orders."))
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
) -> None:
    """Remove a channel."""
    desk = desk_of(context)
    channel = desk.channel(name)
    channels.check_removable(desk, channel)
    if not yes:
        _confirm_removal(channel)
    removed = channels.remove(desk, channel.name)
    typer.echo(_("{channel} is removed.").format(channel=removed.name))


def _confirm_removal(channel: Channel) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotAllowed(
            what=_("{channel} would be removed with its tickets and orders").format(
                channel=channel.name
            ),
            remedy=_("If you mean it, add --yes."),
        )
    question = _("Remove {channel} with its tickets and orders?").format(channel=channel.name)
    typer.confirm(question, abort=True, err=True)


def _say_off(channel: Channel) -> None:
    if channel.by_hand:
        typer.echo(_("Its tickets come by: mkt-tui import tickets, mkt-tui ticket add."))
    elif not channel.enabled:
        typer.echo(
            _("Order sync of {channel} is off. To switch it on: {command}").format(
                channel=channel.name, command=enabling(channel)
            )
        )


def enabling(channel: Channel) -> str:
    """Return the command that enables the channel, as a shell takes it."""
    from shlex import quote

    return f"mkt-tui channel enable {quote(channel.name)}"


def _options(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    if not all(key and sign for key, sign, _value in pairs):
        # It is not repeated: somebody may have typed a key here.
        raise typer.BadParameter(_("--option takes KEY=VALUE"))
    return {key: value for key, _sign, value in pairs}


def _as_json(desk: Desk, channel: Channel) -> dict[str, Any]:
    streams = kept.stream_status(desk.database, channel.id).values()
    reads = [each.last_success_at for each in streams]
    known = [each for each in reads if each is not None]
    error = next((each.error for each in streams if each.error), None)
    return {
        "name": channel.name,
        "adapter": channel.adapter,
        "country": channel.country,
        "zone": channel.zone,
        "base_url": channel.base_url,
        "secret": channel.secret,
        "enabled": channel.enabled,
        "options": dict(channel.options),
        "last_read_at": instant(min(known)) if known and len(known) == len(reads) else None,
        "error": str(error) if error and channel.enabled else None,
    }


def _on(channel: dict[str, Any]) -> str:
    return _("on") if channel["enabled"] else _("off")


def _line(channel: dict[str, Any]) -> list[str]:
    return [
        channel["name"],
        channel["adapter"],
        channel["country"],
        _("by hand") if channel["adapter"] == PORTAL else _on(channel),
        channel["last_read_at"] or "-",
        channel["base_url"],
    ]


channel_access.add_to(app)
