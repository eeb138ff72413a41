"""Bodies that clients send: a JSON part with files beside it (M12, OR43), or plain JSON (OR23)."""

import json
from uuid import uuid4

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from mkt_tui.sandbox.errors import ApiError, bad_field
from mkt_tui.sandbox.records import EVERYBODY, Attachment

MESSAGE_BYTES = 30 * 1024 * 1024
"""Size limit of a message with its attachments (OR43)."""

Json = dict[str, object]


async def read_multipart(request: Request, part: str) -> tuple[Json, tuple[Attachment, ...]]:
    """Return the JSON object of `part` and the attachments of the `files` parts."""
    async with request.form() as form:
        if part not in form:
            raise bad_field(part, f"The part {part} is required")
        content = _json_object(await _bytes_of(form[part]), part)
        return content, await _attachments(form)


async def read_json(request: Request) -> Json:
    """Return the JSON object of a plain body."""
    return _json_object(await request.body(), "body")


def read_text(content: Json) -> str:
    """Return the message's text, 3 to 50000 characters."""
    text = content.get("body")
    if not isinstance(text, str):
        raise bad_field("body", "The message body is required")
    if not 3 <= len(text) <= 50_000:
        raise bad_field("body", "The message body must have 3 to 50000 characters")
    return text


def read_topic(content: Json) -> tuple[str, str]:
    """Return type and value of the topic."""
    topic = content.get("topic")
    if not isinstance(topic, dict):
        raise bad_field("topic", "The topic is required")
    kind, value = topic.get("type"), topic.get("value")
    if kind not in ("FREE_TEXT", "REASON_CODE"):
        raise bad_field("topic.type", "The topic type must be FREE_TEXT or REASON_CODE")
    shortest = 3 if kind == "FREE_TEXT" else 1
    if not isinstance(value, str) or not shortest <= len(value) <= 200:
        raise bad_field("topic.value", f"The topic value must have {shortest} to 200 characters")
    return kind, value


def read_recipients(content: Json) -> list[object]:
    """Return the entries of `to`, at least one."""
    recipients = content.get("to")
    if not isinstance(recipients, list) or not recipients:
        raise bad_field("to", "At least one recipient is required")
    return recipients


def known_kind(kind: object) -> str:
    """Return `kind` if it is a type of participant the contract knows."""
    if not isinstance(kind, str) or kind not in EVERYBODY:
        raise bad_field("to", "A recipient must be OPERATOR, CUSTOMER or SHOP")
    return kind


def optional_text(content: Json, name: str) -> str | None:
    """Return a text field that may be left out; blank counts as left out."""
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_field(name, f"The field {name} must be a text")
    return value.strip() or None if value else None


def _json_object(raw: bytes, what: str) -> Json:
    try:
        content = json.loads(raw)
    except ValueError:
        raise bad_field(what, f"{what} is not valid JSON") from None
    if not isinstance(content, dict):
        raise bad_field(what, f"{what} must be a JSON object")
    return content


async def _bytes_of(part: str | UploadFile) -> bytes:
    return part.encode() if isinstance(part, str) else await part.read()


async def _attachments(form: FormData) -> tuple[Attachment, ...]:
    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    if len(files) != len(form.getlist("files")):
        raise bad_field("files", "An attachment needs a file name")
    if sum(each.size or 0 for each in files) > MESSAGE_BYTES:
        raise ApiError(400, "A message with its attachments is limited to 30 MB")
    return tuple(
        [Attachment(str(uuid4()), each.filename or "file", await each.read()) for each in files]
    )
