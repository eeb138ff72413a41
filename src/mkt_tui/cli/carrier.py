"""`mkt-tui carrier`: the carriers of the settings, and one question to each."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from mkt_tui.cli.printing import Table, print_json_list
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.parcels import Parcel, ParcelReport
from mkt_tui.i18n import N_, _
from mkt_tui.secret_references import read_secret

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command("list", help=N_("List the carriers of the settings."))
def show(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """List the carriers; what they are, and by which words marketplaces name them."""
    known = [_as_json(each) for each in desk_of(context).settings.carriers]
    if json:
        print_json_list(known)
    elif known:
        heads = (_("CARRIER"), _("KIND"), _("NAMED"), _("ADDRESS"))
        Table(heads).write([list(each.values()) for each in known])
    else:
        told = _("There is no carrier yet. Name one in settings.toml: [carriers.NAME]")
        typer.echo(told, err=True)


@app.command("test", help=N_("Ask a carrier where a parcel is; nothing is kept of it."))
def test(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The carrier's name."))],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=N_("A parcel's number."))],
) -> None:
    """Ask a carrier for a parcel."""
    desk = desk_of(context)
    page, asked, report = _ask(desk, _named(desk, name), number)
    if page:
        typer.echo(_("Tracking page: {url}").format(url=page))
    if not asked:
        typer.echo(_("{carrier} has a page only; it is not asked.").format(carrier=name))
    elif report is None:
        typer.echo(_("{carrier} answers; it does not know this number.").format(carrier=name))
    else:
        for line in _lines(desk, report):
            typer.echo(line)


def _named(desk: Desk, name: str) -> Channel:
    for each in desk.settings.carriers:
        if each.name.casefold() == name.casefold():
            return each
    names = ", ".join(each.name for each in desk.settings.carriers) or "-"
    raise NotFound(
        kind=_("carrier"), name=name, remedy=_("The settings name: {names}.").format(names=names)
    )


def _ask(desk: Desk, account: Channel, number: str) -> tuple[str | None, bool, ParcelReport | None]:
    # Loaded here and not above, for `--help` shall not wait for them.
    import asyncio

    from mkt_tui.adapters import registry
    from mkt_tui.adapters.carriers.base import ShowsParcels, TracksParcels

    kind = registry.load_carrier(account.adapter)
    filled = replace(account, base_url=account.base_url or kind.BASE_URL)
    parcel = Parcel(0, number, number, account.name, number, desk.clock())

    async def ask() -> tuple[str | None, bool, ParcelReport | None]:
        async with kind(filled, partial(read_secret, account.secret, account.name)) as carrier:
            page = carrier.page(number) if isinstance(carrier, ShowsParcels) else None
            if not isinstance(carrier, TracksParcels):
                return page, False, None
            return page, True, await carrier.track(parcel)

    return asyncio.run(ask())


def _lines(desk: Desk, report: ParcelReport) -> list[str]:
    from mkt_tui.desk import formats
    from mkt_tui.desk.sheet_transport import state_word

    head = state_word(report.state)
    if report.number:
        head += " · " + _("its own number is {number}").format(number=report.number)
    zone = desk.settings.zone
    return [
        head,
        *(
            f"{formats.instant(each.at, zone)}  {each.text} {each.place}".rstrip()
            for each in report.events
        ),
    ]


def _as_json(account: Channel) -> dict[str, str]:
    return {
        "name": account.name,
        "adapter": account.adapter,
        "names": account.options.get("names", ""),
        "base_url": account.base_url,
    }
