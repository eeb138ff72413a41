"""Corrected files handed in by SFTP to a real server: whole or not at all, and once (P12)."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkt_tui.adapters.acts import carry_out, look_for
from mkt_tui.adapters.bookwire.drop import DropAdapter
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    HostKeyWrong,
    KeyRefused,
    NotAllowed,
    Refused,
    SettingsWrong,
    Unreachable,
)
from mkt_tui.domain.ticket_operations import CorrectTitle, KeptFile
from tests.sshd import Sshd, serving

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
ISBN = "9786500000009"
CONTENT = bytes(range(256)) * 8_000


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    with serving(tmp_path) as running:
        yield running


def adapter(sshd: Sshd, secret: str | None = None, **options: str) -> DropAdapter:
    told = {
        "sftp_user": sshd.user,
        "sftp_host_key": sshd.fingerprint,
        "assets_folder": str(sshd.assets),
        "xml_folder": str(sshd.xml),
        **options,
    }
    channel = Channel(
        1, "Editora", "bookwire-sftp", "BR", sshd.address, "env:KEY", "UTC", options=told
    )
    return DropAdapter(channel, lambda: secret or sshd.key)


def correction(folder: Path, name: str = f"{ISBN}.epub", content: bytes = CONTENT) -> CorrectTitle:
    path = folder / "kept"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    file = KeptFile(str(path), name, digest, len(content))
    return CorrectTitle("op-1", "bw-1", ISBN, file, "", NOW)


async def test_a_file_arrives_whole_under_its_isbn_and_onix_in_its_own_folder(
    sshd: Sshd, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    drop = adapter(sshd)
    drop.progress = lambda sent, size: told.append((sent, size))
    await drop.check()
    wanted = correction(tmp_path)
    assert await look_for(drop, wanted) is None
    await carry_out(drop, wanted)
    assert (sshd.assets / f"{ISBN}.epub").read_bytes() == CONTENT
    assert [each.name for each in sshd.assets.iterdir()] == [f"{ISBN}.epub"], "no part is left"
    assert (told[0], told[-1]) == ((0, len(CONTENT)), (len(CONTENT), len(CONTENT)))
    assert await look_for(drop, wanted) is not None
    other = correction(tmp_path, content=CONTENT[:-1] + b"x")
    assert await look_for(drop, other) is None, "of the same length and yet another file"
    await carry_out(drop, correction(tmp_path, "metadata.xml", b"<ONIXMessage/>"))
    assert (sshd.xml / "metadata.xml").read_bytes() == b"<ONIXMessage/>"


async def test_what_broke_off_goes_on_where_it_broke_off(sshd: Sshd, tmp_path: Path) -> None:
    """A link that is cut in the middle has delivered nothing; the next try sends the rest only."""
    wanted, drop = correction(tmp_path), adapter(sshd)

    class Cut(Exception):
        pass

    def cut(sent: int, _size: int) -> None:
        if sent > 600_000:
            raise Cut

    drop.progress = cut
    with pytest.raises(Cut):
        await carry_out(drop, wanted)
    [part] = sshd.assets.iterdir()
    there = part.stat().st_size
    assert part.name == ".op-1.part"
    assert 600_000 < there < len(CONTENT)
    assert await look_for(drop, wanted) is None
    told: list[int] = []
    drop.progress = lambda sent, _size: told.append(sent)
    await carry_out(drop, wanted)
    assert told[0] == there
    assert (sshd.assets / f"{ISBN}.epub").read_bytes() == CONTENT
    assert not await asyncio.to_thread(part.exists)


async def test_a_file_that_mends_several_tickets_goes_once(sshd: Sshd, tmp_path: Path) -> None:
    drop, wanted = adapter(sshd), correction(tmp_path)
    other = replace(wanted, operation="op-2", ticket_code="bw-2", along=wanted.operation)
    await carry_out(drop, other)
    assert list(sshd.assets.iterdir()) == []
    assert await look_for(drop, other) is not None
    await carry_out(drop, wanted)
    assert [each.name for each in sshd.assets.iterdir()] == [f"{ISBN}.epub"]


async def test_nothing_is_said_to_a_server_with_another_key(sshd: Sshd, tmp_path: Path) -> None:
    drop = adapter(sshd, sftp_host_key="SHA256:" + "A" * 43)
    with pytest.raises(HostKeyWrong, match="shows another key"):
        await carry_out(drop, correction(tmp_path))
    assert list(sshd.assets.iterdir()) == []
    with pytest.raises(SettingsWrong, match="sftp_host_key"):
        adapter(sshd, sftp_host_key="")


async def test_each_trouble_is_one_sentence(sshd: Sshd, tmp_path: Path) -> None:
    wanted = correction(tmp_path)
    for secret, why in (("wrong password", "does not let"), ("-----BEGIN nonsense", "private key")):
        with pytest.raises(KeyRefused, match=why) as caught:
            await carry_out(adapter(sshd, secret), wanted)
        assert secret not in str(caught.value)
    with pytest.raises(Refused):
        await carry_out(adapter(sshd, assets_folder="/no/such/folder"), wanted)
    nobody = Sshd("sftp://127.0.0.1:9", "ana", sshd.fingerprint, sshd.key, sshd.assets, sshd.xml)
    with pytest.raises(Unreachable):
        await adapter(nobody).check()
    words = CorrectTitle("op", "bw-1", ISBN, None, "Só metadados", NOW)
    with pytest.raises(NotAllowed, match="files only"):
        await carry_out(adapter(sshd), words)
    for address in ("https://x", "sftp://", "sftp://u:secret@host"):
        with pytest.raises(SettingsWrong, match="no address"):
            adapter(Sshd(address, sshd.user, sshd.fingerprint, sshd.key, sshd.assets, sshd.xml))
