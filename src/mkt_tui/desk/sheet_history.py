"""The order sheet's history (Histórico): every status, message, operation and act, in order (T9)."""

from collections.abc import Mapping
from typing import Any, Final

from mkt_tui.cache.order_story import Done, Left, Spoken, StatusChange, Story
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import audit_words, formats
from mkt_tui.desk.sheet_view import Line, View, lines
from mkt_tui.domain import personal, reasons
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _, ngettext

_EVENT_WORDS: Final = {
    "created": N_("Created"),
    "accepted": N_("Accepted"),
    "paid": N_("Paid"),
    "shipped": N_("Shipped"),
    "moved": N_("Under way"),
    "delivered": N_("Delivered"),
    "refunded": N_("Refunded"),
    "cancelled": N_("Cancelled"),
    "closed": N_("Closed"),
    "updated": N_("Updated"),
    "incident": N_("Incident"),
}
_AUTHORS: Final = {
    "customer": N_("the customer"),
    "operator": N_("the marketplace"),
    "shop": N_("the shop"),
}
_KIND_WORDS: Final = {
    "reply": N_("Reply"),
    "thread": N_("New thread"),
    "close": N_("Ticket closed"),
    "decide": N_("Acceptance"),
    "track": N_("Tracking"),
    "ship": N_("Shipment"),
    "parcel": N_("Parcel"),
    "cancel": N_("Cancellation"),
    "refund": N_("Refund"),
    "document": N_("Document"),
    "delete_document": N_("Document deleted"),
    "incident": N_("End of an incident"),
    "return": N_("Return"),
    "deliver": N_("Order delivered"),
    "exchange": N_("Exchange or return"),
    "hand": N_("Handed to the marketplace"),
}
_STATE_WORDS: Final = {
    "queued": N_("on its way"),
    "sending": N_("on its way"),
    "sent": N_("done at the marketplace"),
    "failed": N_("refused"),
    "unknown": N_("in doubt"),
    "recalled": N_("taken back"),
}
_ACT_WORDS: Final = {
    "order.entered": N_("Entered by hand"),
    "order.printed": N_("Printed"),
    "document.saved": N_("Document saved"),
    "order.revealed": N_("Personal data shown"),
    "parcel.corrected": N_("Tracking number corrected"),
}


def history(view: View, story: Story) -> tuple[Line, ...]:
    """Return what happened to the order, the oldest first; the sources are interleaved by time."""
    told = [
        *((view.milliseconds(each["at"]), _event(each)) for each in view.record.history),
        *((each.at, _status(each)) for each in story.statuses),
        *((each.at, _message(view, each)) for each in story.messages),
        *((each.at, _operation(each)) for each in story.operations),
        *((each.at, _act(each)) for each in story.acts if each.act in _ACT_WORDS),
    ]
    told.sort(key=lambda each: each[0])
    return lines(*((formats.instant(at, view.zone), words) for at, words in told))


def protocols(view: View, tickets: list[QueueRow]) -> tuple[Line, ...]:
    """Return the order's tickets, open ones first, headed by how many there are (T10, T35)."""
    if not tickets:
        return ()
    head = ngettext("{number} ticket of this order", "{number} tickets of this order", len(tickets))
    return lines(
        ("", head.format(number=len(tickets))),
        *((formats.instant(each.received_at, view.zone), _protocol(each)) for each in tickets),
    )


def kind_word(kind: str) -> str:
    """Return what kind of operation that is."""
    return _(_KIND_WORDS[kind]) if kind in _KIND_WORDS else kind


def state_word(state: str) -> str:
    """Return where an operation stands."""
    return _(_STATE_WORDS[state]) if state in _STATE_WORDS else state


def _event(event: Mapping[str, Any]) -> str:
    what = event["what"]
    word = _(_EVENT_WORDS[what]) if what in _EVENT_WORDS else what
    return f"{word}: {event['detail']}" if event.get("detail") else word


def _status(change: StatusChange) -> str:
    return _("Status: {was} → {became}").format(was=change.was or "-", became=change.became or "-")


def _message(view: View, message: Spoken) -> str:
    author = _(_AUTHORS[message.author]) if message.author in _AUTHORS else message.author
    # The name of a colleague or an operator is no customer's.
    field = "customer" if message.author == "customer" else "author"
    name = personal.shown(field, message.author_name, revealed=view.revealed)
    who = f"{author} ({name})" if name else author
    return _("Message of {author} on ticket {code}").format(author=who, code=message.ticket)


def _operation(left: Left) -> str:
    words = _("{kind} by {agent}: {state}").format(
        kind=kind_word(left.kind), agent=left.agent, state=state_word(left.state)
    )
    if left.error and left.state != "sent":
        words += f" · {UserError.from_json(left.error)}"
    return words


def _act(done: Done) -> str:
    words = _("{act} by {agent}").format(act=_(_ACT_WORDS[done.act]), agent=done.agent)
    detail = audit_words.detail(done.detail)
    return f"{words} ({detail})" if detail else words


def _protocol(ticket: QueueRow) -> str:
    state = _("answered") if ticket.state else _("open")
    return f"{ticket.code} · {state} · {reasons.subject(ticket.subject)}"
