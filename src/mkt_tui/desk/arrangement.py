"""How an agent has arranged the queue: its columns and its order."""

from collections.abc import Sequence
from typing import Final

from mkt_tui.cache import preferences
from mkt_tui.cache.queries import QueueOrder
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View

_COLUMNS: Final = "queue.columns"
_ORDER: Final = "queue.order"


def columns(desk: Desk) -> tuple[str, ...] | None:
    """Return the names of the columns the agent chose, None for the usual ones."""
    kept = preferences.find(desk.database, desk.agent, _COLUMNS)
    return tuple(map(str, kept)) if isinstance(kept, list) else None


def keep_columns(desk: Desk, names: Sequence[str] | None) -> None:
    """Keep the agent's columns; None goes back to the usual ones."""
    preferences.keep(desk.database, desk.agent, _COLUMNS, names and list(names))


def view(desk: Desk) -> View:
    """Return the view a desk opens with: everything open, in the order the agent left."""
    kept = preferences.find(desk.database, desk.agent, _ORDER)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] not in set(QueueOrder):
        return View()
    return View(order=QueueOrder(kept[0]), reverse=bool(kept[1]))


def keep_order(desk: Desk, chosen: View) -> None:
    """Keep the order of a view."""
    preferences.keep(desk.database, desk.agent, _ORDER, [chosen.order, chosen.reverse])
