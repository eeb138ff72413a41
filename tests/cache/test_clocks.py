"""Deadlines in the cache: computed when tickets come in, and anew when the rules change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mkt_tui.cache import dues, queries, waking
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.queries import QueueFilter, QueueRow, QueueState
from mkt_tui.cache.streams import Stream
from mkt_tui.cache.ticket_upserts import write_tickets
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.tickets import Audience, Role, answers
from tests.worlds import HOUR, NOW, channel, clocks, message, read, ticket

AMAZON = {"amount": 12, "source": "a test"}


@pytest.fixture
def shop(desk: Desk) -> Channel:
    return channel(desk.database)


def row(desk: Desk, code: str = "t1") -> QueueRow:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found


def codes(desk: Desk, state: QueueState = QueueState.OPEN) -> list[str]:
    found = queries.page(desk.database, QueueFilter(state), None, 0, 10)
    return [each.code for each in found]


def write(desk: Desk, shop: Channel, code: str = "t1", hours: float = 2, **rules: object) -> None:
    page = Stream(shop.id, "tickets", "c", complete=True)
    made = clocks(shop, **rules)  # type: ignore[arg-type]
    write_tickets(desk.database, page, [ticket(code, hours)], NOW, made)


def test_a_ticket_has_both_clocks_and_their_rules(desk: Desk, shop: Channel) -> None:
    write(desk, shop, amazon=AMAZON)
    found = row(desk)
    assert (found.due_at, found.due_rule) == (to_cache(NOW + 10 * HOUR), "amazon")
    assert (found.house_due_at, found.house_rule) == (to_cache(NOW + 24 * HOUR), "house")
    assert found.sort_at == found.due_at


def test_the_queue_is_in_the_order_of_the_hard_clock(desk: Desk, shop: Channel) -> None:
    write(desk, shop, "calm", 20, long={"amount": 72, "source": "a test"})
    write(desk, shop, "hurried", 1, short={"amount": 3, "source": "a test"})
    assert codes(desk) == ["hurried", "calm"]


def test_the_house_clock_goes_on_while_the_customer_waits(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket(hours=5), registered_at=NOW)
    later = ticket(hours=5, updated_at=NOW + HOUR)
    read(desk.database, shop, later, registered_at=NOW + HOUR)
    assert row(desk).house_due_at == to_cache(NOW + 24 * HOUR)


def test_a_new_message_after_an_answer_starts_both_clocks_anew(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket(hours=None))
    again = ticket(
        hours=None, waiting_since=NOW + HOUR, waiting=Role.CUSTOMER, updated_at=NOW + HOUR
    )
    read(desk.database, shop, again, registered_at=NOW + 2 * HOUR)
    found = row(desk)
    assert found.due_at == to_cache(NOW + 25 * HOUR)
    assert found.house_due_at == to_cache(NOW + 26 * HOUR)


def test_the_marketplaces_deadline_wins_and_may_move(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket(due_at=NOW + 3 * HOUR))
    assert (row(desk).due_at, row(desk).due_rule) == (to_cache(NOW + 3 * HOUR), "told")
    moved = ticket(due_at=NOW + 9 * HOUR, updated_at=NOW)
    read(desk.database, shop, moved)
    assert row(desk).sort_at == to_cache(NOW + 9 * HOUR)


def test_telling_only_the_marketplace_stops_no_customer_clock() -> None:
    assert not answers(Audience.OPERATOR, Role.CUSTOMER)
    assert answers(Audience.BOTH, Role.CUSTOMER)


def test_changed_rules_change_what_is_due(desk: Desk, shop: Channel) -> None:
    for number in range(3):
        write(desk, shop, f"t{number}", hours=number + 1)
    read(desk.database, shop, ticket("told", due_at=NOW + HOUR), ticket("done", None))
    assert dues.renew(desk.database, clocks(shop)) == 4
    assert dues.renew(desk.database, clocks(shop)) == 0
    changed = clocks(shop, amazon=AMAZON)
    assert dues.renew(desk.database, changed) == 4
    assert row(desk, "t0").due_at == row(desk, "t0").sort_at == to_cache(NOW + 11 * HOUR)
    assert row(desk, "told").due_at == to_cache(NOW + HOUR)
    assert row(desk, "done").due_at is None


def test_what_is_put_off_comes_back_in_time(desk: Desk, shop: Channel) -> None:
    write(desk, shop)
    assert waking.snooze(desk.database, row(desk).id, NOW + HOUR)
    assert codes(desk) == []
    assert codes(desk, QueueState.SNOOZED) == ["t1"]
    assert waking.in_time(desk.database, NOW + HOUR - timedelta(seconds=1)) == 0
    assert waking.in_time(desk.database, NOW + HOUR) == 1
    assert codes(desk) == ["t1"]
    assert row(desk).sort_at == row(desk).due_at


def test_reading_the_same_ticket_again_does_not_wake_it(desk: Desk, shop: Channel) -> None:
    write(desk, shop)
    waking.snooze(desk.database, row(desk).id, NOW + HOUR)
    write(desk, shop)
    assert codes(desk, QueueState.SNOOZED) == ["t1"]
    assert row(desk).sort_at == to_cache(NOW + HOUR)


def test_the_customers_next_word_wakes_it(desk: Desk, shop: Channel) -> None:
    plain = ticket()
    read(desk.database, shop, plain)
    waking.snooze(desk.database, row(desk).id, NOW + HOUR)
    ours = replace(message("ours", hours=0), author=Role.SHOP)
    read(desk.database, shop, replace(plain, messages=(*plain.messages, ours), updated_at=NOW))
    assert codes(desk) == []
    news = (*plain.messages, ours, message("more", hours=0))
    read(desk.database, shop, replace(plain, messages=news, updated_at=NOW))
    assert codes(desk) == ["t1"]


def test_a_deadline_that_moves_nearer_moves_what_is_put_off(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket())
    waking.snooze(desk.database, row(desk).id, NOW + 9 * HOUR)
    read(desk.database, shop, ticket(due_at=NOW + 10 * HOUR, updated_at=NOW))
    # With the hours before it that it takes to answer.
    assert row(desk).sort_at == to_cache(NOW + 6 * HOUR)
    waking.snooze(desk.database, row(desk).id, NOW + 9 * HOUR)
    dues.renew(desk.database, clocks(shop, amazon={"amount": 4, "source": "a test"}))
    assert row(desk).sort_at == to_cache(NOW + 6 * HOUR)
    read(desk.database, shop, ticket(due_at=NOW + HOUR, updated_at=NOW))
    waking.in_time(desk.database, NOW)
    assert codes(desk) == ["t1"]
