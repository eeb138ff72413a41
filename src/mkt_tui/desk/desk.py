"""The desk of one agent: what every act needs, handed around as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mkt_tui.cache import audit
from mkt_tui.cache.audit import Act
from mkt_tui.cache.channels import all_channels, find_channel
from mkt_tui.cache.database import Database
from mkt_tui.config import Home, Settings
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
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
        return {each.id: each for each in all_channels(self.database)}

    def channel(self, name: str) -> Channel:
        """Return the channel of that name.

        Raises:
            NotFound: There is none; the error names those there are.
        """
        if found := find_channel(self.database, name):
            return found
        known = ", ".join(each.name for each in all_channels(self.database))
        raise NotFound(
            kind=_("channel"),
            name=name,
            remedy=_("There are: {names}.").format(names=known)
            if known
            else _("Add one: mkt-tui channel add --help"),
        )

    def record(self, act: Act) -> None:
        """Write an act of this agent into the audit log."""
        audit.record(self.database, act, self.agent, self.clock())
