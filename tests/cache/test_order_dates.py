"""Deadlines that rules give to orders whose marketplace tells none (M17), on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mkt_tui.cache import dues, order_records
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.order_upserts import write_orders
from mkt_tui.cache.streams import Stream
from mkt_tui.desk import deadlines, monitor
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Question
from mkt_tui.desk.sheet import as_text
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import HouseRules
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.deadlines.rules import RuleBook, book
from mkt_tui.domain.monitor import Report
from mkt_tui.domain.orders import Billing, OrderSnapshot, OrderStatus, Transport
from tests.worlds import HOUR, NOW, channel, order, read_orders

# A Friday in São Paulo, before a weekend and the carnival's two days, which are no holidays.
PAID = datetime(2026, 3, 6, 15, tzinfo=UTC)
WITHIN = {"kinds": ["ship"], "amount": 2, "unit": "business days", "source": "our contract"}


def rules(**own: dict[str, Any]) -> RuleBook:
    return book({"tickets": {"amount": 24, "source": "page"}}, own, HouseRules())


def write(database: Database, where: Channel, rules: RuleBook, *orders: OrderSnapshot) -> None:
    stream = Stream(where.id, "orders", "", complete=True)
    write_orders(database, stream, orders, clocks=Clocks(rules, where))


def paid(number: str = "A", at: datetime = PAID) -> OrderSnapshot:
    return order(number, status=OrderStatus.TO_SHIP, billing=Billing(paid_at=at))


def dates(desk: Desk, number: str = "A") -> tuple[Any, ...]:
    row = desk.database.row(
        "SELECT ship_by, ship_rule, promised_at, promised_rule FROM sales_order"
        " WHERE number = :number",
        {"number": number},
    )
    assert row
    return tuple(row)


def test_the_rule_in_force_at_the_approval_gives_the_deadline_and_the_report(desk: Desk) -> None:
    shop = channel(desk.database)
    book = rules(
        old={**WITHIN, "amount": 3, "valid_to": date(2026, 3, 5)},
        new={**WITHIN, "valid_from": date(2026, 3, 6)},
        arrives={"kinds": ["deliver"], "amount": 240, "source": "our contract"},
    )
    write(desk.database, shop, book, paid(), paid("B", datetime(2026, 3, 5, 15, tzinfo=UTC)))

    tuesday = datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert dates(desk) == (to_cache(tuesday), "new", to_cache(PAID + 240 * HOUR), "arrives")
    assert dates(desk, "B")[:2] == (to_cache(tuesday), "old")
    (case, _other) = monitor.cases(desk, Question(as_of=tuesday + HOUR), Report.SHIP_LATE)
    assert (case.deadline, case.rule, case.hours) == (tuesday, "new", -1.0)
    assert monitor.cases(desk, Question(as_of=tuesday - HOUR), Report.SHIP_AT_RISK)


def test_sheet_and_spreadsheet_name_the_rule_of_a_deadline(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = channel(desk.database)
    book = rules(
        new=WITHIN, arrives={"kinds": ["deliver"], "amount": 240, "source": "our contract"}
    )
    monkeypatch.setattr(deadlines, "rule_book", lambda _settings: book)
    write(desk.database, shop, book, paid())
    text = as_text(desk, order_records.orders(desk.database, "A")[0], revealed=False)
    lines = " ".join(text.split())
    assert "Ship by 3/10/26, 12:00 PM, by rule:" in lines
    assert f"(source: {WITHIN['source']})" in lines
    assert "by rule: 240 running hours from the order's approval (source: our contract)" in lines
    heads, row = monitor.as_rows(desk, Question(as_of=NOW + 99 * HOUR), [Report.SHIP_LATE])
    assert dict(zip(heads, row, strict=True))["rule"] == "new"

    told = replace(paid(), transport=Transport(ship_by=NOW))
    write(desk.database, shop, book, told)
    lines = as_text(desk, order_records.orders(desk.database, "A")[0], revealed=False)
    assert lines.count("by rule") == 1


def test_the_marketplaces_own_date_wins_whenever_it_comes(desk: Desk) -> None:
    shop, book = channel(desk.database), rules(within=WITHIN)
    told = replace(paid(), transport=Transport(ship_by=NOW))
    write(desk.database, shop, book, paid())
    write(desk.database, shop, book, told)
    assert dates(desk)[:2] == (to_cache(NOW), None)
    write(desk.database, shop, book, paid())
    assert dates(desk)[:2] == (to_cache(NOW), None)


def test_no_rule_no_deadline_also_where_tickets_have_one(desk: Desk) -> None:
    shop = channel(desk.database)
    write(desk.database, shop, rules(), paid())
    write(desk.database, shop, rules(other={**WITHIN, "channels": ["Elsewhere"]}), paid("B"))
    assert dates(desk) == dates(desk, "B") == (None, None, None, None)


def test_a_rule_that_changes_changes_what_it_gave_and_nothing_else(desk: Desk) -> None:
    shop = channel(desk.database)
    told = replace(paid("B"), transport=Transport(ship_by=NOW))
    read_orders(desk.database, shop, paid(), told)
    for hours in (10, 20):
        changed = rules(within={**WITHIN, "amount": hours, "unit": "running hours"})
        dues.renew(desk.database, Clocks(changed, shop))
        assert dates(desk)[:2] == (to_cache(PAID + hours * HOUR), "within")
    dues.renew(desk.database, Clocks(rules(), shop))
    assert dates(desk) == (None, None, None, None)
    assert dates(desk, "B")[:2] == (to_cache(NOW), None)
