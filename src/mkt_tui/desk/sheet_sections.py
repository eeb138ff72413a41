"""The seven sections of the order sheet, line by line, in the current language (T9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from mkt_tui.cache.queries import OrderRecord, QueueRow
from mkt_tui.desk import formats
from mkt_tui.domain import personal
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _, ngettext

_STATUS_WORDS: Final = {
    OrderStatus.WAITING: N_("Waiting"),
    OrderStatus.TO_SHIP: N_("To ship"),
    OrderStatus.SHIPPED: N_("Shipped"),
    OrderStatus.DELIVERED: N_("Delivered"),
    OrderStatus.REFUSED: N_("Refused"),
    OrderStatus.CANCELLED: N_("Cancelled"),
}
_ACT_WORDS: Final = {
    "decide": N_("accepted or refused"),
    "track": N_("tracking entered"),
    "ship": N_("shipped"),
    "cancel": N_("cancelled"),
    "refund": N_("refunded"),
    "document": N_("document sent"),
}
_EVENT_WORDS: Final = {
    "created": N_("Created"),
    "accepted": N_("Accepted"),
    "paid": N_("Paid"),
    "shipped": N_("Shipped"),
    "moved": N_("Under way"),
    "delivered": N_("Delivered"),
    "closed": N_("Closed"),
    "refunded": N_("Refunded"),
    "cancelled": N_("Cancelled"),
    "updated": N_("Updated"),
    "incident": N_("Incident"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section; without a label it takes the full width."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the sheet; no lines = the marketplace told nothing of it."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class View:
    """How an order is looked at: from which zone, and with personal data hidden or not.

    Attributes:
        closed: Why personal data cannot be revealed at all; None = they can.
    """

    record: OrderRecord
    zone: ZoneInfo
    revealed: bool
    closed: str | None = None

    def instant(self, value: str | None) -> str | None:
        """Return an instant of the cache's JSON as the reader writes it."""
        return None if value is None else formats.instant(datetime.fromisoformat(value), self.zone)

    def money(self, minor: int | None) -> str | None:
        """Return an amount in the order's currency."""
        return None if minor is None else formats.money(minor, self.record.currency)

    def text(self, data: Mapping[str, Any], field: str) -> str | None:
        """Return a field as the reader may see it."""
        value = data.get(field)
        return personal.shown(field, str(value), revealed=self.revealed) if value else None

    def document(self, data: Mapping[str, Any], field: str) -> str | None:
        """Return a tax or identity number with its punctuation, as the reader may see it."""
        value = data.get(field)
        return self.text({field: personal.document(str(value))}, field) if value else None


def sections(view: View, protocols: Iterable[QueueRow]) -> tuple[Section, ...]:
    """Return the seven sections in the order of the print view (T9)."""
    return (
        Section(_("Order tracking"), _tracking(view)),
        Section(_("Billing data"), _billing(view)),
        Section(_("Personal data"), _personal(view)),
        Section(_("Order items"), _items(view)),
        Section(_("Financial"), _finance(view)),
        Section(_("Transport"), _transport(view)),
        Section(_("History"), _history(view) + _protocols(view, list(protocols))),
    )


def status_word(status: str) -> str | None:
    """Return where an order stands, in our word; None where only the marketplace has one."""
    try:
        return _(_STATUS_WORDS[OrderStatus(status)])
    except (KeyError, ValueError):
        return None


def act_word(kind: str) -> str:
    """Return what was done on an order from here."""
    return _(_ACT_WORDS[kind]) if kind in _ACT_WORDS else clean_line(kind)


def status(record: OrderRecord) -> str:
    """Return where the order stands, with the marketplace's own word where it says more."""
    own = clean_line(record.marketplace_status)
    word = status_word(record.status)
    if word is None:
        return own or _("Unknown")
    return f"{word} ({own})" if own and own.casefold() != word.casefold() else word


def _lines(*pairs: tuple[str, str | None]) -> tuple[Line, ...]:
    """Return the lines whose value is known, made safe once more for paper and terminals."""
    return tuple(Line(label, clean_line(value)) for label, value in pairs if value)


def _tracking(view: View) -> tuple[Line, ...]:
    data = view.record.tracking
    promised = (view.instant(data.get(each)) for each in ("promised_from", "promised_until"))
    return _lines(
        (_("Carrier"), data.get("carrier")),
        (_("Tracking number"), data.get("number")),
        (_("Tracking page"), data.get("url")),
        (_("Promised"), " – ".join(each for each in promised if each)),
        (_("Shipped"), view.instant(data.get("shipped_at"))),
        (_("Delivered"), view.instant(data.get("delivered_at"))),
    )


def _billing(view: View) -> tuple[Line, ...]:
    data = view.record.billing
    address: Mapping[str, Any] = data.get("address") or {}
    invoice = data.get("has_invoice")
    return _lines(
        (_("Name"), view.text(address, "name")),
        (_("Tax number"), view.document(data, "tax_number")),
        *_address(view, address),
        (_("Payment method"), data.get("payment_method")),
        (_("Transaction"), data.get("transaction")),
        (_("Paid"), view.instant(data.get("paid_at"))),
        (_("Invoice"), None if invoice is None else _("Yes") if invoice else _("No")),
    )


def _personal(view: View) -> tuple[Line, ...]:
    data = view.record.personal
    address: Mapping[str, Any] = data.get("address") or {}
    name = data.get("name") or view.record.customer
    recipient = None if address.get("name") == name else view.text(address, "name")
    return _lines(
        ("", view.closed),
        (_("Name"), view.text({"name": name}, "name")),
        (_("Document"), view.document(data, "document")),
        (_("E-mail"), view.text(data, "email")),
        (_("Customer code"), view.text(data, "customer_code")),
        (_("Language"), data.get("language")),
        (_("Recipient"), recipient),
        *_address(view, address),
    )


def _address(view: View, address: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    street = (view.text(address, each) for each in ("street", "complement"))
    place = (view.text(address, each) for each in ("city", "state", "country"))
    return [
        (_("Company"), view.text(address, "company")),
        (_("Address"), ", ".join(each for each in street if each)),
        (_("Zip code"), view.text(address, "zip_code")),
        (_("City"), ", ".join(each for each in place if each)),
        (_("Phone"), view.text(address, "phone")),
    ]


def _items(view: View) -> tuple[Line, ...]:
    return tuple(line for item in view.record.items for line in _item(view, item))


def _item(view: View, item: Mapping[str, Any]) -> Iterable[Line]:
    yield Line("", clean_line(f"{item['quantity']} × {item['title']}"))
    unit, price = view.money(item.get("unit_price")), view.money(item.get("price"))
    details = (
        item.get("sku") and _("SKU {sku}").format(sku=item["sku"]),
        unit and _("{price} each").format(price=unit),
        price and _("together {price}").format(price=price),
        item.get("status"),
    )
    if told := clean_line(" · ".join(each for each in details if each)):
        yield Line("", f"    {told}")


def _finance(view: View) -> tuple[Line, ...]:
    data = view.record.finance
    return _lines(
        (_("Items"), view.money(data.get("items"))),
        (_("Shipping"), view.money(data.get("shipping"))),
        (_("Total"), view.money(data.get("total"))),
        ("", _difference(view, data)),
        *((_("Payment"), _payment(view, each)) for each in data.get("payments") or ()),
        (_("Commission"), view.money(data.get("commission"))),
        (_("Refunded"), view.money(data.get("refunded"))),
    )


def _difference(view: View, data: Mapping[str, Any]) -> str | None:
    """Return a warning when the parts do not make the total (T32); unknown parts prove nothing."""
    items, shipping, total = (data.get(each) for each in ("items", "shipping", "total"))
    if items is None or shipping is None or total is None or items + shipping == total:
        return None
    return _("! Items and shipping make {sum}, but the total is {total}.").format(
        sum=view.money(items + shipping), total=view.money(total)
    )


def _payment(view: View, payment: Mapping[str, Any]) -> str:
    number = payment.get("instalments")
    parts = (
        payment.get("method"),
        view.money(payment.get("amount")),
        number
        and ngettext("in {number} instalment", "in {number} instalments", number).format(
            number=number
        ),
    )
    return ", ".join(each for each in parts if each)


def _transport(view: View) -> tuple[Line, ...]:
    data = view.record.transport
    days = data.get("days_to_ship")
    return _lines(
        (_("Method"), data.get("method")),
        (_("Zone"), data.get("zone")),
        (_("Ship by"), view.instant(data.get("ship_by"))),
        (
            _("Time to ship"),
            None
            if days is None
            else ngettext("{number} day", "{number} days", days).format(number=days),
        ),
        (_("Ships from"), data.get("ships_from")),
    )


def _history(view: View) -> tuple[Line, ...]:
    events = sorted(view.record.history, key=lambda each: datetime.fromisoformat(each["at"]))
    return _lines(*((view.instant(each["at"]) or "", _event(each)) for each in events))


def _event(event: Mapping[str, Any]) -> str:
    what = event["what"]
    word = _(_EVENT_WORDS[what]) if what in _EVENT_WORDS else what
    return f"{word}: {event['detail']}" if event.get("detail") else word


def _protocols(view: View, tickets: list[QueueRow]) -> tuple[Line, ...]:
    """Return the order's tickets, open ones first, headed by how many there are (T10, T35)."""
    if not tickets:
        return ()
    head = ngettext("{number} ticket of this order", "{number} tickets of this order", len(tickets))
    return _lines(
        ("", head.format(number=len(tickets))),
        *((formats.instant(each.received_at, view.zone), _protocol(each)) for each in tickets),
    )


def _protocol(ticket: QueueRow) -> str:
    state = _("answered") if ticket.state else _("open")
    return f"{ticket.code} · {state} · {ticket.subject}"
