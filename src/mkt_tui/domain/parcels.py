"""Parcels: what a carrier tells of one, and how its number may be put right (C12, C13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class ParcelState(StrEnum):
    """Where a parcel is, over all carriers; a word we do not know is IN_TRANSIT and keeps its text."""

    ANNOUNCED = "announced"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    AT_DEPOT = "at_depot"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    FAILED_ATTEMPT = "failed_attempt"
    HELD = "held"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as a carrier is asked for it.

    Attributes:
        number: The number known so far; the carrier may give it another one later.
        reference: What the sender called the shipment: the order's number in the shop's own
            system, else the marketplace's.
        seen_at: Since when the number is known here.
    """

    id: int
    order_number: str
    number: str
    carrier: str | None
    reference: str
    seen_at: datetime
    first_number: str | None = None
    state: ParcelState | None = None


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """One line of a carrier's list; `text` and `place` are the carrier's words, already safe."""

    at: datetime
    state: ParcelState
    text: str
    place: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ParcelReport:
    """What a carrier says of a parcel.

    Attributes:
        number: The carrier's own number of the shipment; None = as asked.
        events: The oldest first.
    """

    state: ParcelState
    events: tuple[CarrierEvent, ...] = ()
    number: str | None = None
    promised_at: datetime | None = None
    delivered_at: datetime | None = None


def correction(parcel: Parcel, report: ParcelReport) -> str | None:
    """Return the number that replaces the parcel's own; None when it stays.

    A number is replaced once (C13): a carrier that tells a third one, or the first one again, is
    not believed, or the marketplace would be told one number after the other for ever.
    """
    told = report.number
    if told is None or parcel.first_number is not None or told == parcel.number:
        return None
    return told


# A new shipment becomes known to its carrier within minutes or hours; one that never does within
# days never will. A parcel on its way changes a few times a day.
_YOUNG: Final = timedelta(hours=12)
_OLD: Final = timedelta(days=10)
_GIVEN_UP: Final = timedelta(days=45)


def next_look(parcel: Parcel, state: ParcelState | None, now: datetime) -> datetime | None:
    """Return when the carrier is asked again; None when nothing more is to come."""
    age = now - parcel.seen_at
    if state is ParcelState.DELIVERED or age > _GIVEN_UP:
        return None
    if age > _OLD:
        return now + timedelta(hours=12)
    if state is ParcelState.OUT_FOR_DELIVERY:
        return now + timedelta(minutes=30)
    if state in (None, ParcelState.ANNOUNCED):
        return now + (timedelta(minutes=10) if age < _YOUNG else timedelta(hours=2))
    return now + timedelta(hours=2)
