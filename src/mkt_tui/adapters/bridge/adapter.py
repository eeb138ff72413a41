"""Our own contract: what a closed portal's bridge, written by a shop's developers, must speak.

Source: the OpenAPI document of the bridge, and docs/channels.md for what it leaves open.
"""

from collections.abc import AsyncIterator
from typing import ClassVar, Final

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bridge.acts import ORDERS, Acts, path_to
from mkt_tui.adapters.bridge.desk import BridgeDesk
from mkt_tui.adapters.bridge.listings import LISTINGS, read_listing
from mkt_tui.adapters.bridge.orders import read_order
from mkt_tui.adapters.fields import Json
from mkt_tui.adapters.reasons import NO_PAPERS
from mkt_tui.domain.errors import Refused
from mkt_tui.domain.listings import Listing
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.i18n import N_

_CURRENCIES: Final = {"BR": "BRL", "GB": "GBP"}


class BridgeAdapter(BridgeDesk, Acts):
    """One shop behind a bridge; the secret is its bearer token.

    Options of the channel: `currency` of its amounts (BRL in Brazil, GBP in Great Britain, else EUR),
    `requests_per_minute` (300).
    """

    UNAVAILABLE: ClassVar = {
        "news": N_("the bridge tells nobody; it is asked"),
        "files": N_("the bridge contract reads files by name only"),
        **dict.fromkeys(("thread", "operator_thread"), N_("the bridge contract opens no tickets")),
        "hand": N_("the bridge contract hands no tickets over; reply to the marketplace"),
        "decide": N_("the bridge contract has no approval of orders"),
        "track": N_("the bridge contract has no correction of trackings"),
        "refund": N_("the bridge contract has no refunds"),
        **dict.fromkeys(("documents", "delete_document"), NO_PAPERS),
        "shipments": N_("the bridge contract prepares no parcels"),
        "incident": N_("the bridge contract has no incidents"),
        **dict.fromkeys(
            ("returns", "return", "exchange"), N_("the bridge contract has no returns or exchanges")
        ),
    }

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed, the oldest change first."""
        async for page in self.changed(ORDERS, cursor, self._order, self._channel.orders_since):
            yield page

    async def listings(self, cursor: str | None) -> AsyncIterator[Page[Listing]]:
        """Yield the listings that changed, the oldest change first."""
        async for page in self.changed(LISTINGS, cursor, self._listing):
            yield page

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order."""
        try:
            row = (await self._http.get(path_to(ORDERS, number), {})).data
        except Refused as error:
            if error.parameters.get("status") != "404":
                raise
            return None
        return await self._order(row)

    async def _listing(self, row: Json) -> Listing:
        return self._read(row, read_listing)

    async def _order(self, row: Json) -> OrderSnapshot:
        channel = self._channel
        currency = channel.options.get("currency") or _CURRENCIES.get(channel.country, "EUR")
        return self._read(row, lambda row: read_order(row, currency))
