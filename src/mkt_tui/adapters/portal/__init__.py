"""A marketplace without an API: its portal is read and answered by people (T29)."""

from collections.abc import Callable
from typing import Self

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_


class PortalAdapter:
    """It can do nothing by itself, and says so; protocols are entered or imported.

    The sync engine leaves its channels alone. See `desk.portals` for what people do with them.
    """

    def __init__(self, channel: Channel, secret: Callable[[], str]) -> None:
        del secret
        self._channel = channel

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing was opened."""

    async def check(self) -> None:
        """Say that there is nothing to ask.

        Raises:
            NotAllowed: Always.
        """
        raise NotAllowed(
            what=N_("This channel is a portal without an API, so there is nothing to test"),
            remedy=N_("Its tickets come by: mkt-tui import tickets, mkt-tui ticket add."),
        )
