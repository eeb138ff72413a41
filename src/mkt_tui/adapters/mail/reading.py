"""A mail's bytes as a record: who wrote what on which thread. Every text is made safe.

Mails come from anywhere and are often wrong: no charset or another one than declared, HTML only,
headers in raw bytes, parts that are cut off. What can be read is read; nothing here fails.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from typing import Final

from mkt_tui.adapters.bodies import plain
from mkt_tui.adapters.mail.quoting import newest
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.tickets import Attachment

_ID: Final = re.compile(r"<([^<>\s]{1,400})>")
_MOST_REFERENCES: Final = 200
_LONGEST_TEXT: Final = 400_000
_MOST_PARTS: Final = 200
_LONGEST_LINE: Final = 300
# Charsets that any bytes fit: a mail that says so and is valid UTF-8 was declared wrongly.
_TAKE_ANYTHING: Final = (
    "latin",
    "iso-8859",
    "iso8859",
    "windows-125",
    "cp125",
    "us-ascii",
    "ascii",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail tells.

    Attributes:
        message_id: Without its brackets; made from the bytes where the mail has none.
        references: The mails it answers, the oldest first (RFC 5322, 3.6.4).
        sender: The address that an answer goes to, in small letters; empty when there is none.
        origin: The address it came from, in small letters.
        recipients: The addresses it went to, in small letters.
        text: Its new words, without the mail it quotes.
        whole: All of its words.
        language: Declared by Content-Language or HTML, such as it; empty when not.
        automatic: A machine's answer to a mail, such as a notice of absence.
        bounce: A mail server's report that it could not deliver one of ours.
    """

    message_id: str
    references: tuple[str, ...]
    sender: str
    origin: str
    name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    whole: str
    language: str
    attachments: tuple[Attachment, ...]
    automatic: bool
    bounce: bool


def read_mail(data: bytes) -> Mail:
    """Return what the bytes of a mail tell."""
    message = message_from_bytes(data, policy=policy.compat32)
    parts = _parts(message)
    headers = {name.lower(): value for name, value in reversed([*message.raw_items()])}
    bounce = message.get_content_type() == "multipart/report"
    name, sender = _first_address(headers, "reply-to", "from")
    real_name, origin = _first_address(headers, "from")
    whole, language = _words(parts)
    return Mail(
        message_id=_message_id(headers, data),
        references=_references(headers) or (_bounced(parts) if bounce else ()),
        sender=sender,
        origin=origin,
        name=real_name or name or sender,
        recipients=tuple(each for _name, each in _addresses(headers, "to", "cc")),
        subject=clean_line(_decoded(headers.get("subject", "")), _LONGEST_LINE),
        text=newest(whole),
        whole=whole,
        language=_language(headers) or language,
        attachments=_attachments(parts),
        automatic=_is_automatic(headers) and not bounce,
        bounce=bounce,
    )


def attached_file(data: bytes, code: str) -> bytes | None:
    """Return a file of a mail by its code, see `Mail.attachments`; None when there is none such."""
    parts = _parts(message_from_bytes(data, policy=policy.compat32))
    known = {str(number): part for number, part in enumerate(parts) if _is_file(part)}
    return _payload(known[code]) if code in known else None


def _parts(message: Message) -> list[Message]:
    return [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False)]


def _message_id(headers: dict[str, str], data: bytes) -> str:
    found = _ids(headers.get("message-id", ""))
    return found[0] if found else f"{sha256(data).hexdigest()[:32]}@no-message-id"


def _references(headers: dict[str, str]) -> tuple[str, ...]:
    found = _ids(headers.get("references", "")) + _ids(headers.get("in-reply-to", ""))
    return tuple(dict.fromkeys(found))


def _ids(text: str) -> list[str]:
    return [clean_line(each) for each in _ID.findall(_decoded(text))[:_MOST_REFERENCES]]


def _bounced(parts: list[Message]) -> tuple[str, ...]:
    """Return the number of the mail that a report of non-delivery is about."""
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            part = message_from_bytes(_payload(part), policy=policy.compat32)
        if found := _ids(str(part.get("Message-ID", ""))):
            return (found[0],)
    return ()


def _is_automatic(headers: dict[str, str]) -> bool:
    submitted = headers.get("auto-submitted", "").strip().lower()
    return submitted.startswith("auto-replied") or "x-autoreply" in headers


def _language(headers: dict[str, str]) -> str:
    return _tag(headers.get("content-language", ""))


def _tag(text: str) -> str:
    found = re.match(r"\s*([A-Za-z]{2,3})\b", text)
    return found[1].lower() if found else ""


def _first_address(headers: dict[str, str], *names: str) -> tuple[str, str]:
    return next((each for name in names for each in _addresses(headers, name)), ("", ""))


def _addresses(headers: dict[str, str], *names: str) -> list[tuple[str, str]]:
    # Names are decoded after the addresses were found: an encoded name may hold <any@address>.
    values = [_raw(headers[name]) for name in names if name in headers]
    return [
        (clean_line(_decoded(name), _LONGEST_LINE), clean_line(address, _LONGEST_LINE).lower())
        for name, address in getaddresses(values)
        if "@" in address
    ]


def _raw(value: str) -> str:
    """Return a header on one line, its bytes beyond ASCII as text."""
    data = value.encode("utf-8", "surrogateescape")
    return " ".join((value if value.isascii() else _as_text(data, "")).split())


def _decoded(value: str) -> str:
    """Return a header with its encoded words (RFC 2047) as text."""
    value = _raw(value)
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _as_text(piece, charset or "")
        for piece, charset in pieces
    )


def _words(parts: list[Message]) -> tuple[str, str]:
    """Return the text of a mail and the language its HTML declares."""
    texts = [part for part in parts if part.get_content_maintype() == "text"]
    shown = [part for part in texts if not _is_file(part)]
    for part in shown:
        if part.get_content_subtype() != "html" and (text := plain(_text(part)).strip()):
            return text, _tag(str(part.get("Content-Language", "")))
    for part in shown:
        html = _text(part)
        if text := plain(f"<div>{_visible(html)}</div>").strip():
            found = re.search(r"<html[^>]{0,300}\blang=[\"']?([A-Za-z-]{2,8})", html[:5_000])
            return text, _tag(found[1]) if found else ""
    return "", ""


def _visible(html: str) -> str:
    """Return HTML without its styles and scripts, which are most of many mails."""
    for name in ("style", "script", "head"):
        kept, low, end = [], html.lower(), 0
        for opening in re.finditer(rf"<{name}(?=[\s>])", low):
            closing = low.find(f"</{name}", opening.end()) if opening.start() >= end else -1
            if closing >= 0:
                kept.append(html[end : opening.start()])
                end = closing
        html = "".join((*kept, html[end:]))
    return html


def _text(part: Message) -> str:
    return _as_text(_payload(part)[:_LONGEST_TEXT], str(part.get_content_charset() or ""))


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _as_text(data: bytes, charset: str) -> str:
    """Return bytes as text: as declared if that can be, else as they look."""
    lenient = not charset or charset.lower().startswith(_TAKE_ANYTHING)
    for each in ("utf-8", charset) if lenient else (charset, "utf-8"):
        try:
            return data.decode(each) if each else data.decode("ascii")
        except (UnicodeDecodeError, LookupError):
            continue
    # What mail programs of our marketplaces' countries send without saying so.
    return data.decode("cp1252", "replace")


def _attachments(parts: list[Message]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(str(number), _file_name(part), len(_payload(part)))
        for number, part in enumerate(parts)
        if _is_file(part)
    )


def _is_file(part: Message) -> bool:
    if part.is_multipart():
        return False
    text = part.get_content_maintype() == "text"
    return part.get_content_disposition() == "attachment" or (
        not text and part.get_content_maintype() != "message" and bool(_file_name(part))
    )


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (MessageError, ValueError, LookupError):
        name = "?"
    return clean_line(_decoded(name), _LONGEST_LINE)
