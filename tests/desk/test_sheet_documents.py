"""The order sheet as PDF and HTML: all of it, on leaves that fit, in the letters of its words."""

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from mkt_tui.desk.desk import Desk
from mkt_tui.desk.printing import Form, document
from mkt_tui.domain.orders import OrderItem, Personal
from tests.desk.orders import EMPTY, FULL, SECRETS, make_desk, put
from tests.desk.test_sheet import TITLES

MM = 72 / 25.4


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def _read(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_a4_holds_all_sections_and_counts_its_leaves(desk: Desk) -> None:
    content = document(desk, [put(desk, FULL)], Form.PDF, revealed=True)
    pages = _read(content)
    text = "\n".join(pages)
    assert [each for each in TITLES if each not in text] == []
    for word in ("Cartão de crédito", "Mariana Figueiredo", "R$149.90", "Grande Sertão: Veredas"):
        assert word in text
    assert [f"{number}/{len(pages)}" in page for number, page in enumerate(pages, 1)] == [
        True
    ] * len(pages)
    box = PdfReader(BytesIO(content)).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)


def test_a_receipt_is_one_strip_as_long_as_its_words(desk: Desk) -> None:
    short = document(desk, [put(desk, EMPTY)], Form.RECEIPT, revealed=False)
    long = document(desk, [put(desk, FULL)], Form.RECEIPT, revealed=False)
    boxes = [PdfReader(BytesIO(each)).pages[0].mediabox for each in (short, long)]
    assert [round(each.width / MM) for each in boxes] == [80, 80]
    assert boxes[0].height < boxes[1].height
    assert len(_read(long)) == 1


def test_an_order_of_a_thousand_lines_goes_on_over_leaves(desk: Desk) -> None:
    item = OrderItem("1", "SKU", "Um título " * 12, 1, 100, 100, 0, "SHIPPED")
    record = put(desk, replace(FULL, items=(item,) * 1000))
    for form in (Form.PDF, Form.RECEIPT):
        pages = _read(document(desk, [record], form, revealed=False))
        assert len(pages) > 1
        assert sum(page.count("SKU SKU") for page in pages) == 1000


@pytest.mark.parametrize("form", [Form.PDF, Form.HTML, Form.TEXT])
def test_masked_documents_hold_nothing_personal(desk: Desk, form: Form) -> None:
    content = document(desk, [put(desk, FULL)], form, revealed=False)
    text = "\n".join(_read(content)) if form is Form.PDF else content.decode()
    assert [each for each in SECRETS if each in text] == []


def test_each_order_starts_a_leaf_of_its_own(desk: Desk) -> None:
    pages = _read(document(desk, [put(desk, EMPTY), put(desk, FULL)], Form.PDF, revealed=False))
    starts = [page.splitlines()[0] for page in pages if page.startswith("Order ")]
    assert starts[:2] == ["Order C-1", f"Order {FULL.number}"]


def test_names_of_other_scripts_are_written_in_their_letters(desk: Desk) -> None:
    name = "Łukasz Ξένος Привет"
    record = put(desk, replace(EMPTY, personal=Personal(name=name)))
    text = "\n".join(_read(document(desk, [record], Form.PDF, revealed=True)))
    assert name in text


def test_a_letter_no_font_has_stops_nothing(desk: Desk) -> None:
    record = put(desk, replace(EMPTY, personal=Personal(name="\U00013000 漢字 😀 fim")))
    assert "fim" in "\n".join(_read(document(desk, [record], Form.PDF, revealed=True)))


def test_a_machine_without_fontconfig_still_prints(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("fc-list") is None
    record = put(desk, replace(EMPTY, personal=Personal(name="\U00013001 fim")))
    assert "fim" in "\n".join(_read(document(desk, [record], Form.PDF, revealed=True)))


def test_outside_text_is_no_markup_in_html(desk: Desk) -> None:
    evil = '<script>alert("x")</script>'
    record = put(desk, replace(EMPTY, marketplace_status=evil, personal=Personal(name=evil)))
    text = document(desk, [record], Form.HTML, revealed=True).decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
