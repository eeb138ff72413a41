"""The first message to a customer: it goes to the masked address of an order and opens a ticket."""

from abc import abstractmethod
from typing import Final

from mkt_tui.adapters.bodies import wording
from mkt_tui.adapters.cnova.acts import Acts
from mkt_tui.adapters.cnova.wire import since
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts
from mkt_tui.domain.errors import BadAnswer, NotAllowed
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.ticket_operations import CLOCKS_APART, StartThread
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_

_MOST: Final = 50


class NewThreads(Acts):
    """Opens tickets; the adapter reads their messages."""

    async def start_thread(self, wanted: StartThread) -> Delivery:
        """Write to the customer of an order; the API takes no subject and names no ticket."""
        if wanted.audience is not Audience.CUSTOMER or not wanted.text.strip():
            raise NotAllowed(
                what=N_("This marketplace takes a first message to the customer alone"),
                remedy=N_("Write to the marketplace in a ticket, or in its portal."),
            )
        customer = part(await self._order(wanted.order_number), "customer")
        to = line(customer, "email")
        if to is None:
            raise NotAllowed(
                what=N_("The marketplace tells no address for the customer of this order"),
                remedy=N_("Write to the customer in the marketplace's own portal."),
            )
        await self._http.send("POST", "/tickets", {"to": to, "body": wanted.text})
        return Delivery("")

    async def find_done(self, wanted: Operation) -> Delivery | None:
        """Look for the ticket that the message opened; else see `Acts.find_done`."""
        if isinstance(wanted, StartThread):
            try:
                return await self._find_thread(wanted)
            except Misread as error:
                raise BadAnswer(channel=self._channel.name, detail=str(error)) from error
        return await super().find_done(wanted)

    async def _find_thread(self, wanted: StartThread) -> Delivery | None:
        """Return the customer's ticket that begins with these words.

        Raises:
            NotAllowed: One from before begins so too; a person must look.
        """
        customer = part(await self._order(wanted.order_number), "customer")
        query: dict[str, str | int] = {
            "createdAt": since(wanted.queued_at - CLOCKS_APART),
            "customerName": line(customer, "name") or "",
            "_offset": 0,
            "_limit": _MOST,
        }
        rows = parts((await self._http.get("/tickets", query)).data, "tickets")
        alike = [each for each in rows if await self._begins_so(code(each, "code"), wanted)]
        earliest = wanted.queued_at.replace(microsecond=0)
        for each in alike:
            created = instant(each, "createdAt")
            if created is not None and created >= earliest:
                return Delivery(code(each, "code"))
        if alike or len(rows) >= _MOST:
            raise NotAllowed(
                what=N_("This channel cannot tell whether it was carried out"),
                remedy=N_("Look in the marketplace's own portal."),
            )
        return None

    async def _begins_so(self, ticket_code: str, wanted: StartThread) -> bool:
        messages = await self._messages(ticket_code)
        first = min(messages, key=lambda each: str(each.get("createdAt")), default=None)
        return first is not None and wording(str(first.get("body"))) == wording(wanted.text)

    @abstractmethod
    async def _messages(self, ticket_code: str) -> list[Json]: ...
