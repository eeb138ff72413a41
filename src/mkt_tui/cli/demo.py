"""`mkt-tui demo`: the practice desk, from nothing to the first tickets.

The sandbox runs as a process of its own; home, keys and cache live in a private temporary folder.
Whatever ends the demo, the sandbox ends with it: it listens to the end of a pipe that we hold.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from shlex import join
from types import FrameType
from typing import IO, Annotated, Any, Final, NoReturn

import typer

from mkt_tui.cli.sandbox import AsIs, Dataset, Tickets
from mkt_tui.cli.session import Session, session_of
from mkt_tui.cli.sync import all_well, read_once
from mkt_tui.config import load_settings
from mkt_tui.desk import channels
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, SettingsWrong, UserError
from mkt_tui.home import Home, find_home, prepare
from mkt_tui.i18n import N_, _, why

_COUNTRY: Final = "BR"
_SHOPS: Final = ("carrefour", "casasbahia", "magalu", "amazon", "bookwire")
_PATIENCE: Final = 10.0
_ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)


def demo(
    context: typer.Context,
    keep: Annotated[
        bool, typer.Option("--keep", help=N_("Keep the temporary home and say where it is."))
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help=N_("Make the home in this new folder and keep it.")
        ),
    ] = None,
    tickets: Tickets = 400,
    dataset: Dataset = None,
    as_is: AsIs = False,
) -> None:
    """Open the practice desk."""
    options = ["--dataset", str(dataset.absolute())] if dataset else _mixed(tickets)
    options += ["--as-is"] if as_is else []
    with (
        _ending_cleanly(),
        _temporary_home(keep=keep) if into is None else _new_home(into) as folder,
        _sandbox(folder, options) as announced,
        # Inside the others, so that log and cache are closed before their folder goes.
        Session() as session,
    ):
        session.wanted_language = session_of(context).wanted_language
        _work(session, folder, announced)
    if keep or into:
        port = announced["url"].rpartition(":")[2]
        _tell_how_to_return(folder, ["--port", port, *options])


def _mixed(tickets: int) -> list[str]:
    """Return what makes the sandbox play marketplaces of several kinds."""
    shops = [word for shop in _SHOPS for word in ("--shop", shop)]
    return ["--tickets", str(tickets), *shops]


def _work(session: Session, folder: Path, announced: dict[str, Any]) -> None:
    offered: list[dict[str, Any]] = announced["channels"]
    home = find_home(folder)
    settings = load_settings(home)
    prepare(home, settings.group)
    # Practice never touches a database that the environment may name.
    desk = session.desk_at(home, settings, home.cache_file)
    for channel in offered:
        _add(desk, folder, channel)
    if any(each["adapter"] == "amazon" for each in offered):
        told = _(
            "Amazon is here with its orders only: its buyers write by mail, which takes a server."
        )
        typer.echo(told, err=True)
    results = read_once(desk, [each["name"] for each in offered], told=True)
    if not all_well(results):
        raise typer.Exit(1)
    from mkt_tui.cli import practice_books  # only the demo makes any

    practice_books.put(desk, folder)
    # After the first read: carriers are asked slowly, and the desk that opens goes on with it.
    _follow_parcels(home, folder, announced["carriers"])
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        typer.echo(_("The practice desk is ready; in a terminal it would open now."))
        return
    from mkt_tui.app import run_desk

    # So that Tab finds the practice e-books by their folder's first letters.
    with chdir(folder):
        run_desk(desk)


def _add(desk: Desk, folder: Path, offered: dict[str, Any]) -> None:
    from mkt_tui.adapters import registry

    name = offered["name"].lower().replace(" ", "-")
    place = _kept(folder / f"{name}.key", offered["secret"])
    files = {
        option: str(_kept(folder / f"{name}.{option}", content))
        for option, content in offered["files"].items()
    }
    wanted = NewChannel(
        name=offered["name"],
        adapter=offered["adapter"],
        country=_COUNTRY,
        base_url=offered["base_url"],
        secret=f"file:{place}",
        options=offered["options"] | files,
    )
    added = channels.add(desk, wanted, registry.names())
    channels.set_enabled(desk, added.name, enabled=True)


def _follow_parcels(home: Home, folder: Path, carriers: list[dict[str, Any]]) -> None:
    """Name the practice carrier in the settings, as a shop does."""
    known = next((each for each in carriers if each["adapter"] == "brt"), None)
    if known is None:
        return
    place = _kept(folder / "brt.key", known["secret"])
    told = {"adapter": "brt", "base_url": known["base_url"], "secret": f"file:{place}"}
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items())
    home.settings_file.touch(mode=0o600)
    with home.settings_file.open("a", encoding="utf-8") as file:
        file.write(f"\n[carriers.brt]\n{lines}")


def _kept(place: Path, content: str) -> Path:
    """Keep something private in a new file."""
    place.touch(mode=0o600, exist_ok=False)
    place.write_text(content, encoding="utf-8")
    return place


@contextmanager
def _temporary_home(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mkt-tui-demo-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _new_home(folder: Path) -> Iterator[Path]:
    """Make `folder` for a home that stays.

    Raises:
        NotAllowed: It is there already, and may hold anything.
        SettingsWrong: It cannot be made.
    """
    place = folder.expanduser().absolute()
    try:
        place.mkdir(mode=0o700)
    except FileExistsError as error:
        raise NotAllowed(
            what=_("{path} exists already").format(path=place),
            remedy=_("Name a folder that does not exist yet."),
        ) from error
    except OSError as error:
        raise SettingsWrong(
            what=_("The folder {path} cannot be made ({detail})").format(
                path=place, detail=why(error)
            ),
            remedy=_("Name another one."),
        ) from error
    yield place


@contextmanager
def _sandbox(folder: Path, options: list[str]) -> Iterator[dict[str, Any]]:
    """Run the practice marketplaces; give what they announce of themselves."""
    typer.echo(_("Starting the practice marketplaces ..."), err=True)
    complaints = folder / "sandbox.log"
    command = [sys.executable, "-m", "mkt_tui", "sandbox", "--while-open", *options]
    with (
        complaints.open("wb") as errors,
        subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        try:
            assert process.stdout is not None
            yield _announced(process.stdout, complaints)
        finally:
            _stop(process)


def _announced(output: IO[bytes], complaints: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(output.readline())
    except ValueError:
        words = complaints.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        detail = words[-1] if words else _("mkt-tui: The practice marketplaces did not start.")
        raise UserError(detail=detail.removeprefix("mkt-tui: ")) from None
    return found


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Leave the block in good order when the process is told to end or its terminal goes."""
    before = {each: signal.signal(each, _end) for each in _ENDINGS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # A second signal must not disturb the tidying up after the first.
    for each in _ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _tell_how_to_return(folder: Path, options: list[str]) -> None:
    program = _program()
    typer.echo(_("The practice home is kept. To open it again:"))
    typer.echo(f"  {join([program, 'sandbox', *options])} &")
    typer.echo(f"  {join([program, '--home', str(folder)])}")


def _program() -> str:
    """Return what to type: the place in `.venv` where `make demo` has put it is in no PATH."""
    started = Path(sys.argv[0])
    by_name = shutil.which("mkt-tui") or started.name != "mkt-tui"
    return "mkt-tui" if by_name else str(started)
