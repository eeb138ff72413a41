"""The ways a publisher's ticket leaves the desk: to the manager, corrected, disputed (P11, P12)."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, NamedTuple

from mkt_tui.cache import complaints, operations
from mkt_tui.cache.complaints import Override
from mkt_tui.cache.title_lists import TicketLine
from mkt_tui.desk import acting, checked_files, kept_files, publisher, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.publishing import Defect, ShopState, Stage, isbn13
from mkt_tui.domain.text import clean
from mkt_tui.domain.ticket_operations import (
    AssignTicket,
    CorrectTitle,
    DisputeTicket,
    File,
    KeptFile,
)
from mkt_tui.i18n import _

_LONGEST: Final = 3_900


class Result(NamedTuple):
    """What became of one shop's ticket: `trouble` is why it was not declared corrected."""

    shop: str
    code: str
    trouble: UserError | None


def assign(desk: Desk, ticket: TitleTicket, text: str = "") -> AssignTicket:
    """Return the act that makes it the manager's turn, with a word to him or her."""
    _check_open(ticket)
    return AssignTicket(acting.new_id(), ticket.row.code, _words(text), desk.clock())


def chosen(desk: Desk, ticket: TitleTicket, typed: str, checked: str | None = None) -> KeptFile:
    """Keep a corrected file for its delivery, as {ISBN}.epub; for a thread.

    Args:
        checked: The SHA-256 of the file that was checked; None = it was not.

    Raises:
        NotAllowed: It cannot be read, is the file that the portal has already, or was changed
            after it was checked.
    """
    isbn = isbn13(ticket.row.isbn)
    ending = typed.strip().rpartition(".")[2].lower()
    file = kept_files.keep(desk, typed, f"{isbn}.{ending}" if isbn else None)
    if checked is not None and file.sha256 != checked:
        raise NotAllowed(
            what=_("The file was changed after it was checked"), remedy=_("Check it once more.")
        )
    if any(each.sha256 == file.sha256 for each in ticket.files):
        raise NotAllowed(
            what=_("This is the file that the portal has already"),
            remedy=_("Choose the corrected one, or write why no new file is needed."),
        )
    return file


def shops(ticket: TitleTicket) -> list[str]:
    """Return the shops that a corrected file goes to, the ticket's own first.

    It is checked for all of them: what mends it for one shop may break it for another (P1).
    """
    found = [ticket.row.shop, *(each.shop for each in ticket.siblings)]
    found += [each.shop for each in ticket.deliveries if each.state is not ShopState.WITHDRAWN]
    return [each for each in dict.fromkeys(found) if each]


def correct(
    desk: Desk, ticket: TitleTicket, file: KeptFile | None, reason: str = ""
) -> CorrectTitle:
    """Return the act that declares the title corrected: by a new file, or with a reason.

    Raises:
        NotAllowed: There is neither, or it is nobody's turn.
    """
    _check_open(ticket)
    text = _words(reason)
    if file is None and not text:
        raise NotAllowed(
            what=_("Corrected needs a new file, or a reason in writing"),
            remedy=_("Choose the corrected file, or write why none is needed."),
        )
    return CorrectTitle(acting.new_id(), ticket.row.code, ticket.row.isbn, file, text, desk.clock())


def mended_along(ticket: TitleTicket) -> list[TicketLine]:
    """Return the other shops' tickets on the title that wait for its correction (P6)."""
    return [each for each in ticket.siblings if each.stage is Stage.OPEN]


def send_all(
    desk: Desk, ticket: TitleTicket, act: CorrectTitle, override: Override | None = None
) -> list[Result]:
    """Declare the tickets of all shops on a title corrected by one file, which leaves once (P6).

    Each is a transaction of its own; what stands against one shop's ticket keeps no other one.

    Raises:
        NotAllowed: The ticket's own correction cannot leave, and so none does.
    """
    send(desk, ticket, act, override)
    results = [Result(ticket.row.shop, ticket.row.code, None)]
    for number, each in enumerate(mended_along(ticket), 1):
        other = replace(
            act,
            operation=acting.new_id(),
            ticket_code=each.code,
            text="",
            # After the file: the outbox goes by the time.
            queued_at=act.queued_at + timedelta(milliseconds=number),
            along=act.operation,
        )
        try:
            send(desk, publisher.load(desk, each.id), other, override)
        except UserError as error:
            results.append(Result(each.shop, each.code, error))
        else:
            results.append(Result(each.shop, each.code, None))
    return results


def recall(desk: Desk) -> bool:
    """Take back what of the agent's is newest; of tickets corrected by one file, all of them.

    Returns:
        False when there was nothing to take back any more.
    """
    taken = replying.recall(desk)
    if taken is None:
        return False
    along = _along(desk, taken.operation)
    while along and (following := operations.newest_queued(desk.database, desk.agent)):
        if along not in (following.operation, _along(desk, following.operation)):
            break
        replying.recall(desk)
    return True


def again(desk: Desk, ticket: TitleTicket) -> CorrectTitle:
    """Return the act that sends the last file once more, to the shops that did not take it.

    Raises:
        NotAllowed: Nothing was sent from here, or no shop has failed.
    """
    last = next((each for each in ticket.corrections if each.file), None)
    if last is None or not any(each.state is ShopState.FAILED for each in ticket.deliveries):
        raise NotAllowed(
            what=_("There is nothing to send again"),
            remedy=_("Only a file that was sent from here and that a shop did not take."),
        )
    row = ticket.row
    return CorrectTitle(
        acting.new_id(), row.code, row.isbn, last.file, "", desk.clock(), again=True
    )


def dispute(desk: Desk, ticket: TitleTicket, text: str, report: bytes | None) -> DisputeTicket:
    """Return the act that says that the ticket is a mistake.

    Raises:
        NotAllowed: No words, or it is nobody's turn.
    """
    _check_open(ticket)
    words = _words(text)
    if not words:
        raise NotAllowed(
            what=_("A dispute needs words"), remedy=_("Write why the ticket is a mistake.")
        )
    name = f"check-{ticket.row.isbn}.json"
    file = File(name, b64encode(report).decode()) if report else None
    return DisputeTicket(acting.new_id(), ticket.row.code, words, file, desk.clock())


def send(desk: Desk, ticket: TitleTicket, act: Operation, override: Override | None = None) -> None:
    """Put the act into the outbox; a correction is kept with its override and what stood before.

    Args:
        override: Why a file leaves that did not pass its check, or could not be checked.

    Raises:
        NotAllowed: The channel cannot do it, a new file has not passed its check, or something
            else is on its way for this ticket.
    """
    acting.confirmation(ticket.channel, act)
    if isinstance(act, CorrectTitle) and override is None:
        _check_passed(desk, ticket, act)
    acting.send(
        desk,
        ticket.channel,
        act,
        ticket_id=ticket.row.id,
        answers=True,
        also=_keeping(desk, ticket, act, override),
    )


def resumes(ticket: TitleTicket) -> bool:
    """Tell whether a file that broke off on its way goes on there, or begins anew."""
    from mkt_tui.adapters import registry  # brings HTTP with it

    return bool(getattr(registry.load(ticket.channel.adapter), "RESUMES", False))


def choose_defect(desk: Desk, ticket: TitleTicket, defect: Defect, note: str = "") -> None:
    """Keep what is really wrong (P3); the portal's own word no longer changes it."""
    complaints.choose_defect(desk.database, ticket.row.id, defect, _words(note), desk.agent)


def _along(desk: Desk, operation: str) -> str:
    return getattr(operations.load(desk.database, operation), "along", "")


def _keeping(
    desk: Desk, ticket: TitleTicket, act: Operation, override: Override | None
) -> Callable[[], None]:
    def keep() -> None:
        # Two agents may press the key at once: within the transaction, one of them is the second.
        if complaints.is_leaving(desk.database, ticket.row.id, act.operation):
            raise NotAllowed(
                what=_("Something else is still on its way to {channel} for this").format(
                    channel=ticket.channel.name
                ),
                remedy=_("Wait until the marketplace has confirmed it, or settle it with u."),
            )
        if isinstance(act, CorrectTitle):
            complaints.declare(
                desk.database, act, ticket.row.id, desk.agent, ticket.deliveries, override
            )

    return keep


def _check_passed(desk: Desk, ticket: TitleTicket, act: CorrectTitle) -> None:
    if act.file is None or act.again or act.along:
        return
    last = checked_files.last(desk, ticket)
    if last is None or last.report.sha256 != act.file.sha256 or not last.report.passed:
        raise NotAllowed(
            what=_("The file has not passed its check"),
            remedy=_("Check it, or write why it is sent all the same."),
        )


def _check_open(ticket: TitleTicket) -> None:
    if ticket.row.stage is Stage.CLOSED:
        raise NotAllowed(
            what=_("Ticket {code} is closed").format(code=ticket.row.code),
            remedy=_("Nothing more is to be done with it."),
        )


def _words(text: str) -> str:
    return clean(text.strip(), _LONGEST)
