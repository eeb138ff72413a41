"""A thread as text: who wrote to whom, when, and what; our unsent replies after it (T25, T36)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.notes import Note
from mkt_tui.cache.threads import ThreadMessage, ThreadOperation
from mkt_tui.desk.act_words import kind_name
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.formats import short_day, size
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.portals import ANSWER
from mkt_tui.domain.text import even
from mkt_tui.domain.tickets import Audience, Role
from mkt_tui.i18n import _

_STYLES: Final = {Role.CUSTOMER: "bold cyan", Role.OPERATOR: "bold yellow", Role.SHOP: "bold green"}
_GLYPHS: Final = {Role.CUSTOMER: "◂", Role.OPERATOR: "◆", Role.SHOP: "▸"}


def sync_is_off(channel: Channel) -> str:
    """Return why what was sent has not left."""
    return _("waiting: the sync of {channel} is off (g c)").format(channel=channel.name)


def role_name(role: Role) -> str:
    """Return a side of the thread in words."""
    return {
        Role.CUSTOMER: _("customer"),
        Role.OPERATOR: _("marketplace"),
        Role.SHOP: _("us"),
    }[role]


def thread(
    conversation: Conversation, now: datetime, zone: ZoneInfo, side: Role | None = None
) -> Text:
    """Return the whole thread with the notes between its messages, the oldest first.

    Args:
        side: Whose messages alone are shown (T36); None = everybody's, and the notes.
    """
    when = partial(moment, now=now.astimezone(zone), zone=zone)
    if side is not None:
        return _one_side(conversation, when, side)
    words = Text()
    said: list[tuple[int, Text]] = [
        (each.sent_at, _message(each, when(each.sent_at))) for each in conversation.messages
    ]
    said += [(each.at, note_words(each, when(each.at))) for each in conversation.notes]
    for _at, part in sorted(said, key=lambda each: each[0]):
        words.append_text(part)
    for operation in conversation.operations:
        _operation(words, operation, when(operation.queued_at), conversation.channel)
    if not words:
        words.append(_("No message has been read yet."), "dim")
    words.rstrip()
    return words


def _one_side(conversation: Conversation, when: Callable[[int], str], side: Role) -> Text:
    found = [each for each in conversation.messages if each.author == side]
    told = _("Only {side}: {count} of {total} messages. v shows the next side.").format(
        side=role_name(side), count=len(found), total=len(conversation.messages)
    )
    words = Text(f"{told}\n\n", "bold yellow")
    for each in found:
        words.append_text(_message(each, when(each.sent_at)))
    words.rstrip()
    return words


def header(author: str, name: str, when: str) -> Text:
    """Return who wrote, from which side of the thread, and when."""
    role = Role(author)
    words = Text(f"{_GLYPHS[role]} {even(name) or role_name(role)}", _STYLES[role])
    words.append(f"  {when}  {role_name(role)}", "not bold dim")
    return words


def note_words(note: Note, when: str) -> Text:
    """Return an internal note, in no way to be taken for a message."""
    title = _("NOTE of {agent}, never sent").format(agent=note.agent)
    words = Text(f" ✎ {title}  {when} ", "black on yellow")
    words.append("\n")
    for line in note.text.rstrip().splitlines():
        words.append("▌ ", "not bold yellow on default")
        words.append(f"{line}\n", "not bold italic yellow on default")
    return words.append("\n", "on default")


def _message(message: ThreadMessage, when: str) -> Text:
    words = Text()
    role = Role(message.author)
    to = ", ".join(role_name(Role(each)) for each in message.recipients.split(",") if each)
    words.append_text(header(role, message.author_name, when))
    words.append(f" → {to or '—'}", "dim")
    if message.code.startswith(ANSWER):
        words.append("  ⌂ " + _("answered on the portal"), "bold green")
    words.append("\n")
    if body := message.body.rstrip():
        words.append(f"{even(body)}\n")
    for attachment in message.attachments:
        words.append(f"⎘ {attachment['name']} ({size(attachment['size'])})\n", "italic")
    return words.append("\n")


def _operation(words: Text, operation: ThreadOperation, when: str, channel: Channel) -> None:
    words.append(f"{_GLYPHS[Role.SHOP]} {operation.agent}", "bold magenta")
    if operation.audience:
        done = "→ " + audience_name(Audience(operation.audience))
    else:
        done = kind_name(Kind(operation.kind))
    words.append(f"  {when}  {done}  ", "dim")
    words.append(f"{_state(operation)}\n", "bold magenta")
    if operation.state == "queued" and not channel.enabled:
        words.append(f"{sync_is_off(channel)}\n", "bold yellow")
    words.append(f"{operation.text or ''}\n\n")


def _state(operation: ThreadOperation) -> str:
    states = {
        "queued": _("↑ queued"),
        "sending": _("↑ being sent"),
        "failed": _("x NOT SENT"),
        "unknown": _("? in doubt"),
    }
    told = states[operation.state]
    return f"{told}: {UserError.from_json(operation.error)}" if operation.error else told


def moment(milliseconds: int, now: datetime, zone: ZoneInfo) -> str:
    """Return day and time in a few cells; a year only where it is not this one."""
    at = from_cache(milliseconds).astimezone(zone)
    year = f"/{at:%Y}" if at.year != now.year else ""
    return f"{short_day(milliseconds, zone)}{year} {at:%H:%M}"
