"""Practice complaints and the e-books they are about tell of the same defect."""

import re
import zipfile
from datetime import datetime
from io import BytesIO

from mkt_tui.sandbox.books import book
from mkt_tui.sandbox.bookwire.catalogue import of, wrong_with
from mkt_tui.sandbox.invention import invent
from tests.worlds import NOW

PLACE = re.compile(r"(?:EPUB|META-INF)/[\w/.-]+\w")


def test_every_place_that_a_complaint_names_is_in_its_book() -> None:
    world = invent(60, 1, NOW, ("bookwire",))
    cases = [*of(world, world.shops[0]).cases.values()]
    told = {case.subject: case.messages[0].body for case in cases}
    assert len(told) > 4
    for subject, text in told.items():
        wrong = wrong_with(f"{subject} (1001)")
        assert wrong
        made = book("9786500000009", wrong)
        assert made != book("9786500000009"), "it has the defect"
        with zipfile.ZipFile(BytesIO(made)) as archive:
            assert {*PLACE.findall(text)} <= {*archive.namelist()}
            assert PLACE.search(text)


def test_the_same_moment_invents_the_same_complaints() -> None:
    def cases(now: datetime) -> list[tuple[str, str]]:
        world = invent(20, 1, now, ("bookwire",))
        found = of(world, world.shops[0]).cases.values()
        return [(case.subject, case.messages[0].body) for case in found]

    assert cases(NOW) == cases(NOW)
