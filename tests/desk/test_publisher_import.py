"""A portal's export of tickets about titles: one ticket per title, shop and issue (P4)."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from mkt_tui.desk import importing, publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.publishing import Defect, Stage
from mkt_tui.domain.title_filters import TitleFilter, parse
from tests.worlds import channel

HEADS = ["ISBN", "Título", "Autor", "Loja", "Tipo", "Assunto", "Descrição", "Data", "Situação"]
FAROL = "978-65-000-0000-9"
ROWS = [
    [FAROL, "O farol", "Ana", "Kobo", "toc", "Links do sumário", "Não abrem.", "02/03/2026", "aberto"],
    [FAROL, "O farol", "Ana", "Apple Books", "toc", "Links do sumário", "Não abrem.", "02/03/2026",
     "aberto"],
    [FAROL, "O farol", "Ana", "Kobo", "Erro de digitação", "Capítulo 3", "", "03/03/2026", "aberto"],
    ["9786500000016", "=cmd()", "", "Kobo", "", "Fontes criptografadas", "", "04/03/2026", "fechado"],
    ["9786500000017", "Errado", "", "Kobo", "", "ISBN errado", "", "04/03/2026", "aberto"],
]  # fmt: skip


def csv_file(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "tickets.csv"
    path.write_text("\n".join(";".join(row) for row in [HEADS, *rows]), encoding="latin-1")
    return path


def xlsx_file(folder: Path, rows: list[list[str]]) -> Path:
    book, path = Workbook(), folder / "tickets.xlsx"
    sheet = book.active
    assert sheet is not None
    for row in [HEADS, *rows]:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"
    book.save(path)
    return path


@pytest.mark.parametrize("written", [csv_file, xlsx_file])
def test_an_export_gives_one_ticket_per_title_shop_and_issue(
    desk: Desk, tmp_path: Path, written: object
) -> None:
    portal = channel(desk.database, "Bookwire", adapter="portal")
    assert callable(written)
    report = importing.run(desk, portal, written(tmp_path, ROWS))
    assert (report.new, len(report.wrong)) == (4, 1)
    assert "check digit" in report.wrong[0].told
    again = importing.run(desk, portal, written(tmp_path, ROWS))
    assert (again.new, again.changed, again.same) == (0, 0, 4)
    found = [*publisher_lists.tickets(desk, TitleFilter(states=("all",)))]
    assert sorted((each.shop, each.defect.value, each.stage.value) for each in found) == [
        ("Apple Books", "toc", "open"),
        ("Kobo", "technical", "closed"),
        ("Kobo", "toc", "open"),
        ("Kobo", "typo", "open"),
    ]
    assert {each.title for each in found} == {"O farol", "'=cmd()"}
    titles = [*publisher_lists.titles(desk, parse("farol"))]
    assert [(each.author, each.open_tickets) for each in titles] == [("Ana", 3)]


def test_a_ticket_that_the_portal_has_closed_is_closed_by_the_next_import(
    desk: Desk, tmp_path: Path
) -> None:
    portal = channel(desk.database, "Bookwire", adapter="portal")
    importing.run(desk, portal, csv_file(tmp_path, ROWS[:1]))
    closed = [*ROWS[0][:-1], "fechado"]
    assert importing.run(desk, portal, csv_file(tmp_path, [closed])).changed == 1
    [row] = publisher_lists.tickets(desk, TitleFilter(states=("all",)))
    assert (row.stage, row.defect) == (Stage.CLOSED, Defect.TOC)
