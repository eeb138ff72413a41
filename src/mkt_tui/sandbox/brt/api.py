"""The practice BRT as an application: REST below /rest/v1, SOAP below /web."""

import json
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Route

from mkt_tui.sandbox.brt import rest, soap
from mkt_tui.sandbox.brt.depot import Depot


def application(depot: Depot) -> Starlette:
    """Return the application that serves the depot's shipments."""
    track, make = partial(rest.track, depot), partial(rest.make, depot)
    return Starlette(
        routes=[
            Route("/rest/v1/tracking/parcelID/{parcel_id}", track, methods=["GET"]),
            Route("/rest/v1/shipments/shipment", make, methods=["POST"]),
            Route("/web/{service}/{operation}", partial(soap.answer, depot), methods=["POST"]),
        ]
    )


def offers(address: str) -> list[dict[str, object]]:
    """Return the two ways to be a customer of it, as carriers of a settings file."""
    secret = json.dumps({"user": Depot.user, "password": Depot.password})
    options = {"customer_id": Depot.customer}
    return [
        {"adapter": "brt", "base_url": f"{address}/rest/v1", "secret": secret, "options": {}},
        {"adapter": "brt-soap", "base_url": f"{address}/web", "secret": "", "options": options},
    ]
