"""The whole way, over real HTTP: from a new channel to the marketplace's own thread."""

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.program import Program, end

TEXT = "Olá! Seu pedido sai hoje."


def add(mkt_tui: Program, offered: dict[str, str], reference: str) -> None:
    done = mkt_tui(
        *("channel", "add", offered["name"], "--adapter", offered["adapter"], "--country", "BR"),
        *("--base-url", offered["base_url"], "--secret", reference),
    )
    assert done.code == 0


def thread(offered: dict[str, str], code: str) -> Any:
    """Read a thread as the marketplace has it."""
    url = f"{offered['base_url']}/api/inbox/threads/{code}"
    with urlopen(Request(url, headers={"Authorization": offered["secret"]})) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("to", "received"),
    [
        ("customer", ["CUSTOMER"]),
        ("operator", ["OPERATOR"]),
        ("both", ["CUSTOMER", "OPERATOR"]),
    ],
)
def test_from_a_new_channel_to_one_message_in_the_thread(
    mkt_tui: Program,
    sandbox: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    to: str,
    received: list[str],
) -> None:
    offered = sandbox["channels"][0]
    name = offered["name"]
    monkeypatch.setenv("SHOP_KEY", offered["secret"])
    add(mkt_tui, offered, "env:SHOP_KEY")
    assert mkt_tui("sync", "--once").code == 1
    assert mkt_tui("channel", "test", name).code == 0
    assert mkt_tui("channel", "enable", name).code == 0

    synced = mkt_tui("sync", "--once", "--json")
    assert synced.code == 0
    (result,) = synced.json["channels"]
    assert synced.json["ok"] is True
    assert result["error"] is None
    assert result["tickets"] > 0
    assert result["orders"] > 0

    tickets = mkt_tui("tickets", "--json", "--state", "all").json
    assert len(tickets) == result["tickets"]
    chosen = next(each for each in tickets if each["state"] == "open" and each["order"])
    assert mkt_tui("order", "show", chosen["order"]).code == 0

    words = ("reply", chosen["code"], "--text-file", "-", "--to", to, "--wait", "--json")
    sent = end(mkt_tui.process(*words), TEXT.encode())
    assert (sent.code, sent.err) == (0, "")
    assert sent.json["state"] == "sent"
    assert sent.json["error"] is None

    ours = [each for each in thread(offered, chosen["code"])["messages"] if each["body"] == TEXT]
    assert len(ours) == 1
    assert sorted(each["type"].partition("_")[0] for each in ours[0]["to"]) == received
    assert mkt_tui("sync", "--once").code == 0
    assert len(mkt_tui("tickets", "--json", "--state", "all").json) == len(tickets)


def test_a_wrong_key_fails_its_channel_and_leaves_the_other(
    mkt_tui: Program, sandbox: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = sandbox["channels"]
    monkeypatch.setenv("WRONG_KEY", "a-key-nobody-knows")
    monkeypatch.setenv("RIGHT_KEY", right["secret"])
    add(mkt_tui, wrong, "env:WRONG_KEY")
    add(mkt_tui, right, "env:RIGHT_KEY")
    for each in (wrong, right):
        mkt_tui("channel", "enable", each["name"])
    done = mkt_tui("sync", "--once")
    assert done.code == 1
    assert done.out.startswith(f"{right['name']}: ")
    assert f"{wrong['name']} refuses the API key (HTTP 401)" in done.err
    assert "env:WRONG_KEY" in done.err
    assert mkt_tui("tickets", "--json", "--channel", right["name"]).json
    assert mkt_tui("sync", "--once", "--channel", right["name"]).code == 0


def test_the_key_is_nowhere_in_the_home(
    mkt_tui: Program, sandbox: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = sandbox["channels"][0]
    monkeypatch.setenv("SHOP_KEY", offered["secret"])
    add(mkt_tui, offered, "env:SHOP_KEY")
    mkt_tui("channel", "enable", offered["name"])
    assert mkt_tui("sync", "--once").code == 0
    listed = mkt_tui("channel", "list", "--json")
    assert offered["secret"] not in listed.out
    files = [each for each in mkt_tui.home.rglob("*") if each.is_file()]
    assert files
    for file in files:
        assert offered["secret"].encode() not in file.read_bytes()
