"""Papers of an order: listed and saved on request, under names that lead nowhere else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from textual.app import App
from textual.widgets import OptionList

from mkt_tui.adapters import registry
from mkt_tui.desk import documents
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import CacheFull, NotAllowed, NotFound, Refused
from mkt_tui.domain.orders import OrderDocument
from mkt_tui.screens.order import OrderScreen
from tests.desk.orders import FULL, acts, make_desk, put

NOTA = OrderDocument(
    "2024", "nota fiscal.pdf", "CUSTOMER_INVOICE", 9, datetime(2024, 6, 1, tzinfo=UTC)
)
EVIL = OrderDocument("2025", "../../.ssh/authorized_keys.p\u202edf")
GONE = OrderDocument("2026", "gone.txt")


class Plain:
    """A marketplace that hands out nothing."""

    def __init__(self, channel: Channel, _secret: Callable[[], str]) -> None:
        self._channel = channel

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def check(self) -> None:
        """Nothing to check."""


class Filing(Plain):
    """A marketplace that holds three papers, of which one is gone."""

    async def documents(self, number: str) -> tuple[OrderDocument, ...]:
        return (NOTA, EVIL, GONE) if number == FULL.number else ()

    async def document(self, code: str) -> bytes:
        if code == GONE.code:
            raise Refused(channel=self._channel.name, status=404, detail="gone")
        return b"%PDF nota"


def kept(folder: Path) -> list[str]:
    return [each.name for each in folder.glob("*.pdf")]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(registry, "load", lambda _name: Filing)
    made = make_desk(tmp_path)
    yield made
    made.database.close()


async def test_a_paper_is_saved_for_its_agent_alone_and_the_audit_knows(
    desk: Desk, tmp_path: Path
) -> None:
    record = put(desk, FULL)
    assert documents.are_offered(desk, record)
    found = await documents.listed(desk, record)
    first = await documents.save(desk, record, documents.chosen(found, "2024"), tmp_path)
    second = await documents.save(desk, record, NOTA, tmp_path)
    assert (first.name, second.name) == (
        "0700123456-A-nota-fiscal.pdf",
        "0700123456-A-nota-fiscal-2.pdf",
    )
    assert first.read_bytes() == b"%PDF nota"
    assert first.stat().st_mode & 0o777 == 0o600
    assert acts(desk)[-1] == ("ana", "document.saved", "Carrefour", FULL.number, "2024")


async def test_no_name_leads_out_of_the_folder(desk: Desk, tmp_path: Path) -> None:
    path = await documents.save(desk, put(desk, FULL), EVIL, tmp_path)
    assert path.parent == tmp_path
    assert path.name == "0700123456-A-authorized_keys.p-df"


async def test_what_cannot_be_had_is_one_sentence_and_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(desk, FULL)
    with pytest.raises(NotFound, match="2024, 2025, 2026"):
        documents.chosen((NOTA, EVIL, GONE), "1")
    with pytest.raises(Refused):
        await documents.save(desk, record, GONE, tmp_path)
    with pytest.raises(NotAllowed, match="No file can be written"):
        await documents.save(desk, record, NOTA, tmp_path / "no such folder")

    def full(_self: Desk, _act: object) -> None:
        raise CacheFull(path="cache.db")

    monkeypatch.setattr(Desk, "record", full)
    with pytest.raises(CacheFull):
        await documents.save(desk, record, NOTA, tmp_path)
    assert kept(tmp_path) == []
    monkeypatch.setattr(registry, "load", lambda _name: Plain)
    with pytest.raises(NotAllowed, match="hands out no documents"):
        await documents.listed(desk, record)


async def test_a_paper_is_saved_from_the_sheet(desk: Desk, tmp_path: Path) -> None:
    screen = OrderScreen(desk, put(desk, FULL))

    class Alone(App[None]):
        def on_mount(self) -> None:
            self.push_screen(screen)

    async with Alone().run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        while not pilot.app.screen.query(OptionList):
            await pilot.pause(0.01)
        listed = pilot.app.screen.query_one(OptionList)
        assert "nota fiscal.pdf  CUSTOMER_INVOICE  9 B" in str(listed.options[0].prompt)
        await pilot.press("1")
        await pilot.app.workers.wait_for_complete()
        assert (tmp_path / "0700123456-A-nota-fiscal.pdf").exists()
        assert any("Written to" in each.message for each in pilot.app._notifications)
