"""`mkt-tui keys`: every key by the name that the settings know it by."""

from typing import Annotated

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import session_of
from mkt_tui.config import load_settings
from mkt_tui.home import find_home
from mkt_tui.i18n import N_, _


def keys(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List the keys."""
    # The screens are many and heavy.
    from mkt_tui import own_keys

    settings = load_settings(find_home(session_of(context).wanted_home))
    own = own_keys.keymap(settings.key_style, settings.keys)
    found = [
        (each.name, own.get(each.name) or ",".join(each.keys), _(each.description))
        for each in own_keys.everything().values()
    ]
    if json:
        print_json([{"name": name, "keys": at.split(","), "act": act} for name, at, act in found])
    else:
        Table((_("NAME"), _("KEYS"), _("ACT"))).write(sorted(found))
    for each in own_keys.troubles(settings.key_style, settings.keys):
        typer.echo(each, err=True)
