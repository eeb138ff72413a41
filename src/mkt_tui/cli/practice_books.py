"""E-books to practise with: for some of the publisher's tickets, the file as it is, and mended."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from mkt_tui.cache.title_lists import TicketLine
from mkt_tui.desk import publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.sandbox import books
from mkt_tui.sandbox.bookwire import catalogue

FOLDER: Final = "ebooks"
_MOST: Final = 20


def put(desk: Desk, home: Path) -> None:
    """Write the files of the most pressing tickets into the home's folder of e-books.

    Where several shops complain of a title, its file has all that they complain of.
    """
    folder = home / FOLDER
    folder.mkdir(mode=0o700)
    of_title: dict[str, list[TicketLine]] = {}
    for row in publisher_lists.tickets(desk, TitleFilter(), _MOST):
        of_title.setdefault(row.isbn, []).append(row)
    for isbn, rows in of_title.items():
        story = replace(
            books.STORY,
            title=rows[0].title or isbn,
            author=rows[0].author or books.STORY.author,
        )
        wrong = {defect for row in rows for defect in catalogue.wrong_with(row.subject)}
        name = isbn if isbn.isdigit() else str(rows[0].id)
        (folder / f"{name}.epub").write_bytes(books.book(name, wrong, story))
        (folder / f"{name}-corrected.epub").write_bytes(books.book(name, (), story))
