"""Who works here: known by opening a desk, present while it is open, away by saying so."""

from datetime import timedelta
from typing import Final

from mkt_tui.cache import agents
from mkt_tui.cache.agents import Agent
from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

# A desk tells seldom that it is there, for every writing makes every desk look at the cache.
TELL_EVERY: Final = 300.0
_COUNTS_FOR: Final = timedelta(seconds=TELL_EVERY * 2.5)


def come(desk: Desk) -> None:
    """Let colleagues know that this desk is open."""
    now = desk.clock()
    agents.come(desk.database, desk.agent, now, now + _COUNTS_FOR)


def leave(desk: Desk) -> None:
    """Let colleagues know that this desk is closed."""
    agents.leave(desk.database, desk.agent, desk.clock())


def everybody(desk: Desk) -> list[Agent]:
    """Return all agents by name."""
    return agents.everybody(desk.database, desk.clock())


def add(desk: Desk, name: str) -> None:
    """Know a colleague who has opened no desk yet.

    Raises:
        NotAllowed: The name is no name, or known already.
    """
    if name != clean_line(name) or not name or any(each in name for each in " ,@"):
        raise NotAllowed(
            what=_("{name} is no login name").format(name=name or "-"),
            remedy=_("Use the name the agent logs in with."),
        )
    with desk.database.transaction():
        if not agents.add(desk.database, name, desk.clock()):
            raise NotAllowed(
                what=_("Agent {name} is known already").format(name=name),
                remedy=_("See: mkt-tui agent list"),
            )
        desk.record(Act("agent.added", detail=f"agent={name}"))


def set_away(desk: Desk, *, away: bool, name: str | None = None) -> None:
    """Go away, or come back: whoever is away is given no tickets.

    Raises:
        NotFound: There is no such agent.
    """
    who = name or desk.agent
    with desk.database.transaction():
        if who == desk.agent:
            agents.add(desk.database, who, desk.clock())
        if not agents.set_away(desk.database, who, away=away):
            raise unknown(desk, who)
        desk.record(Act("agent.away" if away else "agent.back", detail=f"agent={who}"))


def is_away(desk: Desk) -> bool:
    """Tell whether this agent is away."""
    return any(each.away for each in everybody(desk) if each.name == desk.agent)


def chosen(desk: Desk, words: str) -> list[Agent]:
    """Return the agents named in `words`: names or their beginnings, by commas or blanks.

    Raises:
        NotFound: No agent, or several, have such a name.
        NotAllowed: One of them is away; nobody was named.
    """
    known = everybody(desk)
    found = {each.name: each for word in _words(words) for each in [_match(desk, known, word)]}
    if not found:
        raise NotAllowed(what=_("Nobody was named"), remedy=_("Name one agent or several."))
    if away := [each.name for each in found.values() if each.away]:
        raise NotAllowed(
            what=_("{name} is away").format(name=", ".join(away)),
            remedy=_("Choose a colleague who is there."),
        )
    return list(found.values())


def unknown(desk: Desk, name: str) -> NotFound:
    """Return the error that names whom there is."""
    known = ", ".join(each.name for each in everybody(desk))
    return NotFound(
        kind=_("agent"),
        name=name,
        remedy=_("There are: {names}.").format(names=known or "-"),
    )


def _words(words: str) -> list[str]:
    return words.replace(",", " ").replace("@", " ").split()


def _match(desk: Desk, known: list[Agent], word: str) -> Agent:
    exact = [each for each in known if each.name == word]
    begins = [each for each in known if each.name.casefold().startswith(word.casefold())]
    if len(found := exact or begins) == 1:
        return found[0]
    raise unknown(desk, word)
