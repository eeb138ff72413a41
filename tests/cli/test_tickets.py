"""The queue for scripts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from mkt_tui.cache.channels import all_channels
from mkt_tui.cache.database import Database
from mkt_tui.config import agent_name
from mkt_tui.desk import listing
from mkt_tui.desk.listing import instant
from mkt_tui.home import Home
from tests import worlds
from tests.cli.program import Program

KEYS = [
    "code",
    "channel",
    "marketplace",
    "order",
    "site_order",
    "customer",
    "subject",
    "situation",
    "state",
    "days_pending",
    "registered_at",
    "received_at",
    "due_at",
    "assignee",
    "received_from",
    "due_rule",
    "house_due_at",
    "snoozed_until",
    "kind",
    "reason",
    "held_by",
]
TODAY = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def cache(home: Home) -> Iterator[Database]:
    """Carrefour has an order, a late, a fresh and an answered ticket; Fnac has one of mine."""
    database = Database(home.cache_file)
    carrefour, fnac = worlds.channel(database), worlds.channel(database, "Fnac")
    worlds.read_orders(database, carrefour, worlds.order())
    three_days = TODAY - timedelta(days=3)
    worlds.read(
        database,
        carrefour,
        worlds.ticket("late", waiting_since=three_days),
        worlds.ticket("answered", None, order_number=None, customer=None),
        registered_at=three_days,
    )
    fresh = worlds.ticket("fresh", waiting_since=TODAY)
    worlds.read(database, carrefour, fresh, registered_at=TODAY)
    worlds.read(database, fnac, worlds.ticket("mine", waiting_since=TODAY), registered_at=TODAY)
    database.execute(
        "UPDATE ticket SET assignee = :me, received_from = 'bia' WHERE code = 'mine'",
        {"me": agent_name()},
    )
    yield database
    database.close()


def codes(mkt_tui: Program, *words: str) -> list[str]:
    done = mkt_tui("tickets", "--json", *words)
    assert done.code == 0
    return [each["code"] for each in done.json]


@pytest.mark.usefixtures("cache")
def test_the_keys_of_a_ticket(mkt_tui: Program) -> None:
    late = mkt_tui("tickets", "--json").json[0]
    assert list(late) == KEYS
    three_days = TODAY - timedelta(days=3)
    assert late == {
        "code": "late",
        "channel": "Carrefour",
        "marketplace": "mirakl",
        "order": "100-A",
        "site_order": "SP-1",
        "customer": "Maria Silva",
        "subject": "Onde está meu pedido?",
        "situation": "priority",
        "state": "open",
        "days_pending": 3,
        "registered_at": instant(three_days),
        "received_at": instant(three_days),
        "due_at": instant(three_days + timedelta(hours=24)),
        "assignee": None,
        "received_from": None,
        "due_rule": "house-hours",
        "house_due_at": instant(three_days + timedelta(hours=24)),
        "snoozed_until": None,
        "kind": "message",
        "reason": None,
        "held_by": None,
    }


@pytest.mark.usefixtures("cache")
def test_what_is_unknown_is_null(mkt_tui: Program) -> None:
    (answered,) = mkt_tui("tickets", "--json", "--state", "answered").json
    assert list(answered) == KEYS
    for key in ("order", "site_order", "customer", "situation", "days_pending", "assignee"):
        assert answered[key] is None
    assert answered["state"] == "answered"


@pytest.mark.usefixtures("cache")
def test_the_filters(mkt_tui: Program) -> None:
    assert codes(mkt_tui) == ["late", "fresh", "mine"]
    assert codes(mkt_tui, "--state", "all") == ["late", "fresh", "mine", "answered"]
    assert codes(mkt_tui, "--channel", "fnac") == ["mine"]
    assert codes(mkt_tui, "--mine") == ["mine"]
    assert codes(mkt_tui, "--late") == ["late"]
    assert codes(mkt_tui, "--late", "--state", "answered") == []
    assert codes(mkt_tui, "--limit", "2") == ["late", "fresh"]
    assert codes(mkt_tui, "--limit", "0") == []


@pytest.mark.usefixtures("cache")
def test_a_channel_that_is_not_there(mkt_tui: Program) -> None:
    done = mkt_tui("tickets", "--channel", "Amazon")
    assert done.code == 1
    assert "There is no channel Amazon. There are: Carrefour, Fnac." in done.err


@pytest.mark.usefixtures("cache")
def test_a_table_for_people(mkt_tui: Program) -> None:
    heads, late, *_others = mkt_tui("tickets").out.splitlines()
    assert heads.split()[:4] == ["CODE", "CHANNEL", "SITUATION", "DAYS"]
    assert late.split()[:4] == ["late", "Carrefour", "PRIORITY", "3"]


def test_no_ticket_is_said_in_words_and_an_empty_list(mkt_tui: Program) -> None:
    done = mkt_tui("tickets")
    assert (done.code, done.out, done.err) == (0, "", "No ticket.\n")
    assert mkt_tui("tickets", "--json").out == "[]\n"


def test_words_that_look_like_markup_stay_words(mkt_tui: Program, cache: Database) -> None:
    cache.execute("UPDATE ticket SET subject = '[red]x[/red] \\[b] :smile:'")
    assert "[red]x[/red] \\[b] :smile:" in mkt_tui("tickets").out


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_join_without_gap_or_repetition(
    mkt_tui: Program, cache: Database, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(listing, "PAGE", size)
    everything = ["late", "fresh", "mine", "answered"]
    assert codes(mkt_tui, "--state", "all") == everything
    assert codes(mkt_tui, "--state", "all", "--limit", "3") == everything[:3]
    table = mkt_tui("tickets", "--state", "all").out.splitlines()
    assert [line.split()[0] for line in table] == ["CODE", *everything]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "'foo' is not one of 'open',"), ("pt_BR", "'foo' não é nenhum de 'open',")],
)
def test_a_state_that_is_none_is_told_in_one_clean_sentence(
    mkt_tui: Program, cache: Database, language: str, sentence: str
) -> None:
    refused = mkt_tui("--lang", language, "tickets", "--state", "foo")
    assert refused.code == 2
    assert sentence in refused.err
    assert "Value error" not in refused.err


def test_codes_of_a_marketplace_are_told_in_words(mkt_tui: Program, cache: Database) -> None:
    fnac = next(each for each in all_channels(cache) if each.name == "Fnac")
    coded = worlds.ticket("coded", waiting_since=TODAY, subject="shipping: delivery_delay")
    worlds.read(cache, fnac, coded, registered_at=TODAY)
    assert "delivery: delivered late" in mkt_tui("tickets").out
    assert "entrega: entrega atrasada" in mkt_tui("--lang", "pt_BR", "tickets").out
