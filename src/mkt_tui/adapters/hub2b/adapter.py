"""Hub2b, API v2: orders of all the marketplaces that a seller has behind the hub.

Source: a reconstructed OpenAPI document and the vendor's page on orders. No message API is known:
customers' tickets of these orders come through the marketplaces' own channels.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar
from zoneinfo import ZoneInfo

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, whole
from mkt_tui.adapters.http import TIMEOUT, Answer, Http
from mkt_tui.adapters.hub2b.acts import Acts
from mkt_tui.adapters.hub2b.cursors import Cursor, Part
from mkt_tui.adapters.hub2b.orders import OPEN, hub_number, is_open, read_order, with_parcel
from mkt_tui.adapters.hub2b.session import SECRETS, Login
from mkt_tui.adapters.reasons import NO_PAPERS, OFFERS
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, Refused, SettingsWrong
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import (
    CancelOrder,
    DeliverOrder,
    ShipOrder,
    TrackOrder,
    UploadDocument,
)
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus, Unreadable
from mkt_tui.i18n import N_, _

_PAGE: Final = 100
_MOST_PAGES: Final = 100_000
_OPEN: Final = ",".join(each.capitalize() for each in OPEN)
# Clients of the hub keep to 1 to 3 requests a second; its limit is not written.
_RATE: Final = "2"
_NOT_FOUND: Final = "404"

Result = TypeVar("Result")


class Hub2bAdapter:
    """One seller's account at the hub.

    Options of the channel: `requests_per_second` (2), `token_file` (beside the secret's file).
    """

    SECRETS = SECRETS
    OWN_FILES: ClassVar = ("token_file",)
    UNAVAILABLE: ClassVar = {
        each: N_("the hub is known for orders only; tickets come by the marketplaces' own channels")
        for each in (
            *("tickets", "news", "reply", "files", "find_sent", "thread", "operator_thread"),
            *("close", "hand", "incident"),
        )
    } | {
        "decide": N_("the hub takes orders that are approved"),
        "refund": N_("the hub has no refunds"),
        **dict.fromkeys(("documents", "delete_document"), NO_PAPERS),
        "parcels": N_("the hub takes one tracking for an order"),
        "shipments": N_("the hub prepares no parcels"),
        "listings": OFFERS,
        **dict.fromkeys(
            ("returns", "return", "exchange"), N_("the hub has no returns or exchanges")
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
        self._zone = ZoneInfo(channel.zone)
        self._token = ""
        rate = _rate(channel)
        self._http = Http(
            channel,
            lambda: {"Authorization": f"Bearer {self._token}"},
            rate=rate,
            timeout=timeout,
            transport=transport,
        )
        self._door = Http(channel, dict, rate=rate, timeout=timeout, transport=transport)
        self._acts = Acts(self, self._zone)
        self._login = Login(channel, Secrets(channel, secret), self._door)

    def key_expires_at(self) -> datetime | None:
        """Return when the hub's token ends; see `TokenFile.expires_at`."""
        return self._login.file.expires_at()

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()
        await self._door.__aexit__()

    async def check(self) -> None:
        """Ask for the counts of orders (GET /Orders/Overview)."""
        await self._get("/Orders/Overview")

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that are new, open, or no longer open (GET /Orders, /Orders/{id})."""
        start = self._channel.orders_since
        place = Cursor.from_text(cursor) if cursor or not start else Cursor(start.isoformat())
        for _page in range(_MOST_PAGES):
            if place.part is Part.ENDED and place.left:
                page, place = await self._ended(place)
            else:
                page, place = await self._listed(place)
            yield page
            if page.complete:
                return
        raise self._bad(N_("the same page comes again"))

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order, by the marketplace's number, with its parcel (GET .../Tracking)."""
        told = await self.find(number)
        if told is None:
            return None
        hub, row = told
        try:
            found = read_order(row, self._zone)
        except Misread as error:
            raise self._bad(str(error)) from error
        if found.status not in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            return found
        parcel = await self.look(f"/Orders/{hub}/Tracking")
        return with_parcel(found, parcel) if parcel is not None else found

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Send the nota fiscal of an order (POST /Orders/{id}/Invoice)."""
        return await self._acts.upload(wanted)

    async def track_order(self, wanted: TrackOrder) -> Delivery:
        """Send the tracking of an order (POST /Orders/{id}/Tracking)."""
        return await self._acts.track(wanted)

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Send the tracking of an order, and that it is shipped (PUT /Orders/{id}/Status)."""
        return await self._acts.ship(wanted)

    async def deliver_order(self, wanted: DeliverOrder) -> Delivery:
        """Declare an order delivered."""
        return await self._acts.deliver(wanted)

    async def cancel_order(self, wanted: CancelOrder) -> Delivery:
        """Cancel an order (PUT /Orders/{id}/Status)."""
        return await self._acts.cancel(wanted)

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Read back what a doubtful act would have changed."""
        return await self._acts.done(wanted)

    async def find(self, number: str) -> tuple[int, Json] | None:
        """Return an order and the hub's own number of it; None when it has none."""
        answer = await self._get("/Orders", number=number, limit=1, offset=0)
        rows = [each for each in self._rows(answer) if _source(each) == number]
        try:
            return (hub_number(rows[0]), rows[0]) if rows else None
        except Misread as error:
            raise self._bad(str(error)) from error

    async def look(self, path: str) -> Json | None:
        """Read what may not be there."""
        try:
            return (await self._get(path)).data
        except Refused as refusal:
            if refusal.parameters.get("status") != _NOT_FOUND:
                raise
        return None

    async def send(self, method: str, path: str, content: Mapping[str, Any]) -> None:
        """Send JSON, once; see `Http.send` for what it raises."""
        await self._with_token(lambda: self._http.send(method, path, content))

    async def _listed(self, place: Cursor) -> tuple[Page[OrderSnapshot], Cursor]:
        """Read a page of new or of open orders."""
        query: dict[str, str | int] = {"limit": _PAGE, "offset": place.offset}
        if place.part is Part.OPEN:
            query["statuses"] = _OPEN
        elif place.from_purchase:
            query["purchaseFrom"] = self._local(place.from_purchase)
        answer = await self._get("/Orders", **query)
        rows, total = self._rows(answer), self._total(answer)
        items, unreadable, seen = self._read(rows)
        newest = max((each.created_at for each in items), default=None)
        after = place.after(seen, newest, len(rows))
        if after.offset < total and not rows:
            raise self._bad(N_("an empty page before the last order"))
        return _page(items, unreadable, after, after.next_part if after.offset >= total else None)

    async def _ended(self, place: Cursor) -> tuple[Page[OrderSnapshot], Cursor]:
        """Read one order that was open and is in no list of open ones any more."""
        number = place.left[0]
        row = await self.look(f"/Orders/{number}")
        items, unreadable, seen = self._read([] if row is None else [row])
        after = place.after({number: False} | seen, None, 1)
        return _page(items, unreadable, after, None if after.left else after.next_part)

    def _read(
        self, rows: list[Json]
    ) -> tuple[tuple[OrderSnapshot, ...], tuple[Unreadable, ...], dict[int, bool]]:
        """Return the orders, those that make no sense, and which of the hub's numbers are open."""
        items, unreadable, seen = [], [], {}
        for row in rows:
            try:
                number = hub_number(row)
                seen[number] = is_open(row)
                items.append(read_order(row, self._zone))
            except Misread as error:
                name = _source(row)
                if not name:
                    raise self._bad(f"reference.source ?: {error}") from error
                unreadable.append(Unreadable(name, str(error)))
        return tuple(items), tuple(unreadable), seen

    async def _get(self, path: str, **query: str | int) -> Answer:
        return await self._with_token(lambda: self._http.get(path, query))

    async def _with_token(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call with a good token; one that is refused before its time is renewed once."""
        self._token = await self._login.token()
        try:
            return await call()
        except AccessRefused as refusal:
            if refusal.parameters.get("status") != "401":
                raise
        except Refused as refusal:
            refusal.parameters["detail"] = self._login.scrubbed(refusal.parameters["detail"])
            raise
        self._token = await self._login.token(refused=self._token)
        return await call()

    def _rows(self, answer: Answer) -> list[Json]:
        rows = answer.data.get("response")
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name="response"))

    def _total(self, answer: Answer) -> int:
        try:
            total = whole(answer.data, "totalObjects")
        except Misread as error:
            raise self._bad(str(error)) from error
        if total is None:
            raise self._bad("totalObjects")
        return total

    def _local(self, at: datetime) -> str:
        """Return a time as the hub writes it, without a zone."""
        return at.astimezone(self._zone).replace(tzinfo=None).isoformat(timespec="seconds")

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _page(
    items: tuple[OrderSnapshot, ...],
    unreadable: tuple[Unreadable, ...],
    after: Cursor,
    next_part: Callable[[], Part | None] | None,
) -> tuple[Page[OrderSnapshot], Cursor]:
    """Return a page and the place behind it; `next_part` is asked where a part has come to its end."""
    complete = False
    if next_part:
        part = next_part()
        complete = part is None
        after = after.begin(part) if part else after.finished()
    return Page(items, after.to_text(), complete, unreadable=unreadable), after


def _source(row: Json) -> str:
    reference: Any = row.get("reference")
    value = reference.get("source") or reference.get("id") if isinstance(reference, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _rate(channel: Channel) -> float:
    text = channel.options.get("requests_per_second") or _RATE
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
