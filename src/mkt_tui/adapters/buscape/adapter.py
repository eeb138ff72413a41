"""The order API v2 of Buscapé and Zoom (2018), and mails for what customers write.

Sources: schemas-and-examples.json and section 7 of the reference page of Brazil's marketplaces. The
API has no tickets. Whether either site still sells as a marketplace is not known.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Self

import httpx

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.buscape.acts import Acts
from mkt_tui.adapters.buscape.cursors import Cursor
from mkt_tui.adapters.buscape.orders import STATES, read_order
from mkt_tui.adapters.fields import Json, Misread, code
from mkt_tui.adapters.http import TIMEOUT, Answer, Http
from mkt_tui.adapters.mail.account import PASSWORD, account_of
from mkt_tui.adapters.mail.desk import MailDesk
from mkt_tui.adapters.mail.half import SpeaksByMail
from mkt_tui.adapters.mail.threads import by_thread
from mkt_tui.adapters.pacing import per_minute
from mkt_tui.adapters.reasons import ANSWERS_ONLY, NO_PAPERS, SET_ASIDE
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer
from mkt_tui.domain.orders import OrderSnapshot, Unreadable
from mkt_tui.i18n import N_, _

_PAGE: Final = 50
_HEADERS: Final = {"app-token": "app_token", "auth-token": "auth_token"}


def _now() -> datetime:
    return datetime.now(UTC)


class BuscapeAdapter(SpeaksByMail, Acts):
    """One shop at Buscapé or Zoom.

    Options of the channel: `requests_per_minute` (60), and those of `adapters.mail.account` with
    `mail_senders` and `order_pattern`, where `imap` is absent for a channel without mails.
    """

    SECRETS: ClassVar = (*_HEADERS.values(), PASSWORD)
    SENDS_FILES: ClassVar[bool] = True
    NEEDS: ClassVar = dict.fromkeys(("tickets", "news", "reply", "files", "find_sent"), "imap")
    UNAVAILABLE: ClassVar = {
        "thread": ANSWERS_ONLY,
        **dict.fromkeys(
            ("operator_thread", "hand"), N_("no address of the marketplace's own people is known")
        ),
        "close": SET_ASIDE,
        "track": N_("a second tracking would be a second parcel"),
        "cancel": N_("the order API has no cancellation by the shop"),
        "refund": N_("the order API has no refunds"),
        **dict.fromkeys(("documents", "delete_document"), NO_PAPERS),
        "parcels": N_("whether one item may go in two parcels is not documented"),
        "shipments": N_("the order API prepares no parcels"),
        "listings": N_("the order API has no offers"),
        "incident": N_("the order API has no incidents"),
        **dict.fromkeys(
            ("returns", "return", "exchange"), N_("the order API has no returns or exchanges")
        ),
        "deliver": N_("the document names no control point by which a shop tells of a delivery"),
    }

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
        secrets = Secrets(channel, secret)

        def headers() -> Mapping[str, str]:
            return {header: secrets(name) for header, name in _HEADERS.items()}

        self._http = Http(
            channel,
            headers,
            rate=per_minute(channel, "requests_per_minute", 60),
            timeout=timeout,
            transport=transport,
        )
        imap = channel.options.get("imap")
        if imap:
            account, threads = account_of(channel, imap), by_thread(channel)
            self._mail = MailDesk(channel, account, lambda: secrets(PASSWORD), threads)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    async def check(self) -> None:
        """Ask for one new order, and log in to the mail servers."""
        self._rows(await self._list("new", {"limit": 1, "offset": 0}))
        if self._mail:
            await self._mail.check()

    async def orders(self, cursor: str | None) -> AsyncIterator[Page[OrderSnapshot]]:
        """Yield the orders that changed, state by state; at most one walk in 30 minutes."""
        start, now = self._channel.orders_since, self._clock()
        place = Cursor.from_text(cursor) if cursor else Cursor(since=start)
        if place.is_too_soon(now):
            yield Page((), place.to_text(), complete=True)
            return
        place = place.begun(now)
        while place.state < len(STATES):
            query: dict[str, str | int] = {"limit": _PAGE, "offset": place.offset}
            if place.since:
                query["lastUpdate"] = place.since.isoformat(timespec="milliseconds").replace(
                    "+00:00", "Z"
                )
            rows = self._rows(await self._list(STATES[place.state], query))
            items, unreadable = self._read_all(rows)
            place = place.after_page(len(rows), _PAGE)
            done = place.state == len(STATES)
            kept = place.finished(self._clock()) if done else place
            yield Page(items, kept.to_text(), complete=done, unreadable=unreadable)

    async def order(self, number: str) -> OrderSnapshot | None:
        """Return one order."""
        row = await self._row(number)
        try:
            return None if row is None else read_order(row)
        except Misread as error:
            raise self._bad(str(error)) from error

    async def _list(self, state: str, query: dict[str, str | int]) -> Answer:
        # The document shows orders in a list; whether it stands alone is not said.
        return await self._http.get(f"/status/{state}", query, rows="orders")

    def _rows(self, answer: Answer) -> list[Json]:
        rows: Any = answer.data.get("orders", ...)
        if rows is None:
            return []
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
                items.append(read_order(row))
            except Misread as error:
                unreadable.append(self._unreadable(row, error))
        return tuple(items), tuple(unreadable)

    def _unreadable(self, row: Json, error: Misread) -> Unreadable:
        try:
            return Unreadable(code(row, "orderID"), str(error))
        except Misread:
            raise self._bad(f"orderID: {error}") from error

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)
