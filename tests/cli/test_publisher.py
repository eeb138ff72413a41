"""A publisher's lists and sales on the command line, for people and for scripts (P4, P7, P8, P14, P15)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mkt_tui.cache.database import Database
from mkt_tui.cache.streams import Stream
from mkt_tui.cache.titles import write_sales, write_titles
from mkt_tui.domain.publishing import Complaint, Defect, Manager, Sale, TitleSnapshot
from mkt_tui.home import Home
from tests.cli.program import Program
from tests.worlds import channel, read, ticket

FAROL, PONTE = "9786500000009", "9786500000016"


@pytest.fixture
def published(home: Home) -> Home:
    """Two titles, one in pre-sale; three tickets; sales whose names a spreadsheet would run."""
    now = datetime.now(UTC)
    database = Database(home.cache_file)
    there = channel(database, "Bookwire", adapter="bookwire")
    manager = Manager("Camila", "camila@example.org")
    titles = [
        TitleSnapshot(FAROL, "=HYPERLINK(farol)", now, "Ana", on_sale_at=now + timedelta(days=9)),
        TitleSnapshot(PONTE, "A ponte", now, "Bia", "Prado", manager=manager),
    ]
    write_titles(database, Stream(there.id, "titles", "", complete=True), titles)
    for code, isbn, shop, defect in (
        ("bw-1", FAROL, "Kobo", Defect.TOC),
        ("bw-2", PONTE, "Kobo", Defect.TYPO),
        ("bw-3", PONTE, "Apple Books", Defect.TYPO),
    ):
        told = Complaint(isbn, shop, defect)
        read(database, there, ticket(code, order_number=None, complaint=told, subject="Sumário"))
    sales = [
        Sale("1", FAROL, "+Kobo", "sale", 3, 3000, "BRL", now - timedelta(days=3)),
        Sale("2", PONTE, "Apple Books", "sale", 1, 990, "BRL", now - timedelta(days=3)),
        Sale("3", PONTE, "Apple Books", "refund", -1, -990, "BRL", now - timedelta(days=2)),
        Sale("4", PONTE, "Apple Books", "sale", None, 500, "EUR", now - timedelta(days=200)),
    ]
    write_sales(database, Stream(there.id, "sales", "", complete=True), sales)
    database.close()
    return home


def test_tickets_and_titles_are_listed_under_one_filter(mkt_tui: Program, published: Home) -> None:
    """P8, P15: and of the same age, a title in pre-sale stands before the others."""
    found = mkt_tui("publisher", "tickets", "--json").json
    assert [each["ticket"] for each in found] == ["bw-1", "bw-2", "bw-3"], "the pre-sale first"
    assert found[0]["presale"]
    assert (found[1]["manager"], found[1]["kind"]) == ("Camila", "typo")
    only = mkt_tui("publisher", "tickets", "shop:apple", "kind:typo", "--json").json
    assert [each["ticket"] for each in only] == ["bw-3"]
    titles = mkt_tui("titles", "ponte", "--json").json
    assert [(each["isbn"], each["open_tickets"]) for each in titles] == [(PONTE, 2)]
    assert "A ponte" in mkt_tui("titles").out
    assert mkt_tui("publisher", "tickets", "978-65-0000000-9").out.count("bw-") == 1
    wrong = mkt_tui("publisher", "tickets", "state:nonsense")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)


def test_sales_add_up_and_no_cell_is_a_formula(
    mkt_tui: Program, published: Home, tmp_path: Path
) -> None:
    found = mkt_tui("report", "sales", "--by", "shop", "--json").json
    assert {each["name"]: each["amount"] for each in found["lines"]} == {
        "+Kobo": "30.00",
        "Apple Books": "0.00",
    }
    assert [(each["amount"], each["units"]) for each in found["totals"]] == [("30.00", 3)]
    rows = list(csv.reader(io.StringIO(mkt_tui("report", "sales", "--csv").out)))
    assert not any(cell[:1] in ("=", "+", "@") for row in rows for cell in row)
    assert sum(float(row[5]) for row in rows[1:]) == 30.0
    place = tmp_path / "sales.xlsx"
    assert mkt_tui("report", "sales", "--xlsx", str(place), "--since", "2000-01-01").code == 0
    sheet = load_workbook(place).active
    assert sheet
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert {"EUR", "BRL"} <= {cell.value for cell in cells}
    assert mkt_tui("report", "sales", "--since", "soon").code == 1
    assert mkt_tui("report", "sales", "--by", "colour").code == 2
