"""Keys, personal data, start dates, names and abilities of channels, for scripts."""

import io
import stat
import sys
from typing import Any

import pytest

from mkt_tui.home import Home
from mkt_tui.secret_references import read_secret
from tests.cli.program import Done, Program
from tests.cli.test_channel import KEY, acts, add


def secret(mkt_tui: Program) -> str:
    (channel,) = mkt_tui("channel", "list", "--json").json
    return str(channel["secret"])


def hand_in(mkt_tui: Program, monkeypatch: pytest.MonkeyPatch, key: str) -> Done:
    monkeypatch.setattr(sys, "stdin", io.StringIO(key))
    return mkt_tui("channel", "key", "Carrefour")


def test_a_key_handed_in_is_kept_encrypted_and_private(
    mkt_tui: Program, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(mkt_tui)
    assert hand_in(mkt_tui, monkeypatch, KEY).code == 0
    first = secret(mkt_tui)
    assert read_secret(first, "Carrefour") == KEY
    for file in home.data.rglob("*"):
        assert file.is_dir() or KEY.encode() not in file.read_bytes()
    for file in home.secrets.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert hand_in(mkt_tui, monkeypatch, "another").code == 0
    assert len(list(home.secrets.iterdir())) == 2, "the old one is gone, the store's key is there"
    assert ("channel.key-changed", "Carrefour", None) in acts(home)
    mkt_tui("channel", "remove", "Carrefour", "--yes")
    assert [each.name for each in home.secrets.iterdir()] == ["key"]


def test_a_store_whose_key_was_changed_says_so(
    mkt_tui: Program, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(mkt_tui)
    hand_in(mkt_tui, monkeypatch, KEY)
    (home.secrets / "key").write_bytes(b"A" * 43 + b"=")
    done = mkt_tui("channel", "test", "Carrefour")
    assert done.code == 1
    assert "it was kept with another key" in done.err


def test_orders_begin_at_a_day(mkt_tui: Program, home: Home) -> None:
    add(mkt_tui)
    done = mkt_tui("channel", "enable", "Carrefour", "--since", "2026-01-31")
    assert "Order sync of Carrefour is on" in done.out
    (channel,) = mkt_tui("channel", "list", "--json").json
    assert channel["options"] == {"orders_since": "2026-01-31"}
    assert acts(home)[1:] == [
        ("channel.orders-since", "Carrefour", "since=2026-01-31"),
        ("channel.enabled", "Carrefour", None),
    ]


def test_personal_data_names_what_is_not_matched(mkt_tui: Program) -> None:
    add(mkt_tui, "Amazon BR", adapter="amazon")
    told = mkt_tui("channel", "personal", "Amazon BR", "--account", "conta", "--module", "orders")
    assert "not matched: invoices" in told.out
    wrong = mkt_tui("channel", "personal", "Amazon BR", "--account", "x", "--module", "odrers")
    assert wrong.code == 1
    assert "Its modules: orders, invoices" in wrong.err


def test_address_and_options_are_set_later(mkt_tui: Program) -> None:
    add(mkt_tui)
    words = ("--base-url", "https://other.example", "--option", "shop_id=42", "--option", "x=y")
    assert mkt_tui("channel", "set", "Carrefour", *words).code == 0
    assert mkt_tui("channel", "set", "Carrefour", "--without", "x").code == 0
    (channel,) = mkt_tui("channel", "list", "--json").json
    assert (channel["base_url"], channel["options"]) == ("https://other.example", {"shop_id": "42"})
    done = mkt_tui("channel", "set", "Carrefour", "--base-url", "ftp://x")
    assert (done.code, "cannot be used" in done.err) == (1, True)


def test_a_renamed_channel_keeps_its_marketplace(mkt_tui: Program) -> None:
    add(mkt_tui, "Via Varejo", adapter="cnova")
    assert mkt_tui("channel", "rename", "Via Varejo", "Loja 7").code == 0
    assert mkt_tui("channel", "enable", "casas bahia").out.startswith("Order sync of Loja 7 is on")


@pytest.mark.parametrize(
    ("adapter", "name", "where"),
    [("cnova", "reply", "here"), ("americanas", "reply", "portal"), ("hub2b", "tickets", "portal"),
     ("amazon", "reply", "portal"), ("mirakl", "products", "integrator"),
     ("mirakl", "incident", "here"), ("bookwire", "correct", "here")],
)  # fmt: skip
def test_the_matrix_gives_a_reason_for_what_is_not_here(
    mkt_tui: Program, adapter: str, name: str, where: str
) -> None:
    add(mkt_tui, adapter=adapter)
    found: list[dict[str, Any]] = mkt_tui("channel", "can", "Carrefour", "--json").json
    assert {each["name"]: each["where"] for each in found}[name] == where
    assert all(each["reason"] for each in found if each["where"] != "here")
