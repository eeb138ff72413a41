"""What the seller's own system holds of a channel's orders, and links a person has settled (M8, M10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache import monitor_present
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache


class ErpOrder(NamedTuple):
    """An order in the ERP: its number there, the marketplace's number, the ERP's word, our stage."""

    erp_id: str
    number: str
    status: str
    stage: str


def replace(
    database: Database,
    channel_id: int,
    system: str,
    orders: Sequence[ErpOrder],
    agent: str,
    now: datetime,
) -> None:
    """Put a whole reading of the ERP in the place of the last one; call inside a transaction."""
    database.execute("DELETE FROM erp_order WHERE channel_id = :id", {"id": channel_id})
    database.execute_many(
        "INSERT INTO erp_order (channel_id, erp_id, number, status, stage) VALUES (?, ?, ?, ?, ?)",
        [(channel_id, *each) for each in orders],
    )
    _note_read(database, channel_id, (system, agent), now)


def renew(
    database: Database,
    channel_id: int,
    orders: Sequence[ErpOrder],
    complete: tuple[str, str] | None,
    now: datetime,
) -> None:
    """Write what changed in the ERP since the last look; call inside a transaction.

    Args:
        complete: The system's name and who read it, with the last page of a look: only then is
            what the ERP does not hold known to be missing.
    """
    database.execute_many(
        "INSERT INTO erp_order (channel_id, erp_id, number, status, stage) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (channel_id, erp_id) DO UPDATE SET number = excluded.number,"
        " status = excluded.status, stage = excluded.stage",
        [(channel_id, *each) for each in orders],
    )
    if complete:
        _note_read(database, channel_id, complete, now)
    elif orders:
        monitor_present.watch(database, channel_id, [each.number for each in orders])


def copies(database: Database, channel_id: int, number: str) -> list[ErpOrder]:
    """Return what the ERP holds of an order."""
    rows = database.rows(
        "SELECT erp_id, number, status, stage FROM erp_order"
        " WHERE channel_id = :id AND number = :number ORDER BY erp_id",
        {"id": channel_id, "number": number},
    )
    return [ErpOrder._make(row) for row in rows]


def link(
    database: Database,
    place: tuple[int, str],
    copy: ErpOrder | None,
    stage: str | None,
    agent: str,
    now: datetime,
) -> None:
    """Note that a person found the two systems to belong together as they stand (M10).

    Args:
        copy: The ERP's order, None where only an act of ours had broken the link.
        stage: The marketplace's stage that belongs to it.
    """
    _settle(database, place, copy, stage, agent, now, diverged=False)


def diverge(database: Database, place: tuple[int, str], agent: str, now: datetime) -> None:
    """Note that an act changed the marketplace and nothing else (C18)."""
    _settle(database, place, None, None, agent, now, diverged=True)


def is_diverged(database: Database, place: tuple[int, str]) -> bool:
    """Tell whether an act has changed the marketplace only."""
    return bool(
        database.value(
            "SELECT 1 FROM order_link WHERE channel_id = :id AND number = :number AND diverged = 1",
            {"id": place[0], "number": place[1]},
        )
    )


def _note_read(
    database: Database, channel_id: int, system_and_reader: tuple[str, str], now: datetime
) -> None:
    system, reader = system_and_reader
    database.execute(
        "INSERT INTO erp_read (channel_id, system, read_at, read_by)"
        " VALUES (:id, :system, :now, :agent) ON CONFLICT (channel_id) DO UPDATE SET"
        " system = excluded.system, read_at = excluded.read_at, read_by = excluded.read_by",
        {"id": channel_id, "system": system, "now": to_cache(now), "agent": reader},
    )
    monitor_present.watch(database, channel_id)


def _settle(
    database: Database,
    place: tuple[int, str],
    copy: ErpOrder | None,
    stage: str | None,
    agent: str,
    now: datetime,
    *,
    diverged: bool,
) -> None:
    database.execute(
        "INSERT INTO order_link (channel_id, number, diverged, erp_id, erp_stage, stage, at, agent)"
        " VALUES (:id, :number, :diverged, :erp_id, :erp_stage, :stage, :now, :agent)"
        " ON CONFLICT (channel_id, number) DO UPDATE SET diverged = excluded.diverged,"
        " erp_id = excluded.erp_id, erp_stage = excluded.erp_stage, stage = excluded.stage,"
        " at = excluded.at, agent = excluded.agent",
        {
            "id": place[0],
            "number": place[1],
            "diverged": int(diverged),
            "erp_id": copy.erp_id if copy else None,
            "erp_stage": copy.stage if copy else None,
            "stage": stage,
            "now": to_cache(now),
            "agent": agent,
        },
    )
    monitor_present.watch(database, place[0], [place[1]])
