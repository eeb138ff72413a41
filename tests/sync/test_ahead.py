"""Pages are read one ahead, and nothing of what was promised about them changes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from mkt_tui.adapters.http import Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import CacheFull, Unavailable
from mkt_tui.sync.ahead import read_ahead


async def numbered(last: int, told: list[str]) -> AsyncIterator[int]:
    try:
        for number in range(last):
            told.append(f"asked {number}")
            yield number
        told.append("asked beyond")
    finally:
        told.append("closed")


async def test_the_next_page_is_asked_for_before_this_one_is_written() -> None:
    told: list[str] = []
    await read_ahead(numbered(2, told), lambda page: told.append(f"wrote {page}"))
    assert told == ["asked 0", "asked 1", "wrote 0", "asked beyond", "closed", "wrote 1"]


async def test_a_page_is_written_although_the_next_one_fails() -> None:
    async def breaking() -> AsyncIterator[int]:
        yield 1
        raise Unavailable(channel="Carrefour", detail="503")

    written: list[int] = []
    with pytest.raises(Unavailable):
        await read_ahead(breaking(), written.append)
    assert written == [1]


async def test_after_a_page_that_cannot_be_written_nothing_more_is_asked_for() -> None:
    told: list[str] = []

    def refuse(_page: int) -> None:
        raise CacheFull(path="cache.db", detail="no room")

    with pytest.raises(CacheFull):
        await read_ahead(numbered(5, told), refuse)
    assert told == ["asked 0", "asked 1", "closed"]


async def test_a_read_that_is_stopped_closes_its_list() -> None:
    told: list[str] = []

    async def slow() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            told.append("closed")

    reading = asyncio.create_task(read_ahead(slow(), lambda page: told.append(f"wrote {page}")))
    while not told:
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert told == ["wrote 1", "closed"]


class Pages(BaseHTTPRequestHandler):
    """Notes which page is asked for."""

    protocol_version = "HTTP/1.1"
    asked: tuple[Event, ...] = ()

    def do_GET(self) -> None:
        self.asked[int(self.path.removeprefix("/"))].set()
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def server(pages: type[Pages]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), pages) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()


async def test_the_marketplace_has_the_next_request_while_a_page_is_written() -> None:
    """Writing stops the event loop: what had not left by then would leave after it only."""

    class Noted(Pages):
        asked = tuple(Event() for _ in range(4))

    async def pages(http: Http) -> AsyncIterator[int]:
        for number in range(len(Noted.asked)):
            await http.get(f"/{number}", {})
            yield number

    met: list[bool] = []

    def write(page: int) -> None:
        if page + 1 < len(Noted.asked):
            met.append(Noted.asked[page + 1].wait(5))

    with server(Noted) as url:
        shop = Channel(1, "Carrefour", "mirakl", "BR", url, "env:KEY", "America/Sao_Paulo")
        async with Http(shop, dict, rate=1000) as http:
            await read_ahead(pages(http), write)
    assert met == [True, True, True]
