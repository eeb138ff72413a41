"""Threads that the shop begins: on an order (OR43), or with the operator (M14); found with M11.

M14 takes the type of what a thread is about and nothing that names it, so a thread about an order is
always OR43's, and what an M14 thread is about stands in its subject.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from mkt_tui.adapters.bodies import wording
from mkt_tui.adapters.fields import Misread
from mkt_tui.adapters.mirakl.connected import Connected, order_path
from mkt_tui.adapters.mirakl.cursors import moment
from mkt_tui.adapters.mirakl.giving_back import cannot_tell
from mkt_tui.adapters.mirakl.threads import read_thread
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import CLOCKS_APART, StartOperatorThread, StartThread
from mkt_tui.domain.tickets import MessageSnapshot, Role
from mkt_tui.i18n import N_

THREADS: Final = "/api/inbox/threads"
# minLength and maxLength of text and topic in OR43 and M14.
_TEXT: Final = range(3, 50_001)
_TOPIC: Final = range(3, 201)
# "For threads between sellers and operator" (M11).
_OPERATOR: Final = "SELLER_OPERATOR"


class NewThreads(Connected):
    """Begins threads."""

    async def start_thread(self, wanted: StartThread) -> Delivery:
        """Write first about an order, to the customer, the operator or both (OR43)."""
        to = [role.value.upper() for role in wanted.audience.roles]
        return await self._begin(order_path(wanted.order_number, "threads"), wanted, {"to": to})

    async def start_operator_thread(self, wanted: StartOperatorThread) -> Delivery:
        """Write first to the operator, about no order (M14)."""
        return await self._begin(THREADS, wanted, {"entity": {"type": _OPERATOR}})

    async def _begin(
        self, path: str, wanted: StartThread | StartOperatorThread, about: Mapping[str, Any]
    ) -> Delivery:
        if len(wanted.text) not in _TEXT or len(wanted.topic) not in _TOPIC:
            raise NotAllowed(
                what=N_("It needs a subject of 3 to 200 characters and a text of 3 to 50,000"),
                remedy=N_("Correct it and try again."),
            )
        topic = {"type": "FREE_TEXT", "value": wanted.topic}
        content = orjson.dumps({"body": wanted.text, "topic": topic, **about})
        answer = await self._http.post(
            path, self._shop, [("thread_input", (None, content, "application/json"))]
        )
        return self._confirmed({"threads": [answer]}, "threads", "message_id")

    async def _find_thread(self, wanted: StartThread) -> Delivery | None:
        """Look for its message in the order's threads; see `_find_first`."""
        about = {"entity_type": "MMP_ORDER", "entity_id": wanted.order_number}
        return await self._find_first(about, wanted.text, wanted.queued_at)

    async def _find_operator_thread(self, wanted: StartOperatorThread) -> Delivery | None:
        """Look for its message in the threads with the operator; see `_find_first`."""
        return await self._find_first({"entity_type": _OPERATOR}, wanted.text, wanted.queued_at)

    async def _find_first(
        self, about: Mapping[str, str], text: str, queued_at: datetime
    ) -> Delivery | None:
        """Look for a thread that begins so (M11); one from before makes a person look."""
        query: dict[str, str | int] = {
            **about,
            "with_messages": "true",
            "updated_since": moment(queued_at - CLOCKS_APART),
            "limit": 100,
            **self._shop,
        }
        answer = await self._http.get(THREADS, query)
        try:
            threads = [read_thread(each) for each in self._parts(answer.data, "data")]
        except Misread as error:
            raise self._misread(error) from error
        firsts = [message for thread in threads for message in thread.messages[:1]]
        alike = [each for each in firsts if _is_like(each, text)]
        since = [each for each in alike if each.sent_at >= queued_at.replace(microsecond=0)]
        if alike and not since:
            raise cannot_tell()
        return Delivery(since[0].code) if since else None


def _is_like(message: MessageSnapshot, text: str) -> bool:
    return message.author is Role.SHOP and wording(message.body) == wording(text)
