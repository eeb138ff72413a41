"""`mkt-tui channel key | consent | personal`: what lets a channel in, and to customers' data."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from mkt_tui.cache.audit import Act
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import channel_setup
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _
from mkt_tui.secret_references import read_secret

Name = Annotated[str, typer.Argument(metavar="NAME", help=N_("The channel's name."))]


def add_to(app: typer.Typer) -> None:
    """Add the verbs to the group of channels."""
    app.command(
        "key", help=N_("Put a new key into the secret store; it is asked for, never shown.")
    )(key)
    app.command(
        "consent", help=N_("Let a seller agree in a browser, and keep the tokens (Magalu).")
    )(consent)
    app.command("personal", help=N_("Name the account for personal data and match its modules."))(
        personal
    )


def key(context: typer.Context, name: Name) -> None:
    """Change a channel's key: typed without an echo, or read from standard input."""
    desk = desk_of(context)
    channel = desk.channel(name)
    names = channel_setup.key_names(channel.adapter)
    changed = channel_setup.change_key(desk, channel.name, _typed(names))
    typer.echo(_("The new key of {channel} is kept.").format(channel=changed.name))


def _typed(names: Sequence[str]) -> dict[str, str]:
    """Return the parts of a key as a person types them, or as a script hands them in."""
    if not sys.stdin.isatty():
        return {"": sys.stdin.read().strip()}
    asked = names or (_("API key"),)
    found = [typer.prompt(each, default="", hide_input=True, show_default=False) for each in asked]
    return dict(zip(names, found, strict=True)) if names else {"": found[0]}


def consent(
    context: typer.Context,
    name: Name,
    redirect: Annotated[
        str,
        typer.Option(
            "--redirect",
            metavar="URL",
            help=N_("Where the browser is sent afterwards, as your application is registered."),
        ),
    ],
    scope: Annotated[
        str,
        typer.Option("--scope", help=N_("What your application is registered for, with blanks.")),
    ],
) -> None:
    """Take a seller's first consent (OAuth 2)."""
    import asyncio

    from mkt_tui.adapters.magalu.consent import Consent

    desk = desk_of(context)
    channel = desk.channel(name)
    if channel.adapter != "magalu":
        raise NotAllowed(
            what=_("{channel} needs no consent of this kind").format(channel=channel.name),
            remedy=_("Nothing is to be done."),
        )
    asked = Consent(channel, partial(read_secret, channel.secret, channel.name), redirect)
    typer.echo(_("Open this in a browser, as ADMIN of the company, and agree:"), err=True)
    typer.echo(asked.address(scope))
    answered = typer.prompt(
        _("Address the browser was sent to, or its code"), hide_input=True, err=True
    )
    asyncio.run(asked.take(answered))
    desk.record(Act("channel.consented", channel=channel.name))
    typer.echo(_("{channel} has its tokens.").format(channel=channel.name))


def personal(
    context: typer.Context,
    name: Name,
    account: Annotated[
        str, typer.Option("--account", metavar="NAME", help=N_("The account; empty = none."))
    ],
    module: Annotated[
        list[str] | None,
        typer.Option("--module", metavar="NAME", help=N_("A module that it is matched with.")),
    ] = None,
) -> None:
    """Set what opens customers' personal data (C5-C7)."""
    desk = desk_of(context)
    changes = Changes(account=account, modules=tuple(module or ()))
    channel = channel_setup.apply(desk, name, changes)
    missing = ", ".join(channel.personal_data.unmatched)
    if missing:
        typer.echo(_("Modules that are not matched: {names}").format(names=missing))
    else:
        typer.echo(_("All modules of {channel} are matched.").format(channel=channel.name))
