"""Who has tickets at their marketplaces, beside the tickets; see `domain.tickets.Holder`."""

from collections.abc import Iterable, Mapping
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.domain.tickets import TicketSnapshot

# What is not told stays, but for a team whose person is another one, and the other way round.
_SAME: Final = "COALESCE(excluded.{0}, holder.{0}, '') = COALESCE(holder.{0}, excluded.{0}, '')"
_SAME_PERSON: Final = _SAME.format("person")
_SAME_TEAM: Final = _SAME.format("team")
_WRITE: Final = f"""
INSERT INTO holder (ticket_id, side, team, person)
SELECT id, :side, :team, :person FROM ticket WHERE id = :ticket_id AND updated_at <= :updated_at
ON CONFLICT (ticket_id) DO UPDATE SET
    side = CASE WHEN excluded.team IS NULL AND {_SAME_PERSON} THEN holder.side
        ELSE excluded.side END,
    team = CASE WHEN excluded.team IS NULL AND {_SAME_PERSON} THEN holder.team
        ELSE excluded.team END,
    person = CASE WHEN excluded.person IS NULL AND {_SAME_TEAM} THEN holder.person
        ELSE excluded.person END
"""


def write(database: Database, ids: Mapping[str, int], snapshots: Iterable[TicketSnapshot]) -> None:
    """Keep who has the tickets there; an overtaken snapshot changes nothing. In a transaction."""
    database.execute_many(
        _WRITE,
        [
            {
                "ticket_id": ids[each.code],
                "side": each.holder.side,
                "team": each.holder.team,
                "person": each.holder.person,
                "updated_at": to_cache(each.updated_at),
            }
            for each in snapshots
            if each.holder is not None
        ],
    )
