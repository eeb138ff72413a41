"""A sync killed with a file half on its way: the next one goes on, and the file arrives once (P11, P12)."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import httpx
import pytest

from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.config import Settings
from mkt_tui.desk import correcting, importing, publisher
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.ticket_operations import KeptFile
from mkt_tui.home import Home
from mkt_tui.screens import title_ticket_words
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.faults.rude_shop import RudeShop, add_channel, rude_shop
from tests.publisher import epub, passed
from tests.sshd import serving
from tests.worlds import NOW

ROOT = Path(__file__).resolve().parents[2]
ISBN = "9786500000009"
CONTENT = b"PK" + Random(7).randbytes(3_000_000)
UNDER_WAY = "SELECT COUNT(*) FROM operation WHERE state IN ('queued', 'sending', 'unknown')"


class Bookwire(RudeShop):
    """A publisher's portal behind a bridge."""

    slug = "bookwire"

    def files(self, isbn: str) -> list[str]:
        """Return the hashes of the files that the portal holds of a title."""
        where = f"{self.offered['base_url']}/v1/titles/{isbn}/files"
        key = {"Authorization": f"Bearer {self.offered['secret']}"}
        answer = httpx.get(where, headers=key)
        assert answer.status_code == 200, answer.text
        return [each["sha256"] for each in answer.json()["items"]]


@dataclass
class Scene:
    """A desk with one ticket whose corrected file is to leave."""

    desk: Desk
    ticket: TitleTicket
    file: KeptFile

    def killed(self, share: int) -> None:
        """Let a sync deliver until so much of the file has left, and die."""
        ended = subprocess.run(
            [sys.executable, "-m", "tests.faults.uploader", str(self.desk.home.data), str(share)],
            cwd=ROOT,
            check=False,
        )
        assert ended.returncode == -signal.SIGKILL

    def told(self) -> str:
        """Return what the ticket's page says of it."""
        ticket = publisher.load(self.desk, self.ticket.row.id)
        return title_ticket_words.facts(ticket, self.desk, 76).plain

    def recover(self) -> str:
        """Start the next sync and let minutes pass; return what the ticket says at its first look."""
        clock = Clock(datetime.now(UTC))
        engine = Engine(self.desk.database, self.desk.settings, clock)
        said = ""
        for _again in range(3):
            clock.go(minutes=5)
            asyncio.run(engine.deliver_now(self.ticket.channel))
            said = said or self.told()
        assert not self.desk.database.value(UNDER_WAY)
        return said


@contextmanager
def queued(desk: Desk, folder: Path) -> Iterator[Scene]:
    """Declare the first ticket corrected by a large file."""
    ticket = publisher.load(desk, desk.database.value("SELECT MIN(ticket_id) FROM complaint"))
    file = correcting.chosen(desk, ticket, epub(folder, CONTENT))
    passed(desk, ticket, file)
    correcting.send(desk, ticket, correcting.correct(desk, ticket, file))
    yield Scene(desk, ticket, file)


@pytest.fixture
def own_desk(home: Home) -> Iterator[Desk]:
    database = Database(home.cache_file)
    settings = Settings(hold_seconds=0, zone=ZoneInfo("America/Sao_Paulo"))
    yield Desk(database, settings, home, "ana", lambda: datetime.now(UTC))
    database.close()


def test_over_http_it_starts_again_from_the_beginning(own_desk: Desk, tmp_path: Path) -> None:
    with rude_shop(4, Bookwire) as shop:
        assert isinstance(shop, Bookwire)
        add_channel(own_desk.database, shop, own_desk.home.data / "key")
        asyncio.run(Engine(own_desk.database, own_desk.settings, own_desk.clock).once())
        with queued(own_desk, tmp_path) as scene:
            before = shop.files(scene.ticket.row.isbn)
            scene.killed(50)
            assert shop.files(scene.ticket.row.isbn) == before
            assert "it starts again from the beginning" in scene.recover()
            assert "Broken off" not in scene.told()
            assert shop.files(scene.ticket.row.isbn) == [scene.file.sha256, *before]


def test_over_sftp_it_goes_on_where_it_broke_off(own_desk: Desk, tmp_path: Path) -> None:
    with serving(tmp_path) as sshd:
        channel = Channel(
            0, "Editora", "bookwire-sftp", "BR", sshd.address, f"file:{tmp_path}/user", "UTC",
            enabled=True,
            options={
                "sftp_user": sshd.user,
                "sftp_host_key": sshd.fingerprint,
                "assets_folder": str(sshd.assets),
                "xml_folder": str(sshd.xml),
            },
        )  # fmt: skip
        channels.add_channel(own_desk.database, channel, NOW, "ana")
        export = tmp_path / "tickets.csv"
        export.write_text(f"ISBN;Título;Loja;Assunto\n{ISBN};O farol;Kobo;Links do sumário\n")
        found = channels.find_channel(own_desk.database, "Editora")
        assert found
        importing.run(own_desk, found, export)
        with queued(own_desk, tmp_path) as scene:
            scene.killed(50)
            [part] = sshd.assets.iterdir()
            there = part.stat().st_size
            assert part.suffix == ".part"
            assert 0 < there < len(CONTENT)
            megabytes = f"{there / 1_000_000:.1f} MB"
            assert f"it goes on from {megabytes}" in scene.recover()
        assert [each.name for each in sshd.assets.iterdir()] == [f"{ISBN}.epub"]
        assert (sshd.assets / f"{ISBN}.epub").read_bytes() == CONTENT
