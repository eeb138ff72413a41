"""The practice marketplace as a program and as an ASGI application."""

import json
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from mkt_tui.sandbox import control, faults, inbox, invention, olist, orders
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError, SandboxError
from mkt_tui.sandbox.gate import Gate
from mkt_tui.sandbox.instants import utc_now
from mkt_tui.sandbox.rudeness import Faults, Rudeness
from mkt_tui.sandbox.wire import WireProtocol
from mkt_tui.sandbox.world import Shop, World

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535

ShopEndpoint = Callable[[World, Shop, Request], Awaitable[Response]]


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
    """

    port: int = 0
    tickets: int = 400
    seed: int = 1
    dataset: Path | None = None
    as_is: bool = False
    faults: tuple[str, ...] = ()


def serve(options: SandboxOptions) -> None:
    """Play the marketplace until SIGTERM or SIGINT.

    Once connections are accepted, one line of JSON on stdout says where: `url`, and `channels`
    with `name`, `adapter`, `base_url` and `secret` of each shop.

    Raises:
        SandboxError: The options cannot be served; says what to do.
    """
    with _ended_by_signals(), _listen(options.port) as listener:
        rude = Faults(faults.parse(options.faults))
        world = build_world(options)
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(world, rude),
            log_level="error",
            access_log=False,
            lifespan="off",
            http=WireProtocol,
            date_header=False,
            timeout_graceful_shutdown=2,
        )
        _AnnouncingServer(config, _announcement(url, world)).run(sockets=[listener])


def build_world(options: SandboxOptions) -> World:
    """Return the world that `options` describe, its dates ending now.

    Raises:
        SandboxError: The data set cannot be read, or a number makes no sense.
    """
    if options.tickets < 0:
        raise SandboxError(f"--tickets must be 0 or more, not {options.tickets}.")
    if options.dataset is not None:
        return olist.load(options.dataset, options.seed, None if options.as_is else utc_now())
    return invention.invent(options.tickets, options.seed, utc_now())


def create_app(world: World, rude: Faults | None = None) -> Starlette:
    """Return the application that serves `world`: the contract under each shop's name."""
    rude = rude or Faults()
    shops = [
        Mount(f"/{each.identity.slug}/api", routes=_routes(world, each)) for each in world.shops
    ]
    message = partial(control.customer_message, world)
    return Starlette(
        routes=[
            *shops,
            Route("/control/faults", partial(control.faults, rude), methods=["POST", "DELETE"]),
            Route("/control/{shop}/customer-message", message, methods=["POST"]),
        ],
        middleware=[
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=4),
            # Inside the packing, for what it spoils is JSON.
            Middleware(Rudeness, faults=rude),
        ],
        exception_handlers={ApiError: _refuse, HTTPException: _refuse_http},
    )


def _routes(world: World, shop: Shop) -> list[Route]:
    gate = Gate(shop, world.rate_limit)

    def route(path: str, method: str, endpoint: ShopEndpoint) -> Route:
        async def guarded(request: Request) -> Response:
            gate.check(request)
            return await endpoint(world, shop, request)

        return Route(path, guarded, methods=[method])

    return [
        route("/inbox/threads", "GET", inbox.list_threads),
        route("/inbox/threads/{thread_id}", "GET", inbox.read_thread),
        route("/inbox/threads/{thread_id}/message", "POST", inbox.reply),
        route("/inbox/threads/{attachment_id}/download", "GET", inbox.download),
        route("/orders", "GET", orders.list_orders),
        route("/orders/{order_id}/tracking", "PUT", orders.set_tracking),
        route("/orders/{order_id}/ship", "PUT", orders.ship),
        route("/orders/{order_id}/threads", "POST", inbox.open_thread),
    ]


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return json_answer(error.body(), error.status)


async def _refuse_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return json_answer({"status": error.status_code, "message": error.detail}, error.status_code)


def _announcement(url: str, world: World) -> str:
    channels = [
        {
            "name": shop.identity.channel,
            "adapter": "mirakl",
            "base_url": f"{url}/{shop.identity.slug}",
            "secret": shop.identity.api_key,
        }
        for shop in world.shops
    ]
    return json.dumps({"url": url, "channels": channels})


def _listen(port: int) -> socket.socket:
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
