"""BRT's SOAP services: finding a shipment by reference or parcel, and tracking it."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox.brt.answers import NOT_FOUND, tracking
from mkt_tui.sandbox.brt.depot import Depot, Shipment

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_MISSING, _WRONG_CUSTOMER, _SEVERAL, _NO_SHIPMENT, _NO_PARCEL = -20, -21, -22, -10, -30

Values = Mapping[str, str]
Service = Callable[[Depot, Values], dict[str, Any]]


def _by_shipment(depot: Depot, values: Values) -> dict[str, Any]:
    number = values.get("SPEDIZIONE_BRT_ID")
    if not number:
        return {"esito": _NO_SHIPMENT}
    found = depot.find("number", number)
    return {"esito": 0, **tracking(found[0], depot.clock())} if found else {"esito": NOT_FOUND}


def _by_numeric(depot: Depot, values: Values) -> dict[str, Any]:
    text = values.get("RIFERIMENTO_MITTENTE_NUMERICO", "")
    return _looked_up(depot, values, "reference", int(text) if text.isdigit() else None, _MISSING)


def _by_alphanumeric(depot: Depot, values: Values) -> dict[str, Any]:
    text = values.get("RIFERIMENTO_MITTENTE_ALFABETICO")
    return _looked_up(depot, values, "alphanumeric", text, _MISSING)


def _by_parcel(depot: Depot, values: Values) -> dict[str, Any]:
    return _looked_up(depot, values, "parcel", values.get("COLLO_ID"), _NO_PARCEL)


def _looked_up(
    depot: Depot, values: Values, field: str, value: object, missing: int
) -> dict[str, Any]:
    if values.get("CLIENTE_ID") != depot.customer:
        return {"esito": _WRONG_CUSTOMER}
    if not value:
        return {"esito": missing}
    found: list[Shipment] = depot.find(field, value)
    if not found:
        return {"esito": NOT_FOUND}
    if len(found) > 1:
        return {"esito": _SEVERAL}
    return {"esito": 0, "versione": "1", "spedizione_id": found[0].number}


SERVICES: dict[str, Service] = {
    "BRT_TrackingByBRTshipmentID": _by_shipment,
    "GetIdSpedizioneByRMN": _by_numeric,
    "GetIdSpedizioneByRMA": _by_alphanumeric,
    "GetIdSpedizioneByIdCollo": _by_parcel,
}


async def answer(depot: Depot, request: Request) -> Response:
    """Answer one SOAP call; what is no call is a fault."""
    name = request.path_params["operation"]
    service = SERVICES.get(name)
    if service is None or request.path_params["service"] != f"{name}Service":
        return _fault("No such service", 404)
    try:
        values = _values(await request.body(), name.lower())
    except (ParseError, DefusedXmlException, ValueError) as error:
        return _fault(str(error), 500)
    return _xml(name.lower(), service(depot, values))


def _values(content: bytes, operation: str) -> dict[str, str]:
    root = fromstring(content, forbid_dtd=True)
    call = root.find(f"{{{_ENVELOPE}}}Body/{{http://{operation}.wsbeans.iseries/}}{operation}")
    argument = None if call is None else call.find("arg0")
    if argument is None:
        raise ValueError(f"No {operation} with arg0 in the body")
    return {each.tag: each.text or "" for each in argument}


def _xml(operation: str, told: Mapping[str, Any]) -> Response:
    envelope = Element(f"{{{_ENVELOPE}}}Envelope")
    body = SubElement(envelope, f"{{{_ENVELOPE}}}Body")
    response = SubElement(body, f"{{http://{operation}.wsbeans.iseries/}}{operation}Response")
    _fill(SubElement(response, "return"), told)
    return Response(tostring(envelope, encoding="utf-8"), media_type="text/xml")


def _fill(parent: Element, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        if isinstance(value, list):
            for each in value:
                _fill(SubElement(parent, name.upper()), each)
        elif isinstance(value, Mapping):
            _fill(SubElement(parent, name.upper()), value)
        else:
            SubElement(parent, name.upper()).text = str(value)


def _fault(words: str, status: int) -> Response:
    envelope = Element(f"{{{_ENVELOPE}}}Envelope")
    fault = SubElement(SubElement(envelope, f"{{{_ENVELOPE}}}Body"), f"{{{_ENVELOPE}}}Fault")
    SubElement(fault, "faultcode").text = "soap:Client"
    SubElement(fault, "faultstring").text = words
    return Response(tostring(envelope, encoding="utf-8"), status, media_type="text/xml")
