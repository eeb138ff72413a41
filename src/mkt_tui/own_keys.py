"""The shop's own keys: every key of a screen has a name, and the settings may give it others.

    [keys]
    style = "vim"               # or "arrows"; left out: both
    [keys.queue]
    reply = "e"
    work-forward = "F,f7"

Textual's keymap does the work; here the names are given, and what cannot go together is found.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character
from textual.screen import Screen

from mkt_tui.i18n import _

_ROOMS: Final = {"VirtualTable": "list", "ConfirmLine": "question", "ConversationScreen": "ticket"}
_STYLES: Final[Mapping[str, Mapping[str, str]]] = {
    "vim": {
        "list.page--1": "pageup,ctrl+b",
        "list.page-1": "pagedown,ctrl+f",
        "list.edge-0": "home",
        "list.edge-1": "end,G",
    },
    "arrows": {
        "list.move--1": "up",
        "list.move-1": "down",
        "list.edge-0": "home",
        "list.edge-1": "end",
    },
}


# Ctrl with these is how terminals send Tab, Enter and Backspace.
_OF_ANOTHER: Final = frozenset({"ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h"})
_SIGNS: Final = [sign for sign in map(chr, range(0x100)) if sign.isprintable()]
# So many acts that share a key are named.
_NAMED: Final = 3


class Named(NamedTuple):
    """A key's name and what it does; `description` is an English message id."""

    name: str
    keys: tuple[str, ...]
    description: str
    priority: bool

    @property
    def room(self) -> str:
        """Where it works."""
        return self.name.partition(".")[0]


def keymap(style: str | None, own: Mapping[str, str]) -> dict[str, str]:
    """Return the keys by name that differ from what the screens say."""
    wanted = {**_STYLES.get(style or "", {}), **own}
    return {name: ",".join(_split(keys)) for name, keys in wanted.items()}


def name_keys(node: DOMNode) -> None:
    """Give the keys of a screen or widget of ours the names the settings know them by."""
    for kind in type(node).__mro__:
        if not kind.__module__.startswith("mkt_tui"):
            continue
        acts = {each.action for each in _bindings(kind)}
        # Textual keeps the keys of a node here and offers no other way to name them.
        keys = node._bindings.key_to_bindings  # noqa: SLF001
        for key, bindings in keys.items():
            keys[key] = [
                replace(each, id=_name(kind, each)) if each.action in acts else each
                for each in bindings
            ]


def everything() -> dict[str, Named]:
    """Return every key of every screen by its name; loads them all."""
    found: dict[str, Named] = {}
    for kind in _kinds():
        for each in _bindings(kind):
            name, known = _name(kind, each), found.get(_name(kind, each))
            keys = tuple(key.strip() for key in each.key.split(","))
            if each.description:
                found[name] = Named(
                    name, (known.keys if known else ()) + keys, each.description, each.priority
                )
    return found


def troubles(style: str | None, own: Mapping[str, str]) -> list[str]:
    """Return a sentence for each of the shop's own keys that cannot be meant so."""
    known, wanted = everything(), keymap(style, own)
    told = []
    if style is not None and style not in _STYLES:
        told.append(_("keys.style is {style}: choose vim or arrows.").format(style=style))
    told += [
        _("keys: there is no act {name}. See: mkt-tui keys").format(name=name)
        for name in own
        if name not in known
    ]
    now = {
        name: _split(wanted[name]) if name in wanted else each.keys for name, each in known.items()
    }
    listing = _rooms_with_a_list()
    for name in own.keys() & known.keys():
        told += _clashes(known, now, name, listing)
        told += [
            _("keys: {key}, given to {name}, is no key that a terminal sends.").format(
                key=key or '""', name=name
            )
            for key in now[name]
            if not _is_sent(key)
        ]
        if known[name].priority and any(_types(key) for key in now[name]):
            told.append(
                _("keys: {name} works while typing, so it cannot be a letter.").format(name=name)
            )
    return sorted({*told})


def _clashes(
    known: Mapping[str, Named],
    now: Mapping[str, tuple[str, ...]],
    name: str,
    listing: Collection[str],
) -> Iterator[str]:
    """Tell for each of an act's keys which other acts that can be asked for beside it have it."""
    beside = [
        other
        for other in known
        if other != name and _meet({known[name].room, known[other].room}, listing)
    ]
    for key in now[name]:
        alike = sorted(other for other in beside if key in now[other])
        if alike:
            first, *others = sorted([name, *alike[:_NAMED]])
            yield _("keys: {key} is both {name} and {other}; only one of them works.").format(
                key=key, name=first, other=", ".join(others)
            )


def _meet(rooms: set[str], listing: Collection[str]) -> bool:
    """Tell whether keys of these rooms are looked for at the same time."""
    return len(rooms) == 1 or "desk" in rooms or ("list" in rooms and bool(rooms & {*listing}))


def _rooms_with_a_list() -> set[str]:
    from mkt_tui.widgets.virtual_table import VirtualTable

    return {
        _room(kind)
        for kind in _kinds()
        if issubclass(kind, Screen)
        and VirtualTable in vars(importlib.import_module(kind.__module__)).values()
    }


def _split(written: str) -> tuple[str, ...]:
    """Return the keys that somebody wrote, signs by the names that Textual knows them by."""
    keys = [key.strip() or key for key in written.split(",")]
    return tuple(_character_to_key(key) if len(key) == 1 else key for key in keys)


def _is_sent(key: str) -> bool:
    """Tell whether terminals send a key of this name, as itself and for itself alone."""
    if key in _OF_ANOTHER:
        return False
    sign = key.removeprefix("alt+")
    return sign in {each.value for each in Keys} or sign in map(_character_to_key, _SIGNS)


def _types(key: str) -> bool:
    return (key_to_character(key) or "").isprintable() and "+" not in key and len(key) == 1


def _bindings(kind: type) -> list[Binding]:
    listed: Any = kind.__dict__.get("BINDINGS", ())
    return [each if isinstance(each, Binding) else Binding(*each) for each in listed]


def _name(kind: type, binding: Binding) -> str:
    act = binding.action.rpartition("app.")[2]
    return f"{_room(kind)}.{re.sub(r'[^a-z0-9_-]+', '-', act).strip('-')}"


def _room(kind: type) -> str:
    return _ROOMS.get(kind.__name__) or re.sub("(Screen|App)$", "", kind.__name__).lower()


def _kinds() -> Iterator[type]:
    from mkt_tui import app, screens, widgets

    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            loaded = importlib.import_module(module.name)
            for kind in dict(inspect.getmembers(loaded, inspect.isclass)).values():
                if kind.__module__ == loaded.__name__:
                    yield kind
    yield app.DeskApp
