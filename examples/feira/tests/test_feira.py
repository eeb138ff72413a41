"""Feira keeps every promise of the conformance kit."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
from feira import FeiraAdapter

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.testing import Conformance, Practice, Received, clock
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.tickets import Role

TOKEN = "feira-token-1234"
MOST_A_SECOND = 4
ROLES = {"buyer": Role.CUSTOMER, "feira": Role.OPERATOR}


class Feira(Practice):
    """The marketplace, from its documentation: it knows nothing of the adapter."""

    secrets = (TOKEN,)
    page_size = 20
    enumerations = ("from",)

    def __init__(self, tickets: int) -> None:
        self._clock = clock()
        self._changes = count(1)
        self._numbers = count(1)
        self._seen: list[Any] = []
        self._too_fast = 0
        self._held: dict[str, dict[str, Any]] = {}
        for number in range(tickets):
            ticket = {"id": f"F{number}", "order": f"{1000 + number}", "buyer": "Maria Silva"}
            self._held[f"F{number}"] = ticket | {"subject": "Entrega", "messages": []}
            self.customer_writes(f"F{number}", "Onde está meu pedido?")

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.MockTransport(self._answer)

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        channel = Channel(
            1, "Feira", "feira", "BR", "http://feira", "env:FEIRA", "America/Sao_Paulo"
        )
        return FeiraAdapter(channel, lambda: TOKEN, transport=transport)

    def tickets(self) -> set[str]:
        return set(self._held)

    def orders(self) -> set[str]:
        return set()

    def received(self, ticket_code: str) -> list[Received]:
        return [
            Received(each["text"], frozenset(ROLES[side] for side in each["to"]))
            for each in self._held[ticket_code]["messages"]
            if each["from"] == "seller"
        ]

    def customer_writes(self, ticket_code: str, text: str) -> None:
        self._add(ticket_code, {"from": "buyer", "name": "Maria Silva", "to": ["seller"]}, text)

    @property
    def too_fast(self) -> int:
        return self._too_fast

    def _add(self, ticket_code: str, message: dict[str, Any], text: str) -> str:
        ticket, now = self._held[ticket_code], self._clock().isoformat()
        identifier = f"m{next(self._numbers)}"
        ticket["messages"].append(message | {"id": identifier, "text": text, "at": now})
        ticket["changed"], ticket["change"] = now, next(self._changes)
        if "buyer" in message["to"]:
            ticket["waiting_since"] = None
        elif message["from"] == "buyer":
            ticket["waiting_since"] = ticket.get("waiting_since") or now
        return identifier

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return httpx.Response(401, json={"message": "Who are you?"})
        now = self._clock()
        self._seen = [each for each in self._seen if now - each < timedelta(seconds=1)] + [now]
        if len(self._seen) > MOST_A_SECOND:
            self._too_fast += 1
            return httpx.Response(429, json={"message": "Slower"})
        words = request.url.path.strip("/").split("/")
        if words == ["tickets"]:
            return self._list(request.url.params)
        if words[1] not in self._held:
            return httpx.Response(404, json={"message": "No such ticket"})
        if request.method == "POST":
            return self._take(words[1], json.loads(request.content))
        return httpx.Response(200, json=self._held[words[1]])

    def _list(self, query: httpx.QueryParams) -> httpx.Response:
        after, limit = int(query.get("after", "0")), int(query.get("limit", "20"))
        changed = sorted(self._held.values(), key=lambda each: each["change"])
        found = [each for each in changed if each["change"] > after]
        shown = found[:limit]
        place = str(shown[-1]["change"] if shown else after)
        more = len(found) > len(shown)
        return httpx.Response(200, json={"tickets": shown, "place": place, "more": more})

    def _take(self, ticket_code: str, reply: dict[str, Any]) -> httpx.Response:
        sides = {"from": "seller", "name": "Casa Prado", "to": reply["to"], "key": reply["key"]}
        return httpx.Response(201, json={"id": self._add(ticket_code, sides, reply["text"])})


class TestFeira(Conformance):
    def practice(self, tickets: int) -> Practice:
        return Feira(tickets)


class Rude(Feira):
    """The same, but every row comes twice and backwards, and its clock is two hours ahead."""

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets)
        right = self._clock
        self._clock = lambda: right() + timedelta(hours=2)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = super()._answer(request)
        return httpx.Response(answer.status_code, json=_distorted(answer.json()))


def _distorted(told: dict[str, Any]) -> dict[str, Any]:
    found = dict(told)
    for name in ("tickets", "messages"):
        if name in found:
            rows = [_distorted(each) for each in found[name]]
            found[name] = [*rows, *rows][::-1]
    return found


class TestFeiraDistorted(Conformance):
    def practice(self, tickets: int) -> Practice:
        return Rude(tickets)
