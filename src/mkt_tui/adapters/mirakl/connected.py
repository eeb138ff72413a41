"""One shop's connection, as its acts use it."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mkt_tui.adapters.fields import Json, Misread, code, parts
from mkt_tui.adapters.http import Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Doubtful
from mkt_tui.domain.operations import Delivery
from mkt_tui.i18n import N_

ORDERS: Final = "/api/orders"


class Connected:
    """What the adapter gives to its acts."""

    _channel: Channel
    _http: Http
    _shop: Mapping[str, str]

    async def _order_now(self, number: str) -> Json:
        """Return the order as OR11 tells it, nothing when it has none of that number."""
        query: dict[str, str | int] = {"order_ids": number, "max": 1, **self._shop}
        answer = await self._http.get(ORDERS, query)
        found = self._parts(answer.data, "orders")
        return next((each for each in found if each.get("order_id") == number), {})

    async def _put(self, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return await self._http.send("PUT", path, content, self._shop)

    def _confirmed(self, answer: Json, key: str, number: str, count: int = 1) -> Delivery:
        """Return the last number in the list `key` of a write's answer.

        Raises:
            Doubtful: It is not there, so it may have been carried out or not.
        """
        try:
            told = [code(each, number) for each in parts(answer, key)]
        except Misread:
            told = []
        if len(told) < count:
            detail = N_("its number is not in the answer")
            raise Doubtful(channel=self._channel.name, detail=detail)
        return Delivery(told[-1])

    def _parts(self, data: Json, key: str) -> list[Json]:
        try:
            return parts(data, key)
        except Misread as error:
            raise self._misread(error) from error

    def _misread(self, error: Misread) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=str(error))


def order_path(number: str, act: str) -> str:
    """Return the address of an act on an order."""
    # Dots are quoted too, or an order called ".." would lead to another operation.
    quoted = quote(number, safe="").replace(".", "%2E")
    return f"{ORDERS}/{quoted}/{act}"
