"""The sales channels of an installation, from adding to removing."""

import sys
from typing import Any
from zoneinfo import ZoneInfo

import pexpect
import pytest
from babel.core import get_global

from mkt_tui.cache import drafts
from mkt_tui.cache.database import Database
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk.channels import main_zone
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.tickets import Audience
from mkt_tui.home import Home
from tests import worlds
from tests.cli.conftest import Listener
from tests.cli.program import Done, Program

KEY = "s3cr3t-of-the-shop"


def add(mkt_tui: Program, name: str = "Carrefour", *more: str, **changes: str) -> Done:
    words = {
        "adapter": "mirakl",
        "country": "BR",
        "base-url": "https://marketplace.example",
        "secret": "env:SHOP_KEY",
        **changes,
    }
    options = [word for name, value in words.items() for word in (f"--{name}", value)]
    return mkt_tui("channel", "add", name, *options, *more)


def acts(home: Home) -> list[tuple[Any, ...]]:
    database = Database(home.cache_file)
    try:
        return database.rows("SELECT act, channel, detail FROM audit ORDER BY id")
    finally:
        database.close()


def test_a_new_channel_is_off_and_says_so(mkt_tui: Program) -> None:
    done = add(mkt_tui)
    assert done.code == 0
    assert "is off. To switch it on: mkt-tui channel enable Carrefour" in done.out
    (channel,) = mkt_tui("channel", "list", "--json").json
    assert channel == {
        "name": "Carrefour",
        "adapter": "mirakl",
        "country": "BR",
        "zone": "America/Sao_Paulo",
        "base_url": "https://marketplace.example",
        "secret": "env:SHOP_KEY",
        "enabled": False,
        "options": {},
        "last_read_at": None,
        "error": None,
    }


def test_a_name_with_blanks_is_quoted_in_the_command(mkt_tui: Program) -> None:
    assert "mkt-tui channel enable 'Leroy Merlin'" in add(mkt_tui, "Leroy Merlin").out


def test_options_of_the_adapter(mkt_tui: Program) -> None:
    add(mkt_tui, "Carrefour", "--option", "shop_id=42", "--option", "note=a=b")
    (channel,) = mkt_tui("channel", "list", "--json").json
    assert channel["options"] == {"shop_id": "42", "note": "a=b"}


def test_a_malformed_option_is_not_repeated(mkt_tui: Program) -> None:
    done = add(mkt_tui, "Carrefour", "--option", KEY)
    assert done.code == 2
    assert KEY not in done.out + done.err


def test_names_are_unique_whatever_their_case(mkt_tui: Program) -> None:
    add(mkt_tui, "Água Viva")
    done = add(mkt_tui, "ÁGUA VIVA")
    assert done.code == 1
    assert "There is a channel Água Viva already" in done.err


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_names_that_are_none(mkt_tui: Program, name: str) -> None:
    assert add(mkt_tui, name).code == 1


def test_a_secret_typed_instead_of_a_reference_is_never_repeated(
    mkt_tui: Program, home: Home
) -> None:
    done = add(mkt_tui, secret=KEY)
    assert done.code == 1
    assert "env:NAME, file:PATH, cmd:COMMAND or keyring:SERVICE/USER" in done.err
    assert KEY not in done.out + done.err
    for file in home.data.rglob("*"):
        assert file.is_dir() or KEY.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"adapter": "amazom"}, "There is no adapter amazom. Installed adapters:"),
        ({"country": "ZZ"}, "There is no country ZZ"),
        ({"country": "Brasil"}, "There is no country BRASIL"),
        ({"base-url": "ftp://x"}, "must be like https://host"),
        ({"base-url": "https://"}, "must be like https://host"),
        ({"base-url": "https://x:99999"}, "must be like https://host"),
        ({"base-url": "https://[x"}, "must be like https://host"),
        ({"base-url": f"https://me:{KEY}@x"}, "must hold no user name or password"),
        ({"base-url": f"https://x?key={KEY}"}, "must hold no ? or #"),
    ],
)
def test_what_cannot_be_a_channel(mkt_tui: Program, changes: dict[str, str], told: str) -> None:
    done = add(mkt_tui, **changes)
    assert done.code == 1
    assert told in done.err
    assert KEY not in done.err
    assert mkt_tui("channel", "list", "--json").json == []


def test_a_disabled_channel_makes_no_call(mkt_tui: Program, listener: Listener) -> None:
    add(mkt_tui, **{"base-url": listener.url})
    done = mkt_tui("sync", "--once")
    assert done.code == 1
    assert "No channel is enabled" in done.err
    assert not listener.was_called()


def test_every_act_is_in_the_audit_log(
    mkt_tui: Program, home: Home, closed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", KEY)
    add(mkt_tui, **{"base-url": closed_url})
    mkt_tui("channel", "enable", "carrefour")
    mkt_tui("channel", "enable", "carrefour")
    tested = mkt_tui("channel", "test", "Carrefour")
    assert tested.code == 1
    assert f"Carrefour cannot be reached at {closed_url}" in tested.err
    mkt_tui("channel", "disable", "Carrefour")
    assert mkt_tui("channel", "remove", "Carrefour", "--yes").code == 0
    assert acts(home) == [
        ("channel.added", "Carrefour", "adapter=mirakl"),
        ("channel.enabled", "Carrefour", None),
        ("channel.tested", "Carrefour", "Unreachable"),
        ("channel.disabled", "Carrefour", None),
        ("channel.removed", "Carrefour", None),
    ]
    assert mkt_tui("channel", "list", "--json").json == []


@pytest.mark.parametrize("verb", ["test", "enable", "disable", "remove"])
def test_a_channel_that_is_not_there(mkt_tui: Program, verb: str) -> None:
    add(mkt_tui)
    done = mkt_tui("channel", verb, "Fnac")
    assert done.code == 1
    assert "There is no channel Fnac. There are: Carrefour." in done.err


def test_a_secret_that_leads_nowhere(mkt_tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    add(mkt_tui)
    done = mkt_tui("channel", "test", "Carrefour")
    assert done.code == 1
    assert "The secret env:SHOP_KEY of channel Carrefour cannot be read" in done.err


def test_removing_asks_for_a_word(mkt_tui: Program) -> None:
    add(mkt_tui)
    done = mkt_tui("channel", "remove", "Carrefour")
    assert done.code == 1
    assert "add --yes" in done.err
    assert len(mkt_tui("channel", "list", "--json").json) == 1


@pytest.mark.parametrize(("answer", "left"), [("n", 1), ("y", 0)])
def test_removing_asks_on_a_terminal(mkt_tui: Program, answer: str, left: int) -> None:

    add(mkt_tui)
    words = ["-m", "mkt_tui", "--home", str(mkt_tui.home), "channel", "remove", "Carrefour"]
    child = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=30)
    child.expect_exact("Remove Carrefour with its tickets and orders?")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == left
    assert len(mkt_tui("channel", "list", "--json").json) == left


def test_a_channel_with_unsent_words_stays(mkt_tui: Program, home: Home) -> None:
    database = Database(home.cache_file)
    channel = worlds.channel(database)
    worlds.read(database, channel, worlds.ticket())
    drafts.save(database, 1, "ana", Draft("Bom dia", Audience.CUSTOMER), worlds.NOW)
    database.close()
    done = mkt_tui("channel", "remove", "Carrefour", "--yes")
    assert done.code == 1
    assert "Carrefour holds 1 draft or reply that was not delivered" in done.err
    assert len(mkt_tui("tickets", "--json").json) == 1


def test_an_empty_list_says_what_to_do(mkt_tui: Program) -> None:
    assert "mkt-tui channel add" in mkt_tui("channel", "list").err


def test_a_list_for_people(mkt_tui: Program) -> None:
    add(mkt_tui)
    heads, line = mkt_tui("channel", "list").out.splitlines()
    assert heads.split()[:3] == ["CHANNEL", "KIND", "COUNTRY"]
    assert line.split()[:4] == ["Carrefour", "mirakl", "BR", "off"]


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("BR", "America/Sao_Paulo"),
        ("IT", "Europe/Rome"),
        ("PT", "Europe/Lisbon"),
        ("ES", "Europe/Madrid"),
        ("US", "America/New_York"),
    ],
)
def test_the_zone_follows_the_country(country: str, zone: str) -> None:
    assert main_zone(country) == zone


def test_every_country_has_a_zone_that_exists() -> None:
    for country in get_global("territory_zones"):
        if country in {"001", "ZZ"}:
            with pytest.raises(NotFound):
                main_zone(country)
        else:
            ZoneInfo(main_zone(country))


def test_no_zone_is_chosen_by_chance() -> None:
    from mkt_tui.desk import channels

    zones = get_global("territory_zones")
    several = {country for country, found in zones.items() if len(found) > 1}
    assert several - {"001", "ZZ"} == set(channels._MAIN_ZONES)
    assert all(zone in zones[country] for country, zone in channels._MAIN_ZONES.items())
