"""The practice marketplace as a server process, and homes whose channels lead to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.programs import environment
from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.config import agent_name
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.channels import Channel
from mkt_tui.home import find_home, prepare


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of the marketplace: where it is and its key."""

    name: str
    base_url: str
    secret: str


@contextmanager
def marketplace(tickets: int) -> Iterator[list[Shop]]:
    """Run the sandbox with so many tickets and yield its shops."""
    command = [sys.executable, "-m", "mkt_tui", "sandbox", "--tickets", str(tickets)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as server:
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())["channels"]
            yield [Shop(each["name"], each["base_url"], each["secret"]) for each in told]
        finally:
            server.terminate()


def connected(folder: Path, shops: list[Shop]) -> Database:
    """Return the cache of a new home with an enabled channel per shop, its key in a file."""
    home = find_home(folder)
    prepare(home, None)
    database = Database(home.cache_file)
    for shop in shops:
        key = folder / f"{shop.name}.key"
        key.write_text(shop.secret, encoding="utf-8")
        channel = Channel(
            id=0, name=shop.name, adapter="mirakl", country="BR", base_url=shop.base_url,
            secret=f"file:{key}", zone="America/Sao_Paulo", enabled=True,
            options={"requests_per_second": "1000"},
        )  # fmt: skip
        channels.add_channel(database, channel, utc_now(), agent_name())
    return database
