"""A channel as its owner looks at it: what it is, whose shop, how it stands."""

from dataclasses import dataclass

from mkt_tui.config import marketplaces
from mkt_tui.desk import status
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.status import ChannelStatus
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.marketplaces import Marketplace


@dataclass(frozen=True, slots=True)
class Sight:
    """One channel; `marketplace` is None where the table of names does not know it."""

    channel: Channel
    status: ChannelStatus
    marketplace: Marketplace | None


def look(desk: Desk) -> list[Sight]:
    """Return every channel by name."""
    table = marketplaces(desk.home)
    channels = {each.name: each for each in desk.channels().values()}
    return [
        Sight(channels[each.name], each, table.of_channel(channels[each.name]))
        for each in status.look(desk)
        if each.name in channels
    ]
