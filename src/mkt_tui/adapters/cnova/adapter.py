"""The seller API v2 of Casas Bahia: tickets and orders.

It tells of no change. New tickets, and those that are followed, stand in two lists, each read whole;
what was closed is read by its date. Every thread that is open there is read anew each time, so all
that is open here is met again. Order lists take two calls a minute, so a walk through them takes
minutes. Source: the reconstructed contract; what it does not say is in docs/channels.md.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final, Self, TypeVar

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bodies import wording
from mkt_tui.adapters.cnova.acts import ticket_path
from mkt_tui.adapters.cnova.cursors import Cursor
from mkt_tui.adapters.cnova.new_threads import NewThreads
from mkt_tui.adapters.cnova.orders import read_order
from mkt_tui.adapters.cnova.tickets import PRIVATE, PUBLIC, read_ticket
from mkt_tui.adapters.cnova.wire import since, total_rows
from mkt_tui.adapters.fields import Json, Misread, code
from mkt_tui.adapters.http import TIMEOUT, Answer, Http, Query
from mkt_tui.adapters.pacing import per_minute
from mkt_tui.adapters.reasons import OFFERS
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, ChannelError, Doubtful, NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, TicketSnapshot
from mkt_tui.i18n import N_, _

_PAGE: Final = 50
_MOST_MESSAGES: Final = 2_000
_HISTORY: Final = timedelta(days=90)
_CLOSED: Final = "closed"
_TICKET_LISTS: Final = ("opened", "attendance", _CLOSED)
# Each list of orders with the date it is read by.
_ORDER_LISTS: Final = {
    "new": "purchasedAt",
    "approved": "approvedAt",
    "sent": "sentAt",
    "partiallySent": "sentAt",
    "partiallyDelivered": "sentAt",
    "delivered": "deliveredAt",
    "canceled": "canceledAt",
}
_VISIBILITY: Final = {Audience.CUSTOMER: PUBLIC, Audience.OPERATOR: PRIVATE}

Snapshot = TypeVar("Snapshot", TicketSnapshot, OrderSnapshot)


class CnovaAdapter(NewThreads):
    """One shop at Casas Bahia, with the sites of the house.

    Options of the channel: `login` and `seller_name` under which replies are signed (mkt-tui, the
    channel's name), `shop_logins` of colleagues who write in the portal, with commas,
    `order_lists_per_minute` (2), `requests_per_minute` (300).
    """

    SECRETS = ("client_id", "access_token")
    # First messages have no subject in this API.
    FIRST_TOPIC: ClassVar = "message"
    UNAVAILABLE: ClassVar = {
        "news": N_("the API tells nobody; it is asked"),
        "files": N_("this API takes no attachments"),
        "operator_thread": N_("a ticket begins with an order's customer; write in it"),
        "decide": N_("the marketplace approves orders"),
        "track": N_("the tracking of a sent order cannot be corrected"),
        "refund": N_("the paths of refunds are not public"),
        **dict.fromkeys(
            ("document", "documents", "delete_document"),
            N_("the tracking carries the invoice; there are no other documents"),
        ),
        "shipments": N_("the API knows no prepared parcels"),
        "listings": OFFERS,
        "incident": N_("incidents are of its service API v2, whose paths are not public"),
        **dict.fromkeys(
            ("returns", "return"), N_("the API is told of returns (x on the order); it lists none")
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
        self._channel = channel
        secrets, options = Secrets(channel, secret), channel.options
        self._user = {
            "login": options.get("login") or "mkt-tui",
            "name": options.get("seller_name") or channel.name,
        }
        others = (options.get("shop_logins") or "").split(",")
        self._own = {self._user["login"], *(each.strip() for each in others if each.strip())}

        def headers() -> Mapping[str, str]:
            return {name: secrets(name) for name in self.SECRETS}

        def connection(option: str, allowed: float) -> Http:
            rate = per_minute(channel, option, allowed)
            return Http(channel, headers, rate=rate, timeout=timeout, transport=transport)

        self._http = connection("requests_per_minute", 300)
        # Limits count by resource, so the slow lists have a queue of their own.
        self._order_lists = connection("order_lists_per_minute", 2)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        await self._order_lists.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._order_lists.__aexit__()
        await self._http.__aexit__()

    async def check(self) -> None:
        """Ask for one ticket."""
        self._rows(await self._http.get("/tickets", {"_offset": 0, "_limit": 1}), "tickets")

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield every ticket that is open there, and those that were closed since."""
        place = Cursor.from_text(cursor)
        while True:
            status = _TICKET_LISTS[min(place.step, len(_TICKET_LISTS) - 1)]
            answer = await self._http.get("/tickets", self._ticket_query(place, status))
            rows, total = self._rows(answer, "tickets"), self._total(answer)
            if back := place.stepped_back(total):
                place = back
                continue
            items = tuple([await self._with_messages(row) for row in rows])
            place = place.after_page(_CLOSED, (each.updated_at for each in items), len(rows), total)
            page, done = self._page(place, items, len(_TICKET_LISTS), answer.at)
            yield page
            if done:
                return
            place = Cursor.from_text(page.cursor)

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders of each status list from the date on that was reached."""
        place, names = self._orders_from(cursor), list(_ORDER_LISTS)
        while True:
            name = names[min(place.step, len(names) - 1)]
            answer = await self._order_lists.get(
                f"/orders/status/{name}", _order_query(place, name)
            )
            rows, total = self._rows(answer, "orders"), self._total(answer)
            if back := place.stepped_back(total):
                place = back
                continue
            items = tuple([self._read(row, partial(read_order, listed=name), "id") for row in rows])
            place = place.after_page(name, (each.updated_at for each in items), len(rows), total)
            page, done = self._page(place, items, len(names), answer.at)
            yield page
            if done:
                return
            place = Cursor.from_text(page.cursor)

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one ticket with all its messages."""
        return await self._with_messages(await self._ticket(ticket_code))

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver a reply, once: publicly to the customer or privately to the marketplace.

        The answer names no message, so its number is read back.
        """
        visibility = _VISIBILITY.get(reply.audience)
        if visibility is None or not reply.text.strip():
            raise NotAllowed(
                what=N_("This marketplace takes a reply for one side at a time"),
                remedy=N_("Write to the customer and to the marketplace separately."),
            )
        content = {"user": self._user, "visibility": visibility, "body": reply.text}
        await self._http.send("POST", f"{ticket_path(reply.ticket_code)}/messages", content)
        try:
            found = await self.find_sent(reply)
        except ChannelError:
            found = None
        if found is None:
            raise Doubtful(
                channel=self._channel.name, detail=N_("it took the reply and does not show it yet")
            )
        return found

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look in the thread for a message that can only be `reply`."""
        rows, words = await self._messages(reply.ticket_code), wording(reply.text)
        ticket = self._read({"code": reply.ticket_code, "createdAt": _ANY_DATE}, self._reader(rows))
        for message in ticket.messages:
            if reply.can_be(message) and wording(message.body) == words:
                return Delivery(message.code)
        return None

    def _page(
        self, place: Cursor, items: tuple[Snapshot, ...], lists: int, at: datetime | None
    ) -> tuple[Page[Snapshot], bool]:
        """Return the page behind which `place` is, and whether it is the last one."""
        full = bool(items) and (
            place.offset < place.total if place.total is not None else len(items) >= _PAGE
        )
        if not full:
            place = place.next_list()
        done = place.step >= lists
        cursor = place.finished(at) if done else place
        return Page(items, cursor.to_text(), complete=done), done

    def _orders_from(self, cursor: str | None) -> Cursor:
        """Return the place of a read: a first one asks each list from the channel's start on."""
        start = self._channel.orders_since
        if cursor or start is None:
            return Cursor.from_text(cursor)
        return Cursor(since=dict.fromkeys(_ORDER_LISTS, start))

    def _ticket_query(self, place: Cursor, status: str) -> dict[str, str | int]:
        query: dict[str, str | int] = {"status": status, "_offset": place.offset, "_limit": _PAGE}
        if status == _CLOSED:
            newest = place.latest.get(_CLOSED) or datetime.now(UTC)
            query["closedAt"] = since(place.since.get(_CLOSED) or newest - _HISTORY)
        return query

    async def _with_messages(self, row: Json) -> TicketSnapshot:
        try:
            rows = await self._messages(code(row, "code"))
        except Misread as error:
            raise self._bad(str(error)) from error
        return self._read(row, self._reader(rows))

    async def _messages(self, ticket_code: str) -> list[Json]:
        """Return all messages of a ticket."""
        found: list[Json] = []
        while True:
            query: Query = {"_offset": len(found), "_limit": _PAGE}
            answer = await self._http.get(f"{ticket_path(ticket_code)}/messages", query)
            rows, total = self._rows(answer, "messages"), self._total(answer)
            found += rows
            more = len(found) < total if total is not None else len(rows) >= _PAGE
            if not rows or not more or len(found) >= _MOST_MESSAGES:
                return found

    def _reader(self, messages: list[Json]) -> Callable[[Json], TicketSnapshot]:
        return lambda row: read_ticket(row, messages, self._own)

    def _rows(self, answer: Answer, key: str) -> list[Json]:
        rows: Any = answer.data.get(key)
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name=key))

    def _total(self, answer: Answer) -> int | None:
        try:
            return total_rows(answer.data)
        except Misread as error:
            raise self._bad(str(error)) from error

    def _read(self, row: Json, read: Callable[[Json], Snapshot], key: str = "code") -> Snapshot:
        try:
            return read(row)
        except Misread as error:
            raise self._bad(f"{key} {row.get(key)}: {error}") from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


# Messages alone are read as those of a ticket of which nothing else is known.
_ANY_DATE: Final = "2000-01-01T00:00:00.000Z"


def _order_query(place: Cursor, name: str) -> dict[str, str | int]:
    query: dict[str, str | int] = {"_offset": place.offset, "_limit": _PAGE}
    if reached := place.since.get(name):
        query[_ORDER_LISTS[name]] = since(reached)
    return query
