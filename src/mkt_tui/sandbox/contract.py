"""What the server needs of a marketplace to play it: its routes, its refusals, its address."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import ApiError
from mkt_tui.sandbox.world import Shop, World

Endpoint = Callable[[World, Shop, Request], Awaitable[Response]]
Check = Callable[[Request], None]
Body = Callable[[ApiError], object]


def _no_options(_world: World, _shop: Shop) -> Mapping[str, str]:
    return {}


def _no_files(_shop: Shop) -> Mapping[str, str]:
    return {}


def _bare_key(shop: Shop) -> str:
    return shop.identity.api_key


@dataclass(frozen=True, slots=True)
class Contract:
    """One marketplace's API.

    Attributes:
        app: Makes the application that serves a shop of it.
        path: What stands in a channel's address behind the shop's name.
        options: What a channel must know beside its address and key.
        secret: What its reference leads to.
        files: Options that name private files, with what is in them at first.
    """

    app: Callable[[World, Shop], Starlette]
    path: str = ""
    options: Callable[[World, Shop], Mapping[str, str]] = _no_options
    secret: Callable[[Shop], str] = _bare_key
    files: Callable[[Shop], Mapping[str, str]] = _no_files


def application(
    world: World,
    shop: Shop,
    routes: Iterable[tuple[str, str, Endpoint]],
    check: Check,
    body: Body,
) -> Starlette:
    """Return the application of one shop.

    Args:
        routes: Path, method and endpoint of each operation.
        check: What every request must pass first; raises ApiError.
        body: The JSON of a refusal.
    """

    def route(path: str, method: str, endpoint: Endpoint) -> Route:
        async def guarded(request: Request) -> Response:
            check(request)
            return await endpoint(world, shop, request)

        return Route(path, guarded, methods=[method])

    async def refuse(_request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            error = ApiError(error.status_code, error.detail)
        assert isinstance(error, ApiError)
        return json_answer(body(error), error.status)

    return Starlette(
        routes=[route(*each) for each in routes],
        exception_handlers={ApiError: refuse, HTTPException: refuse},
    )
