"""A marketplace that answers what a test tells it, and small threads and orders to answer with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from mkt_tui.adapters.mirakl import MiraklAdapter
from mkt_tui.domain.channels import Channel

KEY = "s3cret-shop-key"
URL = "https://viavarejo.mirakl.test"
NOON = "2026-03-10T12:00:00.000Z"

Json = dict[str, Any]
Reaction = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def channel(base_url: str = URL, options: Mapping[str, str] | None = None) -> Channel:
    return Channel(
        id=1,
        name="ViaVarejo",
        adapter="mirakl",
        country="BR",
        base_url=base_url,
        secret="env:VIA_KEY",
        zone="America/Sao_Paulo",
        enabled=True,
        options=options or {},
    )


@dataclass
class Marketplace:
    """Reacts to each request with the next of `reactions`; the last one stays."""

    reactions: list[Reaction]
    requests: list[httpx.Request] = field(default_factory=list)

    def adapter(self, options: Mapping[str, str] | None = None) -> MiraklAdapter:
        return MiraklAdapter(
            channel(options=options), lambda: KEY, transport=httpx.MockTransport(self._react)
        )

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.requests]

    def _react(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reaction = self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]
        if isinstance(reaction, Exception):
            raise reaction
        if isinstance(reaction, httpx.Response):
            # An answer can be read once only; a reaction may be needed again.
            return httpx.Response(
                reaction.status_code, headers=reaction.headers, content=reaction.content
            )
        return reaction(request)


def answers(*reactions: Reaction | Json | bytes | int) -> Marketplace:
    """Return a marketplace that answers with JSON, bytes, a bare status, or fails."""
    return Marketplace([_reaction(each) for each in reactions])


def _reaction(answer: Reaction | Json | bytes | int) -> Reaction:
    match answer:
        case dict():
            return httpx.Response(200, json=answer)
        case bytes():
            return httpx.Response(200, content=answer)
        case int():
            return httpx.Response(answer)
        case _:
            return answer


def threads(*rows: Json, token: str | None = None) -> Json:
    """Return a page of M11."""
    return {"data": list(rows)} | ({"next_page_token": token} if token else {})


def orders(*rows: Json, total: int | None = None) -> Json:
    """Return a page of OR11."""
    return {"orders": list(rows), "total_count": len(rows) if total is None else total}


def thread(**changes: Any) -> Json:
    """Return a thread of M11 in which Maria waits for the shop since noon."""
    customer = {"type": "CUSTOMER", "id": "c1", "display_name": "Maria Silva"}
    shop = {"type": "SHOP", "id": "2001", "display_name": "Casa Prado"}
    operator = {"type": "OPERATOR", "display_name": "Operador Via"}
    return {
        "id": "t-1",
        "topic": {"type": "FREE_TEXT", "value": "Onde está meu pedido?"},
        "entities": [{"type": "MMP_ORDER", "id": "5001-A", "label": "5001-A"}],
        "authorized_participants": [shop, operator, customer],
        "current_participants": [shop, customer],
        "metadata": {
            "last_message_date": NOON,
            "last_sender": {"type": "CUSTOMER_USER", "display_name": "Maria Silva"},
            "shop_reply_needed_since": NOON,
            "total_count": 1,
        },
        "date_created": NOON,
        "date_updated": NOON,
        "messages": [message()],
        **changes,
    }


def message(**changes: Any) -> Json:
    """Return Maria's message."""
    return {
        "id": "m-1",
        "body": "Meu pedido não chegou.",
        "date_created": NOON,
        "from": {"type": "CUSTOMER_USER", "display_name": "Maria Silva"},
        "to": [{"type": "SHOP", "id": "2001", "display_name": "Casa Prado"}],
        "attachments": [],
        **changes,
    }


def order(**changes: Any) -> Json:
    """Return the least that is an order."""
    return {
        "order_id": "5001-A",
        "order_state": "SHIPPING",
        "currency_iso_code": "BRL",
        "created_date": NOON,
        "last_updated_date": NOON,
        **changes,
    }
