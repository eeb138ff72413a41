"""A practice marketplace as a process of its own, and a home whose channels point to it."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkt_tui.cache.database import Database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
# A reply can be taken back so long; five seconds in the settings' default.
HOLD = 0.5


@dataclass(frozen=True)
class Shop:
    """One channel of the sandbox, seen from outside the product."""

    name: str
    base_url: str
    secret: str

    def thread(self, code: str) -> dict[str, Any]:
        """The thread as the marketplace holds it (Mirakl M10)."""
        url = f"{self.base_url}/api/inbox/threads/{code}"
        answer = httpx.get(url, headers={"Authorization": self.secret}, timeout=20)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def copies(self, code: str, words: str) -> int:
        """How often the thread holds exactly these words."""
        return sum(each["body"] == words for each in self.thread(code)["messages"])

    def be(self, *faults: str) -> None:
        """Let the marketplace show these faults from now on; none = polite."""
        url = self.base_url.rsplit("/", 1)[0]
        answer = httpx.post(f"{url}/control/faults", json={"faults": faults}, timeout=20)
        answer.raise_for_status()


@dataclass(frozen=True)
class Place:
    """A home, synced once, and the shops behind its channels."""

    home: Path
    shops: dict[str, Shop]

    def row(self, sql: str, **parameters: object) -> tuple[Any, ...] | None:
        """Look into the cache from outside the desk."""
        database = Database(self.home / "cache.db")
        try:
            return database.row(sql, parameters)
        finally:
            database.close()

    def change(self, sql: str, **parameters: object) -> None:
        """Change the cache from outside the desk, as another process would."""
        database = Database(self.home / "cache.db")
        try:
            database.execute(sql, parameters)
        finally:
            database.close()

    def now(self) -> int:
        """The instant it is, in cache milliseconds."""
        return int(time.time() * 1000)

    def first_ticket(self, channel: str) -> tuple[int, str]:
        """The most overdue open ticket of a channel: its id and code."""
        found = self.row(
            "SELECT ticket.id, code FROM ticket JOIN channel ON channel.id = channel_id"
            " WHERE channel.name = :name AND state = 0 ORDER BY sort_at, ticket.id LIMIT 1",
            name=channel,
        )
        assert found is not None
        return found[0], found[1]

    def wait_for(self, sql: str, expected: object, **parameters: object) -> None:
        """Wait until a question to the cache has the expected answer."""
        until = time.monotonic() + PATIENCE
        while (found := self.row(sql, **parameters)) != (expected,):
            assert time.monotonic() < until, f"{sql}: {found}"
            # Asking without a pause would take the processor from whom it waits for.
            time.sleep(0.05)


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mkt-tui to its end."""
    return subprocess.run(
        [sys.executable, "-m", "mkt_tui", "--home", str(home), "--lang", "en", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


@dataclass(frozen=True)
class Sandbox:
    """The practice marketplaces as they announce themselves."""

    url: str
    channels: list[dict[str, Any]]


@contextmanager
def playing(*shops: str, tickets: int = 40) -> Iterator[Sandbox]:
    """Let the practice marketplaces play these shops."""
    words = [word for shop in shops for word in ("--shop", shop)]
    server = subprocess.Popen(
        [sys.executable, "-m", "mkt_tui", "sandbox", "--tickets", str(tickets), *words],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    try:
        told = json.loads(server.stdout.readline())
        yield Sandbox(told["url"], told["channels"])
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@dataclass(frozen=True)
class Practice:
    """A small world, and a home that has read it as it is when it begins."""

    place: Place
    process: "subprocess.Popen[str]"

    def begin_anew(self) -> None:
        """Let nothing have happened in the world."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One for all journeys of this process, for a first read of two shops takes seconds."""
    home = tmp_path_factory.mktemp("practice") / "home"
    home.mkdir(mode=0o700)
    private(home / "settings.toml", f"hold_seconds = {HOLD}\n")
    command_line = [sys.executable, "-m", "tests.journeys.shops", "60"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command_line, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())["channels"]
        shops = {
            each["name"]: Shop(each["name"], each["base_url"], each["secret"]) for each in told
        }
        found = Practice(Place(home, shops), process)
        found.begin_anew()
        for shop in shops.values():
            key = private(home / f"{shop.name}.key", shop.secret)
            options = ["--adapter", "mirakl", "--country", "BR"]
            where = ["--base-url", shop.base_url, "--secret", f"file:{key}"]
            command(home, "channel", "add", shop.name, *options, *where)
            command(home, "channel", "enable", shop.name)
        command(home, "sync", "--once")
        yield found


def private(path: Path, text: str) -> Path:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path


@pytest.fixture
def place(practice: Practice, tmp_path: Path) -> Place:
    """A world and a home of one's own, which has read it."""
    practice.begin_anew()
    home = tmp_path / "home"
    shutil.copytree(practice.place.home, home)
    return Place(home, practice.place.shops)
