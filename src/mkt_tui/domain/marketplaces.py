"""Marketplaces by stable ids: what they are called now and were called before, what serves them (T49).

The names are data (`marketplaces.toml`, and the shop's own over it): a company that changes its
owner changes a line there, and channels, filters and imports know it under all its names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.words import number

EVERYWHERE: Final = "*"
_SHORTEST: Final = 3
_KEYS: Final = frozenset({"name", "aliases", "adapter", "address", "options"})


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace.

    Attributes:
        name: What it is called now.
        aliases: What else it is or was called, the newest first.
        adapter: What reads it, where nobody says otherwise.
        addresses: Where its API is, by country of sale; EVERYWHERE for all others.
        options: Options that a new channel begins with.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    adapter: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> frozenset[str]:
        """All its names as they are compared: folded, letters and digits only."""
        return frozenset(number(each) for each in (self.id, self.name, *self.aliases))

    def address(self, country: str) -> str:
        """Return where its API is for a country; "" = its owner must be asked."""
        return self.addresses.get(country) or self.addresses.get(EVERYWHERE, "")


class Marketplaces:
    """The table; made by `table_of`."""

    def __init__(self, known: Iterable[Marketplace]) -> None:
        self._known = {each.id: each for each in known}

    def __iter__(self) -> Iterator[Marketplace]:
        return iter(self._known.values())

    def find(self, name: str) -> Marketplace | None:
        """Return the marketplace that a name means, whole or as its first words.

        'Via Varejo', 'viavarejo' and 'Via Varejo SP' are Casas Bahia; 'Viagem' is not.
        """
        words = clean_line(name).split()
        for last in range(len(words), 0, -1):
            said = number("".join(words[:last]))
            for each in self:
                if said and said in each.called:
                    return each
        return None

    def of_channel(self, channel: Channel) -> Marketplace | None:
        """Return whose shop a channel is: its option `marketplace` says so, else its name."""
        told = self._known.get(channel.options.get("marketplace", ""))
        return told or self.find(channel.name)

    def aliases(self, channels: Iterable[Channel]) -> dict[str, frozenset[int]]:
        """Return the ids of the channels that every other name of theirs means."""
        found: dict[str, frozenset[int]] = {}
        for channel in channels:
            if marketplace := self.of_channel(channel):
                for name in sorted(marketplace.called):
                    if len(name) >= _SHORTEST:
                        found[name] = found.get(name, frozenset()) | {channel.id}
        return found


def table_of(packaged: Mapping[str, Any], own: Mapping[str, Any]) -> Marketplaces:
    """Return the table from what the files say; the shop's own keys stand over the package's.

    Raises:
        ValueError: A key or value that means nothing.
    """
    ids = dict.fromkeys((*own, *packaged))
    return Marketplaces(
        _marketplace(each, {**packaged.get(each, {}), **own.get(each, {})}) for each in ids
    )


def _marketplace(id_: str, values: Mapping[str, Any]) -> Marketplace:
    if unknown := values.keys() - _KEYS:
        raise ValueError(f"{id_}: {', '.join(sorted(unknown))}")
    address = values.get("address", {})
    aliases, options = values.get("aliases", []), values.get("options", {})
    addresses = {EVERYWHERE: address} if isinstance(address, str) else address
    texts = (values.get("name", id_), values.get("adapter", ""), *aliases)
    texts += (*addresses.values(), *options.values())
    if not all(isinstance(each, str) and each == clean_line(each) for each in texts):
        raise ValueError(id_)
    return Marketplace(id_, texts[0], tuple(aliases), texts[1], addresses, options)
