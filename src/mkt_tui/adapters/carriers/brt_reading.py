"""What BRT tells of a shipment, by REST and by SOAP alike (contracts/brt: lower-case names here).

Days and hours are Italian local time. Events come newest first and padded with empty ones.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.adapters.fields import Json, Misread, line, part, parts
from mkt_tui.domain.parcels import CarrierEvent, ParcelReport, ParcelState

NOT_FOUND: Final = -11
_ZONE: Final = ZoneInfo("Europe/Rome")
# Ids seen in the field (events.json). BRT may add some: an unknown one is a parcel on its way.
_STATES: Final = {
    ParcelState.ANNOUNCED: ("700",),
    ParcelState.PICKED_UP: ("701",),
    ParcelState.AT_DEPOT: ("703",),
    ParcelState.OUT_FOR_DELIVERY: ("MIC",),
    ParcelState.DELIVERED: ("704",),
    ParcelState.PARTLY_DELIVERED: ("P",),
    ParcelState.FAILED_ATTEMPT: (
        *("RIC", "AVV", "023", "T", "055", "056"),
        *(f"AV{number}" for number in range(2, 10)),
    ),
    ParcelState.HELD: ("021", "022", "711", "713", "IDD", "MAN", "100", "101", "A16"),
    ParcelState.READY_FOR_PICKUP: ("DPU",),
}
_BY_ID: Final = {code: state for state, codes in _STATES.items() for code in codes}


def read_shipment(shipment: Json) -> ParcelReport:
    """Return the report of one shipment: its groups `bolla` and `lista_eventi`.

    Raises:
        Misread: A field of a wrong kind.
    """
    note = part(shipment, "bolla")
    delivery = part(note, "dati_consegna")
    told = (part(each, "evento") for each in parts(shipment, "lista_eventi"))
    events = sorted(filter(None, map(_event, told)), key=lambda each: each.at)
    delivered = _moment(delivery, "data_consegna_merce", "ora_consegna_merce")
    return ParcelReport(
        state=ParcelState.DELIVERED if delivered else _state(events),
        events=tuple(events),
        number=line(part(note, "dati_spedizione"), "spedizione_id"),
        promised_at=_moment(delivery, "data_teorica_consegna", "ora_teorica_consegna_a"),
        delivered_at=delivered,
    )


def _state(events: list[CarrierEvent]) -> ParcelState:
    return events[-1].state if events else ParcelState.ANNOUNCED


def _event(event: Json) -> CarrierEvent | None:
    at = _moment(event, "data", "ora")
    if at is None:
        return None
    code = line(event, "id") or ""
    return CarrierEvent(
        at=at,
        state=_BY_ID.get(code, ParcelState.IN_TRANSIT),
        text=line(event, "descrizione") or "",
        place=line(event, "filiale") or "",
        code=code,
    )


def _moment(data: Json, day: str, hour: str) -> datetime | None:
    """Return day (dd.mm.yyyy) and hour (hh.mm) as an instant; without an hour, the day's end."""
    text = line(data, day)
    if text is None:
        return None
    try:
        clock = line(data, hour) or "23.59"
        return datetime.strptime(f"{text} {clock}", "%d.%m.%Y %H.%M").replace(tzinfo=_ZONE)
    except ValueError:
        raise Misread(day) from None
