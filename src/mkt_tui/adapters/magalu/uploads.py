"""Files of replies: named in the message, then put under the signed links that answer it.

Source: sac.openapi.yaml (Attachment, SignedURL) and section 3 of the reference page: png, jpe, jpeg, jpg,
gif and pdf, each below 5 MiB.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from mkt_tui.adapters.fields import Json, Misread, line, part, parts
from mkt_tui.adapters.http import TIMEOUT, trusted
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import FileLost, NotAllowed
from mkt_tui.domain.ticket_operations import File
from mkt_tui.i18n import N_, _

_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "gif": "image/gif",
    **dict.fromkeys(("jpe", "jpeg", "jpg"), "image/jpeg"),
}
_LARGEST: Final = 5 * 1024 * 1024 - 1
_MOST: Final = 5


def described(files: Sequence[File]) -> list[dict[str, str]]:
    """Return files as a message names them.

    Raises:
        NotAllowed: A kind or a size that Magalu does not take, or too many.
    """
    told = [_described(each) for each in files]
    if len(files) > _MOST or any(not 0 < each.size <= _LARGEST for each in files):
        raise NotAllowed(
            what=_("Magalu takes {count} files of less than {size} MB each").format(
                count=_MOST, size=5
            ),
            remedy=N_("Send fewer or smaller ones."),
        )
    return told


async def put(
    channel: Channel,
    answer: Json,
    files: Sequence[File],
    transport: httpx.AsyncBaseTransport | None,
) -> None:
    """Put each file under its link; the message is there already.

    Raises:
        FileLost: Some did not arrive: the reply is there without them.
    """
    async with httpx.AsyncClient(
        transport=transport, timeout=TIMEOUT, verify=trusted(), follow_redirects=False
    ) as client:
        lost = []
        for file, link in zip(files, _links(channel, answer, files), strict=True):
            try:
                response = await client.request(
                    "PUT", link[0], content=file.data, headers=dict(link[1])
                )
                done = response.is_success
            except (httpx.HTTPError, httpx.InvalidURL):
                done = False
            if not done:
                lost.append(file)
    if lost:
        raise _missing(channel, lost)


def arrived(channel: Channel, row: Json, files: Sequence[File]) -> None:
    """See that a message holds its files; one that waits for its upload has no size.

    Raises:
        FileLost: Some are not there.
    """
    there = [bool(each.get("file_size")) for each in parts(row, "attachments")]
    there += [False] * len(files)
    if lost := [file for file, came in zip(files, there, strict=False) if not came]:
        raise _missing(channel, lost)


def _links(
    channel: Channel, answer: Json, files: Sequence[File]
) -> list[tuple[str, dict[str, str]]]:
    try:
        rows = parts(part(answer, "data"), "attachments")
        found = [_link(channel, part(each, "signed_link")) for each in rows]
    except Misread:
        found = []
    if len(found) != len(files):
        raise _missing(channel, files)
    return found


def _link(channel: Channel, link: Json) -> tuple[str, dict[str, str]]:
    url = line(link, "url", 4_000) or ""
    told: Any = link.get("headers") or {}
    headers = {str(key): str(value) for key, value in told.items()}
    headers.setdefault("Content-Type", line(link, "content_type") or "application/octet-stream")
    parts_of = urlsplit(url)
    # A customer's file goes out encrypted, or to the very server that the channel names.
    if parts_of.scheme != "https" and parts_of.netloc != urlsplit(channel.base_url).netloc:
        raise Misread("signed_link")
    return url, headers


def _described(file: File) -> dict[str, str]:
    path = PurePath(file.name)
    extension = path.suffix.lower().removeprefix(".")
    if extension not in _TYPES:
        raise NotAllowed(
            what=_("Magalu takes no such file: {name}").format(name=file.name),
            remedy=_("Choose one of: {kinds}.").format(kinds=", ".join(_TYPES)),
        )
    return {"file_name": path.stem, "file_extension": extension, "file_type": _TYPES[extension]}


def _missing(channel: Channel, files: Iterable[File]) -> FileLost:
    return FileLost(channel=channel.name, name=", ".join(each.name for each in files))
