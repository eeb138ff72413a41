"""`mkt-tui sync`: read the marketplaces and deliver replies, once or for ever."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _, ngettext


def sync(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help=N_("Read everything now, then end."))
    ] = False,
    service: Annotated[
        bool, typer.Option("--service", help=N_("Keep reading until told to end (SIGTERM)."))
    ] = False,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("Only this channel."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    while_open: Annotated[
        # The desk holds the other end of the pipe: whatever ends the desk ends its service.
        bool,
        typer.Option("--while-open", hidden=True),
    ] = False,
) -> None:
    """Synchronise."""
    if once == service:
        raise typer.BadParameter(_("give one of --once and --service"))
    if service and (channel or json):
        raise typer.BadParameter(_("--channel and --json go with --once"))
    desk = desk_of(context)
    if service:
        _serve(desk, while_open=while_open)
        return
    results = read_once(desk, _chosen(desk, channel), told=not json)
    if json:
        print_json({"channels": results, "ok": all_well(results)})
    if not all_well(results):
        raise typer.Exit(1)


def read_once(desk: Desk, names: list[str], *, told: bool) -> list[dict[str, Any]]:
    """Read these channels once and return what to tell of each.

    Args:
        told: Whether to print a line per channel.
    """
    # Loaded here and not above, for `--help` shall not wait for them.
    import asyncio

    from mkt_tui.cli.progress import shown
    from mkt_tui.sync.engine import Engine

    with shown() as tell:
        engine = Engine(desk.database, desk.settings, desk.clock, tell)
        results = asyncio.run(engine.once(names))
    known = [
        {
            "channel": each.channel,
            "tickets": each.tickets,
            "orders": each.orders,
            "sent": each.sent,
            "error": str(each.error) if each.error else None,
        }
        for each in results
    ]
    if told:
        for result in known:
            _tell(result)
    return known


def all_well(results: list[dict[str, Any]]) -> bool:
    """Tell whether no channel failed."""
    return all(each["error"] is None for each in results)


def _tell(result: dict[str, Any]) -> None:
    if result["error"]:
        typer.echo(f"mkt-tui: {result['error']}", err=True)
        return
    tickets, orders, sent = result["tickets"], result["orders"], result["sent"]
    counts = (
        ngettext("{count} ticket", "{count} tickets", tickets).format(count=tickets),
        ngettext("{count} order", "{count} orders", orders).format(count=orders),
        ngettext("{count} reply sent", "{count} replies sent", sent).format(count=sent),
    )
    typer.echo(f"{result['channel']}: {', '.join(counts)}")


def _chosen(desk: Desk, name: str | None) -> list[str]:
    if name is not None:
        channel = desk.channel(name)
        if channel.enabled:
            return [channel.name]
        raise NotAllowed(
            what=_("Channel {channel} is disabled").format(channel=channel.name),
            remedy=_("Enable it first: mkt-tui channel enable NAME"),
        )
    enabled = [each.name for each in desk.channels().values() if each.enabled]
    if not enabled:
        raise NotAllowed(
            what=_("No channel is enabled, so there is nothing to read"),
            remedy=_("See: mkt-tui channel list, mkt-tui channel enable NAME, mkt-tui channel add"),
        )
    return enabled


def _serve(desk: Desk, *, while_open: bool) -> None:
    """Keep reading until a signal, or the end of standard input, says stop."""
    import asyncio
    import signal

    from mkt_tui.sync.engine import Engine

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
        if while_open:
            when_input_ends(lambda: loop.call_soon_threadsafe(stop.set))
        await Engine(desk.database, desk.settings, desk.clock).keep_going(stop)

    asyncio.run(serve())


def when_input_ends(act: Callable[[], object]) -> None:
    """Call `act`, from another thread, when standard input reaches its end."""
    import threading

    def wait() -> None:
        # An end that comes when the loop has ended already finds nothing left to do.
        with suppress(RuntimeError):
            _read_to_end()
            act()

    # A daemon, for nothing can wake it from its read when the process ends another way.
    threading.Thread(target=wait, daemon=True, name="input-watch").start()


def _read_to_end() -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass
