"""Sync over loopback HTTP from the practice marketplace: the first, an idle one, and replies.

python -m bench.sync --tickets 100000
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import httpx

from bench import reference
from bench.marketplace import Shop, connected, marketplace
from bench.programs import environment
from bench.report import Budget, Line, command_line, percentile, publish
from bench.spent import Spent, so_far
from mkt_tui.cache import channels, queries, threads
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.queries import QueueFilter, QueueRow
from mkt_tui.config import Settings, agent_name
from mkt_tui.desk import conversation, replying
from mkt_tui.desk.desk import Desk, utc_now
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import find_home
from mkt_tui.sync.engine import Engine
from mkt_tui.sync.pull import ORDERS, Progress

_PATIENCE: Final = 10.0


def first_sync(folder: Path, shops: list[Shop], database: Database, tickets: int) -> list[Line]:
    """Measure the first read: until tickets, messages and orders are there, and all of it."""
    there: dict[str, Spent] = {}

    def note(progress: Progress) -> None:
        if progress.stream == ORDERS:
            there[progress.channel.name] = so_far()

    began = so_far()
    _sync(database, note)
    whole = so_far() - began
    queue = max(there.values(), key=attrgetter("seconds")) - began
    least, all_least = (
        reference.run(folder, shops, database, beside=beside) for beside in (False, True)
    )
    budget = Budget(0.5, relative=True, at_least=True)
    name = f"first sync of {tickets:,} with orders"
    return [
        *_read(name, budget, tickets, queue, least),
        *_read(f"{name}, offers, returns", None, tickets, whole, all_least),
    ]


def _read(
    name: str, budget: Budget | None, tickets: int, ours: Spent, reference: Spent
) -> list[Line]:
    a_ticket = 1000 / tickets
    return [
        Line(name, "/s", tickets / ours.seconds, budget, tickets / reference.seconds),
        Line(f"{name}: CPU a ticket", "ms", ours.cpu * a_ticket, None, reference.cpu * a_ticket),
        Line(
            f"{name}: CPU there",
            "ms",
            ours.children * a_ticket,
            None,
            reference.children * a_ticket,
        ),
    ]


def idle_sync(database: Database, shops: list[Shop]) -> list[Line]:
    """Measure a read that finds nothing new, per channel."""
    _sync(database)
    runs = [_idle_once(database) for _ in range(10)]
    requests = sum(each[0] for each in runs) / len(runs) / len(shops)
    spent = percentile([each[1] for each in runs], 50) / len(shops)
    return [
        Line("nothing new: requests a channel for tickets and orders", "", requests, Budget(2)),
        Line("nothing new: CPU a channel", "ms", spent, Budget(20)),
    ]


def _idle_once(database: Database) -> tuple[int, float]:
    with counted() as requests:
        cpu = time.process_time()
        _sync(database)
        return len(requests), (time.process_time() - cpu) * 1000


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note the requests that leave this process."""
    paths: list[str] = []
    send = httpx.AsyncClient.send

    async def noted(self: httpx.AsyncClient, request: httpx.Request, **how: Any) -> httpx.Response:
        paths.append(request.url.path)
        return await send(self, request, **how)

    with patch.object(httpx.AsyncClient, "send", noted):
        yield paths


def _sync(database: Database, tell: Callable[[Progress], None] = lambda _progress: None) -> None:
    results = asyncio.run(Engine(database, Settings(), utc_now, tell).once())
    for each in results:
        if each.error:
            raise each.error


def replies(folder: Path, shops: list[Shop], database: Database, count: int) -> list[Line]:
    """Measure replies from the press to the durable row, and to the marketplace."""
    desk = Desk(database, Settings(), find_home(folder), agent_name())
    waiting = queries.page(database, QueueFilter(), None, 0, count)
    keys = {each.name: each for each in shops}
    durable, arrived = [], []
    with service(folder):
        time.sleep(3)  # its start and its first reads are over
        for row in waiting:
            began, spent = _send(desk, row)
            durable.append(spent)
            shop = keys[desk.channels()[row.channel_id].name]
            _wait_sent(database, row)
            arrived.append((_arrival(shop, row.code) - began) / timedelta(milliseconds=1))
    return [
        Line("send: row durable, p95", "ms", percentile(durable, 95), Budget(30)),
        Line("send: at the marketplace, p50", "ms", percentile(arrived, 50)),
        Line("send: at the marketplace, p95", "ms", percentile(arrived, 95), Budget(300)),
    ]


def _send(desk: Desk, row: QueueRow) -> tuple[datetime, float]:
    found = conversation.load(desk, row.id)
    audience = Audience.CUSTOMER if Audience.CUSTOMER in found.audiences else found.audiences[0]
    at, began = utc_now(), time.perf_counter()
    replying.send(desk, found, Draft("Olá! A coleta foi agendada.", audience))
    return at, (time.perf_counter() - began) * 1000


def _wait_sent(database: Database, row: QueueRow) -> None:
    end = time.monotonic() + _PATIENCE
    while threads.operations(database, row.id):
        if time.monotonic() > end:
            raise TimeoutError(f"the reply to {row.code} did not leave")
        time.sleep(0.01)


def _arrival(shop: Shop, code: str) -> datetime:
    """Return when the marketplace got the newest message of a thread, by its own clock."""
    url = f"{shop.base_url}/api/inbox/threads/{code}"
    thread = httpx.get(url, headers={"Authorization": shop.secret}).raise_for_status().json()
    return max(datetime.fromisoformat(each["date_created"]) for each in thread["messages"])


@contextmanager
def service(folder: Path) -> Iterator[None]:
    """Run the sync service of a home."""
    command = [sys.executable, "-m", "mkt_tui", "--home", str(folder), "sync", "--service"]
    with subprocess.Popen(command, env=environment()) as process:
        try:
            yield
        finally:
            process.terminate()


def measure(tickets: int, count: int) -> list[Line]:
    """Measure all of it on one marketplace and one home."""
    with TemporaryDirectory() as name, marketplace(tickets) as shops:
        folder = Path(name) / "home"
        database = connected(folder, shops)
        try:
            assert len(channels.all_channels(database)) == len(shops)
            return [
                *first_sync(folder, shops, database, tickets),
                *idle_sync(database, shops),
                *replies(folder, shops, database, count),
            ]
        finally:
            database.close()


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure sync.")
    cli.add_argument("--tickets", type=int, default=20_000)
    cli.add_argument("--replies", type=int, default=40)
    args = cli.parse_args()
    publish(measure(args.tickets, args.replies), args.json)


if __name__ == "__main__":
    main()
