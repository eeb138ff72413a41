"""The seven sections of the order sheet, line by line, in the current language (T9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.order_story import Story
from mkt_tui.cache.parcels import ParcelRecord
from mkt_tui.cache.queries import QueueRow
from mkt_tui.cache.returns import ReturnRecord, Taken
from mkt_tui.desk import return_words
from mkt_tui.desk.sheet_finance import finance
from mkt_tui.desk.sheet_history import history, protocols
from mkt_tui.desk.sheet_transport import tracking, transport
from mkt_tui.desk.sheet_view import Line, Section, View, lines
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

_STATUS_WORDS: Final = {
    OrderStatus.WAITING: N_("Waiting"),
    OrderStatus.TO_SHIP: N_("To ship"),
    OrderStatus.SHIPPED: N_("Shipped"),
    OrderStatus.DELIVERED: N_("Delivered"),
    OrderStatus.REFUSED: N_("Refused"),
    OrderStatus.CANCELLED: N_("Cancelled"),
}
# C19. The options' own names were pictures in the manual, so the place is named instead.
_NOT_HANDED_OUT: Final = N_(
    "! Customisation not available: the options that hand it out are off. Enable them in Seller"
    " Central."
)
_ACT_WORDS: Final = {
    "decide": N_("accepted or refused"),
    "track": N_("tracking entered"),
    "ship": N_("shipped"),
    "parcel": N_("parcel prepared or changed"),
    "cancel": N_("cancelled"),
    "refund": N_("refunded"),
    "document": N_("document sent"),
    "delete_document": N_("document deleted"),
    "incident": N_("incident ended"),
    "return": N_("return handled"),
    "deliver": N_("declared delivered"),
    "exchange": N_("exchange or return"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an order in other tables: its tickets, its parcels, its past.

    Attributes:
        rules: The deadlines that rules gave, in words, by `ship_by` and `promised_at` (M17).
    """

    tickets: list[QueueRow]
    parcels: list[ParcelRecord]
    story: Story
    rules: Mapping[str, str]
    returns: Sequence[ReturnRecord] = ()
    taken: Mapping[tuple[int, str], Taken] = field(default_factory=dict)


def sections(view: View, around: Around) -> tuple[Section, ...]:
    """Return the seven sections in the order of the print view (T9), and the returns if any."""
    past = history(view, around.story) + protocols(view, around.tickets)
    return (
        Section(_("Order tracking"), tracking(view, around.parcels, around.rules)),
        Section(_("Billing data"), _billing(view)),
        Section(_("Personal data"), _personal(view)),
        Section(_("Order items"), _items(view)),
        Section(_("Financial"), finance(view)),
        Section(_("Transport"), transport(view, around.parcels, around.rules)),
        *_returns(view, around),
        Section(_("History"), past),
    )


def _returns(view: View, around: Around) -> Iterable[Section]:
    titles = {str(each["line"]): clean_line(str(each["title"])) for each in view.record.items}
    told = [
        pair
        for each in around.returns
        for pair in return_words.lines(each, titles, around.taken.get((each.channel_id, each.code)))
    ]
    return [Section(_("Returns"), lines(*told))] if told else []


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


def _billing(view: View) -> tuple[Line, ...]:
    data = view.record.billing
    address: Mapping[str, Any] = data.get("address") or {}
    invoice = data.get("has_invoice")
    return lines(
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
    return lines(
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
    for each in item.get("customization") or ():
        yield Line("", "    " + clean_line(f"{each['label']}: {each['value']}"))
    if item.get("customized") and not item.get("customization"):
        yield Line("", "    " + _(_NOT_HANDED_OUT))
