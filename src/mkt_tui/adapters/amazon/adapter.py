"""Amazon's Selling Partner API for orders, and mails for what buyers write.

Sources: orders_2026-01-01.json, sellers_v1.json and facts.md. The API has no inbox: it neither
reads nor answers buyers' messages (facts.md, "No inbox: evidence").
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Self

from mkt_tui.adapters.amazon.acts import Acts, segment, shipped_as
from mkt_tui.adapters.amazon.calls import GET_ORDER, PARTICIPATIONS, SEARCH_ORDERS, Calls
from mkt_tui.adapters.amazon.cursors import Cursor
from mkt_tui.adapters.amazon.mails import BuyerMails
from mkt_tui.adapters.amazon.marketplaces import marketplace_of
from mkt_tui.adapters.amazon.orders import read_order
from mkt_tui.adapters.amazon.tokens import SECRETS
from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts
from mkt_tui.adapters.http import Answer
from mkt_tui.adapters.mail.account import PASSWORD, account_of
from mkt_tui.adapters.mail.desk import MailDesk
from mkt_tui.adapters.mail.half import SpeaksByMail
from mkt_tui.adapters.reasons import OFFERS
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, NotAllowed, Refused, SettingsWrong
from mkt_tui.domain.money import currency_of
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.order_operations import ShipOrder
from mkt_tui.domain.orders import OrderSnapshot, Unreadable
from mkt_tui.domain.ticket_operations import StartThread
from mkt_tui.i18n import N_, _

_ORDERS: Final = "/orders/2026-01-01/orders"
_PAGE: Final = 100
_DAYS: Final = 90
_DATA: Final = "PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,PAYMENT"
# What is asked for when the account for personal data opens it (domain.channels).
_MODULES: Final = {"orders": ",BUYER,RECIPIENT", "invoices": ",TAX"}


class AmazonAdapter(SpeaksByMail):
    """One seller's account in one country.

    Options of the channel: `marketplace_id` (known for most countries), `orders_since` (a date;
    90 days ago), `token_url`, `personal_account` and `personal_modules` (see
    `domain.channels.PersonalData`), and those of `adapters.mail.account`, where `imap` is absent
    for a channel without mails.
    """

    SECRETS: ClassVar = (*SECRETS, PASSWORD)
    FIRST_TOPIC: ClassVar = "unexpectedProblem"

    SENDS_FILES: ClassVar[bool] = True
    # searchOrders at 0.0056 a second (usage plan).
    EVERY: ClassVar = {"orders": 180.0}
    SHIPS_PARCELS: ClassVar[bool] = True
    NEEDS: ClassVar = dict.fromkeys(("tickets", "news", "reply", "files", "find_sent"), "imap")
    UNAVAILABLE: ClassVar = {
        "operator_thread": N_("its messages are about orders; Seller Support is in Seller Central"),
        "close": N_("Amazon has no tickets; a mail that needs no answer is set aside here"),
        "hand": N_("Amazon has no tickets that could be handed over"),
        "decide": N_("Amazon confirms orders itself"),
        "track": N_("the API knows no correction; Seller Central does"),
        "cancel": N_("refunds and cancellations go by feeds that are not read back"),
        "refund": N_("refunds and cancellations go by feeds that are not read back"),
        "document": N_("invoices go by feeds that are not read back"),
        **dict.fromkeys(("documents", "delete_document"), N_("its orders hold no documents")),
        "shipments": N_("parcels are confirmed as they are sent; none is prepared there"),
        "listings": OFFERS,
        "incident": N_("no API tells of claims; they are in Seller Central"),
        **dict.fromkeys(
            ("returns", "return"), N_("its API of returns is for external fulfilment only")
        ),
        "deliver": N_("Amazon hears of deliveries from carriers; there is no call"),
        "exchange": N_("the API knows no exchanges"),
    }

    def __init__(self, channel: Channel, secret: Callable[[], str], **http: Any) -> None:
        self._channel = channel
        secrets = Secrets(channel, secret)
        self._calls = Calls(channel, secrets, **http)
        self._marketplace = marketplace_of(channel)
        # Orders tell their own once they have a price.
        self._currency = currency_of(channel.country)
        self._acts = Acts(channel, self._calls, self._marketplace)
        imap = channel.options.get("imap")
        if imap:
            account = account_of(channel, imap)
            self._mail = MailDesk(channel, account, lambda: secrets(PASSWORD), BuyerMails())

    async def __aenter__(self) -> Self:
        await self._calls.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._calls.__aexit__()

    def key_expires_at(self) -> datetime | None:
        """Return when the access token ends; None = none was fetched yet."""
        return self._calls.tokens.ends_at()

    async def check(self) -> None:
        """Ask in which marketplaces the account sells, and log in to the mail servers."""
        answer = await self._calls.get(
            PARTICIPATIONS, "participations", "/sellers/v1/marketplaceParticipations", {}
        )
        sold_in = [line(part(each, "marketplace"), "id") for each in parts(answer.data, "payload")]
        if self._marketplace not in sold_in:
            raise SettingsWrong(
                what=_("The account of channel {channel} does not sell in {marketplace}").format(
                    channel=self._channel.name, marketplace=self._marketplace
                ),
                remedy=_("It sells in: {names}. Set marketplace_id to one of them.").format(
                    names=", ".join(each for each in sold_in if each) or "-"
                ),
            )
        if self._mail:
            await self._mail.check()

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed (searchOrders)."""
        place = Cursor.from_text(cursor)
        place = replace(place, since=place.since or self._earliest())
        stored = place.token
        while True:
            answer, place = await self._search(place, forgiving=place.token == stored)
            items, unreadable = self._read_all(self._rows(answer))
            newest = max((each.updated_at for each in items), default=None)
            place = place.after_page(self._told_until(answer), newest)
            token = self._next_token(answer)
            if token is None:
                yield Page(items, place.finished().to_text(), complete=True, unreadable=unreadable)
                return
            if token == place.token:
                yield Page(items, place.anew().to_text(), complete=False, unreadable=unreadable)
                raise self._bad(N_("the same page comes again"))
            place = replace(place, token=token)
            yield Page(items, place.to_text(), complete=False, unreadable=unreadable)

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order (getOrder)."""
        found = await self._order(number, self._data)
        try:
            return None if found is None else read_order(found, self._currency)
        except Misread as error:
            raise self._bad(str(error)) from error

    async def notices(self, order_number: str) -> tuple[str, ...]:
        """Return the notices that the order allows now (messaging and solicitations)."""
        return await self._acts.notices(order_number)

    async def start_thread(self, wanted: StartThread) -> Delivery:
        """Send a notice; its kind is the topic, such as confirmOrderDetails."""
        return await self._acts.send_notice(wanted)

    async def ship_order(self, wanted: ShipOrder) -> Delivery:
        """Confirm the shipment (confirmShipment), parcel by parcel."""
        return await self._acts.ship(wanted, await self._known_order(wanted.order_number))

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look whether the order shows the parcels; of a notice nothing tells.

        Parcels that are not shown prove nothing: when they appear there is not documented.
        """
        if isinstance(wanted, ShipOrder):
            order = await self._known_order(wanted.order_number)
            if shipped_as(wanted, order):
                return Delivery(wanted.parcels[0].number)
        raise NotAllowed(
            what=N_("Amazon does not tell whether it was done"),
            remedy=N_("Look in Seller Central and settle it yourself."),
        )

    async def _known_order(self, number: str) -> Json:
        found = await self._order(number, "FULFILLMENT,PACKAGES")
        if found is not None:
            return found
        raise NotAllowed(
            what=_("Amazon knows no order {number}").format(number=number),
            remedy=N_("Check the number."),
        )

    async def _order(self, number: str, data: str) -> Json | None:
        try:
            answer = await self._calls.get(
                GET_ORDER, "order", f"{_ORDERS}/{segment(number)}", {"includedData": data}
            )
            return part(answer.data, "order")
        except Refused as error:
            if error.parameters.get("status") == "404":
                return None
            raise
        except Misread as error:
            raise self._bad(str(error)) from error

    @property
    def _data(self) -> str:
        opened = self._channel.personal_data.allows
        return _DATA + "".join(data for name, data in _MODULES.items() if opened(name))

    def _earliest(self) -> datetime:
        since = self._channel.orders_since
        return since or datetime.now(UTC) - timedelta(days=_DAYS)

    async def _search(self, place: Cursor, *, forgiving: bool) -> tuple[Answer, Cursor]:
        """Return a page of orders and the place it belongs to.

        A token that was kept over a pause may have expired (it lives for 24 hours); `forgiving`
        starts the read again then.
        """
        assert place.since is not None
        query: dict[str, str | int] = {
            "lastUpdatedAfter": _moment(place.since),
            "marketplaceIds": self._marketplace,
            "maxResultsPerPage": _PAGE,
            "includedData": self._data,
        }
        if place.token is None:
            return await self._page(query), place
        try:
            return await self._page({**query, "paginationToken": place.token}), place
        except Refused as refusal:
            if not forgiving or refusal.parameters.get("status") != "400":
                raise
        return await self._page(query), place.anew()

    async def _page(self, query: dict[str, str | int]) -> Answer:
        return await self._calls.get(SEARCH_ORDERS, "search", _ORDERS, query)

    def _rows(self, answer: Answer) -> list[Json]:
        rows = answer.data.get("orders")
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name="orders"))

    def _read_all(
        self, rows: list[Json]
    ) -> tuple[tuple[OrderSnapshot, ...], tuple[Unreadable, ...]]:
        """Read the orders of a page; one that cannot be read is told, and hides no other."""
        items, unreadable = [], []
        for row in rows:
            try:
                items.append(read_order(row, self._currency))
            except Misread as error:
                unreadable.append(self._unreadable(row, error))
        return tuple(items), tuple(unreadable)

    def _unreadable(self, row: Json, error: Misread) -> Unreadable:
        try:
            return Unreadable(code(row, "orderId"), str(error))
        except Misread:
            raise self._bad(f"orderId: {error}") from error

    def _told_until(self, answer: Answer) -> datetime | None:
        try:
            return instant(answer.data, "lastUpdatedBefore")
        except Misread as error:
            raise self._bad(str(error)) from error

    def _next_token(self, answer: Answer) -> str | None:
        try:
            token = part(answer.data, "pagination").get("nextToken")
        except Misread as error:
            raise self._bad(str(error)) from error
        if token is None or (isinstance(token, str) and token.isprintable()):
            return token or None
        raise self._bad("nextToken")

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _moment(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
