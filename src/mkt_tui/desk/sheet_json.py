"""The order sheet for scripts: `mkt-tui order show --format json` (additions only)."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from mkt_tui.cache import parcels, queries
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.parcels import ParcelRecord
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import personal
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.money import Money
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Choice,
    Event,
    Fee,
    Finance,
    OrderItem,
    Payment,
    Personal,
    Refund,
    Tracking,
    Transport,
)
from mkt_tui.domain.text import clean
from mkt_tui.domain.tickets import TicketState

_INSTANTS: Final = {
    *("promised_from", "promised_until", "shipped_at", "delivered_at"),
    *("paid_at", "ship_by", "at"),
}
_LISTS: Final = {"payments": Payment, "fees": Fee, "refunds": Refund, "customization": Choice}
_AMOUNTS: Final = {
    *("items", "shipping", "total", "commission", "refunded"),
    *("amount", "unit_price", "price", "discount", "taxes", "taxes_within", "surcharges"),
}


def as_json(desk: Desk, record: OrderRecord, *, revealed: bool) -> dict[str, Any]:
    """Return the order for a script.

    Every key is always there, null where the marketplace told nothing; instants are ISO 8601 in
    UTC, amounts are decimal strings with their currency, personal data is masked until revealed.
    """
    writer = _Writer(record.currency, revealed=revealed)
    channel = desk.channels().get(record.channel_id)
    tickets = queries.tickets_of_order(desk.database, record.channel_id, record.number)
    return {
        "order": clean(record.number),
        "site_order": writer.value("site_number", record.site_number),
        "channel": channel.name if channel else None,
        "status": record.status,
        "marketplace_status": clean(record.marketplace_status),
        "customer": writer.value("customer", record.customer),
        "currency": record.currency,
        "created_at": _iso(from_cache(record.created_at)),
        "updated_at": _iso(from_cache(record.updated_at)),
        "tracking": writer.part(Tracking, record.tracking),
        "billing": writer.part(Billing, record.billing),
        "personal": writer.part(Personal, record.personal),
        "items": [writer.part(OrderItem, each) for each in record.items],
        "finance": writer.part(Finance, record.finance),
        "transport": writer.part(Transport, record.transport),
        "history": [writer.part(Event, each) for each in record.history],
        "protocols": [_protocol(each) for each in tickets],
        "returns": [returning.as_json(desk, each) for each in returning.of_order(desk, record)],
        "parcels": [
            _parcel(each)
            for each in parcels.of_order(desk.database, record.channel_id, record.number)
        ],
    }


class _Writer:
    """Turns the cache's sections into what a script reads."""

    def __init__(self, currency: str, *, revealed: bool) -> None:
        self._currency = currency
        self._revealed = revealed

    def part(self, kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return all fields of the record `kind`, as far as `data` knows them."""
        return {each.name: self.value(each.name, data.get(each.name)) for each in fields(kind)}

    def value(self, name: str, value: Any) -> Any:
        """Return one field for a script."""
        if name in _LISTS:
            return [self.part(_LISTS[name], each) for each in value or ()]
        if value is None:
            return None
        if name == "address":
            return self.part(Address, value)
        if name in _AMOUNTS:
            amount = Money(value, self._currency)
            return {"amount": f"{amount.major:f}", "currency": amount.currency}
        if name in _INSTANTS:
            return _iso(datetime.fromisoformat(value))
        if isinstance(value, str):
            return personal.shown(name, clean(value), revealed=self._revealed)
        return value


def _protocol(ticket: QueueRow) -> dict[str, Any]:
    return {
        "code": clean(ticket.code),
        "subject": clean(ticket.subject),
        "state": TicketState.ANSWERED if ticket.state else TicketState.OPEN,
        "registered_at": _iso(from_cache(ticket.registered_at)),
        "received_at": _iso(from_cache(ticket.received_at)),
        "due_at": None if ticket.due_at is None else _iso(from_cache(ticket.due_at)),
    }


def _parcel(parcel: ParcelRecord) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "number": parcel.number,
        "first_number": parcel.first_number,
        "url": parcel.url,
        "state": parcel.state,
        "corrected_at": _maybe_iso(parcel.corrected_at),
        "promised_at": _maybe_iso(parcel.promised_at),
        "delivered_at": _maybe_iso(parcel.delivered_at),
        "looked_at": _maybe_iso(parcel.looked_at),
        "error": str(UserError.from_json(parcel.error)) if parcel.error else None,
        "events": [
            each | {"at": _iso(datetime.fromisoformat(each["at"]))} for each in parcel.events
        ],
    }


def _maybe_iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else _iso(from_cache(milliseconds))


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
