"""Publishers' portals without a public API, behind a bridge of our own contract.

Nothing public is known of Bookwire's own tickets, so this speaks to a bridge that a publisher, or
who serves it, puts in front of the portal. Source: the OpenAPI document of the publisher bridge, and
docs/publisher.md for what it leaves open.
"""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bookwire.acts import TITLES, Acts
from mkt_tui.adapters.bookwire.tickets import read_complaint
from mkt_tui.adapters.bookwire.titles import read_sale, read_title
from mkt_tui.adapters.bridge.acts import path_to
from mkt_tui.adapters.bridge.desk import BridgeDesk
from mkt_tui.adapters.fields import Json
from mkt_tui.adapters.http import Answer
from mkt_tui.adapters.reasons import OF_ORDERS, TITLES_ONLY
from mkt_tui.domain.errors import BadAnswer
from mkt_tui.domain.publishing import Sale, TitleSnapshot
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.i18n import N_

_SALES: Final = "/v1/settlements"
_PAGE: Final = 100
_MOST_PAGES: Final = 100_000
# Shops tell sales late and correct them; what is read again replaces itself.
_AGAIN: Final = timedelta(days=45)
_CURRENCIES: Final = {"BR": "BRL", "GB": "GBP", "US": "USD"}


class BookwireAdapter(BridgeDesk, Acts):
    """One publisher behind a bridge; the secret is its bearer token.

    Options of the channel: `currency` of its amounts (BRL in Brazil, GBP in Great Britain, USD in the
    United States, else EUR), `requests_per_minute` (300).
    """

    UNAVAILABLE: ClassVar = {
        **dict.fromkeys(OF_ORDERS, TITLES_ONLY),
        "news": N_("the bridge tells nobody; it is asked"),
        "files": N_("replies go without files; corrected ones have a way of their own"),
        **dict.fromkeys(("thread", "operator_thread"), N_("the bridge contract opens no tickets")),
        "hand": N_("tickets are given to the account manager instead"),
    }

    async def titles(self, cursor: str | None) -> AsyncIterator[Page[TitleSnapshot]]:
        """Yield the titles that changed, with files and deliveries where somebody may look at them.

        On a first read these are asked for where a ticket is open: a catalogue of thousands would
        else cost two requests a title before the first ticket can be worked on.
        """
        first = cursor is None

        async def read(row: Json) -> TitleSnapshot:
            return await self._title(row, whole=not first or bool(row.get("open_ticket_ids")))

        async for page in self.changed(TITLES, cursor, read):
            yield page

    async def title(self, isbn: str) -> TitleSnapshot | None:
        """Return one title with its files and deliveries; None when the portal has none such."""
        rows = self._rows(await self._http.get(TITLES, {"isbn": isbn, "limit": 1}))
        return await self._title(rows[0], whole=True) if rows else None

    async def sales(self, cursor: str | None) -> AsyncIterator[Page[Sale]]:
        """Yield the sales, the last weeks once more."""
        query: dict[str, str | int] = {"limit": _PAGE}
        since = _since(cursor)
        if since:
            query["from"] = since.date().isoformat()
        newest = since and since + _AGAIN
        for _number in range(_MOST_PAGES):
            answer = await self._http.get(_SALES, query)
            items = tuple(self._read(row, self._sale) for row in self._rows(answer))
            newest = max(
                (*(each.at for each in items), *([newest] if newest else [])), default=None
            )
            following = self._following(answer, query.get("cursor"))
            # Until the last page the place stays: the bridge promises no order.
            place = cursor if following else _place(newest)
            yield Page(items, place or "", complete=not following)
            if not following:
                return
            query["cursor"] = following

    def ticket_of(self, row: Json, messages: Iterable[Json]) -> TicketSnapshot:
        """Return a ticket with what it says of a title."""
        return read_complaint(row, messages)

    async def _title(self, row: Json, *, whole: bool) -> TitleSnapshot:
        files = deliveries = None
        if whole:
            isbn = str(row.get("isbn"))
            files = self._rows(await self._http.get(path_to(TITLES, isbn, "files"), {}))
            deliveries = self._rows(await self._http.get(path_to(TITLES, isbn, "deliveries"), {}))
        return self._read(row, lambda row: read_title(row, files, deliveries))

    def _sale(self, row: Json) -> Sale:
        channel = self._channel
        currency = channel.options.get("currency") or _CURRENCIES.get(channel.country, "EUR")
        return read_sale(row, currency)

    def _following(self, answer: Answer, asked: object) -> str | None:
        following: Any = answer.data.get("next_cursor")
        if following is None or (isinstance(following, str) and following and following != asked):
            return following
        raise BadAnswer(channel=self._channel.name, detail=N_("a page that leads to itself"))


def _since(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(cursor)["newest"]) - _AGAIN if cursor else None
    except (ValueError, TypeError, KeyError):
        return None


def _place(newest: datetime | None) -> str:
    return json.dumps({"newest": newest.isoformat()}) if newest else ""
