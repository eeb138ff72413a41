"""The seller API of Mirakl: messages (M10, M11, M12) and orders (OR11); its acts are beside it.

Source: the official OpenAPI file of the seller API and the facts collected beside it.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Final, Self
from urllib.parse import quote

import httpx
import orjson

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.bodies import media_type, wording
from mkt_tui.adapters.fields import Json, Misread, code, whole
from mkt_tui.adapters.http import TIMEOUT, Answer, Http
from mkt_tui.adapters.mirakl.acts import Acts
from mkt_tui.adapters.mirakl.cursors import Cursor, moment
from mkt_tui.adapters.mirakl.frequencies import LEAST
from mkt_tui.adapters.mirakl.listings import Listings
from mkt_tui.adapters.mirakl.new_threads import THREADS
from mkt_tui.adapters.mirakl.orders import CustomFields, read_order
from mkt_tui.adapters.mirakl.seeking import MOST_PAGES, PAGE, Listed
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Doubtful, NotAllowed, SettingsWrong
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.orders import OrderSnapshot, Unreadable
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import AttachmentPlace, TicketSnapshot
from mkt_tui.i18n import N_, _

_ORDERS: Final = "/api/orders"
# minLength and maxLength of the body in M12.
_SHORTEST_REPLY: Final = 3
_LONGEST_REPLY: Final = 50_000


class MiraklAdapter(Acts, Listings):
    """One shop at one Mirakl marketplace.

    Options of the channel: `shop_id` where a key serves several shops, `requests_per_second`
    (10), `document_field` and `payment_field` for the operator's own order fields.
    """

    SENDS_FILES: ClassVar[bool] = True
    SHIPS_PARCELS: ClassVar[bool] = True
    EVERY: ClassVar = LEAST
    UNAVAILABLE: ClassVar = {
        "news": N_("the platform tells nobody; it is asked"),
        "close": N_("the operator closes its threads"),
        "hand": N_("no call hands a thread over; write to the operator in it"),
        "deliver": N_("customer and operator tell of receipt; no call of a shop does"),
        "exchange": N_("the API knows returns and refunds, no exchanges"),
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
        self._shop = {"shop_id": options["shop_id"]} if options.get("shop_id") else {}
        self._custom = CustomFields(
            document=options.get("document_field") or CustomFields().document,
            payment=options.get("payment_field") or CustomFields().payment,
        )
        self._http = Http(
            channel,
            # The shop key stands alone, without a scheme word (securitySchemes Shop-API-Key).
            lambda: {"Authorization": secret()},
            rate=_rate(channel),
            timeout=timeout,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    async def check(self) -> None:
        """Ask for one thread (Mirakl M11)."""
        answer = await self._get(THREADS, limit=1)
        self._rows(answer, "data")

    def tickets(self, cursor: str | None) -> AsyncIterator[Page[TicketSnapshot]]:
        """Yield the threads that changed (Mirakl M11), with up to 100 messages each."""
        query = {"with_messages": "true"}
        return self._seek(Listed(THREADS, query, "updated_since", read_thread), cursor)

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed (Mirakl OR11), the oldest first."""
        place = Cursor.from_text(cursor) if cursor else Cursor(self._channel.orders_since)
        while True:
            answer = await self._order_page(place)
            if place.is_ahead_of(answer.at):
                place = Cursor()
                continue
            rows = self._rows(answer, "orders")
            items, unreadable = self._read_orders(rows)
            place = place.after_page((item.updated_at for item in items), answer.at)
            place = replace(place, offset=place.offset + len(rows))
            total = self._total(answer)
            if place.offset >= total if total is not None else len(rows) < PAGE:
                cursor = place.finished().to_text()
                yield Page(items, cursor, complete=True, total=total, unreadable=unreadable)
                return
            if not rows or place.pages >= MOST_PAGES:
                yield Page(items, place.anew().to_text(), complete=False, total=total)
                raise self._bad(N_("an empty page before the last order"))
            cursor = place.to_text()
            yield Page(items, cursor, complete=False, total=total, unreadable=unreadable)

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order (Mirakl OR11 by `order_ids`)."""
        # A comma would ask for two.
        if "," in number:
            return None
        answer = await self._get(_ORDERS, order_ids=number, max=1)
        found = self._read_all(self._rows(answer, "orders"), self._order, "order_id")
        return next((each for each in found if each.number == number), None)

    async def orders_named(self, numbers: Sequence[str]) -> tuple[OrderSnapshot, ...]:
        """Return several orders in one request (Mirakl OR11 by `order_ids`)."""
        asked = [each for each in numbers if each and "," not in each]
        if not asked:
            return ()
        answer = await self._get(_ORDERS, order_ids=",".join(asked), max=PAGE)
        found, _unreadable = self._read_orders(self._rows(answer, "orders"))
        return tuple(each for each in found if each.number in asked)

    async def thread(self, ticket_code: str) -> TicketSnapshot:
        """Return one thread with all its messages (Mirakl M10)."""
        answer = await self._get(_thread_path(ticket_code))
        return self._read_all([answer.data], read_thread, "id")[0]

    async def attachment(self, place: AttachmentPlace) -> bytes:
        """Return a file of a thread, known by its own code alone (Mirakl M13)."""
        return await self._http.download(f"{_thread_path(place.code)}/download", self._shop)

    async def reply(self, reply: Reply) -> Delivery:
        """Deliver a reply (Mirakl M12); it is sent once whatever happens."""
        self._check_text(reply.text)
        message = {
            "body": reply.text,
            "to": [{"type": role.value.upper()} for role in reply.audience.roles],
        }
        answer = await self._http.post(
            f"{_thread_path(reply.ticket_code)}/message",
            self._shop,
            [("message_input", (None, orjson.dumps(message), "application/json"))]
            + [("files", (each.name, each.data, media_type(each.name))) for each in reply.files],
        )
        try:
            return Delivery(code(answer, "message_id"))
        except Misread as error:
            raise Doubtful(
                channel=self._channel.name, detail=N_("no number of the message in the answer")
            ) from error

    async def find_sent(self, reply: Reply) -> Delivery | None:
        """Look in the thread (Mirakl M10) for a message that can only be `reply`."""
        words = wording(reply.text)
        for message in (await self.thread(reply.ticket_code)).messages:
            if reply.can_be(message) and wording(message.body) == words:
                return Delivery(message.code)
        return None

    async def _get(self, path: str, **query: str | int) -> Answer:
        return await self._http.get(path, {**query, **self._shop})

    async def _order_page(self, place: Cursor) -> Answer:
        query: dict[str, str | int] = {"max": PAGE, "offset": place.offset}
        if place.since:
            query["start_update_date"] = moment(place.since)
        # The default of OR11, said aloud: pages by number need an order that does not change.
        return await self._get(_ORDERS, **query, sort="dateCreated", order="asc")

    def _order(self, order: Json) -> OrderSnapshot:
        return read_order(order, self._custom)

    def _read_orders(
        self, rows: list[Json]
    ) -> tuple[tuple[OrderSnapshot, ...], tuple[Unreadable, ...]]:
        """Read a page; an order that makes no sense must not hide the others (M1)."""
        items, unreadable = [], []
        for row in rows:
            try:
                items.append(self._order(row))
            except Misread as error:
                try:
                    unreadable.append(Unreadable(code(row, "order_id"), str(error)))
                except Misread:
                    raise self._bad(f"order_id ?: {error}") from error
        return tuple(items), tuple(unreadable)

    def _total(self, answer: Answer) -> int | None:
        try:
            return whole(answer.data, "total_count")
        except Misread as error:
            raise self._bad(str(error)) from error

    def _check_text(self, text: str) -> None:
        if not (len(text.strip()) >= _SHORTEST_REPLY and len(text) <= _LONGEST_REPLY):
            what = _("The reply must have {least} to {most} characters").format(
                least=_SHORTEST_REPLY, most=_LONGEST_REPLY
            )
        elif any("\ud800" <= char <= "\udfff" for char in text):
            what = N_("The reply holds an incomplete character")
        else:
            return
        raise NotAllowed(what=what, remedy=N_("Change the text and send it again."))


def _rate(channel: Channel) -> float:
    text = channel.options.get("requests_per_second") or "10"
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if 0.01 <= rate <= 1000.0:
        return rate
    raise SettingsWrong(
        what=_("Channel {channel} cannot make {rate} requests a second").format(
            channel=channel.name, rate=text
        ),
        remedy=N_("Set requests_per_second to a number such as 10."),
    )


def _thread_path(ticket_code: str) -> str:
    # Dots are quoted too, or a thread called ".." would lead to another operation.
    return f"{THREADS}/{quote(ticket_code, safe='').replace('.', '%2E')}"
