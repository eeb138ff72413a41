"""The practice marketplace as a program and as an ASGI application."""

import gc
import json
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from mkt_tui.sandbox import control, faults, invention, olist
from mkt_tui.sandbox.amazon import api as amazon_api
from mkt_tui.sandbox.americanas import api as americanas_api
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bookwire import api as bookwire_api
from mkt_tui.sandbox.bridge import api as bridge_api
from mkt_tui.sandbox.brt import api as brt
from mkt_tui.sandbox.brt.depot import Depot
from mkt_tui.sandbox.buscape import api as buscape_api
from mkt_tui.sandbox.carriers import BRT
from mkt_tui.sandbox.cnova import api as cnova_api
from mkt_tui.sandbox.contract import Contract
from mkt_tui.sandbox.errors import ApiError, SandboxError
from mkt_tui.sandbox.hub2b import api as hub2b_api
from mkt_tui.sandbox.instants import utc_now
from mkt_tui.sandbox.magalu import api as magalu_api
from mkt_tui.sandbox.mirakl import api as mirakl_api
from mkt_tui.sandbox.rudeness import Faults, Rudeness
from mkt_tui.sandbox.wire import WireProtocol
from mkt_tui.sandbox.world import SHOPS, TWO_SHOPS, Shop, World

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535

CONTRACTS = {
    "mirakl": mirakl_api.CONTRACT,
    "americanas": americanas_api.CONTRACT,
    "bridge": bridge_api.CONTRACT,
    "bookwire": bookwire_api.CONTRACT,
    "buscape": buscape_api.CONTRACT,
    "cnova": cnova_api.CONTRACT,
    "magalu": magalu_api.CONTRACT,
    "amazon": amazon_api.CONTRACT,
    "hub2b": hub2b_api.CONTRACT,
}


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What kind of marketplace to play.

    Attributes:
        port: TCP port on 127.0.0.1; 0 takes any free one.
        tickets: How many tickets to invent; of no effect with a data set.
        seed: The same seed gives the same world, names and API keys.
        dataset: Folder with the public Olist files, instead of an invented world.
        as_is: Keep the data set's dates, instead of moving them so that they end now.
        faults: How to be rude, in the words of `faults.parse`.
        shops: Which of `world.SHOPS` to play; a data set knows two only.
        paced: Keep the request rates that each marketplace documents.
    """

    port: int = 0
    tickets: int = 400
    seed: int = 1
    dataset: Path | None = None
    as_is: bool = False
    faults: tuple[str, ...] = ()
    shops: tuple[str, ...] = TWO_SHOPS
    paced: bool = False


def serve(options: SandboxOptions) -> None:
    """Play the marketplace until SIGTERM or SIGINT.

    Once connections are accepted, one line of JSON on stdout says where: `url`, and `channels`
    with `name`, `adapter`, `base_url`, `secret`, `options` and `files` of each shop.

    Raises:
        SandboxError: The options cannot be served; says what to do.
    """
    with _ended_by_signals(), listen(options.port) as listener:
        rude = Faults(faults.parse(options.faults))
        world = build_world(options)
        # The world stays to the end: to look through it for garbage would cost seconds.
        gc.freeze()
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        server = _AnnouncingServer(configuration(world, rude), announcement(url, world))
        server.run(sockets=[listener])


def configuration(world: World, rude: Faults | None = None) -> uvicorn.Config:
    """Return how a server serves `world`."""
    return uvicorn.Config(
        create_app(world, rude),
        log_level="error",
        access_log=False,
        lifespan="off",
        http=WireProtocol,
        date_header=False,
        timeout_graceful_shutdown=2,
    )


def build_world(options: SandboxOptions) -> World:
    """Return the world that `options` describe, its dates ending now.

    Raises:
        SandboxError: The data set cannot be read, or a number makes no sense.
    """
    if options.tickets < 0:
        raise SandboxError(f"--tickets must be 0 or more, not {options.tickets}.")
    if options.dataset is not None:
        return olist.load(options.dataset, options.seed, None if options.as_is else utc_now())
    if unknown := set(options.shops) - set(SHOPS):
        raise SandboxError(f"There is no shop {min(unknown)}. There are: {', '.join(SHOPS)}.")
    world = invention.invent(options.tickets, options.seed, utc_now(), options.shops)
    return replace(world, paced=options.paced)


def create_app(world: World, rude: Faults | None = None) -> Starlette:
    """Return the application that serves `world`: each shop under its name."""
    rude = rude or Faults()
    shops = [
        Mount(f"/{each.identity.slug}", _contract(each).app(world, each)) for each in world.shops
    ]
    message = partial(control.customer_message, world)
    return Starlette(
        routes=[
            Route("/control/faults", partial(control.faults, rude), methods=["POST", "DELETE"]),
            Route("/control/{shop}/customer-message", message, methods=["POST"]),
            Mount("/brt", brt.application(_depot(world))),
            *shops,
        ],
        middleware=[
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=4),
            # Inside the packing, for what it spoils is JSON.
            Middleware(Rudeness, faults=rude),
        ],
        exception_handlers={ApiError: _refuse, HTTPException: _refuse_http},
    )


def _depot(world: World) -> Depot:
    """Return BRT's depot with the parcels of the orders that were handed to it."""
    depot = Depot(world.clock)
    for order in (each for shop in world.shops for each in shop.orders.values()):
        shipment = order.shipment
        if shipment.carrier_code == BRT and shipment.number and order.shipped:
            arrives = order.received is not None
            depot.take(shipment.number, order.id, order.shipped, arrives=arrives)
    return depot


def _contract(shop: Shop) -> Contract:
    return CONTRACTS[shop.identity.contract]


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return json_answer(error.body(), error.status)


async def _refuse_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return json_answer({"status": error.status_code, "message": error.detail}, error.status_code)


def announcement(url: str, world: World) -> str:
    """Return the line of JSON that says where what is, and with which keys."""
    channels = [_offer(url, world, shop) for shop in world.shops]
    return json.dumps({"url": url, "channels": channels, "carriers": brt.offers(f"{url}/brt")})


def _offer(url: str, world: World, shop: Shop) -> dict[str, object]:
    identity, contract = shop.identity, _contract(shop)
    address = f"{url}/{identity.slug}"
    return {
        "name": identity.channel,
        "adapter": identity.contract,
        "base_url": f"{address}{contract.path}",
        "secret": contract.secret(shop),
        "options": {
            name: value.format(address=address)
            for name, value in contract.options(world, shop).items()
        },
        "files": dict(contract.files(shop)),
    }


def listen(port: int) -> socket.socket:
    """Return a socket of loopback that takes connections.

    Raises:
        SandboxError: The port cannot be had.
    """
    if not 0 <= port <= HIGHEST_PORT:
        raise SandboxError(f"--port must be between 0 and {HIGHEST_PORT}, not {port}.")
    # Not socket.create_server: it leaves the protocol open, and asyncio then keeps Nagle's delay
    # on each connection, which costs 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SandboxError(
            f"Port {port} of {HOST} cannot be used ({error.strerror}). "
            "Choose another one with --port, or 0 for any free one."
        ) from None
    return listener


class _AnnouncingServer(uvicorn.Server):
    """A server that says where it is as soon as it accepts connections."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        sys.stdout.write(self._announcement + "\n")
        sys.stdout.flush()


class _Ended(BaseException):
    """SIGTERM or SIGINT arrived; not an Exception, so that nobody swallows it on its way."""


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Leave the block quietly on SIGTERM and SIGINT.

    uvicorn shuts down on them and then raises them again for the handlers it found, which would
    by default kill the process with another exit status than 0.
    """

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise _Ended

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Ended:
        return
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
