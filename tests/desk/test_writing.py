"""Macros filled from the cache, and what stops a reply before it is in the outbox."""

from dataclasses import replace

import pytest

from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, macros, policies, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.policies import Stopped
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.domain.orders import Billing, Personal, Tracking
from mkt_tui.domain.tickets import Audience
from tests.worlds import HOUR, NOW, channel, order, read, read_orders, ticket

RULE = '[ours]\nchannels = ["Carrefour"]\nforbids = ["phone"]\nsource = "contract"\n'


@pytest.fixture
def talk(desk: Desk) -> Conversation:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    read_orders(
        desk.database, shop, order(tracking=Tracking(carrier="Jadlog", number="11987654321"))
    )
    return conversation.load(desk, 1)


def write(desk: Desk, name: str, text: str) -> None:
    (desk.home.settings / name).write_text(text, encoding="utf-8")


def filled(desk: Desk, talk: Conversation, name: str) -> str:
    (macro,) = [each for each in macros.known(desk) if each.name == name]
    return macros.fill(desk, talk, macro).text


def test_a_customer_of_another_language_is_offered_its_macros_first(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket())
    italian = order(personal=Personal(name="Maria Rossi", language="it_IT"))
    read_orders(desk.database, shop, italian)
    offered = macros.matching(desk, conversation.load(desk, 1), "")
    assert offered[0].language == "it"


def test_a_macro_knows_order_and_customer(desk: Desk, talk: Conversation) -> None:
    text = "{{customer.first_name}}, {{order.number}} ({{order.total}}) {{order.items}} {{tracking.carrier}} {{today}}"
    write(desk, "macros.toml", f'[all]\nlanguage = "pt_BR"\ntext = "{text}"\n')
    shown = filled(desk, talk, "all").replace("\u00a0", " ")
    assert shown == "Maria, 100-A (R$ 109,90) Chaleira Jadlog 10/03/2026"


def test_a_macro_tells_in_one_line_where_the_order_is(desk: Desk, talk: Conversation) -> None:
    """The line is in the macro's language, whatever the agent's; the carrier's last word ends it (M12)."""
    assert talk.order
    read_orders(
        desk.database,
        talk.channel,
        order(
            talk.order.number,
            billing=Billing(paid_at=NOW - 60 * HOUR, has_invoice=True),
            tracking=Tracking("Jadlog", "JL1", None, None, NOW + 48 * HOUR, NOW - 30 * HOUR),
            updated_at=NOW,
        ),
    )
    events = (
        '[{"at": "2026-03-10T09:00:00+00:00", "state": "at_depot", "place": "Cajamar", "text": ""}]'
    )
    desk.database.execute("UPDATE parcel SET events = :told, number = 'JL2'", {"told": events})
    told = filled(desk, conversation.load(desk, talk.ticket.id), "situacao")
    assert (
        "aprovado em 08/03/2026, faturado, enviado em 09/03/2026, movimentado em 10/03/2026,"
        " prometido para 12/03/2026, Cajamar, Jadlog JL2" in told
    )


def test_an_agents_own_macro_replaces_the_shops(desk: Desk, talk: Conversation) -> None:
    write(desk, "macros.toml", '[atraso]\ntext = "shop"\n[rastreio]\noff = true\n')
    assert filled(desk, talk, "atraso") == "shop"
    write(desk, "macros-ana.toml", '[atraso]\ntext = "ana"\n')
    assert filled(desk, talk, "atraso") == "ana"
    assert "rastreio" not in [each.name for each in macros.known(desk)]
    bia = replace(desk, agent="bia")
    assert filled(bia, talk, "atraso") == "shop"


def test_a_customers_name_expands_to_nothing(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket(customer="{{order.total}}"))
    read_orders(desk.database, shop, order(customer="{{order.total}}"))
    write(desk, "macros.toml", '[x]\ntext = "Hi {{customer.name}}"\n')
    assert filled(desk, conversation.load(desk, 1), "x") == "Hi {{order.total}}"


def test_a_telephone_number_stops_the_reply_and_says_where(desk: Desk, talk: Conversation) -> None:
    write(desk, "policies.toml", RULE)
    text = "Olá!\nLigue para (11) 98765-4321"
    with pytest.raises(Stopped) as told:
        replying.send(desk, talk, Draft(text, Audience.BOTH, 1))
    assert str(told.value) == "phone number, line 2, col 12 (Carrefour). Change it before you send"
    breach = told.value.breach
    assert breach
    assert text[breach.start : breach.end] == "(11) 98765-4321"
    assert desk.database.rows("SELECT 1 FROM operation") == []


def test_the_orders_tracking_number_may_be_told(desk: Desk, talk: Conversation) -> None:
    write(desk, "policies.toml", RULE)
    replying.send(desk, talk, Draft("Segue: 11987654321", Audience.BOTH, 1))
    assert len(desk.database.rows("SELECT 1 FROM operation")) == 1


def test_a_place_nobody_filled_stops_the_reply(desk: Desk, talk: Conversation) -> None:
    with pytest.raises(Stopped, match=r"nothing known for \{\{tracking.url\}\}, col 6"):
        replying.check(desk, talk, Draft("Veja {{tracking.url}}", Audience.BOTH))


def test_a_file_that_cannot_be_used_is_named(desk: Desk, talk: Conversation) -> None:
    for name in ("policies.toml", "macros.toml"):
        write(desk, name, "[x\n")
    with pytest.raises(SettingsWrong, match=r"policies\.toml"):
        policies.breaches(desk, talk, "Olá", Audience.BOTH)
    with pytest.raises(SettingsWrong, match=r"macros\.toml"):
        macros.known(desk)
