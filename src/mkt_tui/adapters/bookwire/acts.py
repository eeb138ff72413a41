"""What a publisher does with tickets: give them to the manager, correct the file, dispute (P11).

Every write carries a key made of its operation, and the bridge answers the same key with its first
result again for seven days. So what cannot be seen there may simply be sent once more.
"""

import asyncio
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, cast

from mkt_tui.adapters.bridge.acts import TICKETS, TicketActs, key_of, path_to
from mkt_tui.adapters.fields import Json, Misread, code, line
from mkt_tui.domain.errors import FileAway, NotAllowed, Refused
from mkt_tui.domain.operations import Delivery, Operation
from mkt_tui.domain.ticket_operations import AssignTicket, CorrectTitle, DisputeTicket, KeptFile
from mkt_tui.i18n import N_

TITLES: Final = "/v1/titles"
ASSIGNED: Final = "assigned_to_manager"
CORRECTED: Final = "corrected"
DISPUTED: Final = "disputed"
ALONG: Final = "corrected_along"
_DONE: Final = Delivery("")
_PIECE: Final = 256 * 1024
_KINDS: Final = {".epub": "epub", ".pdf": "pdf", ".jpg": "cover", ".jpeg": "cover", ".xml": "onix"}


def untold(_done: int, _whole: int) -> None:
    """Tell nobody."""


class Acts(TicketActs):
    """The acts of one publisher; the adapter gives its connection."""

    progress: Callable[[int, int], None] = staticmethod(untold)

    async def assign_ticket(self, wanted: AssignTicket) -> Delivery:
        """Leave a note, if there is one, and make it the manager's turn."""
        if wanted.text:
            await self._note(wanted.ticket_code, wanted.text, f"{wanted.operation}-note")
        await self._turn(wanted.ticket_code, ASSIGNED, wanted.operation)
        return _DONE

    async def correct_title(self, wanted: CorrectTitle) -> Delivery:
        """Hand in the corrected file, or say why none is needed; the bridge tells the shops."""
        if wanted.text:
            await self._note(wanted.ticket_code, wanted.text, f"{wanted.operation}-note")
        if wanted.along or wanted.file is None:
            reason = ALONG if wanted.along else CORRECTED
            await self._turn(wanted.ticket_code, reason, wanted.operation)
            return _DONE
        return await self._hand_in(wanted, wanted.file)

    async def dispute_ticket(self, wanted: DisputeTicket) -> Delivery:
        """Say that the ticket is a mistake, with the check's report."""
        attached = []
        if wanted.report is not None:
            path = path_to(TICKETS, wanted.ticket_code, "attachments")
            parts = {"file": (wanted.report.name, wanted.report.data, "application/json")}
            key = key_of(f"{wanted.operation}-report")
            told = await self._http.upload(path, {}, parts, key)
            attached.append(_code(told))
        await self._note(wanted.ticket_code, wanted.text, f"{wanted.operation}-note", attached)
        await self._turn(wanted.ticket_code, DISPUTED, wanted.operation)
        return _DONE

    async def _hand_in(self, wanted: CorrectTitle, file: KeptFile) -> Delivery:
        content = await asyncio.to_thread(opened, file, self._channel.name)
        with content:
            watched = Watched(content, file.size, self.progress)
            told = await self._http.upload(
                path_to(TITLES, wanted.isbn, "files"),
                {"kind": kind_of(file), "ticket_id": wanted.ticket_code},
                {"file": (file.name, cast("IO[bytes]", watched), "application/octet-stream")},
                key_of(wanted.operation),
            )
        return Delivery(_code(told))

    async def _note(
        self, ticket_code: str, text: str, key: str, attached: list[str] | None = None
    ) -> None:
        content: dict[str, Any] = {"audience": "operator", "body": text[:4000]}
        if attached:
            content["attachment_ids"] = attached
        path = path_to(TICKETS, ticket_code, "messages")
        await self._http.send("POST", path, content, headers=key_of(key))

    async def _turn(self, ticket_code: str, reason: str, key: str) -> None:
        content = {"status": "open", "reason": reason}
        path = path_to(TICKETS, ticket_code, "status")
        await self._http.send("PUT", path, content, headers=key_of(key))

    async def _is_seen(self, wanted: Operation) -> bool:
        """Look for the file of a correction; of the rest, the key makes it safe to send again."""
        match wanted:
            case CorrectTitle(file=KeptFile(sha256=sha256), again=False, along=""):
                return await self._has(wanted.isbn, sha256)
        return await super()._is_seen(wanted)

    async def _has(self, isbn: str, sha256: str) -> bool:
        try:
            answer = await self._http.get(path_to(TITLES, isbn, "files"), {})
        except Refused:
            return False
        rows = answer.data.get("items")
        found = rows if isinstance(rows, list) else []
        return any(
            isinstance(each, dict) and str(each.get("sha256", "")).lower() == sha256
            for each in found
        )


class Watched(io.BufferedIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, content: io.BufferedReader, whole: int, tell: Callable[[int, int], None]):
        self._content, self._whole, self._tell = content, whole, tell

    def fileno(self) -> int:
        """Return the number that its length is found by."""
        return self._content.fileno()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read again."""
        return True

    def seek(self, place: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._content.seek(place, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._content.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, and say how far that is."""
        piece = self._content.read(size)
        self._tell(self._content.tell(), self._whole)
        return piece


def opened(file: KeptFile, channel: str) -> io.BufferedReader:
    """Return the file that waits, open, once it is sure that it is the one that was chosen.

    Raises:
        FileAway: It is not on this server.
        NotAllowed: It was changed since it was chosen.
    """
    try:
        content = Path(file.path).open("rb")  # noqa: SIM115 - its reader closes it
    except OSError:
        raise FileAway(channel=channel, name=file.name) from None
    if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:
        content.close()
        raise NotAllowed(
            what=N_("The file is not the one that was chosen: somebody has changed it since"),
            remedy=N_("Check it again, and declare the title corrected once more."),
        )
    content.seek(0)
    return content


def kind_of(file: KeptFile) -> str:
    """Return what the contract calls such a file."""
    return _KINDS.get(Path(file.name).suffix.lower(), "epub")


def _code(told: Json) -> str:
    try:
        return code(told, "id")
    except Misread:
        # The bridge has taken it; without a number of it nothing is lost.
        return line(told, "sha256", 64) or ""
