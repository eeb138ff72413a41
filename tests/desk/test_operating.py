"""Status, doctor and backup on either engine; what they say in words is tested in tests/cli."""

from datetime import timedelta
from pathlib import Path

import pytest

from mkt_tui.cache import operations
from mkt_tui.cache.backlog import Backlog, newest_date, of_channels, stuck
from mkt_tui.desk import backup, doctor_work, status
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience
from tests.conftest import Clock
from tests.worlds import HOUR, NOW, channel, read, ticket


def test_what_waits_and_what_is_stuck_is_counted(desk: Desk, clock: Clock) -> None:
    shop = channel(desk.database)
    channel(desk.database, "Leroy Merlin")
    read(desk.database, shop, *(ticket(f"t{n}", n) for n in (1, 2, 3)))
    for number in (1, 2, 3):
        reply = Reply(f"op{number}", f"t{number}", "Chega amanhã.", Audience.BOTH, NOW)
        operations.queue(desk.database, reply, 1, "ana", number, answers=True)
        operations.claim(desk.database, shop.id, "dead", clock(), timedelta(minutes=2))
    assert of_channels(desk.database) == {shop.id: Backlog(waiting=3)}
    assert stuck(desk.database, clock()) == (0, 0, 0)
    clock.go(minutes=3)
    assert stuck(desk.database, clock()) == (3, 0, 0)
    checks = {each.check: each for each in doctor_work.findings(desk)}
    assert set(checks) == {"sending", "secret"}
    assert checks["sending"].repair
    checks["sending"].repair()
    assert of_channels(desk.database) == {shop.id: Backlog(unknown=3)}
    assert desk.database.row("SELECT agent, act, detail FROM audit") == (
        "ana",
        "doctor.repaired",
        "sending",
    )
    clock.go(hours=1)
    assert stuck(desk.database, clock()) == (0, 0, 3)
    first, second = status.look(desk)
    assert (first.backlog.unknown, second.backlog) == (3, Backlog())


def test_the_newest_date_of_all(desk: Desk) -> None:
    assert newest_date(desk.database) is None
    read(desk.database, channel(desk.database), ticket(updated_at=NOW + HOUR))
    assert newest_date(desk.database) == NOW + HOUR


def test_a_file_is_copied_and_a_server_has_its_own_program(desk: Desk, tmp_path: Path) -> None:
    if isinstance(desk.database.place, Path):
        assert backup.backup(desk, tmp_path / "copy.db") > 0
        return
    with pytest.raises(NotAllowed) as caught:
        backup.backup(desk, tmp_path / "copy.db")
    assert "pg_dump" in str(caught.value)
    assert not (tmp_path / "copy.db").exists()
