"""The verbs of the command line; each is loaded when it is asked for, for all of them take 0.1 s."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

from mkt_tui.i18n import N_, _


class Verb(NamedTuple):
    """A verb: the module of `cli` it is in, and the command or group of commands there."""

    name: str
    module: str
    attribute: str
    help: str


VERBS: Final = (
    Verb("channel", "channel", "app", N_("Add, test and switch sales channels.")),
    Verb("carrier", "carrier", "app", N_("List and test carriers.")),
    Verb("order", "order", "app", N_("Show, print and act on orders.")),
    Verb("monitor", "monitor", "app", N_("Watch orders: what is late, or will be.")),
    Verb("ticket", "ticket", "app", N_("Forward, put off and note tickets.")),
    Verb("import", "imports", "app", N_("Import a portal's protocols.")),
    Verb("epub", "epub", "app", N_("Check e-books before they leave.")),
    Verb("agent", "agent", "app", N_("Name agents; be away and back.")),
    Verb("publisher", "publisher", "app", N_("What shops say of a publisher's titles.")),
    Verb("report", "report", "app", N_("Figures: what was sold.")),
    Verb("titles", "publisher", "titles", N_("List a publisher's titles with their open tickets.")),
    Verb("sync", "sync", "sync", N_("Read the marketplaces and deliver replies.")),
    Verb("tickets", "tickets", "tickets", N_("List tickets, the most pressing first.")),
    Verb(
        "deadlines",
        "deadlines",
        "deadlines",
        N_("List the deadline rules in force and their sources."),
    ),
    Verb("orders", "orders", "orders", N_("List orders, the newest first.")),
    Verb(
        "returns",
        "returns",
        "returns",
        N_("List returns, those that moved longest ago first."),
    ),
    Verb("search", "search", "search", N_("Find tickets and orders by any number or words.")),
    Verb(
        "items", "items", "items", N_("List what was sold and what is unavailable, with its stock.")
    ),
    Verb("reply", "reply", "reply", N_("Answer a ticket.")),
    Verb("migrate", "migrate", "migrate", N_("Move the cache to PostgreSQL, or back into a file.")),
    Verb("status", "status", "status", N_("Show how the channels stand.")),
    Verb("keys", "keys", "keys", N_("List every key by the name the settings know it by.")),
    Verb("backup", "backup", "backup", N_("Copy the cache to a file while everybody works on.")),
    Verb(
        "doctor",
        "doctor",
        "doctor",
        N_("Examine the installation, and repair what is safe to repair."),
    ),
    Verb("sandbox", "sandbox", "sandbox", N_("Play the practice marketplaces on this machine.")),
    Verb("demo", "demo", "demo", N_("Open the practice desk.")),
)
_NO_CHOICE: Final = re.compile(r"(?:Value error, )?(.+) is not one of (.+)\.", re.S)


class Verbs(TyperGroup):
    """The tree's root, which can tell of its verbs without loading them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _Loaded()

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; a word that is none of those it takes is told in our own words."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _worded(error.message)
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the verbs in the help."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(each.name, _(each.help)) for each in VERBS])


def _worded(message: str) -> str:
    # The library that reads values tells its own kind of error before the sentence.
    if found := _NO_CHOICE.fullmatch(message):
        return _("{value} is not one of {words}.").format(value=found[1], words=found[2])
    return message


class _Loaded(Mapping[str, Any]):
    """The commands by their verbs, with their help in the current language."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = _load({each.name: each for each in VERBS}[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return (each.name for each in VERBS)

    def __len__(self) -> int:
        return len(VERBS)


def _load(verb: Verb) -> Any:
    found = getattr(import_module(f"mkt_tui.cli.{verb.module}"), verb.attribute)
    tree = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    # With a callback, it is a group even though it holds one command.
    tree.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        tree.add_typer(found, name=verb.name, help=verb.help)
    else:
        tree.command(verb.name, help=verb.help)(found)
    command: Any = get_command(tree)
    return translated(command.commands[verb.name])


def translated(node: Any) -> Any:
    """Put the help of a command, its parameters and its own commands into the current language."""
    for thing in (node, *node.params):
        if getattr(thing, "help", None):
            thing.help = _(thing.help)
    if not isinstance(node, Verbs):
        for child in getattr(node, "commands", {}).values():
            translated(child)
    return node
