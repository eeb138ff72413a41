"""A publisher's practice portal within the test, by the test's own clock."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx

from mkt_tui.adapters.bookwire import BookwireAdapter
from mkt_tui.cache import channels
from mkt_tui.desk import checked_files, publisher
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import HouseRules
from mkt_tui.domain.deadlines.rules import book
from mkt_tui.domain.ticket_operations import KeptFile
from mkt_tui.epub.report import Checker, Message, Report, Severity, Verdict
from mkt_tui.sandbox.bookwire.catalogue import Catalogue, of
from mkt_tui.sandbox.bookwire.records import Case
from mkt_tui.sandbox.invention import invent
from mkt_tui.sandbox.server import create_app
from mkt_tui.sandbox.world import World
from mkt_tui.sync.outbox import Outbox
from mkt_tui.sync.pull import Pull
from tests.worlds import NOW


@dataclass(frozen=True)
class Portal:
    """The portal, the channel that reads it, and a desk's way to both."""

    desk: Desk
    world: World
    channel: Channel

    @property
    def catalogue(self) -> Catalogue:
        return of(self.world, self.world.shops[0])

    def adapter(self) -> BookwireAdapter:
        key = self.world.shops[0].identity.api_key
        transport = httpx.ASGITransport(create_app(self.world))
        return BookwireAdapter(
            self.channel, lambda: key, transport=transport, clock=self.desk.clock
        )

    async def read(self) -> None:
        """Read everything that changed, as the engine does."""
        async with self.adapter() as adapter:
            await self._pull.tickets(self.channel, adapter)
            await self._pull.titles(self.channel, adapter)
            await self._pull.sales(self.channel, adapter)

    async def read_tickets(self) -> None:
        """Read the tickets alone: of titles each costs requests of its own."""
        async with self.adapter() as adapter:
            await self._pull.tickets(self.channel, adapter)

    @property
    def _pull(self) -> Pull:
        rules = book({}, {}, HouseRules())
        return Pull(self.desk.database, self.desk.clock, rules, lambda _: None)

    async def deliver(self) -> int:
        """Carry out what is due, as the engine does."""
        async with self.adapter() as adapter:
            outbox = Outbox(self.desk.database, self.desk.clock, "worker")
            return await outbox.deliver(self.channel, adapter)

    def ticket(self, case: Case | None = None) -> TitleTicket:
        """Return the ticket of a case as the desk knows it; any open one for None."""
        code = (case or self.open_case()).id
        found = self.desk.database.value("SELECT id FROM ticket WHERE code = :code", {"code": code})
        return publisher.load(self.desk, found)

    def open_case(self) -> Case:
        return next(
            each for each in self.catalogue.cases.values() if each.status == "waiting_seller"
        )


def portal(desk: Desk, clock: Callable[[], datetime], tickets: int = 12) -> Portal:
    """Return a practice portal with its channel in the cache."""
    world = replace(invent(tickets, 3, NOW, ("bookwire",)), clock=clock)
    plain = Channel(
        *(0, "Bookwire", "bookwire", "BR", "http://practice/bookwire", "env:NO"),
        "America/Sao_Paulo",
        enabled=True,
        options={"requests_per_minute": "60000"},
    )
    channels.add_channel(desk.database, plain, NOW, "ana")
    found = channels.find_channel(desk.database, "Bookwire")
    assert found
    return Portal(desk, world, found)


def epub(folder: Path, content: bytes = b"PK corrected", name: str = "livro.epub") -> str:
    """Return the path of something that a portal takes for an EPUB."""
    path = folder / name
    path.write_bytes(content)
    return str(path)


def report(path: Path, *, passed: bool) -> Report:
    """What a check found."""
    wrong = Message("RSC-012", Severity.ERROR, "EPUB/nav.xhtml", 13, 35, "Fragment not found.")
    messages = () if passed else (wrong,)
    verdict = Verdict("kobo", "Kobo", "2026-01", "https://example.org", passed, messages)
    counts = {Severity.ERROR: len(messages)}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    size = path.stat().st_size
    checker = Checker("5.3.0", counts)
    return Report(path.name, size, digest, NOW, "en", "Livro", "-", checker, (verdict,))


def passed(desk: Desk, ticket: TitleTicket, file: KeptFile) -> None:
    """Let the file have passed its check."""
    path = Path(file.path)
    checked_files.keep(desk, ticket, str(path), report(path, passed=True))
