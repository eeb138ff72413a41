"""Runbooks: what an agent does on a portal, step by step, as data a shop may replace (T30-T48)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.domain.tickets import Role
from mkt_tui.domain.words import fold
from mkt_tui.home import Home
from mkt_tui.i18n import _, language

_USUAL: Final = "portal"
_SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Runbook:
    """What to do on a portal, in one language.

    Attributes:
        copied: What the number is called that is looked for there.
        parties: The sides that hear us there.
    """

    name: str
    title: str
    copied: str
    steps: tuple[str, ...]
    parties: tuple[Role, ...]


def of_channel(home: Home, channel: Channel) -> Runbook:
    """Return the runbook of a channel: its option `runbook` says which, else its name.

    Raises:
        SettingsWrong: The shop's own file cannot be used, or there is none of that name.
    """
    name = channel.options.get("runbook") or _by_name(home, channel.name)
    own = home.settings / "runbooks" / f"{name}{_SUFFIX}"
    try:
        return _runbook(name, _load(home, name))
    except (OSError, UnicodeDecodeError, ValueError, LookupError, TypeError) as error:
        raise SettingsWrong(
            what=_("The runbook {name} of channel {channel} cannot be used ({detail})").format(
                name=name, channel=channel.name, detail=f"{type(error).__name__}: {error}"
            ),
            remedy=_("Correct or remove {path}, or change the channel's option runbook.").format(
                path=own
            ),
        ) from error


def _by_name(home: Home, channel_name: str) -> str:
    wanted = fold(channel_name)
    for name in _names(home):
        try:
            called = _load(home, name).get("names", [])
        except (OSError, UnicodeDecodeError, ValueError):
            if fold(name) in wanted:
                return name  # meant for this channel, so what is wrong with it is told
            continue
        if any(fold(str(each)) in wanted for each in called):
            return name
    return _USUAL


def _names(home: Home) -> Iterator[str]:
    own = sorted(each.stem for each in (home.settings / "runbooks").glob(f"*{_SUFFIX}"))
    packaged = sorted(
        each.name.removesuffix(_SUFFIX)
        for each in files("mkt_tui.desk.runbooks").iterdir()
        if each.name.endswith(_SUFFIX)
    )
    yield from dict.fromkeys((*own, *packaged))


def _load(home: Home, name: str) -> dict[str, Any]:
    if Path(name).name != name:
        raise ValueError(name)
    own = home.settings / "runbooks" / f"{name}{_SUFFIX}"
    found = own if own.exists() else files("mkt_tui.desk.runbooks").joinpath(f"{name}{_SUFFIX}")
    return tomllib.loads(found.read_text("utf-8"))


def _runbook(name: str, values: dict[str, Any]) -> Runbook:
    # A shop's own file may know one language only.
    told = values.get(language()) or values.get("en") or values["pt_BR"]
    return Runbook(
        name=name,
        title=clean_line(told["title"]),
        copied=clean_line(told["copy"]),
        steps=tuple(clean(each) for each in told["steps"]),
        parties=tuple(Role(each) for each in values.get("parties", ("customer", "operator"))),
    )
