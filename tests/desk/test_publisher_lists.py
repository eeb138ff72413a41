"""A publisher's lists of any length: their order, their rows page by page, titles folded (P6, P7, P15)."""

from datetime import timedelta
from random import Random

import pytest

from mkt_tui.cache import titles
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher_lists import Found, Group
from mkt_tui.domain.publishing import Complaint, Defect, Stage, TitleSnapshot
from mkt_tui.domain.tickets import Role, TicketSnapshot
from mkt_tui.domain.title_filters import parse
from tests import worlds
from tests.worlds import NOW

TITLES, TICKETS = 70, 240


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """A desk with so many tickets that a list has several pages."""
    dice, where = Random(3), worlds.channel(desk.database, "Bookwire", adapter="bookwire")
    snapshots = [
        TitleSnapshot(
            f"978650000{number:04}",
            f"Livro {number % 7}",
            NOW,
            on_sale_at=NOW + timedelta(days=dice.randrange(-9, 3)),
        )
        for number in range(TITLES)
    ]
    stream = Stream(where.id, "titles", "1", complete=True)
    titles.write_titles(desk.database, stream, snapshots)
    worlds.read(desk.database, where, *(ticket(number, dice) for number in range(TICKETS)))
    return desk


def ticket(number: int, dice: Random) -> TicketSnapshot:
    at = NOW - timedelta(hours=dice.randrange(1, 200))
    stage = dice.choice((Stage.OPEN, Stage.OPEN, Stage.MANAGER, Stage.CLOSED))
    title = f"978650000{dice.randrange(TITLES):04}"
    complaint = Complaint(title, dice.choice(("Kobo", "Apple Books")), Defect.TOC, stage)
    return TicketSnapshot(
        code=f"bw-{number}",
        order_number=None,
        customer=None,
        subject="Sumário",
        waiting_since=at if stage is Stage.OPEN else None,
        waiting=Role.CUSTOMER if stage is Stage.OPEN else None,
        created_at=at,
        updated_at=at,
        complaint=complaint,
    )


def test_rows_anywhere_are_those_of_the_whole_list(shelf: Desk) -> None:
    whole = [*publisher_lists.tickets(shelf, parse("all"))]
    assert len(whole) == TICKETS
    stages = {Stage.OPEN: 0, Stage.CLOSED: 2}
    ranks = [stages.get(each.stage, 1) for each in whole]
    assert ranks == sorted(ranks), "what is to be done stands first"
    found = publisher_lists.find_tickets(shelf, parse("all"))
    rows = publisher_lists.ticket_rows(shelf, found)
    assert rows.total == TICKETS
    assert [rows.row(number) for number in reversed(range(TICKETS))] == whole[::-1]
    assert (rows.row(-1), rows.row(TICKETS)) == (None, None)
    assert found.place(whole[200].id) == 200
    assert found.place(-1) is None
    assert [*publisher_lists.tickets(shelf, parse("all"), 7)] == whole[:7]


def test_the_tickets_of_a_title_fold_at_the_place_of_its_most_pressing(shelf: Desk) -> None:
    """P6: unfolded titles stay where they were."""
    plain = [*publisher_lists.tickets(shelf, parse(""))]
    expected: dict[str, list[int]] = {}
    for each in plain:
        expected.setdefault(each.isbn, []).append(each.id)
    found = publisher_lists.find_tickets(shelf, parse(""), folded=True)
    assert [list(found.of_row(number)) for number in range(found.total)] == [*expected.values()]
    rows = publisher_lists.ticket_rows(shelf, found)
    first = next(row for number in range(rows.total) if isinstance(row := rows.row(number), Group))
    for each in first.lines:
        assert found.place(each.id) == found.place(first.first.id)
    key = (first.first.channel_id, first.first.isbn)
    apart = publisher_lists.find_tickets(shelf, parse(""), folded=True, unfolded={key})
    assert apart.total == found.total + len(first.lines) - 1
    assert apart.place(first.first.id) == found.place(first.first.id)


def test_titles_with_the_oldest_open_tickets_come_first_and_are_narrowed_alike(
    shelf: Desk,
) -> None:
    """P7, P8: whatever narrows the tickets narrows the titles to theirs."""
    whole = [*publisher_lists.titles(shelf, parse(""))]
    assert len(whole) == TITLES
    waiting = [each.oldest for each in whole if each.oldest]
    assert whole[: len(waiting)] == [each for each in whole if each.oldest]
    assert waiting == sorted(waiting)
    assert {each.accepted for each in whole} == {0}, "where it stands at the shops was not told"
    for line in ("shop:kobo", "state:manager", "presale", "livro 3", "all kind:toc channel:book"):
        narrowed = {each.isbn for each in publisher_lists.titles(shelf, parse(line))}
        told = {each.isbn for each in publisher_lists.tickets(shelf, parse(line))}
        assert told <= narrowed
        assert parse(line).of_tickets <= (told == narrowed)


def test_an_empty_list_has_no_rows(desk: Desk) -> None:
    for found in (
        publisher_lists.find_tickets(desk, parse("")),
        publisher_lists.find_tickets(desk, parse(""), folded=True),
        publisher_lists.find_titles(desk, parse("")),
        Found(),
    ):
        assert found.total == 0
        assert publisher_lists.ticket_rows(desk, found).row(0) is None
