"""The sandbox's marketplaces as practice for the conformance kit."""

import atexit
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from uuid import uuid4

import httpx

from mkt_tui.adapters.base import Adapter
from mkt_tui.adapters.testing import Practice, Received, clock
from mkt_tui.adapters.testing.virtual_time import START
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.tickets import AttachmentPlace, Role, TicketSnapshot
from mkt_tui.sandbox.contract import Contract
from mkt_tui.sandbox.faults import parse
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.records import CUSTOMER, SHOP, Message
from mkt_tui.sandbox.rudeness import Faults
from mkt_tui.sandbox.server import CONTRACTS, create_app
from mkt_tui.sandbox.world import Shop

ADDRESS = "http://practice"
_FOLDER = mkdtemp(prefix="mkt-tui-practice-")
atexit.register(rmtree, _FOLDER)


class Counting(httpx.ASGITransport):
    """Counts the requests that were turned away for coming too fast."""

    too_fast = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        self.too_fast += response.status_code == 429
        return response


class SandboxPractice(Practice):
    """One shop of the sandbox, which keeps its documented rates.

    A subclass names the shop and makes the adapter from `channel` and `secret`; `faults` are how rude
    it is meanwhile.
    """

    slug: str
    faults: tuple[str, ...] = ()

    def __init__(self, tickets: int) -> None:
        world = invent(tickets, 3, START, (self.slug,))
        self.world = replace(world, clock=clock(), rate_limit=10.0, paced=True)
        self._counting = Counting(create_app(self.world, Faults(parse(self.faults))))
        self.secrets = (self.shop.identity.api_key,)
        self._folder = Path(mkdtemp(dir=_FOLDER))
        self._files = {
            option: self._kept(option, content)
            for option, content in self._contract.files(self.shop).items()
        }

    def _kept(self, name: str, content: str) -> str:
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(content, encoding="utf-8")
        return str(path)

    @property
    def _contract(self) -> Contract:
        return CONTRACTS[self.shop.identity.contract]

    @property
    def shop(self) -> Shop:
        return self.world.shops[0]

    @property
    def channel(self) -> Channel:
        contract = self._contract
        options = contract.options(self.world, self.shop)
        address = f"{ADDRESS}/{self.slug}"
        return Channel(
            id=1,
            name=self.shop.identity.channel,
            adapter=self.shop.identity.contract,
            country="BR",
            base_url=f"{address}{contract.path}",
            secret="env:PRACTICE_KEY",
            zone="America/Sao_Paulo",
            enabled=True,
            options={name: value.format(address=address) for name, value in options.items()}
            | self._files,
        )

    def secret(self) -> str:
        return self._contract.secret(self.shop)

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        return self._counting

    def adapter(self, transport: httpx.AsyncBaseTransport) -> Adapter:
        raise NotImplementedError

    @property
    def too_fast(self) -> int:
        return self._counting.too_fast

    def tickets(self) -> set[str]:
        return set(self.shop.threads)

    def orders(self) -> set[str]:
        return set(self.shop.orders)

    def hold_orders(self, count: int) -> bool:
        orders = self.shop.orders
        for surplus in list(orders)[count:]:
            del orders[surplus]
        return len(orders) == count

    def received(self, ticket_code: str) -> list[Received]:
        return [
            Received(each.body, frozenset(Role(party.lower()) for party in each.to))
            for each in self.shop.threads[ticket_code].messages
            if each.sender == SHOP
        ]

    def customer_writes(self, ticket_code: str, text: str) -> None:
        thread = self.shop.threads[ticket_code]
        name = thread.order.customer.name
        message = Message(str(uuid4()), CUSTOMER, name, (SHOP,), text, self.world.clock())
        self.shop.add_message(thread, message)


def first_file(tickets: Iterable[TicketSnapshot]) -> AttachmentPlace:
    """Return where the first file of the tickets is."""
    return next(
        AttachmentPlace(ticket.code, message.code, each.code)
        for ticket in tickets
        for message in ticket.messages
        for each in message.attachments
    )
