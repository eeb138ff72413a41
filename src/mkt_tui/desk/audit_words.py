"""What the audit log notes about an act, for people; the log itself stays plain, for machines."""

import re
from collections.abc import Mapping
from typing import Final

from mkt_tui.i18n import N_, _

_PAIR: Final = re.compile(r"(\w+)=(\S+)")

# Ours alone: it names a row, and says nothing to whoever reads of the act.
_SILENT: Final = frozenset({"operation"})

_KEYS: Final[Mapping[str, str]] = {
    "to": N_("to {value}"),
    "before": N_("before: {value}"),
    "until": N_("until {value} UTC"),
    "revealed": N_("personal data shown: {value}"),
    "order": N_("order: {value}"),
    "cause": N_("cause: {value}"),
    "owner": N_("owner: {value}"),
    "mentions": N_("mentioned: {value}"),
    "since": N_("since {value}"),
    "settings": N_("settings: {value}"),
}

_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("to", "both"): N_("customer AND marketplace"),
    ("to", "operator"): N_("marketplace only"),
    ("to", "customer"): N_("customer only"),
    ("to", "file"): N_("a file"),
    ("to", "printer"): N_("the printer"),
    ("to", "clipboard"): N_("the clipboard"),
    ("revealed", "yes"): N_("yes"),
    ("revealed", "no"): N_("no"),
    ("order", "unseen"): N_("not seen before the reply"),
    ("before", "-"): N_("nobody"),
}


def detail(noted: str | None) -> str:
    """Return an audit row's detail (`key=value` pairs, or any text) as a person reads it."""
    pairs = _PAIR.findall(noted or "")
    if not pairs:
        return noted or ""
    return ", ".join(_pair(key, value) for key, value in pairs if key not in _SILENT)


def _pair(key: str, value: str) -> str:
    if key == "until":
        value = value.removesuffix("Z").replace("T", " ")
    word = _VALUES.get((key, value))
    return _(_KEYS.get(key, "{key}: {value}")).format(key=key, value=_(word) if word else value)
