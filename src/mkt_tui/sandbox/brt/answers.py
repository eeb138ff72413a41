"""The groups of a tracking answer, in the lower-case names of REST; SOAP has them in capitals."""

from datetime import datetime
from typing import Any

from mkt_tui.sandbox.brt.depot import ZONE, Shipment

NOT_FOUND = -11
# The real one pads its list to a fixed length.
_LEAST_EVENTS = 6


def tracking(shipment: Shipment, now: datetime) -> dict[str, Any]:
    """Return what is told of a shipment: its note, its events, its remarks."""
    events = shipment.events(now)
    told = [_event(*each) for each in events]
    empty = dict.fromkeys(("id", "data", "ora", "descrizione", "filiale"), "")
    padding = [dict(empty) for _place in range(_LEAST_EVENTS - len(told))]
    return {
        "bolla": _note(shipment, now),
        "contatore_eventi": len(told),
        "lista_eventi": [{"evento": each} for each in (*told, *padding)],
        "contatore_note": 0,
        "lista_note": [{"nota": {"descrizione": ""}}],
    }


def _note(shipment: Shipment, now: datetime) -> dict[str, Any]:
    delivered = shipment.delivered(now)
    return {
        "dati_spedizione": {
            "spedizione_id": shipment.number,
            "spedizione_data": _day(shipment.made),
            "servizio": "EXPRESS",
            "stato_sped_parte1": "CONSEGNATA" if delivered else "IN VIAGGIO",
        },
        "dati_consegna": {
            "data_teorica_consegna": _day(shipment.promised),
            "ora_teorica_consegna_a": "",
            "data_consegna_merce": _day(delivered) if delivered else "",
            "ora_consegna_merce": _hour(delivered) if delivered else "",
        },
        "riferimenti": {
            "riferimento_mittente_numerico": str(shipment.reference),
            "riferimento_mittente_alfabetico": shipment.alphanumeric,
        },
        "merce": {"colli": "1", "peso_kg": f"{shipment.weight:.1f}".replace(".", ",")},
    }


def _event(at: datetime, code: str, words: str, place: str) -> dict[str, str]:
    return {"id": code, "data": _day(at), "ora": _hour(at), "descrizione": words, "filiale": place}


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%d.%m.%Y}"


def _hour(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H.%M}"
