"""The desk of one agent: what every act needs, handed around as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mkt_tui.cache import audit
from mkt_tui.cache.audit import Act
from mkt_tui.cache.channels import all_channels, find_channel
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings, marketplaces
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.words import number
from mkt_tui.home import Home
from mkt_tui.i18n import _


def utc_now() -> datetime:
    """Return the instant it is now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works, on which cache, by which settings and clock."""

    database: Database
    settings: Settings
    home: Home
    agent: str
    clock: Callable[[], datetime] = utc_now

    def channels(self) -> dict[int, Channel]:
        """Return every channel by its id, in the order of their names."""
        found = self.database.lasting("channels", lambda: all_channels(self.database))
        return {each.id: each for each in found}

    def channel(self, name: str) -> Channel:
        """Return the channel of that name, or the only one of the marketplace called so (T49).

        Raises:
            NotFound: There is none; the error names those there are.
        """
        if found := find_channel(self.database, name):
            return found
        channels = self.channels()
        meant = self.aliases().get(number(name), frozenset())
        if len(meant) == 1:
            return channels[next(iter(meant))]
        known = ", ".join(each.name for each in all_channels(self.database))
        raise NotFound(
            kind=_("channel"),
            name=name,
            remedy=_("There are: {names}.").format(names=known)
            if known
            else _("Add one: mkt-tui channel add --help"),
        )

    def aliases(self) -> dict[str, frozenset[int]]:
        """Return the ids of the channels that each name of a marketplace means (T49)."""
        return marketplaces(self.home).aliases(self.channels().values())

    def called(self) -> dict[str, frozenset[int]]:
        """Return the ids of the channels that each name means: their own first, then others."""
        own = {number(each.name): frozenset({each.id}) for each in self.channels().values()}
        return {**self.aliases(), **own}

    def also_called(self) -> dict[int, tuple[str, ...]]:
        """Return the other names of each channel's marketplace, the newest first (T49)."""
        table, found = marketplaces(self.home), {}
        for channel in self.channels().values():
            if whose := table.of_channel(channel):
                names = dict.fromkeys((whose.name, *whose.aliases))
                own = number(channel.name)
                found[channel.id] = tuple(each for each in names if number(each) != own)
        return found

    def channel_words(self) -> list[str]:
        """Return what a channel may be called in a filter: its name, then the marketplace's."""
        names = [each.name for each in self.channels().values()]
        known = {number(each) for each in names}
        return names + sorted(self.aliases().keys() - known)

    def record(self, act: Act) -> None:
        """Write an act of this agent into the audit log."""
        audit.record(self.database, act, self.agent, self.clock())
