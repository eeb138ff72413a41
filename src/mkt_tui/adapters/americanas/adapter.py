"""SkyHub, the seller API of Americanas.com, Submarino and Shoptime: chats and orders.

It tells of no change, so both lists are walked through whole, and what changed since is taken; the
chats of a ticket are asked for only then, or while it is unread. Replies exist in its documentation,
their form was never seen: they are not offered. Source: the reconstructed contract; what it does not
say is in docs/channels.md.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import httpx

from mkt_tui.adapters.americanas.acts import Acts
from mkt_tui.adapters.americanas.cursors import Cursor
from mkt_tui.adapters.americanas.dates import moment
from mkt_tui.adapters.americanas.orders import read_order
from mkt_tui.adapters.americanas.tickets import UNREAD, read_ticket
from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, code, parts
from mkt_tui.adapters.http import TIMEOUT, Http, Query
from mkt_tui.adapters.pacing import per_minute
from mkt_tui.adapters.reasons import NO_PAPERS, OFFERS
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Refused
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.i18n import N_, _

_SAC: Final = "/sac"
_ORDERS: Final = "/orders"
_ORDER_PAGE: Final = 30
_HEADERS: Final = {
    "X-User-Email": "user_email",
    "X-Api-Key": "api_key",
    "X-Accountmanager-Key": "accountmanager_key",
}

Value = TypeVar("Value")


class AmericanasAdapter(Acts):
    """One shop at Americanas, with the sites of the house.

    Options of the channel: `service_reads_per_minute` and `order_reads_per_minute` (60 each).
    """

    SECRETS = tuple(_HEADERS.values())
    UNAVAILABLE: ClassVar = {
        "news": N_("the queue of orders may belong to an ERP, so it is left alone"),
        "reply": N_("the documentation says that replies exist; their form was never published"),
        "files": N_("the documentation says that replies exist; their form was never published"),
        "find_sent": N_("nothing is sent that could be in doubt"),
        "thread": N_("the form of a new chat was never published"),
        "operator_thread": N_("the form of a new chat was never published"),
        "close": N_("the form of closing was never published"),
        "hand": N_("the marketplace joins by itself; no call hands it a ticket"),
        "decide": N_("the marketplace approves orders"),
        "track": N_("the API knows no correction of a tracking"),
        **dict.fromkeys(("documents", "delete_document"), NO_PAPERS),
        "parcels": N_("whether it takes several shipments of an order is not documented"),
        "shipments": N_("pick-up lists of its own logistics are made in the portal"),
        "listings": OFFERS,
        "incident": N_("the API reports a problem of a shipment; it ends none"),
        **dict.fromkeys(
            ("refund", "returns", "return", "exchange"),
            N_("what the list of instances looks like was never published"),
        ),
    }

    def __init__(
        self,
        channel: Channel,
        secret: Callable[[], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._channel, self._zone = channel, ZoneInfo(channel.zone)
        secrets = Secrets(channel, secret)

        def headers() -> Mapping[str, str]:
            return {header: secrets(name) for header, name in _HEADERS.items()}

        def connection(option: str) -> Http:
            rate = per_minute(channel, option, 60)
            return Http(channel, headers, rate=rate, timeout=timeout, transport=transport)

        # Limits count by endpoint, so neither waits for the other.
        self._service = connection("service_reads_per_minute")
        self._sales = connection("order_reads_per_minute")

    async def __aenter__(self) -> Self:
        await self._service.__aenter__()
        await self._sales.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._sales.__aexit__()
        await self._service.__aexit__()

    async def check(self) -> None:
        """Ask for the first tickets."""
        self._rows((await self._service.get(_SAC, {})).data, "sacs")

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the tickets that changed, and those that are unread."""
        place, complete = Cursor.from_text(cursor), False
        while not complete:
            answer, place = await self._sac_page(place)
            rows, changes = self._rows(answer, "sacs"), self._changes(answer, "sacs")
            following = self._following(answer, place)
            news = [
                row
                for row, changed in zip(rows, changes, strict=True)
                if place.is_news(changed) or row.get("status") == UNREAD
            ]
            items = tuple([await self._with_chats(row) for row in news])
            place, complete = place.after_page(changes, following), following is None
            yield Page(items, place.to_text(), complete=complete)

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed; the list has no filter for dates and is walked through."""
        start = Cursor(since=self._channel.orders_since)
        place, complete = Cursor.from_text(cursor) if cursor else start, False
        while not complete:
            number = int(place.following or 1)
            query: Query = {"page": number, "per_page": _ORDER_PAGE}
            answer = (await self._sales.get(_ORDERS, query)).data
            rows, changes = self._rows(answer, "orders"), self._changes(answer, "orders")
            items = tuple(
                self._read(row, lambda row: read_order(row, self._zone))
                for row, changed in zip(rows, changes, strict=True)
                if place.is_news(changed)
            )
            complete = len(rows) < _ORDER_PAGE
            place = place.after_page(changes, None if complete else str(number + 1))
            yield Page(items, place.to_text(), complete=complete)

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order."""
        try:
            row = await self._known(number)
        except Refused as error:
            if error.parameters.get("status") != "404":
                raise
            return None
        return self._read(row, lambda row: read_order(row, self._zone))

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one ticket with its chats."""
        return await self._with_chats((await self._service.get(_path(ticket_code), {})).data)

    async def _sac_page(self, place: Cursor) -> tuple[Json, Cursor]:
        """Ask for a page; a link that is known no more is left for the beginning of the list."""
        if place.following:
            try:
                query: Query = {"cursor": place.following}
                return (await self._service.get(_SAC, query)).data, place
            except Refused:
                place = Cursor(place.since, place.known, place.latest)
        return (await self._service.get(_SAC, {})).data, place

    def _following(self, answer: Json, place: Cursor) -> str | None:
        """Return the cursor in the address of the next page."""
        link = answer.get("next_page")
        if not link:
            return None
        found = _cursor_in(link)
        if not found:
            raise self._bad(str(Misread("next_page")))
        if found == place.following:
            raise self._bad(N_("a page that leads to itself"))
        return found

    async def _with_chats(self, row: Json) -> TicketSnapshot:
        path = _path(self._read(row, lambda row: code(row, "code")))
        answer = (await self._service.get(f"{path}/chats", {})).data
        return self._read(row, lambda row: read_ticket(row, parts(answer, "chats"), self._zone))

    def _changes(self, answer: Json, name: str) -> list[datetime | None]:
        return [
            self._read(row, lambda row: moment(row, "updated_at", self._zone))
            for row in self._rows(answer, name)
        ]

    def _rows(self, answer: Json, name: str) -> list[Json]:
        rows: Any = answer.get(name, ...)
        if rows is None:
            return []
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name=name))

    def _read(self, row: Json, read: Callable[[Json], Value]) -> Value:
        try:
            return read(row)
        except Misread as error:
            raise self._bad(f"code {row.get('code')}: {error}") from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _cursor_in(link: object) -> str | None:
    try:
        return parse_qs(urlsplit(str(link)).query).get("cursor", [""])[0]
    except ValueError:
        return None


def _path(ticket_code: str) -> str:
    # Dots are quoted too, or a ticket called ".." would lead to another operation.
    return f"{_SAC}/{quote(ticket_code, safe='').replace('.', '%2E')}"
