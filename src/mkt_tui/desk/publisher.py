"""What a publisher's agent sees of one ticket with all that belongs to it, and the saved filters."""

import re
from dataclasses import dataclass
from typing import Any, Final

from mkt_tui.cache import complaints, preferences, threads, title_lists, titles, uploads
from mkt_tui.cache.complaints import Declared
from mkt_tui.cache.threads import ThreadMessage, ThreadOperation
from mkt_tui.cache.title_lists import TicketLine, TitleLine
from mkt_tui.cache.uploads import Upload
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import instant
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotFound
from mkt_tui.domain.publishing import Defect, ShopDelivery, TitleFile
from mkt_tui.i18n import _

_SAVED: Final = "publisher.filters"
_LONGEST_NAME: Final = 40
DEFECTS: Final = tuple(Defect)
"""What may be wrong with a file, in the order of menus."""
_PARTS: Final = re.compile(r'(?:[^\s"]|"[^"]*(?:"|$))+')


@dataclass(frozen=True, slots=True)
class TitleTicket:
    """One ticket with its title, notes, files, deliveries and corrections (P9-P13).

    Attributes:
        siblings: The tickets of other shops on the same title (P6).
        upload: How far the file of the correction on its way is.
    """

    row: TicketLine
    channel: Channel
    notes: tuple[ThreadMessage, ...]
    operations: tuple[ThreadOperation, ...]
    files: tuple[TitleFile, ...]
    deliveries: tuple[ShopDelivery, ...]
    corrections: tuple[Declared, ...]
    siblings: tuple[TicketLine, ...]
    upload: Upload | None


def load(desk: Desk, ticket_id: int) -> TitleTicket:
    """Read a ticket with all that belongs to it.

    Raises:
        NotFound: It is gone, or no publisher's.
    """
    row = title_lists.ticket(desk.database, ticket_id, desk.clock())
    if row is None:
        raise NotFound(
            kind=_("ticket"), name=ticket_id, remedy=_("Its channel may have been removed.")
        )
    declared = complaints.declared(desk.database, ticket_id)
    same = title_lists.of_title(
        desk.database, row.channel_id, row.isbn, desk.clock(), desk.settings.zone
    )
    return TitleTicket(
        row=row,
        channel=desk.channels()[row.channel_id],
        notes=tuple(threads.messages(desk.database, ticket_id)),
        operations=tuple(threads.operations(desk.database, ticket_id)),
        files=tuple(titles.files(desk.database, row.channel_id, row.isbn)),
        deliveries=tuple(titles.deliveries(desk.database, row.channel_id, row.isbn)),
        corrections=tuple(declared),
        siblings=tuple(each for each in same if each.id != ticket_id),
        upload=uploads.of(desk.database, declared[0].operation) if declared else None,
    )


def shops(desk: Desk) -> list[str]:
    """Return the shops that tickets name."""
    return title_lists.shops(desk.database)


def with_field(line: str, field: str, value: str) -> str:
    """Return a filter with a field at this value, whatever it was before."""
    kept = [each for each in _PARTS.findall(line) if not each.startswith(f"{field}:")]
    written = f'"{value}"' if " " in value else value
    return " ".join([*kept, f"{field}:{written}"])


def saved_filters(desk: Desk) -> dict[str, str]:
    """Return the agent's saved filters by name."""
    told = preferences.find(desk.database, desk.agent, _SAVED) or {}
    return {str(name): str(line) for name, line in told.items()}


def save_filter(desk: Desk, name: str, line: str) -> None:
    """Keep a filter under a name; an empty line forgets the name."""
    kept = saved_filters(desk)
    if line.strip():
        kept[name.strip()[:_LONGEST_NAME]] = line.strip()
    else:
        kept.pop(name, None)
    preferences.keep(desk.database, desk.agent, _SAVED, kept)


def ticket_json(row: TicketLine, channels: dict[int, Channel]) -> dict[str, Any]:
    """Return a ticket under its public keys; to these keys others may only be added."""
    manager = row.manager
    return {
        "ticket": row.code,
        "channel": channels[row.channel_id].name,
        "isbn": row.isbn,
        "title": row.title or None,
        "author": row.author,
        "imprint": row.imprint,
        "shop": row.shop,
        "kind": row.defect.value,
        "kind_note": row.defect_note,
        "subject": row.subject,
        "state": row.stage.value,
        "presale": row.presale,
        "on_sale_at": instant(row.on_sale_at),
        "source": row.source.value if row.source else None,
        "rule_version": row.rule,
        "manager": manager.name if manager else None,
        "manager_email": manager.email if manager else None,
        "created_at": instant(row.created_at),
        "due_at": instant(row.due_at),
        "updated_at": instant(row.updated_at),
        "assignee": row.assignee,
        "delivery": row.delivery,
    }


def title_json(row: TitleLine, channels: dict[int, Channel]) -> dict[str, Any]:
    """Return a title under its public keys; to these keys others may only be added."""
    return {
        "isbn": row.isbn,
        "title": row.title,
        "author": row.author,
        "imprint": row.imprint,
        "channel": channels[row.channel_id].name,
        "state": row.state,
        "presale": row.presale,
        "on_sale_at": instant(row.on_sale_at),
        "open_tickets": row.open_tickets,
        "shops_failed": row.failed,
        "shops_moving": row.moving,
        "updated_at": instant(row.updated_at),
    }
