"""Both clocks of a ticket in words, for whoever reads it."""

from dataclasses import replace

from mkt_tui.cache import queries
from mkt_tui.desk import deadlines
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.deadlines.rules import Clock
from mkt_tui.i18n import set_language
from tests.worlds import HOUR, NOW, channel, read, ticket


def words(desk: Desk, code: str) -> list[tuple[Clock, str, str]]:
    (row,) = queries.tickets_by_code(desk.database, code)
    return [(each.clock, each.rule, each.source) for each in deadlines.of_ticket(desk, row)]


def test_a_ticket_tells_both_clocks_their_rules_and_sources(desk: Desk) -> None:
    shop = channel(desk.database)
    told = ticket("told", due_at=NOW + HOUR)
    read(desk.database, shop, ticket("t1"), told, ticket("done", None))
    assert words(desk, "t1") == [
        (
            Clock.MARKETPLACE,
            "24 running hours from receipt",
            "no figure of this marketplace is public: the house's own hours",
        ),
        (
            Clock.HOUSE,
            "24 running hours from registration here",
            "the desk's manual (settings: answer_within_hours)",
        ),
    ]
    assert words(desk, "told")[0] == (
        Clock.MARKETPLACE,
        "told with the ticket",
        "the marketplace",
    )
    assert words(desk, "done") == []


def test_rules_that_cannot_be_used_leave_a_ticket_readable(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket("t1"))
    desk.home.deadlines_file.write_text("[x]\namount = 0\n")
    settings = replace(desk.settings, own_deadlines=desk.home.deadlines_file)
    assert words(replace(desk, settings=settings), "t1")[0][1:] == ("house-hours", "-")


def test_a_missed_deadlines_effect_on_the_score_is_told_whoever_set_the_deadline(
    desk: Desk,
) -> None:
    """A10; and at a marketplace that says nothing of scores, nothing is made up."""
    shop, other = channel(desk.database, "Magalu", adapter="magalu"), channel(desk.database)
    read(desk.database, shop, ticket("ours"), ticket("theirs", due_at=NOW + HOUR))
    read(desk.database, other, ticket("mute"))

    def missed(code: str) -> list[str]:
        (row,) = queries.tickets_by_code(desk.database, code)
        return [each.missed for each in deadlines.of_ticket(desk, row)]

    assert "Magalu answers" in missed("ours")[0]
    assert missed("ours")[0] == missed("theirs")[0]
    assert missed("mute") == ["", ""]
    own = '[magalu]\namount = 8\nsource = "us"\nmissed.it = "male"\nmissed.en = "bad"\n'
    desk.home.deadlines_file.write_text(own)
    there = replace(desk.settings, own_deadlines=desk.home.deadlines_file)
    (row,) = queries.tickets_by_code(desk.database, "ours")
    set_language("it")
    assert deadlines.of_ticket(replace(desk, settings=there), row)[0].missed == "male"
    set_language("pt_BR")
    assert deadlines.of_ticket(replace(desk, settings=there), row)[0].missed == "bad"
