"""Orders of a portal without an API: its list and its exports, shown like all others (T31-T33)."""

import re
from datetime import date
from pathlib import Path

import pytest

from mkt_tui.cache import order_list, order_records
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_list import OrderFilter, OrderRow
from mkt_tui.desk import importing_orders, search, sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.orders import told
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.screens.order_columns import OrderCells
from tests.worlds import channel, read, ticket

LIST = """Data da integração;Cliente;N° do pedido;Itens;Valor;Frete;Status
09/03/2026;Ana Prado;LU-1;2;119,90;19,90;Entregue
10/03/2026;Rui Alves;LU-2;1;1.250,00;0,00;Em análise
"""
ITEMS = """pedido;cliente;codigo sku;descricao do produto;quantidade;preco;frete;desconto;valor;pagamento;parcelas;cidade;uf;status
LU-9;Bia;SKU-1;Chaleira 1,7 L;2;50,00;10,00;5,00;105,00;Cartão;3x;Santos;SP;Enviado
LU-9;Bia;SKU-2;Caneca;1;10,00;;;;;;;;
LU-8;Bia;SKU-2;Caneca;muitas;10,00;;;;;;;;Enviado
;Bia;SKU-2;Caneca;1;10,00;;;;;;;;Enviado
"""


@pytest.fixture
def magalu(desk: Desk) -> Channel:
    return channel(desk.database, "Magazine Luiza", adapter="portal")


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pedidos.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_portals_own_list_fills_every_column(
    desk: Desk, magalu: Channel, tmp_path: Path
) -> None:
    path = file(tmp_path, LIST)
    dry = importing_orders.run(desk, magalu, path, dry=True)
    assert (dry.new, dry.changed, dry.wrong) == (2, 0, ())
    assert not order_list.page(desk.database, OrderFilter(), None, 0, 9)
    assert importing_orders.run(desk, magalu, path).new == 2
    again = importing_orders.run(desk, magalu, path)
    assert (again.new, again.changed) == (0, 2)
    cells = OrderCells(desk, desk.channels(), set())
    names = ("date", "name", "mkt_order", "items", "total", "shipping", "mktplace", "status")
    columns = {each.name: each for each in cells.columns()}
    newest, oldest = order_list.page(desk.database, OrderFilter(), None, 0, 9)
    shown = [columns[name].text(oldest) for name in names]
    assert shown[1:4] == ["Ana Prado", "LU-1", "2"]
    assert [shown[4], shown[5]] == ["R$119.90", "R$19.90"]
    assert shown[6:] == ["Magazine Luiza", "Delivered"]
    assert [columns[name].text(oldest) for name in ("situation", "erp")] == ["up to date", "–"]
    assert newest.marketplace_status == "Em análise"
    assert search.find(desk, "LU-1").only is not None


def test_items_payment_and_delivery_are_in_the_sheet_and_sums_are_checked(
    desk: Desk, magalu: Channel, tmp_path: Path
) -> None:
    read(desk.database, magalu, ticket("P-1", 2, order_number="LU-9"))
    report = importing_orders.run(desk, magalu, file(tmp_path, ITEMS))
    assert report.new == 1
    assert [each.line for each in report.wrong] == [4, 5]
    (record,) = order_records.orders(desk.database, "LU-9", magalu.id)
    page = sheet.sheet(desk, record, revealed=True)
    words = "\n".join(
        f"{line.label}: {line.value}" for each in page.sections for line in each.lines
    )
    for wanted in ("SKU-1", "Chaleira 1,7 L", "SKU-2", "in 3 instalments", "Santos", "P-1"):
        assert wanted in words
    assert "Items and shipping make R$115.00, but the total is R$105.00" in words


def test_columns_that_are_called_otherwise_are_told_once(
    desk: Desk, magalu: Channel, tmp_path: Path
) -> None:
    path = file(tmp_path, "Nº LU,Quem\nLU-7,Ana\n")
    with pytest.raises(NotAllowed, match="no column order"):
        importing_orders.run(desk, magalu, path)
    meant = {"order": "Nº LU", "customer": "Quem"}
    assert importing_orders.run(desk, magalu, path, meant).new == 1
    remembered = importing_orders.run(desk, desk.channel(magalu.name), path)
    assert remembered.changed == 1
    carrefour = channel(desk.database)
    with pytest.raises(NotAllowed, match="no portal"):
        importing_orders.run(desk, carrefour, path)


KEYED = {
    "order": " LU-5 ", "opened": "09/03/2026", "customer": "Ana Prado", "status": "Entregue",
    "situation": "não atualizado", "erp": "Integrado", "total": "119,90", "shipping": "19,90",
    "payment": "Cartão", "instalments": "3x", "title": "Chaleira 1,7 L", "sku": "SKU-1",
    "quantity": "2", "price": "50,00",
}  # fmt: skip
MORE = {"order": "LU-5", "title": "Cabo", "sku": "SKU-2", "price": "0,00"}


def row_of(desk: Desk) -> OrderRow:
    (found,) = order_list.page(desk.database, OrderFilter(), None, 0, 9)
    return found


def test_an_order_is_keyed_in_with_the_nine_fields_and_is_there_once(
    desk: Desk, magalu: Channel
) -> None:
    entered = importing_orders.enter(desk, magalu, [KEYED, MORE])
    assert (entered.order.number, entered.known) == ("LU-5", False)
    assert importing_orders.enter(desk, magalu, [KEYED, MORE]).known
    cells = {each.name: each for each in OrderCells(desk, desk.channels(), set()).columns()}
    names = ("date", "name", "mkt_order", "items", "total", "shipping", "mktplace", "status",
             "situation", "erp")  # fmt: skip
    shown = [cells[name].text(row_of(desk)) for name in names]
    assert shown[1:6] == ["Ana Prado", "LU-5", "3", "R$119.90", "R$19.90"]
    assert shown[6:] == ["Magazine Luiza", "Delivered", "not yet", "integrated"]
    (record,) = order_records.orders(desk.database, "LU-5", magalu.id)
    sections = sheet.sheet(desk, record, revealed=True).sections
    words = "\n".join(f"{line.label}: {line.value}" for each in sections for line in each.lines)
    for wanted in ("Situation: not yet", "ERP: integrated", "in 3 instalments", "Cabo", "SKU-2",
                   "Entered by hand by ana"):  # fmt: skip
        assert wanted in words
    assert "!" not in words, "the sums come out"


def test_what_is_keyed_later_is_added_and_what_is_left_out_stays(
    desk: Desk, magalu: Channel
) -> None:
    importing_orders.enter(desk, magalu, [KEYED, MORE])
    importing_orders.enter(desk, magalu, [{"order": "LU-5", "situation": "atualizado"}])
    known = told(row_of(desk))
    assert (known.total, known.items, known.up_to_date, known.in_erp) == (11990, 3, True, True)


def test_a_date_that_was_mistyped_is_put_right_and_stays_where_none_is_typed(
    desk: Desk, magalu: Channel
) -> None:
    importing_orders.enter(desk, magalu, [{**KEYED, "opened": "09/03/2025"}, MORE])
    importing_orders.enter(desk, magalu, [{"order": "LU-5"}])
    assert from_cache(row_of(desk).created_at).year == 2025
    importing_orders.enter(desk, magalu, [{"order": "LU-5", "opened": "08/03/2026"}])
    assert from_cache(row_of(desk).created_at).date() == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("order", " ", "the order has no number"),
        ("order", "=1+1", "order is a formula"),
        ("situation", "talvez", "Situation there is neither yes nor no: talvez"),
        ("erp", "talvez", "ERP is neither yes nor no: talvez"),
        ("total", "muito", "Total is no amount: muito"),
        ("instalments", "0", "Instalments is no number: 0"),
        ("quantity", "-1", "pieces is no number: -1"),
        ("opened", "31/02/2026", "Date is no date: 31/02/2026"),
        ("opened", "01/01/2027", "opened in the future"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_written(
    desk: Desk, magalu: Channel, field: str, value: str, sentence: str
) -> None:
    with pytest.raises(NotAllowed, match=re.escape(sentence)):
        importing_orders.enter(desk, magalu, [{**KEYED, field: value}, MORE])
    assert not order_list.page(desk.database, OrderFilter(), None, 0, 9)


def test_only_portals_take_orders_by_hand(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="no portal"):
        importing_orders.enter(desk, channel(desk.database), [KEYED])
