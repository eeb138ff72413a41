"""How the channels stand: for a glance, for scripts, and for monitoring that wakes somebody."""

import os
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from mkt_tui.cache import channels, leases, operations, settling
from mkt_tui.cache.database import Database
from mkt_tui.desk.desk import utc_now
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import Doubtful, Refused, Unavailable
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Program

HOLDER = f"{socket.gethostname()}:{os.getpid()}:x"
GONE = f"{socket.gethostname()}:4194305:x"


@pytest.fixture
def cache(home: Home) -> Iterator[Database]:
    database = Database(home.cache_file)
    yield database
    database.close()


def was_read(cache: Database, shop: Channel, minutes: float, stream: str = "tickets") -> datetime:
    then = utc_now() - timedelta(minutes=minutes)
    channels.mark_success(cache, shop.id, stream, then, then + timedelta(minutes=1))
    return then


def reply(cache: Database, shop: Channel, code: str) -> str:
    worlds.read(cache, shop, worlds.ticket(code))
    number = cache.value("SELECT id FROM ticket WHERE code = :code", {"code": code})
    made = Reply(f"op-{code}", code, "Chega amanhã.", Audience.BOTH, utc_now())
    operations.queue(cache, made, 1, "ana", number, answers=True)
    return made.operation


def test_without_a_channel_it_says_how_to_begin(mkt_tui: Program) -> None:
    done = mkt_tui("status")
    assert (done.code, done.out) == (0, "")
    assert "mkt-tui channel add" in done.err
    assert mkt_tui("status", "--json", "--check").json == []


def test_a_channel_that_is_well(mkt_tui: Program, cache: Database) -> None:
    shop = worlds.channel(cache)
    was_read(cache, shop, 1)
    then = was_read(cache, shop, 3, "orders")
    # Offers are read every hour: that is no lag.
    now = utc_now()
    channels.mark_success(
        *(cache, shop.id, "listings", now - timedelta(minutes=50), now + timedelta(minutes=10))
    )
    assert leases.take(cache, shop.id, HOLDER, utc_now(), timedelta(minutes=3))
    reply(cache, shop, "t1")
    done = mkt_tui("status", "--json", "--check")
    assert (done.code, done.err) == (0, "")
    (told,) = done.json
    assert 180 <= told.pop("lag_seconds") < 240
    assert told == {
        "channel": "Carrefour",
        "enabled": True,
        "last_success_at": f"{then:%Y-%m-%dT%H:%M:%SZ}",
        "waiting": 1,
        "failed": 0,
        "unknown": 0,
        "error_streak": 0,
        "error": None,
        "next_try_at": f"{then + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        "read_by": f"{socket.gethostname()}:{os.getpid()}",
        "key_expires_at": None,
        "by_hand": False,
        "worries": [],
        "offers_error": None,
    }
    table = mkt_tui("status")
    assert (table.code, table.err) == (0, "")
    assert "Carrefour  on" in table.out
    assert "0:03:0" in table.out


def test_a_lease_of_a_process_that_is_gone_is_none(mkt_tui: Program, cache: Database) -> None:
    shop = worlds.channel(cache)
    assert leases.take(cache, shop.id, GONE, utc_now(), timedelta(minutes=3))
    assert mkt_tui("status", "--json").json[0]["read_by"] is None


def never_read(cache: Database, shop: Channel) -> None:
    """Leave it as it is."""


def read_long_ago(cache: Database, shop: Channel) -> None:
    was_read(cache, shop, 1)
    was_read(cache, shop, 16, "orders")


def failing(cache: Database, shop: Channel) -> None:
    was_read(cache, shop, 2)
    error = Unavailable(channel=shop.name, status=503)
    for _ in range(3):
        now = utc_now()
        channels.mark_failure(cache, shop.id, "tickets", now, now, error)


def refused(cache: Database, shop: Channel) -> None:
    was_read(cache, shop, 2)
    operation = reply(cache, shop, "t1")
    operations.claim(cache, shop.id, "w", utc_now(), timedelta(minutes=1))
    error = Refused(channel=shop.name, status=400, detail="too long")
    settling.settle_failed(cache, operation, error, utc_now())


def in_doubt(cache: Database, shop: Channel) -> None:
    was_read(cache, shop, 2)
    operation = reply(cache, shop, "t1")
    operations.claim(cache, shop.id, "w", utc_now(), timedelta(minutes=1))
    error = Doubtful(channel=shop.name, detail="no answer")
    settling.settle_unknown(cache, operation, error, utc_now(), utc_now())


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (never_read, "Carrefour has not been read to its end yet."),
        (read_long_ago, "Carrefour was read 16 minutes ago."),
        (failing, "Carrefour failed 3 times in a row."),
        (refused, "Carrefour has 1 refused reply."),
        (in_doubt, "Carrefour has 1 reply in doubt."),
    ],
)
def test_monitoring_is_told_when_a_person_should_look(
    mkt_tui: Program, cache: Database, happens: object, sentence: str
) -> None:
    shop = worlds.channel(cache)
    happens(cache, shop)  # type: ignore[operator]  # one of the functions above
    assert mkt_tui("status").code == 0
    done = mkt_tui("status", "--check")
    assert done.code == 1
    assert sentence in done.err
    assert mkt_tui("status", "--json", "--check").json[0]["worries"] == [sentence]
    channels.set_enabled(cache, shop.id, enabled=False)
    assert mkt_tui("status", "--check").code == 0


def test_the_last_error_is_told_in_its_sentence(mkt_tui: Program, cache: Database) -> None:
    failing(cache, worlds.channel(cache))
    assert "Carrefour is not available now (HTTP 503)" in mkt_tui("status").err
    (told,) = mkt_tui("status", "--json").json
    assert told["error_streak"] == 3
    assert "HTTP 503" in told["error"]
