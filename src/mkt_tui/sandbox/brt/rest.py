"""BRT's REST service: making a shipment, tracking a parcel. Business errors come with HTTP 200."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.brt.answers import NOT_FOUND, tracking
from mkt_tui.sandbox.brt.depot import Depot

_LOGIN_FAILED = -7
_WRONG_DATA = -68


async def track(depot: Depot, request: Request) -> Response:
    """Return the events of one parcel."""
    if _credentials(request) != (depot.user, depot.password):
        return _answer("ttParcelIdResponse", depot, _LOGIN_FAILED, "LOGIN FAILED")
    found = depot.find("parcel", request.path_params["parcel_id"])
    if not found:
        none: dict[str, Any] = {"contatore_eventi": 0, "lista_eventi": [], "lista_note": []}
        told = {"esito": NOT_FOUND} | none
        return _answer("ttParcelIdResponse", depot, NOT_FOUND, "SPEDIZIONE NON TROVATA", told)
    told = {"versione": "1", "esito": 0} | tracking(found[0], depot.clock())
    return _answer("ttParcelIdResponse", depot, 0, "OK", told)


async def make(depot: Depot, request: Request) -> Response:
    """Make a shipment and return the number its parcel is tracked by."""
    content = await forms.read_json(request)
    account, wanted = content.get("account"), content.get("createData")
    if not isinstance(account, dict) or not isinstance(wanted, dict):
        return _answer("createResponse", depot, _WRONG_DATA, "WRONG DATA")
    if (str(account.get("userID")), account.get("password")) != (depot.user, depot.password):
        return _answer("createResponse", depot, _LOGIN_FAILED, "LOGIN FAILED")
    reference, weight = wanted.get("numericSenderReference"), wanted.get("weightKG")
    if not isinstance(reference, int) or not isinstance(weight, int | float):
        return _answer("createResponse", depot, _WRONG_DATA, "WRONG DATA")
    made = depot.make(reference, str(wanted.get("alphanumericSenderReference", "")), weight)
    label = {"parcelID": f"{made.parcel}000", "trackingByParcelID": made.parcel, "stream": ""}
    told = {"parcelNumberFrom": "1", "parcelNumberTo": "1", "labels": {"label": [label]}}
    return _answer("createResponse", depot, 0, "OK", told)


def _credentials(request: Request) -> tuple[str, str]:
    return request.headers.get("userID", ""), request.headers.get("password", "")


def _answer(
    name: str, depot: Depot, code: int, words: str, told: dict[str, Any] | None = None
) -> Response:
    message = {
        "code": code,
        "severity": "ERROR" if code < 0 else "INFO",
        "codeDesc": words,
        "message": "",
    }
    now = f"{depot.clock():%Y-%m-%dT%H:%M:%S}.000Z"
    return json_answer(
        {name: {"currentTimeUTC": now, "executionMessage": message} | (told or {})}, 200
    )
