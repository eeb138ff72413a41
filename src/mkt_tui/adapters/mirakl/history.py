"""What happened to an order, gathered from the dates that OR11 spreads over it."""

from mkt_tui.adapters.fields import Json, instant, line, parts
from mkt_tui.domain.orders import Event

# Field of the order, and of each line, with the word of the history.
_ORDER_DATES = {
    "created_date": "created",
    "acceptance_decision_date": "accepted",
    "customer_debited_date": "paid",
}
_LINE_DATES = {"shipped_date": "shipped", "received_date": "delivered"}
_END_WORDS = {"SHIPPED": "shipped", "TO_COLLECT": "shipped", "CLOSED": "closed"}
_LINE_LISTS = {"refunds": "refunded", "cancelations": "cancelled"}


def read_history(order: Json, lines: list[Json]) -> tuple[Event, ...]:
    """Return what is known of the order's past, oldest first, each event once."""
    events = [*_of_order(order), *_of_lines(lines), *_of_end(order, lines)]
    return tuple(sorted(dict.fromkeys(events), key=lambda event: event.at))


def _of_order(order: Json) -> list[Event]:
    # "The date where the shop decided to accept or refuse the order" (OR11).
    refused = order.get("order_state") == "REFUSED"
    return [
        Event(at, what)
        for key, what in _ORDER_DATES.items()
        if (at := instant(order, key)) and not (refused and what == "accepted")
    ]


def _of_lines(lines: list[Json]) -> list[Event]:
    events = [
        Event(at, what)
        for each in lines
        for key, what in _LINE_DATES.items()
        if (at := instant(each, key))
    ]
    for each in lines:
        for key, what in _LINE_LISTS.items():
            events += [
                Event(at, what, line(entry, "id") or "")
                for entry in parts(each, key)
                if (at := instant(entry, "created_date"))
            ]
    return events


def _of_end(order: Json, lines: list[Json]) -> list[Event]:
    """Return what is only known to be so since the last update."""
    at = instant(order, "last_updated_date")
    if at is None:
        return []
    reason = line(order, "order_state_reason_label") or ""
    events = [Event(at, "updated", reason)]
    refused = order.get("order_state") == "REFUSED"
    if refused:
        events.append(Event(instant(order, "acceptance_decision_date") or at, "cancelled", reason))
    cancelled = order.get("order_state") == "CANCELED"
    if cancelled and not any(parts(each, "cancelations") for each in lines):
        events.append(Event(at, "cancelled", reason))
    ending = _END_WORDS.get(str(order.get("order_state")))
    if ending and not _told(lines, ending):
        events.append(Event(at, ending))
    if order.get("has_incident") is True:
        events.append(Event(at, "incident"))
    return events


def _told(lines: list[Json], ending: str) -> bool:
    """Tell whether the lines, which carry the dates, leave nothing to conclude from the state."""
    if ending == "closed":
        return any(instant(each, "received_date") for each in lines)
    return bool(lines)
