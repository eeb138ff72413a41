"""A publisher's ticket on its way out: once, seen by every shop, ended by itself (P10-P12)."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui.cache import complaints, operations, threads
from mkt_tui.cache.complaints import Override
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, correcting, kept_files, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.publishing import ShopState, Stage
from mkt_tui.domain.ticket_operations import KeptFile
from mkt_tui.domain.tickets import Audience
from mkt_tui.sandbox.bookwire.records import Case
from tests.conftest import Clock
from tests.publisher import Portal, epub, passed, portal


def is_there(file: KeptFile) -> bool:
    return Path(file.path).exists()


def change(file: KeptFile) -> None:
    Path(file.path).write_bytes(b"PK changed since")


async def opened(desk: Desk, clock: Clock) -> Portal:
    there = portal(desk, clock)
    await there.read()
    return there


def declare(there: Portal, case: Case, folder: Path, content: bytes = b"PK corrected") -> None:
    """Declare its title corrected by a file that has passed its check."""
    ticket = there.ticket(case)
    file = correcting.chosen(there.desk, ticket, epub(folder, content))
    passed(there.desk, ticket, file)
    correcting.send(there.desk, ticket, correcting.correct(there.desk, ticket, file))


async def leave(there: Portal, clock: Clock) -> None:
    clock.go(seconds=there.desk.settings.hold_seconds)
    assert await there.deliver() == 1
    assert await there.deliver() == 0


async def test_a_corrected_title_goes_to_every_shop_and_its_ticket_ends_by_itself(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    ticket = there.ticket(case)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    assert file.name == f"{case.title.isbn}.epub"
    passed(desk, ticket, file)
    correcting.send(desk, ticket, correcting.correct(desk, ticket, file))
    assert there.ticket(case).row.state == 1, "answered at once"
    await leave(there, clock)
    await there.read()
    ticket = there.ticket(case)
    assert ticket.row.stage is Stage.CORRECTED
    assert {each.state for each in ticket.deliveries} == {ShopState.QUEUED} or (
        ShopState.WITHDRAWN in {each.state for each in ticket.deliveries}
    )
    assert ticket.upload == (file.size, file.size)
    clock.go(seconds=2)
    await there.read()
    assert ShopState.SENT in {each.state for each in there.ticket(case).deliveries}
    assert there.ticket(case).row.stage is Stage.CORRECTED
    clock.go(seconds=10)
    await there.read()
    ended = there.ticket(case)
    assert ended.row.stage is Stage.CLOSED
    assert ended.corrections[0].settled_at == clock()
    assert case.status == "waiting_customer"
    assert await there.deliver() == 1, "the portal hears of it"
    await there.read()
    assert await there.deliver() == 0, "once"
    assert case.status == "closed"
    assert len(case.title.files) == 2


async def test_a_shop_that_refuses_again_opens_the_ticket_and_may_be_tried_once_more(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    ticket = there.ticket(case)
    with pytest.raises(NotAllowed, match="nothing to send again"):
        correcting.again(desk, ticket)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    refused = type(file)(file.path, "recusado.epub", file.sha256, file.size)
    passed(desk, ticket, refused)
    correcting.send(desk, ticket, correcting.correct(desk, ticket, refused))
    await leave(there, clock)
    clock.go(seconds=10)
    await there.read()
    await there.read()
    ticket = there.ticket(case)
    failed = [each for each in ticket.deliveries if each.state is ShopState.FAILED]
    assert [each.shop for each in failed] == [case.shop]
    assert failed[0].message
    assert (ticket.row.stage, ticket.row.state) == (Stage.OPEN, 0)
    again = correcting.again(desk, ticket)
    fixed = type(file)(file.path, "livro.epub", file.sha256, file.size)
    correcting.send(desk, ticket, type(again)(again.operation, again.ticket_code, again.isbn,
                                             fixed, "", again.queued_at, again=True))  # fmt: skip
    await leave(there, clock)
    clock.go(seconds=10)
    await there.read()
    assert there.ticket(case).row.stage is Stage.CLOSED
    assert len(case.title.files) == 2, "the file is there once"


async def test_a_ticket_that_was_opened_again_is_not_ended_by_a_sync_that_is_late(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """Two engines found the same correction accepted; the portal opened the ticket in between."""
    there = await opened(desk, clock)
    case = there.open_case()
    declare(there, case, tmp_path)
    await leave(there, clock)
    [late] = complaints.awaited(desk.database, there.channel.id)
    clock.go(seconds=10)
    await there.read()
    assert there.ticket(case).row.stage is Stage.CLOSED
    case.status = "waiting_seller"
    there.catalogue.say(case, "Ainda há erros.", clock())
    await there.read()
    assert there.ticket(case).row.stage is Stage.OPEN
    assert not complaints.settle(desk.database, late, clock())
    assert there.ticket(case).row.stage is Stage.OPEN
    assert there.ticket(case).corrections[0].settled_at


async def test_a_newer_file_that_has_not_left_keeps_its_ticket_open(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """What the shops accepted meanwhile is the file before it."""
    there = await opened(desk, clock)
    case = there.open_case()
    declare(there, case, tmp_path)
    await leave(there, clock)
    await there.read()
    declare(there, case, tmp_path, b"PK better")
    clock.go(seconds=2)
    await there.read()
    clock.go(seconds=2)
    await there.read()
    assert there.ticket(case).row.stage is Stage.CORRECTED, "it has not left"
    clock.go(seconds=desk.settings.hold_seconds)
    assert await there.deliver() == 1
    await there.read()
    assert there.ticket(case).row.stage is Stage.CORRECTED, "no shop has it yet"
    clock.go(seconds=10)
    await there.read()
    ended = there.ticket(case)
    assert ended.row.stage is Stage.CLOSED
    assert all(each.settled_at for each in ended.corrections)


async def test_a_file_that_was_taken_back_is_never_called_accepted(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    declare(there, case, tmp_path)
    assert replying.recall(desk)
    clock.go(seconds=1)
    declare(there, case, tmp_path, b"PK better")
    await leave(there, clock)
    clock.go(seconds=10)
    await there.read()
    accepted, taken_back = there.ticket(case).corrections
    assert accepted.settled_at
    assert (taken_back.state, taken_back.settled_at) == (OperationState.RECALLED, None)


async def test_p6_one_file_mends_the_tickets_of_all_shops_on_a_title(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """P6: one act, one upload, a result for each shop's ticket; each ends by its own shop's word."""
    there = await opened(desk, clock)
    case = next(
        each
        for each in there.catalogue.cases.values()
        if each.status == "waiting_seller" and correcting.mended_along(there.ticket(each))
    )
    others = [
        each
        for each in there.catalogue.open_cases(case.title)
        if each is not case and each.status == "waiting_seller"
    ]
    busy = others[0] if len(others) > 1 else None
    if busy:
        correcting.send(
            desk, there.ticket(busy), correcting.assign(desk, there.ticket(busy), "Ajuda?")
        )
    ticket = there.ticket(case)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    passed(desk, ticket, file)
    results = correcting.send_all(desk, ticket, correcting.correct(desk, ticket, file))
    assert {each.code for each in results} == {case.id, *(each.id for each in others)}
    refused = {each.code for each in results if each.trouble}
    assert refused <= {busy.id if busy else ""}
    clock.go(seconds=desk.settings.hold_seconds + 1)
    await there.deliver()
    assert len(case.title.files) == 2, "it left once"
    clock.go(seconds=10)
    await there.read()
    for each in (case, *others):
        if each is not busy:
            assert there.ticket(each).row.stage is Stage.CLOSED
            assert there.ticket(each).corrections[0].file


async def test_p6_what_goes_along_with_a_file_waits_for_it_and_fails_with_it(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = next(
        each
        for each in there.catalogue.cases.values()
        if each.status == "waiting_seller" and correcting.mended_along(there.ticket(each))
    )
    ticket = there.ticket(case)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    passed(desk, ticket, file)
    correcting.send_all(desk, ticket, correcting.correct(desk, ticket, file))
    change(file)
    clock.go(seconds=desk.settings.hold_seconds + 1)
    assert await there.deliver() == 0
    states = {state for (state,) in desk.database.rows("SELECT state FROM operation")}
    assert states == {"failed"}
    assert {there.ticket(case).row.stage} == {Stage.OPEN}
    assert len(case.title.files) == 1


async def test_corrected_needs_another_file_or_a_reason_and_keeps_an_override(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    ticket = there.ticket(case)
    same = f"{case.title.isbn}/1".encode()
    with pytest.raises(NotAllowed, match="has already"):
        correcting.chosen(desk, ticket, epub(tmp_path, same))
    with pytest.raises(NotAllowed, match="reason in writing"):
        correcting.correct(desk, ticket, None, "  ")
    for wrong, why in (("", "no such file"), ("/", "no such file")):
        with pytest.raises(NotAllowed, match=why):
            correcting.chosen(desk, ticket, wrong)
    with pytest.raises(NotAllowed, match="empty"):
        correcting.chosen(desk, ticket, epub(tmp_path, b""))
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    with pytest.raises(NotAllowed, match="has not passed its check"):
        correcting.send(desk, ticket, correcting.correct(desk, ticket, file))
    override = Override("O erro é do verificador.", '{"errors": 1}')
    correcting.send(desk, ticket, correcting.correct(desk, ticket, file), override)
    assert there.ticket(case).corrections[0].override == override
    with pytest.raises(NotAllowed, match="still on its way"):
        correcting.send(desk, ticket, correcting.assign(desk, ticket))
    bia = replace(desk, agent="bia")
    with pytest.raises(NotAllowed, match="Something else is still on its way"):
        correcting.send(bia, ticket, correcting.assign(bia, ticket))


async def test_files_are_kept_until_every_shop_has_them_and_no_longer(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    ticket = there.ticket(case)
    file = correcting.chosen(desk, ticket, epub(tmp_path))
    passed(desk, ticket, file)
    correcting.send(desk, ticket, correcting.correct(desk, ticket, file))
    os.utime(file.path, (0, 0))
    kept_files.tidy(desk)
    assert is_there(file), "it has not left yet"
    await leave(there, clock)
    clock.go(seconds=20)
    await there.read()
    fresh = kept_files.keep(desk, epub(tmp_path, b"PK another"))
    assert not is_there(file)
    kept_files.tidy(desk)
    assert is_there(fresh)


async def test_a_reason_alone_corrects_where_the_file_was_right(desk: Desk, clock: Clock) -> None:
    there = await opened(desk, clock)
    case = there.open_case()
    ticket = there.ticket(case)
    correcting.send(desk, ticket, correcting.correct(desk, ticket, None, "Só os metadados."))
    await leave(there, clock)
    clock.go(seconds=10)
    await there.read()
    assert there.ticket(case).row.stage is Stage.CLOSED
    assert case.messages[-1].body == "Só os metadados."


async def test_the_manager_and_a_dispute_are_the_other_ways_out(desk: Desk, clock: Clock) -> None:
    there = await opened(desk, clock)
    first, second = [
        each for each in there.catalogue.cases.values() if each.status == "waiting_seller"
    ][:2]
    ticket = there.ticket(first)
    correcting.send(desk, ticket, correcting.assign(desk, ticket, "Podem ajudar?"))
    other = there.ticket(second)
    with pytest.raises(NotAllowed, match="needs words"):
        correcting.dispute(desk, other, " ", None)
    correcting.send(desk, other, correcting.dispute(desk, other, "Está certo.", b"{}"))
    clock.go(seconds=desk.settings.hold_seconds)
    assert await there.deliver() == 2
    assert there.ticket(first).row.stage is Stage.MANAGER
    assert there.ticket(second).row.stage is Stage.DISPUTED
    clock.go(minutes=1)
    await there.read()
    assert there.ticket(first).row.stage is Stage.MANAGER
    assert there.ticket(second).row.stage is Stage.DISPUTED, "the portal knows no such word"
    assert [each.name for each in second.messages[-1].attachments] == [
        f"check-{second.title.isbn}.json"
    ]


async def test_a_note_is_kept_with_its_author_and_is_no_way_out(desk: Desk, clock: Clock) -> None:
    """P10: three kinds of authors write; a note leaves the ticket where it is."""
    there = await opened(desk, clock)
    case = there.open_case()
    talk = conversation.load(desk, there.ticket(case).row.id)
    note = replying.send(desk, talk, Draft("Corrigimos amanhã.", Audience.OPERATOR))
    assert await there.deliver() == 1
    outcome = operations.outcome(desk.database, note)
    assert outcome
    assert outcome.state is OperationState.SENT
    ticket = there.ticket(case)
    assert (ticket.row.stage, ticket.row.state) == (Stage.OPEN, 0)
    await there.read()
    authors = {each.author for each in there.ticket(case).notes}
    assert authors >= {"customer", "shop"}
    found = threads.messages(desk.database, ticket.row.id)
    assert [each.body for each in found].count("Corrigimos amanhã.") == 1
