"""Tickets and replies as our own contracts have them, for shops and for publishers alike.

Lists tell changes, the oldest first, in pages linked by an opaque cursor. Every write carries an
Idempotency-Key made of its operation, so a doubtful one is settled by looking, and else by sending it
again. Source: the OpenAPI documents of the two bridges.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeVar

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bodies import wording
from mkt_tui.adapters.bridge.acts import TICKETS, TicketActs, key_of, path_to
from mkt_tui.adapters.bridge.cursors import Cursor
from mkt_tui.adapters.bridge.tickets import may_be_a_reply, read_message, read_ticket
from mkt_tui.adapters.fields import Json, Misread, code, instant
from mkt_tui.adapters.http import TIMEOUT, Answer, Http
from mkt_tui.adapters.pacing import per_minute
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Doubtful, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import AttachmentPlace, TicketSnapshot
from mkt_tui.i18n import N_, _

_PAGE: Final = 100
_MOST_MESSAGES: Final = 2_000
_ATTACHMENTS: Final = "/v1/attachments"
_LONGEST_REPLY: Final = 4_000

Value = TypeVar("Value")
Query = dict[str, str | int]


def _now() -> datetime:
    return datetime.now(UTC)


class BridgeDesk(TicketActs):
    """The tickets behind a bridge; the secret is its bearer token."""

    def __init__(
        self,
        channel: Channel,
        secret: Callable[[], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._http = Http(
            channel,
            lambda: {"Authorization": f"Bearer {secret()}"},
            rate=per_minute(channel, "requests_per_minute", 300),
            timeout=timeout,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    async def check(self) -> None:
        """Ask for one ticket."""
        self._rows(await self._http.get(TICKETS, {"limit": 1}))

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the tickets that changed, the oldest change first."""
        async for page in self.changed(TICKETS, cursor, self._with_messages):
            yield page

    async def changed(
        self,
        path: str,
        cursor: str | None,
        read: Callable[[Json], Awaitable[Value]],
        start: datetime | None = None,
    ) -> AsyncIterator[Page[Value]]:
        """Yield what changed of a list, the oldest change first; of a first read, from `start` on."""
        place, done = Cursor.from_text(cursor) if cursor else Cursor(start), False
        while not done:
            answer, place = await self._changes(path, place)
            rows = self._rows(answer)
            items = tuple([await read(row) for row in rows])
            place, done = self._behind(place, rows, answer)
            yield Page(items, place.to_text(), complete=done)

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one ticket with its messages."""
        return await self._with_messages(
            (await self._http.get(path_to(TICKETS, ticket_code), {})).data
        )

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return a file that came with a message, known by its own code alone."""
        return await self._http.download(path_to(_ATTACHMENTS, place.code, "content"), {})

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver a reply; sent again with the same operation, it is still there once."""
        if not reply.text.strip() or len(reply.text) > _LONGEST_REPLY:
            raise NotAllowed(
                what=_("The reply must have {least} to {most} characters").format(
                    least=1, most=_LONGEST_REPLY
                ),
                remedy=N_("Change the text and send it again."),
            )
        path = path_to(TICKETS, reply.ticket_code, "messages")
        content = {"audience": reply.audience.value, "body": reply.text}
        told = await self._http.send("POST", path, content, headers=key_of(reply.operation))
        try:
            return Delivery(code(told, "id"))
        except Misread as error:
            raise Doubtful(channel=self._channel.name, detail=str(error)) from error

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look in the thread for a message that can only be `reply`.

        Raises:
            Doubtful: It is not there, and the bridge may have forgotten its key.
        """
        words = wording(reply.text)
        for row in await self._messages(reply.ticket_code):
            message = self._read(row, read_message)
            if may_be_a_reply(row) and reply.can_be(message) and wording(message.body) == words:
                return Delivery(message.code)
        self.check_key(reply.queued_at)
        return None

    def ticket_of(self, row: Json, messages: Iterable[Json]) -> TicketSnapshot:
        """Return a ticket in our words; raises Misread."""
        return read_ticket(row, messages)

    async def _changes(self, path: str, place: Cursor) -> tuple[Answer, Cursor]:
        """Ask for a page; a link that the bridge knows no more is left for the newest change."""
        try:
            return await self._http.get(path, _query(place)), place
        except Refused:
            if place.following is None:
                raise
        place = place.afresh()
        return await self._http.get(path, _query(place)), place

    def _behind(self, place: Cursor, rows: list[Json], answer: Answer) -> tuple[Cursor, bool]:
        """Return the place behind a page, and whether it is the last one."""
        following = answer.data.get("next_cursor")
        if following is not None and not (isinstance(following, str) and following):
            raise self._bad(str(Misread("next_cursor")))
        if following is not None and following == place.following:
            raise self._bad(N_("a page that leads to itself"))
        behind = place.after_page(self._instants(rows), following)
        return (behind, False) if following else (behind.finished(answer.at), True)

    def _instants(self, rows: list[Json]) -> list[datetime]:
        told = [self._read(each, lambda row: instant(row, "updated_at")) for each in rows]
        return [each for each in told if each]

    async def _with_messages(self, row: Json) -> TicketSnapshot:
        messages = await self._messages(self._read(row, lambda row: code(row, "id")))
        return self._read(row, lambda row: self.ticket_of(row, messages))

    async def _messages(self, ticket_code: str) -> list[Json]:
        """Return the messages of a ticket."""
        found: list[Json] = []
        query: Query = {"limit": _PAGE}
        while len(found) < _MOST_MESSAGES:
            answer = await self._http.get(path_to(TICKETS, ticket_code, "messages"), query)
            found += self._rows(answer)
            following = answer.data.get("next_cursor")
            if not isinstance(following, str) or following == query.get("cursor"):
                break
            query["cursor"] = following
        return found

    def _rows(self, answer: Answer) -> list[Json]:
        rows: Any = answer.data.get("items", ...)
        if rows is None:
            return []
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name="items"))

    def _read(self, row: Json, read: Callable[[Json], Value]) -> Value:
        try:
            return read(row)
        except Misread as error:
            raise self._bad(f"id {row.get('id')}: {error}") from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _query(place: Cursor) -> Query:
    query: Query = {"limit": _PAGE}
    if place.since:
        query["updated_since"] = place.since.isoformat(timespec="milliseconds")
    if place.following:
        query["cursor"] = place.following
    return query
