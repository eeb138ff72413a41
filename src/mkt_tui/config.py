"""Who the agent is, and what the settings of a home say."""

import os
import pwd
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import HouseRules, PriorityEdge
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.marketplaces import Marketplaces, table_of
from mkt_tui.home import Home
from mkt_tui.i18n import _

if TYPE_CHECKING:
    # Only what computes deadlines loads the rules.
    from mkt_tui.domain.deadlines.rules import RuleBook

_PRINT_AS: Final = ("pdf", "receipt", "text", "html")


@dataclass(frozen=True, slots=True)
class Settings:
    """What `settings.toml` may say; every key is optional.

    Attributes:
        language: en, pt_BR or it; None follows the locale.
        zone: The desk's time zone (IANA name); None follows the machine.
        group: The Unix group that shares home, cache and logs; None keeps them to their owner.
        rules: answer_within_hours, priority_after_hours, soon_hours, urgent_hours, and
            priority_edge: elapsed, or next-day (with the desk's midnight).
        deal_channels: Channels whose new tickets are dealt out to the agents present by themselves.
        deal_at_most: An agent with so many open tickets is dealt no more.
        notify: What tells of new and late tickets: off, bell, or osc9 (the terminal's own notice).
        key_style: `keys.style`: vim or arrows; None = both kinds of keys.
        keys: `[keys.SCREEN]` as {SCREEN.ACT: keys by commas}; see `own_keys`.
        own_deadlines: The shop's own deadline rules; see `rule_book`.
        tickets_every: Seconds between two looks for new messages (Mirakl: agree with the operator).
        orders_every: Seconds between two looks for changed orders (Mirakl OR11: at least 60).
        tracking_every: Seconds between two looks for parcels whose carrier is to be asked again.
        hold_seconds: For how long a sent reply can be taken back before it leaves.
        mouse: Whether the terminal's mouse is used.
        editor: Whether replies may be written with the agent's own $EDITOR, which can open a shell.
        print_command: What prints a document read from standard input.
        print_as: What it is given: pdf (A4), receipt (PDF of 80 mm), text or html.
        carriers: [carriers.NAME] tables: adapter (brt, brt-soap, page), base_url, secret, and the
            carrier's own options; `names` are the words by which marketplaces name it.
        erps: [erp.NAME] tables of the seller's own systems behind a bridge: base_url, secret, and
            `channels`, the names of the channels whose orders it holds, by commas.
        erp_every: Seconds between two looks for what changed in the seller's own systems.
        database: The address of a PostgreSQL database, without a password; None = the home's file.
    """

    language: str | None = None
    zone: ZoneInfo = field(default_factory=lambda: machine_zone())
    group: str | None = None
    rules: HouseRules = field(default_factory=HouseRules)
    tickets_every: float = 60.0
    orders_every: float = 300.0
    tracking_every: float = 300.0
    hold_seconds: float = 5.0
    mouse: bool = True
    editor: bool = False
    print_command: tuple[str, ...] = ("lp",)
    print_as: str = "pdf"
    carriers: tuple[Channel, ...] = ()
    erps: tuple[Channel, ...] = ()
    erp_every: float = 300.0
    database: str | None = None
    own_deadlines: Path | None = None
    notify: str = "off"
    key_style: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    deal_channels: tuple[str, ...] = ()
    deal_at_most: int | None = None


def load_settings(home: Home) -> Settings:
    """Read the settings file, if there is one.

    Raises:
        SettingsWrong: It is not TOML, or holds a key or value that means nothing.
    """
    try:
        text = home.settings_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(own_deadlines=home.deadlines_file)
    except (OSError, UnicodeDecodeError) as error:
        raise _settings_wrong(home, str(error)) from error
    try:
        return replace(_settings(tomllib.loads(text)), own_deadlines=home.deadlines_file)
    except (tomllib.TOMLDecodeError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
        raise _settings_wrong(home, str(error)) from error


def rule_book(settings: Settings) -> "RuleBook":
    """Return the deadline rules in force: the package's, with the shop's own over them.

    Raises:
        SettingsWrong: The shop's file is not TOML, or holds a rule that means nothing.
    """
    from mkt_tui.domain.deadlines.rules import book

    figures = tomllib.loads(Path(__file__).with_name("deadlines.toml").read_text("utf-8"))
    path = settings.own_deadlines
    try:
        own = tomllib.loads(path.read_text("utf-8")) if path and path.exists() else {}
        return book(figures, own, settings.rules)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise SettingsWrong(
            what=_("The deadline rules in {path} cannot be used ({detail})").format(
                path=path, detail=error
            ),
            remedy=_("Correct them or move the file away."),
        ) from error


def marketplaces(home: Home) -> Marketplaces:
    """Return the marketplaces by their names: the package's, with the shop's own over them (T49).

    Raises:
        SettingsWrong: The shop's file is not TOML, or says what means nothing.
    """
    path = home.marketplaces_file
    try:
        return _marketplaces(path, path.stat().st_mtime_ns if path.exists() else None)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError, TypeError) as error:
        raise SettingsWrong(
            what=_("The names of marketplaces in {path} cannot be used ({detail})").format(
                path=path, detail=error
            ),
            remedy=_("Correct them or move the file away."),
        ) from error


@lru_cache(maxsize=2)
def _marketplaces(path: Path, changed: int | None) -> Marketplaces:
    packaged = tomllib.loads(Path(__file__).with_name("marketplaces.toml").read_text("utf-8"))
    own = {} if changed is None else tomllib.loads(path.read_text("utf-8"))
    return table_of(packaged, own)


def _settings(values: dict[str, Any]) -> Settings:
    hours = {"answer_within", "priority_after", "soon", "urgent"}
    rules: dict[str, Any] = {
        name: timedelta(hours=float(values.pop(f"{name}_hours")))
        for name in hours
        if f"{name}_hours" in values
    }
    if "priority_edge" in values:
        rules["priority_edge"] = PriorityEdge(values.pop("priority_edge"))
    if "erp" in values:
        values["erps"] = values.pop("erp")
    if "keys" in values:
        values["key_style"], values["keys"] = _own_keys(values.pop("keys"))
    known: dict[str, Callable[[Any], Any]] = {
        "language": str,
        "zone": ZoneInfo,
        "group": str,
        "tickets_every": float,
        "orders_every": float,
        "tracking_every": float,
        "hold_seconds": float,
        "mouse": bool,
        "editor": bool,
        "print_command": _command,
        "print_as": _print_as,
        "carriers": _accounts("carriers"),
        "erps": _accounts("erp", "bridge"),
        "erp_every": float,
        "database": str,
        "deal_channels": tuple,
        "notify": _notification,
        "key_style": lambda value: value,
        "keys": dict,
        "deal_at_most": int,
    }
    if unknown := values.keys() - known.keys():
        raise ValueError(_("unknown setting: {name}").format(name=", ".join(sorted(unknown))))
    return Settings(
        rules=HouseRules(**rules), **{key: known[key](value) for key, value in values.items()}
    )


def _own_keys(values: dict[str, Any]) -> tuple[str | None, dict[str, str]]:
    style = values.pop("style", None)
    rooms: dict[str, str] = {}
    for room, acts in values.items():
        if not isinstance(acts, dict) or not all(isinstance(key, str) for key in acts.values()):
            raise ValueError(f"keys.{room}")
        rooms |= {f"{room}.{act}": key for act, key in acts.items()}
    return style, rooms


def _notification(value: str) -> str:
    if value not in ("off", "bell", "osc9"):
        raise ValueError(f"notify = {value}")
    return value


def _command(value: str | list[str]) -> tuple[str, ...]:
    return tuple(shlex.split(value) if isinstance(value, str) else value)


def _accounts(
    section: str, usual: str = ""
) -> Callable[[dict[str, dict[str, str]]], tuple[Channel, ...]]:
    """Return what reads the tables of a section; `usual` is the adapter where none is named."""

    def account(name: str, table: dict[str, str]) -> Channel:
        if not all(isinstance(each, str) for each in table.values()):
            raise TypeError(f"{section}.{name}")
        adapter, url, secret = (table.pop(each, "") for each in ("adapter", "base_url", "secret"))
        return Channel(0, name, adapter or usual or name, "", url, secret, "UTC", options=table)

    return lambda tables: tuple(account(name, dict(table)) for name, table in tables.items())


def _print_as(value: str) -> str:
    if value not in _PRINT_AS:
        raise ValueError(f"print_as: {value} ({', '.join(_PRINT_AS)})")
    return value


def _settings_wrong(home: Home, detail: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The settings file {path} cannot be used ({detail})").format(
            path=home.settings_file, detail=detail
        ),
        remedy=_("Correct it or move it away."),
    )


def machine_zone() -> ZoneInfo:
    """Return the zone the machine runs in, UTC when it does not say."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        link = Path("/etc/localtime")
        name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def agent_name() -> str:
    """Return the login of the person at work: the operating system's word, never a variable's."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"
