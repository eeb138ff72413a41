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
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character

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
    return {**_STYLES.get(style or "", {}), **own}


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
    now = {name: _keys(wanted.get(name), each) for name, each in known.items()}
    for name in own.keys() & known.keys():
        told += _clashes(known, now, name)
        if known[name].priority and any(_types(key) for key in now[name]):
            told.append(
                _("keys: {name} works while typing, so it cannot be a letter.").format(name=name)
            )
    return sorted(told)


def _clashes(
    known: Mapping[str, Named], now: Mapping[str, tuple[str, ...]], name: str
) -> Iterator[str]:
    for other in known:
        alike = set(now[name]) & set(now[other])
        if other != name and alike and known[other].room in (known[name].room, "desk"):
            yield _("keys: {key} is both {name} and {other}; only one of them works.").format(
                key=", ".join(sorted(alike)), name=name, other=other
            )


def _keys(written: str | None, known: Named) -> tuple[str, ...]:
    if written is None:
        return known.keys
    return tuple(key.strip() for key in written.split(","))


def _types(key: str) -> bool:
    return (key_to_character(key) or "").isprintable() and "+" not in key and len(key) == 1


def _bindings(kind: type) -> list[Binding]:
    listed: Any = kind.__dict__.get("BINDINGS", ())
    return [each if isinstance(each, Binding) else Binding(*each) for each in listed]


def _name(kind: type, binding: Binding) -> str:
    room = _ROOMS.get(kind.__name__) or re.sub("(Screen|App)$", "", kind.__name__).lower()
    act = binding.action.rpartition("app.")[2]
    return f"{room}.{re.sub(r'[^a-z0-9_-]+', '-', act).strip('-')}"


def _kinds() -> Iterator[type]:
    from mkt_tui import app, screens, widgets

    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            loaded = importlib.import_module(module.name)
            for kind in dict(inspect.getmembers(loaded, inspect.isclass)).values():
                if kind.__module__ == loaded.__name__:
                    yield kind
    yield app.DeskApp
