"""Feira, a marketplace that exists only here: the smallest adapter that keeps every promise.

Its API: `GET /tickets?after=PLACE&limit=N` answers `{tickets, place, more}`, the oldest change first;
`GET /tickets/ID` answers one of them; `POST /tickets/ID/replies` takes `{key, to, text}`. Four
requests a second. A reply keeps its key, so it can be found again.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self
from urllib.parse import quote

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, parts, raw
from mkt_tui.adapters.http import Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Doubtful
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import MessageSnapshot, Role, TicketSnapshot

_PAGE = 20
_SIDES = {"buyer": Role.CUSTOMER, "feira": Role.OPERATOR, "seller": Role.SHOP}
_NAMES = {side: name for name, side in _SIDES.items()}


class FeiraAdapter:
    """One shop at Feira; its secret is a token."""

    def __init__(
        self,
        channel: Channel,
        secret: Callable[[], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._channel = channel
        self._http = Http(
            channel,
            lambda: {"Authorization": f"Bearer {secret()}"},
            # The marketplace counts within any second, a burst included: half of its four.
            rate=2.0,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    async def check(self) -> None:
        """Ask for one ticket."""
        self._rows((await self._http.get("/tickets", {"limit": 1})).data)

    async def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield what changed; the cursor is the marketplace's own word for a place."""
        place = cursor or "0"
        while True:
            query: dict[str, str | int] = {"after": place, "limit": _PAGE}
            data = (await self._http.get("/tickets", query)).data
            items = tuple(self._read(row) for row in self._rows(data))
            following, more = data.get("place"), data.get("more") is True
            if not isinstance(following, str) or (more and following == place):
                raise self._bad("place")
            place = following
            yield Page(items, place, complete=not more)
            if not more:
                return

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one ticket with all its messages."""
        return self._read((await self._http.get(_path(ticket_code), {})).data)

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver a reply, once, under the operation's own key."""
        content = {
            "key": reply.operation,
            "to": [_NAMES[side] for side in reply.audience.roles],
            "text": reply.text,
        }
        told = await self._http.send("POST", f"{_path(reply.ticket_code)}/replies", content)
        try:
            return Delivery(code(told, "id"))
        except Misread as error:
            raise Doubtful(channel=self._channel.name, detail=str(error)) from error

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look for the operation's key."""
        data = (await self._http.get(_path(reply.ticket_code), {})).data
        for message in parts(data, "messages"):
            if message.get("key") == reply.operation:
                return Delivery(code(message, "id"))
        return None

    def _rows(self, data: Mapping[str, Any]) -> list[Json]:
        try:
            return parts(data, "tickets")
        except Misread as error:
            raise self._bad(str(error)) from error

    def _read(self, row: Json) -> TicketSnapshot:
        try:
            return read_ticket(row)
        except Misread as error:
            raise self._bad(str(error)) from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def read_ticket(row: Json) -> TicketSnapshot:
    """Return a ticket in mkt-tui's words.

    Raises:
        Misread: A field without which it is no ticket, or of a wrong kind.
    """
    changed = instant(row, "changed")
    if changed is None:
        raise Misread("changed")
    # Nothing promises their order; one that is told twice is kept once.
    messages = tuple(
        sorted(map(_message, parts(row, "messages")), key=lambda message: message.sent_at)
    )
    since = instant(row, "waiting_since")
    return TicketSnapshot(
        code=code(row, "id"),
        order_number=line(row, "order"),
        customer=line(row, "buyer"),
        subject=line(row, "subject") or "",
        waiting_since=since,
        waiting=Role.CUSTOMER if since else None,
        created_at=min((each.sent_at for each in messages), default=changed),
        updated_at=changed,
        participants=(Role.CUSTOMER, Role.OPERATOR),
        messages=messages,
    )


def _message(message: Json) -> MessageSnapshot:
    sent = instant(message, "at")
    if sent is None:
        raise Misread("at")
    to = message.get("to")
    sides = (
        [_SIDES.get(each) for each in to if isinstance(each, str)] if isinstance(to, list) else []
    )
    return MessageSnapshot(
        code=code(message, "id"),
        # A side that is new to us can only be the marketplace's.
        author=_SIDES.get(line(message, "from") or "", Role.OPERATOR),
        author_name=line(message, "name") or "",
        recipients=tuple(each for each in sides if each),
        body=plain(raw(message, "text")),
        sent_at=sent,
    )


def _path(ticket_code: str) -> str:
    # Dots are quoted too, or a ticket called ".." would lead elsewhere.
    return f"/tickets/{quote(ticket_code, safe='').replace('.', '%2E')}"
