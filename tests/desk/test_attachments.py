"""Files that came with a ticket: listed from the cache, fetched when wanted, saved for one agent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from textual.widgets import OptionList

from mkt_tui import i18n
from mkt_tui.adapters import registry
from mkt_tui.app import DeskApp
from mkt_tui.cache import queries
from mkt_tui.cache.queries import QueueFilter
from mkt_tui.desk import attachments, conversation, new_files
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, NotFound, Refused
from mkt_tui.domain.tickets import Attachment, AttachmentPlace
from tests.desk.orders import acts, make_desk
from tests.worlds import message, read, ticket

PICTURE = Attachment("f-1", "foto quebrada.jpg", 7)
EVIL = Attachment("f-2", "../../.bashrc", 0)


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


class Keeping(Plain):
    """A marketplace that still has the picture."""

    async def attachment(self, place: AttachmentPlace) -> bytes:
        if place.code != PICTURE.code:
            raise Refused(channel=self._channel.name, status=404, detail="gone")
        return f"{place.ticket}".encode()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(registry, "load", lambda _name: Keeping)
    made = make_desk(tmp_path)
    first = message("m-1", hours=3)
    second = replace(message("m-2", hours=2), attachments=(PICTURE, EVIL))
    shown = replace(ticket("T-1", 3), messages=(first, second))
    where = made.channel("Carrefour")
    read(made.database, where, shown, ticket("T-2", 1))
    yield made
    made.database.close()


def saved(folder: Path) -> list[str]:
    return [each.name for each in folder.glob("T-1*")]


def opened(desk: Desk, code: str) -> Conversation:
    found = queries.page(desk.database, QueueFilter(), None, 0, 9)
    return conversation.load(desk, next(each.id for each in found if each.code == code))


async def test_a_picture_is_saved_for_its_agent_alone_and_the_audit_knows(
    desk: Desk, tmp_path: Path
) -> None:
    talk = opened(desk, "T-1")
    found = attachments.of_thread(talk.messages)
    assert [(each.name, each.size) for each in found] == [(PICTURE.name, 7), (EVIL.name, 0)]
    path = await attachments.save(desk, talk.ticket, attachments.chosen(found, "f-1"), tmp_path)
    assert (path.name, path.read_bytes()) == ("T-1-foto-quebrada.jpg", b"T-1")
    assert path.stat().st_mode & 0o777 == 0o600
    [*_earlier, act] = acts(desk)
    assert (act[0], act[1], act[2], act[4]) == ("ana", "attachment.saved", "Carrefour", "f-1")


async def test_what_cannot_be_had_is_one_sentence_and_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = opened(desk, "T-1")
    found = attachments.of_thread(talk.messages)
    with pytest.raises(NotFound, match="f-1, f-2"):
        attachments.chosen(found, "f-9")
    with pytest.raises(Refused):
        await attachments.save(desk, talk.ticket, attachments.chosen(found, "f-2"), tmp_path)
    monkeypatch.setattr(registry, "load", lambda _name: Plain)
    with pytest.raises(NotAllowed, match="hands out no attached files"):
        await attachments.save(desk, talk.ticket, found[0], tmp_path)
    assert saved(tmp_path) == []


async def test_a_picture_is_saved_from_the_thread(desk: Desk, tmp_path: Path) -> None:
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("w")
        while not app.screen.query(OptionList):
            await pilot.pause(0.01)
        assert "foto quebrada.jpg  7 B" in str(app.screen.query_one(OptionList).options[0].prompt)
        await pilot.press("1")
        while saved(tmp_path) != ["T-1-foto-quebrada.jpg"]:
            await pilot.pause(0.01)


def test_a_name_keeps_its_letters_without_their_accents(tmp_path: Path) -> None:
    path = new_files.save(tmp_path, "t-1", "observações (2).txt", b"x")
    assert path.name == "t-1-observacoes-2.txt"


def test_why_no_file_is_taken_is_told_in_the_agents_language(tmp_path: Path) -> None:
    i18n.set_language("pt_BR")
    with pytest.raises(NotAllowed, match="arquivo ou pasta não existe"):
        new_files.save(tmp_path / "gone", "t-1", "foto.png", b"x")
