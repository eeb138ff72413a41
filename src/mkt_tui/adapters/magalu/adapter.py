"""The open API of Magalu: customer service by date of change, and orders.

A list of tickets can be counted to its 200th row only, so it is asked for anew from the newest change
that was met. A reply is taken first and moderated later; one that was stopped is never shown, so a
reply that is not seen in its thread stays in doubt and is never sent again. Source: the official file
of the service API and the reconstructed document of orders.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, ClassVar, Final, NoReturn, Self, TypeVar
from urllib.parse import quote

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, code, instant, line
from mkt_tui.adapters.http import TIMEOUT, Answer, Query
from mkt_tui.adapters.magalu import calls, uploads
from mkt_tui.adapters.magalu.acts import ORDERS, SALES, Acts
from mkt_tui.adapters.magalu.calls import Calls
from mkt_tui.adapters.magalu.cursors import Cursor
from mkt_tui.adapters.magalu.orders import read_order
from mkt_tui.adapters.magalu.tickets import is_rejected, read_ticket
from mkt_tui.adapters.reasons import OFFERS
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, ChannelError, Doubtful, FileLost, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.orders import OrderSnapshot
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import AttachmentPlace, Audience, TicketSnapshot
from mkt_tui.i18n import N_, _

_TICKETS: Final = "/seller/v0/tickets"
_SERVICE: Final = "service_reads_per_minute"
_RATES: Final = {_SERVICE: 200.0, SALES: 850.0}
_PAGE: Final = 100
_ORDER_PAGE: Final = 50
_FARTHEST: Final = 100
_FARTHEST_ORDER: Final = 4_900
_LONGEST_REPLY: Final = 3_000
_DESTINATIONS: Final = {Audience.CUSTOMER: "customer", Audience.OPERATOR: "channel"}

Snapshot = TypeVar("Snapshot", TicketSnapshot, OrderSnapshot)


class MagaluAdapter(Acts):
    """One seller at Magalu.

    Options of the channel: `token_file`, a private file with the refresh token, which changes with
    every use; `agent_code` and `agent_name` under which replies are signed (mkt-tui, the channel's
    name), `token_url`, `service_reads_per_minute` (200), `order_reads_per_minute` (850).
    """

    SECRETS = calls.SECRETS
    OWN_FILES: ClassVar = ("token_file",)
    SENDS_FILES: ClassVar[bool] = True
    UNAVAILABLE: ClassVar = {
        "news": N_("its notifications need an address that they can reach"),
        "thread": N_("no call begins a talk with a customer"),
        "operator_thread": N_("the API opens tickets of set reasons only; open them in the portal"),
        "close": N_("Magalu closes tickets"),
        "hand": N_("no call hands a ticket over; reply to Magalu in it"),
        "decide": N_("Magalu approves orders"),
        "cancel": N_("Magalu cancels when a ticket asks for it; open that one in the portal"),
        "refund": N_("Magalu pays customers back"),
        **dict.fromkeys(
            ("parcels", "shipments"), N_("its own deliveries say what goes in which parcel")
        ),
        "document": N_("what it wants to know of a nota's issuer is not documented"),
        "documents": N_("what its list of invoices looks like is not documented"),
        "track": N_("no call corrects a tracking"),
        "delete_document": N_("no call deletes an invoice"),
        "listings": OFFERS,
        "incident": N_("Magalu tells of incidents as tickets, which are read"),
        **dict.fromkeys(
            ("returns", "return", "exchange"),
            N_("returns and exchanges hang on tickets, with events that only clients describe"),
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
        options = channel.options
        self._owner = {
            "code": options.get("agent_code") or "mkt-tui",
            "name": options.get("agent_name") or channel.name,
        }
        self._calls = Calls(channel, Secrets(channel, secret), _RATES, timeout, transport)
        self._transport = transport
        self._ids: dict[str, str] = {}

    def key_expires_at(self) -> datetime | None:
        """Return when the access token ends; see `TokenFile.expires_at`."""
        return self._calls.tokens.expires_at()

    async def __aenter__(self) -> Self:
        await self._calls.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._calls.__aexit__()

    async def check(self) -> None:
        """Ask for one ticket."""
        self._rows(await self._calls.get(_SERVICE, _TICKETS, {"_limit": 1}))

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the tickets that changed, the oldest change first."""
        place = Cursor.from_text(cursor)
        while True:
            place = self._onwards(place, _FARTHEST)
            query = _query(place, "updated_at_gte", _PAGE)
            answer = await self._calls.get(_SERVICE, _TICKETS, query)
            rows = self._rows(answer)
            items = tuple([await self._with_messages(row) for row in rows])
            place = place.after_page(self._changes(rows), len(rows))
            page = self._page(place, items, len(rows) < _PAGE, answer.at)
            yield page
            if page.complete:
                return

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed, the oldest change first."""
        place = Cursor.from_text(cursor) if cursor else Cursor(self._channel.orders_since)
        while True:
            place = self._onwards(place, _FARTHEST_ORDER)
            query = _query(place, "updated_at__gte", _ORDER_PAGE)
            answer = await self._calls.get(SALES, ORDERS, query)
            rows = self._rows(answer)
            items = tuple([self._read(row, read_order, "code") for row in rows])
            place = place.after_page(self._changes(rows), len(rows))
            page = self._page(place, items, len(rows) < _ORDER_PAGE, answer.at)
            yield page
            if page.complete:
                return

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one ticket with its newest 200 messages."""
        path = await self._path(ticket_code)
        row = (await self._calls.get(_SERVICE, path, {})).data
        return await self._with_messages(row)

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return a file that came with a message."""
        message = f"{await self._path(place.ticket)}/messages/{_quoted(place.message)}"
        return await self._calls.download(_SERVICE, f"{message}/attachments/{_quoted(place.code)}")

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver a reply, once; its `code` is the operation, by which it is known again."""
        destination = self._checked(reply)
        path = await self._path(reply.ticket_code)
        content: dict[str, Any] = {
            "message": reply.text,
            "destination": destination,
            "owner": self._owner,
            "code": reply.operation,
        }
        if reply.files:
            content["attachments"] = uploads.described(reply.files)
        answer = await self._calls.send(_SERVICE, f"{path}/messages", content)
        if reply.files:
            await uploads.put(self._channel, answer, reply.files, self._transport)
        try:
            found = await self._find(path, reply)
        except FileLost:
            raise
        except ChannelError:
            found = None
        return found or self._unseen(N_("it took the reply and does not show it: see moderation"))

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look in the thread for the operation's code.

        Raises:
            Doubtful: It is not there, which proves nothing: what moderation has not let through is
                not shown. A person decides.
        """
        found = await self._find(await self._path(reply.ticket_code), reply)
        return found or self._unseen(N_("what moderation holds back is not shown"))

    async def _find(self, path: str, reply: Reply) -> Delivery | None:
        for row in await self._messages(path):
            if row.get("code") == reply.operation:
                if is_rejected(row):
                    self._unseen(N_("moderation rejected the reply"))
                uploads.arrived(self._channel, row, reply.files)
                return Delivery(code(row, "id"))
        return None

    def _unseen(self, detail: str) -> NoReturn:
        raise Doubtful(channel=self._channel.name, detail=detail)

    def _checked(self, reply: Reply) -> str:
        destination = _DESTINATIONS.get(reply.audience)
        if destination is None:
            raise NotAllowed(
                what=N_("This marketplace takes a reply for one side at a time"),
                remedy=N_("Write to the customer and to the marketplace separately."),
            )
        if not reply.text.strip() or len(reply.text) > _LONGEST_REPLY:
            raise NotAllowed(
                what=_("The reply must have {least} to {most} characters").format(
                    least=1, most=_LONGEST_REPLY
                ),
                remedy=N_("Change the text and send it again."),
            )
        return destination

    async def _path(self, ticket_code: str) -> str:
        """Return the address of a ticket, which is made of its identifier, not of its protocol."""
        if ticket_code not in self._ids:
            query: Query = {"protocol": ticket_code, "_limit": 1}
            rows = self._rows(await self._calls.get(_SERVICE, _TICKETS, query))
            for row in rows:
                self._note(row)
        known = self._ids.get(ticket_code)
        if known is None:
            detail = N_("there is no such ticket")
            raise Refused(channel=self._channel.name, status=404, detail=detail)
        return _address(known)

    def _note(self, row: Json) -> str:
        """Keep which identifier a protocol has; return the identifier."""
        try:
            key = code(row, "id")
            self._ids[line(row, "protocol", 200) or key] = key
        except Misread as error:
            raise self._bad(str(error)) from error
        return key

    async def _with_messages(self, row: Json) -> TicketSnapshot:
        messages = await self._messages(_address(self._note(row)))
        return self._read(row, lambda row: read_ticket(row, messages), "id")

    async def _messages(self, path: str) -> list[Json]:
        """Return the newest messages of a ticket, as many as can be counted to."""
        found: list[Json] = []
        while len(found) <= _FARTHEST:
            query: Query = {
                "_limit": _PAGE,
                "_offset": len(found),
                "_sort": "created_at:desc",
            }
            rows = self._rows(await self._calls.get(_SERVICE, f"{path}/messages", query))
            found += rows
            if len(rows) < _PAGE:
                break
        return found

    def _changes(self, rows: list[Json]) -> list[datetime]:
        try:
            told = [instant(each, "updated_at") for each in rows]
        except Misread as error:
            raise self._bad(str(error)) from error
        return [each for each in told if each]

    def _page(
        self, place: Cursor, items: tuple[Snapshot, ...], last: bool, at: datetime | None
    ) -> Page[Snapshot]:
        cursor = place.finished(at) if last else place
        return Page(items, cursor.to_text(), complete=last)

    def _onwards(self, place: Cursor, farthest: int) -> Cursor:
        if place.offset <= farthest:
            return place
        following = place.next_window()
        if following is None:
            raise self._bad(N_("more changes of one instant than can be counted to"))
        return following

    def _rows(self, answer: Answer) -> list[Json]:
        rows: Any = answer.data.get("results", ...)
        if rows is None:
            return []
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name="results"))

    def _read(self, row: Json, read: Callable[[Json], Snapshot], key: str) -> Snapshot:
        try:
            return read(row)
        except Misread as error:
            raise self._bad(f"{key} {row.get(key)}: {error}") from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _query(place: Cursor, filter_name: str, size: int) -> dict[str, str | int]:
    query: dict[str, str | int] = {
        "_limit": size,
        "_offset": place.offset,
        "_sort": "updated_at:asc",
    }
    if place.since:
        query[filter_name] = place.since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return query


def _address(ticket_id: str) -> str:
    return f"{_TICKETS}/{_quoted(ticket_id)}"


def _quoted(code: str) -> str:
    # Dots are quoted too, or a code of ".." would lead to another operation.
    return quote(code, safe="").replace(".", "%2E")
