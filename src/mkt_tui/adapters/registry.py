"""The adapters that are installed: ours and third parties', through one entry-point group."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.carriers.base import Carrier
from mkt_tui.domain.errors import NotFound, SettingsWrong
from mkt_tui.i18n import _

GROUP: Final = "mkt_tui.adapters"
CARRIERS: Final = "mkt_tui.carriers"
_DUTIES: Final = ("__aenter__", "__aexit__", "check")
_CARRIER_DUTIES: Final = ("__aenter__", "__aexit__", "NAMES", "BASE_URL")


def names() -> tuple[str, ...]:
    """Return the names of all adapters, importing none."""
    return tuple(sorted({each.name for each in _installed(GROUP)}))


def load(name: str) -> type[Adapter]:
    """Return the adapter class called `name`.

    Raises:
        NotFound: No such adapter is installed.
        SettingsWrong: It is installed and broken.
    """
    adapter: type[Adapter] = _load(GROUP, name, _DUTIES)
    return adapter


def load_carrier(name: str) -> type[Carrier]:
    """Return the carrier class called `name`; see `load`."""
    carrier: type[Carrier] = _load(CARRIERS, name, _CARRIER_DUTIES)
    return carrier


def _load(group: str, name: str, duties: tuple[str, ...]) -> Any:
    found = [each for each in _installed(group) if each.name == name]
    if not found:
        known = ", ".join(sorted({each.name for each in _installed(group)}))
        raise NotFound(
            kind=_("adapter"),
            name=name,
            remedy=_("Installed adapters: {names}.").format(names=known),
        )
    # A name that two packages offer is ours if we are one of them.
    entry = min(found, key=_is_foreign)
    try:
        loaded = entry.load()
    except Exception as error:
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    if isinstance(loaded, type) and all(hasattr(loaded, duty) for duty in duties):
        return loaded
    raise _broken(entry, _("{value} is no adapter class").format(value=entry.value))


@cache
def _installed(group: str) -> tuple[EntryPoint, ...]:
    """Read what is installed once: it takes 15 ms, at every look at every channel."""
    return tuple(entry_points(group=group))


def secret_names(name: str) -> tuple[str, ...]:
    """Return the names in the JSON object that the adapter's secret must be; none = a bare key.

    Raises:
        NotFound, SettingsWrong: See `load`.
    """
    return tuple(getattr(load(name), "SECRETS", ()))


def _is_foreign(entry: EntryPoint) -> bool:
    return entry.dist is None or entry.dist.name != "mkt-tui"


def _broken(entry: EntryPoint, detail: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The adapter {name} cannot be loaded ({detail})").format(
            name=entry.name, detail=detail
        ),
        remedy=_("Repair or remove the package that brings it."),
    )
