"""J5: a macro with order data, stopped by policy, corrected and sent; and one's own editor."""

import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import Place
from tests.journeys.terminal import desk

SIZES = [(80, 24), (200, 60)]
MACRO = """
[atraso]
language = "pt_BR"
text = "Ola! O pedido {{order.number}} segue com a {{tracking.url}}. Ligue (11) 98765-4321."
"""
RULE = '[ours]\nchannels = ["Carrefour"]\nforbids = ["phone"]\nsource = "contract"\n'


@pytest.mark.parametrize("size", SIZES)
def test_j5_a_canned_reply_stopped_by_policy(place: Place, size: tuple[int, int]) -> None:
    (place.home / "macros.toml").write_text(MACRO, encoding="utf-8")
    (place.home / "policies.toml").write_text(RULE, encoding="utf-8")
    ticket_id, code = place.first_ticket("Carrefour")
    place.change("UPDATE sales_order SET tracking = '{}'")
    with desk(place.home, size, sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.press("m")
        screen.wait_for("All channels")
        screen.press("c")
        screen.wait_for(code)
        screen.keys = 0
        screen.press("r")
        screen.wait_for("customer AND marketplace")
        screen.type("::atr")
        screen.wait_for("Ola! O pedido")
        screen.press("enter")
        screen.wait_for(r"nothing known for \{\{tracking.url\}\}")
        screen.type("Jadlog")
        screen.wait_for("Jadlog")
        screen.press("ctrl+d")
        screen.wait_for(r"Not sent: phone number, col \d+ \(Carrefour\)")
        screen.press("n", "\x1b[3~")
        screen.wait_for(r"Ligue \.")
        screen.press("ctrl+d")
        screen.wait_for(r"y\s+=\s+yes")
        screen.press("y")
        screen.wait_for("SAC")
        assert screen.keys <= 9
        place.wait_for("SELECT delivery FROM ticket WHERE id = :id", "sent", id=ticket_id)
    last = place.shops["Carrefour"].thread(code)["messages"][-1]
    assert last["body"].endswith("segue com a Jadlog. Ligue .")


def test_the_desk_comes_back_from_an_editor_that_fails(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        f'#!/bin/sh\n[ -e {tmp_path}/again ] && {{ echo "Chega amanha" >"$1"; exit; }}\n'
        f"touch {tmp_path}/again; echo An editor; read line; exit 3\n",
        encoding="utf-8",
    )
    editor.chmod(0o700)
    with (place.home / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write("\neditor = true\n")
    monkeypatch.setenv("VISUAL", str(editor))
    with desk(place.home, (80, 24), sys.executable) as screen:
        screen.wait_for("PRIORITY")
        screen.press("r")
        screen.wait_for("To: ")
        screen.type("Chega hoje")
        screen.wait_for("Chega hoje")
        screen.press("\x1b[20~")
        screen.wait_for("An editor")
        # What Ctrl+C ends is the editor, never the desk.
        screen.press("\x03")
        screen.wait_for("What the editor did")
        assert "Chega hoje" in screen.text
        screen.press("\x1b[20~")
        screen.wait_for("Chega amanha")
