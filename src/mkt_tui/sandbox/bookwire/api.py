"""The operations of a publisher's bridge, and what every request passes first.

Source: the OpenAPI document of the publisher bridge.
"""

from starlette.applications import Starlette
from starlette.requests import Request

from mkt_tui.sandbox.bookwire import tickets, titles
from mkt_tui.sandbox.bookwire.catalogue import of
from mkt_tui.sandbox.bridge.api import bearer, refusal
from mkt_tui.sandbox.bridge.keys import Keys
from mkt_tui.sandbox.contract import Contract, application
from mkt_tui.sandbox.world import Shop, World

_READS = (
    ("/v1/tickets", tickets.list_tickets),
    ("/v1/tickets/{id}", tickets.read_ticket),
    ("/v1/tickets/{id}/messages", tickets.list_messages),
    ("/v1/titles", titles.list_titles),
    ("/v1/titles/{isbn}/files", titles.list_files),
    ("/v1/titles/{isbn}/deliveries", titles.list_deliveries),
    ("/v1/settlements", titles.list_sales),
)
_WRITES = (
    ("/v1/tickets/{id}/messages", "POST", tickets.add_message),
    ("/v1/tickets/{id}/attachments", "POST", tickets.add_attachment),
    ("/v1/tickets/{id}/status", "PUT", tickets.set_status),
    ("/v1/titles/{isbn}/files", "POST", titles.add_file),
)


def _app(world: World, shop: Shop) -> Starlette:
    is_known = bearer(shop)

    def check(request: Request) -> None:
        is_known(request)
        of(world, shop).advance(world.clock())

    keys = Keys(world.clock)
    reads = [(path, "GET", endpoint) for path, endpoint in _READS]
    writes = [(path, method, keys.guarding(endpoint)) for path, method, endpoint in _WRITES]
    return application(world, shop, [*reads, *writes], check, refusal)


CONTRACT = Contract(_app)
