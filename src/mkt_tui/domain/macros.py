"""Macros: replies written once, with places for what order and customer fill in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.words import fold

PREFIX: Final = "::"
# The name typed so far, from the prefix to the cursor.
TYPED: Final = re.compile(rf"(?:^|(?<=\s)){PREFIX}([\w-]*)$")
VARIABLES: Final = (
    "customer.name",
    "customer.first_name",
    "order.number",
    "order.site_number",
    "order.date",
    "order.total",
    "order.items",
    "order.status",
    "tracking.carrier",
    "tracking.code",
    "tracking.url",
    "tracking.promised",
    "ticket.code",
    "ticket.subject",
    "channel",
    "agent",
    "today",
)
_PLACE: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_COUNTRIES: Final = {"BR": "pt_BR", "PT": "pt_BR", "IT": "it", "SM": "it"}
_LANGUAGES: Final = {"pt": "pt_BR", "it": "it", "en": "en"}
_FIELDS: Final = {"text", "language", "channels", "off"}


@dataclass(frozen=True, slots=True)
class Macro:
    """One reply; `language` None = any, `channels` are beginnings of names, none = all."""

    name: str
    text: str
    language: str | None = None
    channels: tuple[str, ...] = ()
    personal: bool = False

    def holds(self, channel: Channel) -> bool:
        """Tell whether it is for that channel."""
        name = channel.name.casefold()
        return not self.channels or any(name.startswith(each.casefold()) for each in self.channels)


class Filled(NamedTuple):
    """A macro's words; `empty` are the spans of the places that nothing is known for."""

    text: str
    empty: tuple[tuple[int, int], ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Return the text with its places filled, in one pass: a value is never read as a place.

    A place that nothing is known for stays as it is written; the policy check stops it.
    """
    parts: list[str] = []
    empty: list[tuple[int, int]] = []
    length = at = 0
    for place in _PLACE.finditer(text):
        value = values.get(place.group(1))
        before = text[at : place.start()]
        length += len(before)
        if value is None:
            empty.append((length, length + len(place.group())))
        shown = place.group() if value is None else value
        parts += before, shown
        length += len(shown)
        at = place.end()
    return Filled("".join([*parts, text[at:]]), tuple(empty))


def macros(values: Mapping[str, Any], *, personal: bool = False) -> dict[str, Macro]:
    """Return the macros of a file by their names; those that are off have no text.

    Raises:
        ValueError: One that means nothing, or that has a place no variable fills.
    """
    return {name: _macro(name, each, personal) for name, each in values.items()}


def _macro(name: str, values: Any, personal: bool) -> Macro:
    if not isinstance(values, dict) or not set(values) <= _FIELDS:
        raise ValueError(name)
    text = "" if values.get("off") is True else values.get("text")
    if not isinstance(text, str) or not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"{name}: text")
    for place in _PLACE.finditer(text):
        if place.group(1) not in VARIABLES:
            raise ValueError(f"{name}: {place.group()}")
    channels = values.get("channels", [])
    listed = (channels,) if isinstance(channels, str) else tuple(map(str, channels))
    return Macro(name, text.strip("\n"), values.get("language"), listed, personal)


def language_of(channel: Channel, fallback: str, told: str | None = None) -> str:
    """Return the language a customer is written to in.

    Args:
        fallback: What is spoken where the channel has no country.
        told: The customer's own, as an order tells it (pt_BR, it-IT), where one of ours.
    """
    if own := _LANGUAGES.get((told or "")[:2].lower()):
        return own
    if not channel.country:
        return fallback
    return _COUNTRIES.get(channel.country.upper(), "en")


def matching(
    found: Iterable[Macro], channel: Channel, language: str, typed: str = ""
) -> list[Macro]:
    """Return the macros for a channel whose name holds what is typed, the likeliest first.

    Names that begin with it come first, then the customers' language, then the agent's own.
    """
    wanted = fold(typed)
    fitting = [each for each in found if each.holds(channel) and wanted in fold(each.name)]

    def rank(each: Macro) -> tuple[bool, bool, bool, str]:
        begins = fold(each.name).startswith(wanted)
        return each.language not in (language, None), not begins, not each.personal, each.name

    return sorted(fitting, key=rank)
