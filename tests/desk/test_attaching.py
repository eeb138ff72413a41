"""Files beside a reply: what the channel takes, known before anything is sent."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mkt_tui.cache import operations
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import attaching, conversation, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.ticket_operations import File, Reply
from mkt_tui.domain.tickets import Audience
from tests.worlds import channel, read, ticket

TO = Audience.BOTH


@pytest.fixture
def talk(desk: Desk) -> Conversation:
    read(desk.database, channel(desk.database), ticket())
    return conversation.load(desk, 1)


def by_mail(talk: Conversation) -> Conversation:
    return replace(talk, channel=replace(talk.channel, adapter="mailbox"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "foto.jpg"
    path.write_bytes(b"\xff\xd8" + bytes(998))
    return path


def test_a_file_leaves_with_its_reply_even_when_it_has_gone(
    desk: Desk, talk: Conversation, photo: Path
) -> None:
    file = attaching.read(desk, talk, TO, (), f" {photo} ")
    photo.unlink()
    operation = replying.send(desk, talk, Draft("Segue a foto", TO, 1, (file,)))
    queued = operations.load(desk.database, operation)
    assert isinstance(queued, Reply)
    (sent,) = queued.files
    assert (sent.name, sent.size, sent.data[:2]) == ("foto.jpg", 1000, b"\xff\xd8")


def test_a_reply_that_is_taken_back_has_its_files_again(
    desk: Desk, talk: Conversation, photo: Path
) -> None:
    file = attaching.read(desk, talk, TO, (), str(photo))
    replying.send(desk, talk, Draft("Segue a foto", TO, 1, (file,)), hold=timedelta(seconds=5))
    assert replying.recall(desk)
    draft = conversation.load(desk, 1).draft
    assert draft
    assert (draft.text, draft.files) == ("Segue a foto", (file,))


def test_what_cannot_be_attached_is_named_with_the_reason(
    desk: Desk, talk: Conversation, tmp_path: Path
) -> None:
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(NotAllowed, match=r"gone\.pdf cannot be attached: there is no such file"):
        attaching.read(desk, talk, TO, (), str(tmp_path / "gone.pdf"))
    with pytest.raises(NotAllowed, match="there is no such file"):
        attaching.read(desk, talk, TO, (), str(tmp_path))
    with pytest.raises(NotAllowed, match=r"empty\.pdf cannot be attached: it is empty"):
        attaching.read(desk, talk, TO, (), str(tmp_path / "empty.pdf"))


def test_size_ending_and_number_are_the_channels(
    desk: Desk, talk: Conversation, tmp_path: Path, photo: Path
) -> None:
    mail = by_mail(talk)
    large = tmp_path / "film.pdf"
    with large.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(NotAllowed, match="together may have 10 MB"):
        attaching.read(desk, mail, TO, (), str(large))
    script = tmp_path / "run.exe"
    script.write_bytes(b"MZ")
    with pytest.raises(NotAllowed, match=r"run.exe .*only these are taken: txt, pdf"):
        attaching.read(desk, mail, TO, (), str(script))
    full = (File("a.pdf", "AAAA"),) * 10
    with pytest.raises(NotAllowed, match="at most 10 files"):
        attaching.read(desk, mail, TO, full, str(photo))
    attaching.read(desk, mail, TO, full[:9], str(photo))


def test_a_channel_without_files_says_so(desk: Desk, talk: Conversation, photo: Path) -> None:
    other = replace(talk, channel=replace(talk.channel, adapter="cnova"))
    with pytest.raises(NotAllowed, match="No files can be sent to Carrefour from here"):
        attaching.read(desk, other, TO, (), str(photo))


def test_paths_are_completed(tmp_path: Path) -> None:
    (tmp_path / "fotos").mkdir()
    (tmp_path / "fotos" / "nota.pdf").touch()
    (tmp_path / ".hidden").touch()
    assert attaching.completion(f"{tmp_path}/f") == f"{tmp_path}/fotos/"
    assert attaching.completion(f"{tmp_path}/") == f"{tmp_path}/fotos/"
    assert attaching.completion(f"{tmp_path}/fotos/no") == f"{tmp_path}/fotos/nota.pdf"
    assert attaching.completion(f"{tmp_path}/nothing/x") is None
