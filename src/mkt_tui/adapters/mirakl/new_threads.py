"""Threads that the shop begins on an order: OR43, found again with M11."""

from typing import Final

import orjson

from mkt_tui.adapters.bodies import wording
from mkt_tui.adapters.fields import Misread
from mkt_tui.adapters.mirakl.connected import Connected, order_path
from mkt_tui.adapters.mirakl.cursors import moment
from mkt_tui.adapters.mirakl.giving_back import cannot_tell
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import CLOCKS_APART, Delivery, StartThread
from mkt_tui.domain.tickets import MessageSnapshot, Role
from mkt_tui.i18n import N_

# minLength and maxLength of text and topic in OR43.
_TEXT: Final = range(3, 50_001)
_TOPIC: Final = range(3, 201)


class NewThreads(Connected):
    """Begins threads on orders."""

    async def start_thread(self, wanted: StartThread) -> Delivery:
        """Write first about an order, to the customer, the operator or both (OR43)."""
        if len(wanted.text) not in _TEXT or len(wanted.topic) not in _TOPIC:
            raise NotAllowed(
                what=N_("It needs a subject of 3 to 200 characters and a text of 3 to 50,000"),
                remedy=N_("Correct it and try again."),
            )
        content = {
            "body": wanted.text,
            "to": [role.value.upper() for role in wanted.audience.roles],
            "topic": {"type": "FREE_TEXT", "value": wanted.topic},
        }
        answer = await self._http.post(
            order_path(wanted.order_number, "threads"),
            self._shop,
            [("thread_input", (None, orjson.dumps(content), "application/json"))],
        )
        return self._confirmed({"threads": [answer]}, "threads", "message_id")

    async def _find_thread(self, wanted: StartThread) -> Delivery | None:
        """Look for its message in the order's threads; one from before makes a person look."""
        query: dict[str, str | int] = {
            "entity_type": "MMP_ORDER",
            "entity_id": wanted.order_number,
            "with_messages": "true",
            "updated_since": moment(wanted.queued_at - CLOCKS_APART),
            "limit": 100,
            **self._shop,
        }
        answer = await self._http.get("/api/inbox/threads", query)
        try:
            threads = [read_thread(each) for each in self._parts(answer.data, "data")]
        except Misread as error:
            raise self._misread(error) from error
        alike = [
            message
            for thread in threads
            for message in thread.messages[:1]
            if _is_like(message, wanted)
        ]
        since = [each for each in alike if each.sent_at >= wanted.queued_at.replace(microsecond=0)]
        if alike and not since:
            raise cannot_tell()
        return Delivery(since[0].code) if since else None


def _is_like(message: MessageSnapshot, wanted: StartThread) -> bool:
    return message.author is Role.SHOP and wording(message.body) == wording(wanted.text)
