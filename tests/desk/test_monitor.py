"""What people do about an order in a report: cause, owner, note, message, link, export."""

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mkt_tui.cache import drafts
from mkt_tui.cache import erp as cached_erp
from mkt_tui.desk import erp, monitor, notices
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Case, Question
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, NotFound, SettingsWrong
from mkt_tui.domain.monitor import Cause, Report
from mkt_tui.domain.orders import OrderSnapshot, OrderStatus, Tracking, Transport
from mkt_tui.domain.tickets import Audience, Role
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket

ANY = Question()


def at_risk(number: str = "100-A", hours: float = 6, **changes: object) -> OrderSnapshot:
    plain = order(
        number, status=OrderStatus.TO_SHIP, transport=Transport(ship_by=NOW + hours * HOUR)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the caller names its fields


@pytest.fixture
def shop(desk: Desk) -> Channel:
    where = channel(desk.database)
    read_orders(desk.database, where, at_risk())
    return where


def first(desk: Desk, report: Report = Report.SHIP_AT_RISK) -> Case:
    return monitor.cases(desk, ANY, report)[0]


def numbers(desk: Desk, report: Report, question: Question = ANY) -> list[str]:
    return [each.order for each in monitor.cases(desk, question, report)]


def test_cause_owner_and_note_stay_on_the_order(desk: Desk, shop: Channel) -> None:
    monitor.set_cause(desk, first(desk), Cause.DISPATCH)
    monitor.set_note(desk, first(desk), "  falta a nota\x1b[31m ")
    assert (first(desk).cause, first(desk).owner) == (Cause.DISPATCH, "ana")
    assert first(desk).note == "falta a nota␛[31m"

    monitor.set_owner(desk, first(desk), "bruno")
    monitor.set_cause(desk, first(desk), Cause.TRANSPORT)
    assert (first(desk).cause, first(desk).owner) == (Cause.TRANSPORT, "bruno")
    monitor.set_owner(desk, first(desk), "")
    assert first(desk).owner is None
    acts = desk.database.rows("SELECT act FROM audit ORDER BY id")
    assert [row[0] for row in acts[:3]] == ["monitor.cause", "monitor.note", "monitor.owner"]

    read_orders(desk.database, shop, at_risk(hours=-1, updated_at=NOW))
    assert first(desk, Report.SHIP_LATE).cause is Cause.TRANSPORT


def test_the_message_is_a_draft_on_the_customers_ticket_with_what_is_known(
    desk: Desk, shop: Channel
) -> None:
    read(desk.database, shop, ticket("t1"))
    promised = Tracking(promised_until=datetime(2026, 3, 14, 23, tzinfo=NOW.tzinfo))
    read_orders(desk.database, shop, at_risk(tracking=promised, updated_at=NOW))

    place = notices.prepare(desk, first(desk))
    draft = drafts.find(desk.database, place, "ana")
    assert draft
    assert draft.audience is Audience.CUSTOMER
    assert draft.text.startswith("Olá, Maria!\n\nSeu pedido 100-A ")
    assert "14/03/2026" in draft.text
    assert "{" not in draft.text


def test_words_already_begun_stay(desk: Desk, shop: Channel) -> None:
    read(desk.database, shop, ticket("t1"))
    place = notices.prepare(desk, first(desk))
    drafts.save(desk.database, place, "ana", drafts.Draft("Meu texto", Audience.BOTH), NOW)
    assert notices.prepare(desk, first(desk)) == place
    found = drafts.find(desk.database, place, "ana")
    assert found
    assert found.text == "Meu texto"


def test_a_line_whose_value_is_unknown_is_left_out_and_nothing_is_filled_twice() -> None:
    values = {"name": "{order}", "order": "1", "promised": ""}
    assert notices.fill("Olá, {name}!\nAté {promised}.\nPedido {order}", values) == (
        "Olá, {order}!\nPedido 1"
    )


def test_an_order_without_a_conversation_says_so(desk: Desk, shop: Channel) -> None:
    with pytest.raises(NotAllowed, match="no conversation with its customer"):
        notices.prepare(desk, first(desk))
    read(desk.database, shop, ticket("t1", participants=(Role.OPERATOR,)))
    with pytest.raises(NotAllowed, match="no conversation with its customer"):
        notices.prepare(desk, first(desk))


def test_a_channel_that_opens_conversations_gets_a_first_message(desk: Desk) -> None:
    amazon = channel(desk.database, "Amazon", adapter="amazon")
    read_orders(desk.database, amazon, at_risk())
    wanted = notices.begin(desk, first(desk))
    assert wanted
    assert (wanted.order_number, wanted.audience) == ("100-A", Audience.CUSTOMER)
    assert wanted.topic == "unexpectedProblem"
    assert wanted.text.startswith("Olá, Maria!")

    read(desk.database, amazon, ticket("t1"))
    assert notices.begin(desk, first(desk)) is None


def test_a_channel_that_opens_none_says_so(desk: Desk) -> None:
    magalu = channel(desk.database, "Magalu", adapter="magalu")
    read_orders(desk.database, magalu, at_risk())
    with pytest.raises(NotAllowed, match="Magalu opens none from here"):
        notices.begin(desk, first(desk))


def test_magento_holds_an_order_twice_another_says_otherwise_a_third_is_lacking(
    desk: Desk, shop: Channel, clock: object
) -> None:
    read_orders(desk.database, shop, at_risk("twice"), at_risk("other"), at_risk("lacks"))
    export = [
        "ID,ext_order_id,Status\n",
        "1,twice,processing\n",
        "2,twice,canceled\n",
        "3,other,complete\n",
        "4,100-A,processing\n",
        "5,unknown,fraud\n",
    ]
    assert erp.read_export(desk, shop, "Magento", export) == 5
    assert numbers(desk, Report.ERP_DUPLICATES) == ["twice"]
    assert numbers(desk, Report.DESYNCHRONISED) == ["other"]
    assert numbers(desk, Report.NOT_TRANSMITTED) == ["lacks"]
    assert numbers(desk, Report.SHIP_AT_RISK) == ["100-A"]
    compared = erp.compare(desk, shop, "twice")
    assert [each.status for each in compared.copies] == ["processing", "canceled"]

    erp.read_export(desk, shop, "sap", export)
    assert numbers(desk, Report.ERP_DUPLICATES) == []


def test_before_the_export_was_read_nothing_was_known_of_it(desk: Desk, shop: Channel) -> None:
    erp.read_export(desk, shop, "magento", ["erp_id,order,status\n"])
    before = Question(as_of=NOW - timedelta(seconds=1))
    assert numbers(desk, Report.NOT_TRANSMITTED) == ["100-A"]
    assert numbers(desk, Report.NOT_TRANSMITTED, before) == []


def test_a_link_is_warned_of_compared_and_made_again(desk: Desk, shop: Channel) -> None:
    assert erp.warning(desk, shop, "100-A") is None
    erp.read_export(desk, shop, "erp", ["erp_id,order,status\n", "9,100-A,shipped\n"])
    assert "desynchronised" in (erp.warning(desk, shop, "100-A") or "")

    erp.relink(desk, erp.compare(desk, shop, "100-A"))
    assert numbers(desk, Report.DESYNCHRONISED) == []
    assert numbers(desk, Report.SHIP_AT_RISK) == ["100-A"]

    erp.read_export(desk, shop, "erp", ["erp_id,order,status\n", "9,100-A,canceled\n"])
    assert numbers(desk, Report.DESYNCHRONISED) == ["100-A"]


def test_an_act_at_the_marketplace_only_leaves_the_order_diverged(
    desk: Desk, shop: Channel
) -> None:
    cached_erp.diverge(desk.database, (shop.id, "100-A"), "ana", NOW)
    assert numbers(desk, Report.DESYNCHRONISED) == ["100-A"]
    erp.relink(desk, erp.compare(desk, shop, "100-A"))
    assert numbers(desk, Report.DESYNCHRONISED) == []
    with pytest.raises(NotAllowed, match="not desynchronised"):
        erp.relink(desk, erp.compare(desk, shop, "100-A"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["order,status\n"], "no column erp_id"),
        (["erp_id,order,status\n", ",1,new\n"], "line 2 has no ERP number"),
        (["erp_id,order,status\n", "1,1\n", "1,2,new\n"], "1 lines repeat"),
        (["erp_id,order,status\n", f"1,{'x' * 900},new\n"], "line 2 is too long"),
    ],
)
def test_a_wrong_export_is_told_and_changes_nothing(
    desk: Desk, shop: Channel, lines: list[str], told: str
) -> None:
    erp.read_export(desk, shop, "erp", ["erp_id,order,status\n", "9,100-A,shipped\n"])
    with pytest.raises(SettingsWrong, match=told):
        erp.read_export(desk, shop, "erp", lines)
    assert len(erp.compare(desk, shop, "100-A").copies) == 1


def test_an_instant_without_a_zone_is_each_channels_own(desk: Desk, shop: Channel) -> None:
    local = Question(as_of=datetime(2026, 3, 10, 18, 0, 1))
    assert numbers(desk, Report.SHIP_LATE, local) == ["100-A"]
    utc = Question(as_of=datetime(2026, 3, 10, 18, 0, 1, tzinfo=NOW.tzinfo))
    assert numbers(desk, Report.SHIP_LATE, utc) == []
    with pytest.raises(NotFound, match="channel Nobody"):
        monitor.counts(desk, Question(channel="Nobody"))


def test_the_export_holds_no_formula_and_the_same_number_as_the_list(
    desk: Desk, shop: Channel
) -> None:
    read_orders(desk.database, shop, at_risk("=cmd|1", hours=-50))
    monitor.set_note(desk, first(desk, Report.SHIP_LATE), "+1 dia\n-ok")
    place = monitor.export(desk, ANY, Report.SHIP_LATE)
    heads, row = list(csv.reader(place.read_text(encoding="utf-8").splitlines()))
    found = dict(zip(heads, row, strict=True))
    assert found["order"] == "'=cmd|1"
    assert found["note"] == "'+1 dia -ok"
    assert (found["hours"], found["time"]) == ("-50.00", "-2d 2h")
    told = json.loads(place.with_suffix(".json").read_text())
    assert told["reports"]["ship_late"][0]["hours"] == -50.0
