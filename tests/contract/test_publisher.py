"""What the publisher's adapter and practice portal say to each other, against our own document."""

import asyncio
import hashlib
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mkt_tui.adapters.acts import carry_out, look_for
from mkt_tui.adapters.bookwire import BookwireAdapter
from mkt_tui.adapters.testing import check_texts, clock, run
from mkt_tui.domain.errors import Doubtful, FileAway, NotAllowed
from mkt_tui.domain.publishing import ShopState, Stage
from mkt_tui.domain.ticket_operations import (
    AssignTicket,
    CorrectTitle,
    DisputeTicket,
    File,
    KeptFile,
)
from tests.adapters.test_bookwire_conforms import BookwirePractice
from tests.contract.documents import Checked, Document

DOCUMENT = Document(("bookwire", "publisher-bridge.own.openapi.json"), "/bookwire")


def opened(practice: BookwirePractice, wire: httpx.AsyncBaseTransport) -> BookwireAdapter:
    adapter = practice.adapter(wire)
    assert isinstance(adapter, BookwireAdapter)
    return adapter


def kept(
    folder: Path, content: bytes = b"PK corrected", name: str = "9786500000000.epub"
) -> KeptFile:
    path = folder / name
    path.write_bytes(content)
    return KeptFile(str(path), name, hashlib.sha256(content).hexdigest(), len(content))


def test_the_adapter_and_the_practice_keep_the_document(tmp_path: Path) -> None:
    """Tickets, titles, files, deliveries, sales, and every act."""

    async def story() -> None:
        practice = BookwirePractice(30)
        wire = Checked(practice.transport, DOCUMENT)
        async with opened(practice, wire) as adapter:
            await adapter.check()
            tickets = [each async for page in adapter.tickets(None) for each in page.items]
            titles = [page async for page in adapter.titles(None)]
            assert {each.isbn for page in titles for each in page.items} == {
                *practice.catalogue.titles
            }
            sales = [page async for page in adapter.sales(None)]
            assert len(sales) > 1
            assert [page async for page in adapter.sales(sales[-1].cursor)]
            for snapshot in (*tickets, *titles[0].items, *sales[0].items):
                check_texts(snapshot)
            first, second, third, fourth, fifth = [
                each for each in tickets if each.complaint and each.complaint.stage is Stage.OPEN
            ][:5]
            assert first.complaint
            now = clock()()
            report = File("report.json", b64encode(b"{}").decode())
            isbn = first.complaint.isbn
            for act in (
                CorrectTitle("op-1", first.code, isbn, kept(tmp_path), "Sumário refeito.", now),
                AssignTicket("op-2", second.code, "Podem ver?", now),
                DisputeTicket("op-3", third.code, "O arquivo está certo.", report, now),
                CorrectTitle("op-4", fourth.code, "-", None, "Só os metadados.", now),
                CorrectTitle("op-5", fifth.code, isbn, kept(tmp_path), "", now, along="op-1"),
            ):
                done = await carry_out(adapter, act)
                assert await carry_out(adapter, act) == done, "told again, nothing changes"
        cases = practice.catalogue.cases
        assert [cases[each.code].status for each in (first, second, third, fourth, fifth)] == [
            *("waiting_customer", "waiting_operator", "waiting_operator", "waiting_customer"),
            "waiting_customer",
        ]
        assert [each.version for each in practice.catalogue.titles[isbn].files] == [2, 1]
        told = cases[third.code].messages[-1]
        assert [each.name for each in told.attachments] == ["report.json"]
        assert len(practice.received(third.code)) <= 3

    run(story())


def test_a_ticket_says_which_title_which_shop_and_whose_turn_it_is() -> None:
    """P2, P3, P5, P13: source and rule version, defect, the publisher's turn, the manager."""

    async def story() -> None:
        practice = BookwirePractice(40)
        async with opened(practice, practice.transport) as adapter:
            found = {each.code: each async for page in adapter.tickets(None) for each in page.items}
        for code, case in practice.catalogue.cases.items():
            told = found[code].complaint
            assert told
            assert (told.isbn, told.shop, told.defect) == (case.title.isbn, case.shop, case.kind)
            assert (told.source, told.rule) == (case.source, case.rule)
            assert told.manager
            assert told.manager.email
            assert (found[code].waiting_since is not None) == (case.status == "waiting_seller")

    run(story())


def test_a_file_goes_to_the_shops_once_however_often_it_is_sent(tmp_path: Path) -> None:
    """P12: a doubtful upload is found by its hash; sent again under its key it is there once."""

    async def story() -> None:
        practice = BookwirePractice(10)
        case = next(each for each in practice.catalogue.cases.values() if each.status != "closed")
        isbn = case.title.isbn
        told: list[tuple[int, int]] = []
        async with opened(practice, Checked(practice.transport, DOCUMENT)) as adapter:
            adapter.progress = lambda sent, size: told.append((sent, size))
            file = kept(tmp_path, b"PK" + b"x" * 300_000)
            wanted = CorrectTitle("op", case.id, isbn, file, "", clock()())
            assert await look_for(adapter, wanted) is None
            first = await carry_out(adapter, wanted)
            assert await look_for(adapter, wanted) is not None
            assert await carry_out(adapter, wanted) == first
            assert told[-1] == (file.size, file.size)
            assert len(case.title.files) == 2
            for state in (ShopState.QUEUED, ShopState.SENT, ShopState.ACCEPTED):
                title = await adapter.title(isbn)
                assert title
                assert title.deliveries
                there = {each.shop: each.state for each in title.deliveries}
                assert there[case.shop] is state
                await asyncio.sleep(2)

    run(story())


def test_a_file_that_is_gone_or_changed_does_not_leave(tmp_path: Path) -> None:
    async def story() -> None:
        practice = BookwirePractice(3)
        case = next(iter(practice.catalogue.cases.values()))
        file = kept(tmp_path)
        async with opened(practice, practice.transport) as adapter:
            wanted = CorrectTitle("op", case.id, case.title.isbn, file, "", clock()())
            kept(tmp_path, b"PK something else")
            with pytest.raises(NotAllowed, match="changed"):
                await carry_out(adapter, wanted)
            tmp_path.joinpath(file.name).rename(tmp_path / "away")
            with pytest.raises(FileAway, match="not on this server"):
                await carry_out(adapter, wanted)
            assert len(case.title.files) == 1
            long_ago = clock()() - timedelta(days=8)
            with pytest.raises(Doubtful, match="too old"):
                await look_for(adapter, AssignTicket("op-2", case.id, "", long_ago))

    run(story())
