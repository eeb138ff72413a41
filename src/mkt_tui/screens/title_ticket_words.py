"""A publisher's ticket in words: facts, deliveries, what was done, description and notes (P9-P13)."""

from datetime import datetime
from typing import Final

from rich.text import Text

from mkt_tui.cache.threads import ThreadMessage
from mkt_tui.desk import act_words, correcting, formats
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.publisher import TitleTicket
from mkt_tui.desk.publisher_words import (
    author_word,
    defect_word,
    shop_state_word,
    source_word,
    stage_word,
)
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.publishing import ShopState, Stage
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.i18n import _
from mkt_tui.screens.publisher_words import PRESALE, contact

_LABEL: Final = 16
_STATES: Final = {
    ShopState.QUEUED: ("…", "yellow"),
    ShopState.SENT: ("↑", "yellow"),
    ShopState.ACCEPTED: ("✓", "green"),
    ShopState.FAILED: ("x", "bold magenta"),
    ShopState.WITHDRAWN: ("-", "dim"),
}
_AUTHORS: Final = {"customer": "bold yellow", "operator": "bold cyan", "shop": "bold green"}
_TROUBLE: Final = ("failed", "unknown")
_WAITING: Final = ("queued", "unknown")


def head(ticket: TitleTicket) -> Text:
    """Return the first line: the title, its shop, whose turn it is."""
    row = ticket.row
    words = Text(" ", no_wrap=True, overflow="ellipsis")
    words.append(clean_line(row.title or row.isbn), "bold")
    words.append(f" · {clean_line(row.shop)} · ")
    words.append(stage_word(row.stage).upper(), "bold reverse" if row.stage is Stage.OPEN else "")
    if row.presale:
        words.append(f"  {PRESALE} " + _("PRE-SALE"), "bold")
    return words


def facts(ticket: TitleTicket, desk: Desk, width: int) -> Text:
    """Return title, ticket, deliveries and what was done."""
    words = Text()
    for title, lines in (
        (_("Title"), _title(ticket, desk)),
        (_("Complaint"), _ticket(ticket, desk)),
    ):
        _heading(words, title, width)
        for label, value in lines:
            words.append_text(_labelled(label, value, width))
    _heading(words, _("At the shops"), width)
    words.append_text(_shops(ticket, desk))
    _heading(words, _("Done from here"), width)
    words.append_text(_done(ticket, desk))
    if ticket.siblings:
        _heading(words, _("Other shops on this title (i opens the next)"), width)
        for each in ticket.siblings:
            words.append(f"{clean_line(each.shop)}  ", "bold")
            words.append(f"{stage_word(each.stage)} · {clean_line(each.subject)}\n")
    return words


def talk(ticket: TitleTicket, desk: Desk, width: int) -> Text:
    """Return the description and the notes, each with its kind of author (P9, P10)."""
    words = Text()
    _heading(words, _("Description"), width)
    described = next((each for each in ticket.notes if each.author == "customer"), None)
    words.append(clean_line(ticket.row.subject) + "\n", "bold")
    words.append(clean(described.body) + "\n" if described else _("No words.") + "\n")
    _heading(words, _("Notes"), width)
    rest = [each for each in ticket.notes if each is not described]
    for each in rest:
        _note(words, each, desk)
    for waiting in ticket.operations:
        if waiting.kind == Kind.REPLY and waiting.state not in ("sent", "recalled"):
            words.append(_("sending") + " · " + waiting.agent + "\n", "bold magenta")
            words.append(clean(waiting.text) + "\n")
    if not rest:
        words.append(_("None yet; n writes one.") + "\n", "dim")
    return words


def _labelled(label: str, value: str, width: int) -> Text:
    words = Text()
    for place, line in enumerate(formats.wrap(clean_line(value), max(width - _LABEL - 1, 10))):
        words.append(f"{'' if place else label:<{_LABEL}} ", "dim")
        words.append(f"{line}\n")
    return words


def _title(ticket: TitleTicket, desk: Desk) -> list[tuple[str, str]]:
    row = ticket.row
    file = next(iter(ticket.files), None)
    lines = [
        (_("Title"), row.title or "—"),
        (_("Author"), row.author or "—"),
        (_("Imprint"), row.imprint or "—"),
        (_("ISBN"), row.isbn),
        (_("On sale"), _on_sale(row.on_sale_at, desk, presale=row.presale)),
    ]
    if file:
        told = _("version {number}, {size}, {check}").format(
            number=file.version, size=formats.size(file.size), check=file.checked or "—"
        )
        lines.append((_("File there"), told))
    return lines


def _on_sale(moment: datetime | None, desk: Desk, *, presale: bool) -> str:
    if moment is None:
        return _("not told")
    day = formats.day(moment, desk.settings.zone)
    return f"{day} · {PRESALE} " + _("in pre-sale") if presale else day


def _ticket(ticket: TitleTicket, desk: Desk) -> list[tuple[str, str]]:
    row, zone = ticket.row, desk.settings.zone
    kind = defect_word(row.defect)
    if row.defect_by:
        kind += " · " + _("by {agent}").format(agent=row.defect_by)
    source = source_word(row.source) or _("not told")
    rule = _("rules of {version}").format(version=row.rule) if row.rule else _("rules not told")
    lines = [
        (_("Shop"), row.shop or "—"),
        (_("Ticket"), f"{row.code} · {ticket.channel.name}"),
        (_("Kind"), kind),
        (_("Source"), f"{source}, {rule}"),
        (_("Opened"), formats.instant(row.created_at, zone)),
    ]
    if row.defect_note:
        lines.insert(3, (_("In our words"), row.defect_note))
    if row.due_at and not row.state:
        lines.append((_("Due"), formats.instant(row.due_at, zone)))
    lines.append((_("Manager"), contact(row.manager).partition(": ")[2]))
    return lines


def _shops(ticket: TitleTicket, desk: Desk) -> Text:
    words = Text()
    for each in ticket.deliveries:
        sign, style = _STATES[each.state]
        words.append(f"{sign} {clean_line(each.shop)[:22]:<22} ", style)
        words.append(f"{shop_state_word(each.state):<13} ", style)
        words.append(formats.instant(each.updated_at, desk.settings.zone), "dim")
        words.append(f"  {clean_line(each.message)}\n" if each.message else "\n")
    if not ticket.deliveries:
        words.append(_("Not told yet.") + "\n", "dim")
    return words


def _done(ticket: TitleTicket, desk: Desk) -> Text:
    words = Text()
    for waiting in ticket.operations:
        if waiting.kind != Kind.REPLY and waiting.state in _TROUBLE:
            words.append(f"x {act_words.kind_name(Kind(waiting.kind))}: ", "bold magenta")
            words.append(f"{_why(waiting.error)}\n", "magenta")
    if ticket.upload and ticket.upload.sent < ticket.upload.size:
        words.append_text(upload(*ticket.upload))
        if ticket.corrections[0].state in _WAITING:
            words.append(_broken_off(ticket, ticket.upload.sent), "yellow")
    for each in ticket.corrections:
        at = formats.instant(each.at, desk.settings.zone)
        told = each.file.name if each.file else _("without a new file")
        words.append(f"{at} {clean_line(each.agent)}: ", "dim")
        words.append(f"{clean_line(told)} ")
        words.append(f"({_sent(each.state, settled=each.settled_at is not None)})\n")
        if each.reason:
            words.append(f"  {clean_line(each.reason)}\n")
        if each.override:
            asked = each.override.report is not None
            told = (
                _("sent although the check failed: {reason}")
                if asked
                else _("sent unchecked: {reason}")
            )
            reason = clean_line(each.override.reason)
            words.append(f"  ! {told.format(reason=reason)}\n", "bold yellow")
    if not words:
        words.append(_("Nothing yet.") + "\n", "dim")
    return words


def upload(sent: int, size: int) -> Text:
    """Return how much of a file has left, as a bar and in numbers."""
    cells = 20 * sent // max(size, 1)
    told = f"{formats.size(sent)} / {formats.size(size)}"
    return Text(f"↑ {'█' * cells}{'░' * (20 - cells)} {told}\n", "yellow")


def _broken_off(ticket: TitleTicket, sent: int) -> str:
    if correcting.resumes(ticket):
        told = _("Broken off; it goes on from {size}.").format(size=formats.size(sent))
    else:
        told = _("Broken off; it starts again from the beginning.")
    return f"  {told}\n"


def _sent(state: str, *, settled: bool) -> str:
    if settled:
        return _("accepted by every shop")
    return {
        "queued": _("leaves soon"),
        "sending": _("leaving"),
        "sent": _("the portal has it"),
        "failed": _("refused"),
        "unknown": _("in doubt"),
        "recalled": _("taken back"),
    }.get(state, state)


def _why(error: str | None) -> str:
    return str(UserError.from_json(error)) if error else ""


def _note(words: Text, note: ThreadMessage, desk: Desk) -> None:
    words.append(author_word(note.author).upper(), _AUTHORS.get(note.author, "bold"))
    at = formats.instant(note.sent_at, desk.settings.zone)
    words.append(f" {clean_line(note.author_name)} · {at}\n", "dim")
    words.append(clean(note.body) + "\n")
    for each in note.attachments:
        words.append(f"  ⎘ {clean_line(str(each.get('name', '')))}\n", "dim")


def _heading(words: Text, title: str, width: int) -> None:
    rule = "─" * max(width - len(title) - 2, 0)
    words.append("\n" if words else "")
    words.append(title, "bold")
    words.append(f" {rule}\n", "dim")
