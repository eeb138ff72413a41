"""E-books to practise with: for some of the publisher's tickets, the file as it is, and mended."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from mkt_tui.desk import publisher_lists
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.publishing import Defect
from mkt_tui.domain.title_filters import TitleFilter
from mkt_tui.sandbox import books

FOLDER: Final = "ebooks"
_MOST: Final = 10
_WRONG: Final = {
    Defect.TYPO: {books.Defect.TYPO},
    Defect.TOC: {books.Defect.TOC_PLACE, books.Defect.TOC_FILE},
    Defect.TECHNICAL: {books.Defect.FONT},
    Defect.COVER: {books.Defect.NO_COVER},
}


def put(desk: Desk, home: Path) -> None:
    """Write the files of the most pressing tickets into the home's folder of e-books."""
    rows = publisher_lists.tickets(desk, TitleFilter(), _MOST)
    folder = home / FOLDER
    folder.mkdir(mode=0o700)
    for row in rows:
        story = replace(
            books.STORY, title=row.title or row.isbn, author=row.author or books.STORY.author
        )
        wrong = _WRONG.get(row.defect, {books.Defect.MISSING})
        name = row.isbn if row.isbn.isdigit() else str(row.id)
        (folder / f"{name}.epub").write_bytes(books.book(name, wrong, story))
        (folder / f"{name}-corrected.epub").write_bytes(books.book(name, (), story))
