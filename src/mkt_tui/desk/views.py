"""The views of the queue: those everybody has, and the filters agents saved under a name."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from mkt_tui.cache import queries, saved_views
from mkt_tui.cache.saved_views import SavedView
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.queue import View
from mkt_tui.domain.errors import FilterWrong, NotAllowed
from mkt_tui.domain.filters import Filter, parse
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

# More than so many are not counted: the figure says "many" either way.
MOST: Final = 9_999
_LONGEST_NAME: Final = 40
_EVERYTHING: Final = View()
BUILT_IN: Final = {
    "1": (N_("Late"), "late"),
    "2": (N_("Mine"), "mine"),
    "3": (N_("Not sent"), "is:failed,doubt"),
    "4": (N_("Due today"), "today"),
    "5": (N_("Unassigned"), "unassigned"),
    "6": (N_("Mediation"), "mediation"),
    "7": (N_("Waiting for others"), "answered"),
    "8": (N_("Snoozed tickets"), "snoozed"),
    "9": (N_("All"), "all"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A view to choose; `saved` is None for those everybody has."""

    key: str
    title: str
    text: str
    saved: SavedView | None = None


def choices(desk: Desk) -> list[Choice]:
    """Return the views this agent may choose."""
    built_in = [Choice(key, _(title), text) for key, (title, text) in BUILT_IN.items()]
    saved = saved_views.of(desk.database, desk.agent)
    return built_in + [Choice("", each.name, each.text, each) for each in saved]


def terms(desk: Desk, text: str) -> Filter:
    """Return a view's filter.

    Raises:
        FilterWrong: It was saved by another version, or names what is gone.
    """
    return parse(text, desk.channel_words())


def counts(desk: Desk) -> dict[str, int | None]:
    """Return by key how many tickets each view has that everybody has; see `count`."""
    built_in = (Choice(key, title, text) for key, (title, text) in BUILT_IN.items())
    return {each.key: count(desk, each) for each in built_in}


def key_of(view: View) -> str | None:
    """Return the key of a view that everybody has, 0 for everything open, None for another one."""
    if view.sorted_like(_EVERYTHING) == _EVERYTHING:
        return "0"
    flags = {"1": view.late, "2": view.mine, "3": view.undelivered}
    return next((key for key, on in flags.items() if on), _keys().get(str(view.terms)))


def name_of(text: str) -> str:
    """Return the name of the view with that filter where everybody has it, else the filter."""
    key = _keys().get(text)
    return _(BUILT_IN[key][0]) if key else text


@cache
def _keys() -> dict[str, str]:
    return {str(parse(text)): key for key, (_title, text) in BUILT_IN.items()}


def count(desk: Desk, choice: Choice) -> int | None:
    """Return how many tickets a view has, at most MOST + 1; None when it cannot be read."""
    try:
        wanted = View(terms=terms(desk, choice.text)).filter(desk)
    except FilterWrong:
        return None
    return queries.count_up_to(desk.database, wanted, MOST + 1)


def save(desk: Desk, name: str, wanted: Filter) -> None:
    """Keep a filter under a name, in place of this agent's own of that name.

    Raises:
        NotAllowed: There is no name, or nothing to keep.
    """
    name = clean_line(name, _LONGEST_NAME)
    if not name or not wanted.terms:
        raise NotAllowed(
            what=_("There is nothing to save"),
            remedy=_("Filter the list first (F), then give the view a name."),
        )
    saved_views.save(desk.database, SavedView(0, name, desk.agent, 0, str(wanted)), desk.clock())


def share(desk: Desk, view: SavedView) -> None:
    """Show a view of one's own to everybody, or to nobody else again."""
    _own(desk, view)
    saved_views.share(desk.database, view.id, shared=not view.shared)


def remove(desk: Desk, view: SavedView) -> None:
    """Forget a view of one's own."""
    _own(desk, view)
    saved_views.remove(desk.database, view.id)


def _own(desk: Desk, view: SavedView) -> None:
    if view.owner != desk.agent:
        raise NotAllowed(
            what=_("The view {name} belongs to {owner}").format(name=view.name, owner=view.owner),
            remedy=_("Save one of your own."),
        )
