"""The shipments of the practice BRT; they move by the clock.

A shipment has the number of its first parcel at once. BRT's own number of it, with which it is
then known to everybody, comes `KNOWN_AFTER` its making, as with the real one (C13).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

KNOWN_AFTER = timedelta(minutes=30)
ZONE = ZoneInfo("Europe/Rome")
# When what happens, from the making on: id, words, where.
_ROUTE: tuple[tuple[timedelta, str, str, str], ...] = (
    (timedelta(minutes=30), "700", "DATI SPEDIZIONE TRASMESSI A BRT", ""),
    (timedelta(hours=6), "701", "RITIRATA", "BOLOGNA PRATICA"),
    (timedelta(hours=9), "702", "PARTITA", "BOLOGNA PRATICA"),
    (timedelta(hours=20), "703", "ARRIVATA IN FILIALE", "MILANO PRATICA"),
    (timedelta(hours=24), "MIC", "IN CONSEGNA", "MILANO PRATICA"),
    (timedelta(hours=28), "704", "CONSEGNATA", "MILANO PRATICA"),
)
_UNTIL_DEPOT = 4
_JOURNEY = timedelta(hours=28)


@dataclass(frozen=True, slots=True)
class Shipment:
    """One shipment of one parcel."""

    number: str
    parcel: str
    reference: int
    alphanumeric: str
    made: datetime
    weight: float
    arrives: bool = True

    @property
    def promised(self) -> datetime:
        """The day it is to arrive."""
        return self.made + _JOURNEY

    def events(self, now: datetime) -> list[tuple[datetime, str, str, str]]:
        """Return what has happened, the newest first; one that does not arrive stays in its depot."""
        route = _ROUTE if self.arrives else _ROUTE[:_UNTIL_DEPOT]
        dated = [(self.made + after, code, words, place) for after, code, words, place in route]
        return [each for each in reversed(dated) if each[0] <= now]

    def delivered(self, now: datetime) -> datetime | None:
        """Return when it arrived."""
        return self.promised if self.arrives and now >= self.promised else None


class Depot:
    """All shipments of the practice account.

    Args:
        clock: By which they move.
    """

    user = "1020100"
    password = "practice-brt"  # noqa: S105 - the practice account's, told to everybody
    customer = "1020100"

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._shipments: list[Shipment] = []

    def make(self, reference: int, alphanumeric: str, weight: float) -> Shipment:
        """Take a new shipment."""
        number = len(self._shipments) + 1
        made = Shipment(
            number=f"{number:012}",
            parcel=f"156{number:012}",
            reference=reference,
            alphanumeric=alphanumeric,
            made=self.clock(),
            weight=weight,
        )
        self._shipments.append(made)
        return made

    def take(self, parcel: str, reference: str, made: datetime, *, arrives: bool) -> None:
        """Take a shipment that was made elsewhere, such as with an invented order."""
        number = f"{len(self._shipments) + 1:012}"
        self._shipments.append(Shipment(number, parcel, 0, reference, made, 1.0, arrives))

    def find(self, field: str, value: object) -> list[Shipment]:
        """Return the shipments that BRT knows by now, with that value."""
        known = self.clock() - KNOWN_AFTER
        return [
            each for each in self._shipments if each.made <= known and getattr(each, field) == value
        ]
