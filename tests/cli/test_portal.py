"""Portals from scripts: protocols by file, answers noted there."""

from pathlib import Path

import pytest

from tests.cli.program import Program

ADDRESS = "https://portal.example.com"


@pytest.fixture
def b2w(mkt_tui: Program) -> Program:
    """A desk with the portal B2W."""
    words = ["--adapter", "portal", "--country", "BR", "--base-url", ADDRESS]
    assert mkt_tui("channel", "add", "B2W", *words).code == 0
    return mkt_tui


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "protocolos.csv"
    path.write_text(
        "Protocolo;Pedido;Cliente;Motivo;Tipo;Valor\n"
        "P-1;88-1;Ana Lima;entrega;protocolo;\n"
        "R-1;88-1;Ana Lima;troca;reembolso;129,90\n"
        "P-2;88-2;Rui;nenhum destes;protocolo;\n",
        encoding="utf-8",
    )
    return str(path)


def codes(mkt_tui: Program, state: str = "open") -> list[str]:
    listed = mkt_tui("tickets", "--json", "--state", state).json
    return sorted(each["code"] for each in listed)


def test_a_dry_run_writes_nothing(b2w: Program, file: str) -> None:
    done = b2w("import", "tickets", file, "--channel", "B2W", "--dry-run", "--json")
    assert done.code == 1, "a line was left out"
    assert (done.json["new"], done.json["dry_run"]) == (2, True)
    assert done.json["wrong"][0]["line"] == 4
    assert codes(b2w) == []


def test_protocols_come_in_once_under_any_name_of_the_marketplace(b2w: Program, file: str) -> None:
    first = b2w("import", "tickets", file, "--channel", "americanas")
    assert first.code == 1
    assert "line 4: reason is none of the six: nenhum destes" in first.err
    assert "2 new, 0 changed, 0 unchanged, 1 left out" in first.out
    again = b2w("import", "tickets", file, "--channel", "B2W", "--json").json
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 2)
    assert codes(b2w) == ["P-1", "R-1"]


def test_a_column_is_named_once_and_remembered(b2w: Program, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Nr;Texto\n9;Cadê?\n", encoding="utf-8")
    refused = b2w("import", "tickets", str(path), "--channel", "B2W")
    assert refused.code == 1
    assert "--map code=HEAD" in refused.err
    named = ["--map", "code=Nr", "--map", "message=Texto"]
    assert b2w("import", "tickets", str(path), "--channel", "B2W", *named).code == 0
    path.write_text("Nr;Texto\n10;Oi?\n", encoding="utf-8")
    assert b2w("import", "tickets", str(path), "--channel", "B2W").code == 0
    assert codes(b2w) == ["10", "9"]


def test_an_answer_given_on_the_portal_is_noted(b2w: Program, file: str) -> None:
    b2w("import", "tickets", file, "--channel", "B2W")
    done = b2w("ticket", "answered", "P-1", "--text", "Chega amanhã.", "--json")
    assert done.json == [{"code": "P-1", "done": True, "told": "answered on the portal"}]
    assert codes(b2w) == ["R-1"]
    assert codes(b2w, "answered") == ["P-1"]
    again = b2w("ticket", "answered", "P-1")
    assert (again.code, "It is not open" in again.err) == (1, True)


def test_what_is_no_portal_takes_no_protocols(b2w: Program, file: str) -> None:
    words = ["--adapter", "mirakl", "--country", "BR", "--base-url", "https://x.example"]
    b2w("channel", "add", "Carrefour", *words, "--secret", "env:KEY")
    done = b2w("import", "tickets", file, "--channel", "Carrefour")
    assert done.code == 1
    assert "Carrefour is no portal" in done.err


def test_an_order_is_entered_and_a_second_time_changes_nothing(b2w: Program) -> None:
    told = ["--customer", "Ana", "--total", "119,90", "--shipping", "19,90", "--erp", "não integrado",
            "--payment", "Cartão", "--instalments", "3", "--item", "S-1;Chaleira;2;50,00",
            "--item", "S-2;Cabo;;0,00"]  # fmt: skip
    first = b2w("order", "add", "LU-1", "--channel", "B2W", *told)
    assert (first.code, first.out.strip()) == (0, "Order LU-1 is in the list."), first.err
    assert "was known" in b2w("order", "add", "LU-1", "--channel", "B2W", *told).out
    (listed,) = b2w("orders", "--json").json
    assert (listed["items"], listed["total"], listed["erp"]) == (3, "119.90", "missing")
    assert listed["up_to_date"] is True
    shown = b2w("order", "show", "LU-1").out
    assert "in 3 instalments" in shown
    wrong = b2w("order", "add", "LU-2", "--channel", "B2W", "--total", "x")
    assert wrong.code == 1
    assert "Total is no amount: x" in wrong.err
    many = b2w("order", "add", "LU-2", "--channel", "B2W", "--item", "a;b;1;2;3")
    assert (many.code, len(b2w("orders", "--json").json)) == (2, 1)
