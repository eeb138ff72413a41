"""Titles with their files and deliveries, and what was sold of them."""

import hashlib
from datetime import UTC, date, datetime

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.bookwire.catalogue import MANAGER, Catalogue, of
from mkt_tui.sandbox.bookwire.records import Case, Delivery, File, Sale, Title
from mkt_tui.sandbox.bridge.paging import Json, page, place_of
from mkt_tui.sandbox.errors import bad_field, bad_parameter, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.world import Shop, World

_KINDS = ("epub", "pdf", "cover", "onix")
# Whoever practises names a file so, to see a shop refuse it once more.
_REFUSED = "recusado"


async def list_titles(world: World, shop: Shop, request: Request) -> Response:
    """List titles, the oldest change first."""
    query, catalogue = request.query_params, of(world, shop)
    since = parameters.instant(query, "updated_since")
    found = [
        each
        for each in catalogue.titles.values()
        if (since is None or each.updated >= since) and query.get("isbn", each.isbn) == each.isbn
    ]
    return json_answer(page(request, found, _place, lambda each: title_json(catalogue, each)))


async def list_files(world: World, shop: Shop, request: Request) -> Response:
    """List the files of a title with their checks."""
    title = _title(world, shop, request)
    return json_answer({"items": [file_json(each) for each in title.files]})


async def add_file(world: World, shop: Shop, request: Request) -> Response:
    """Take a corrected file, check it roughly, and send it to the shops."""
    catalogue, title = of(world, shop), _title(world, shop, request)
    async with request.form() as form:
        kind, file, ticket = form.get("kind"), form.get("file"), form.get("ticket_id")
        if kind not in _KINDS:
            raise bad_field("kind", f"The kind must be one of {', '.join(_KINDS)}")
        if not isinstance(file, UploadFile):
            raise bad_field("file", "The file is required")
        name, content = file.filename or "file", await file.read()
    case = catalogue.cases.get(str(ticket)) if ticket else None
    if ticket and (case is None or case.title is not title):
        raise bad_field("ticket_id", "There is no such ticket of this title")
    now = world.clock()
    taken = _file(title, str(kind), content, now)
    refused_by = case.shop if case and _REFUSED in name else None
    taken = catalogue.take(title, taken, refused_by=refused_by, now=now)
    if case:
        _answer(catalogue, case, taken, now)
    return json_answer(file_json(taken), 202)


async def list_deliveries(world: World, shop: Shop, request: Request) -> Response:
    """Tell where the title stands at each shop."""
    title = _title(world, shop, request)
    return json_answer({"items": [delivery_json(each) for each in title.deliveries]})


async def list_sales(world: World, shop: Shop, request: Request) -> Response:
    """List sales between two days."""
    first = _day(request, "from") or datetime.min.replace(tzinfo=UTC)
    found = [each for each in of(world, shop).sales() if each.at >= first]
    return json_answer(page(request, found, lambda each: place_of(each.at, each.id), sale_json))


def title_json(catalogue: Catalogue, title: Title) -> Json:
    """Return a title as the contract shows it, with what our portal adds to it."""
    cases = catalogue.open_cases(title)
    moving = any(each.begun for each in title.deliveries)
    broken = bool(title.files and title.files[0].problem)
    state = "with_errors" if broken else "in_check" if moving else "delivered"
    return {
        "isbn": title.isbn,
        "title": title.name,
        "publisher": catalogue.publisher,
        "state": state,
        "updated_at": to_json(title.updated),
        "open_ticket_ids": [each.id for each in cases],
        "author": title.author,
        "imprint": title.imprint,
        "on_sale_at": to_json(title.on_sale),
        "account_manager": MANAGER,
    }


def file_json(file: File) -> Json:
    """Return a file as the contract shows it."""
    problem = {"id": "PKG-003", "severity": "FATAL", "message": file.problem}
    return {
        "id": file.id,
        "kind": file.kind,
        "version": file.version,
        "sha256": file.sha256,
        "size_bytes": file.size,
        "received_at": to_json(file.received),
        "check": {
            "tool": "practice",
            "state": "error" if file.problem else "ok",
            "checked_at": to_json(file.received),
            "messages": [problem] if file.problem else [],
        },
    }


def delivery_json(delivery: Delivery) -> Json:
    """Return a delivery as the contract shows it."""
    told = {"message": delivery.message} if delivery.message else {}
    return {
        "shop": delivery.shop,
        "state": delivery.state,
        "updated_at": to_json(delivery.updated),
        **told,
    }


def sale_json(sale: Sale) -> Json:
    """Return a line of sales as the contract shows it, with what our portal adds to it."""
    return {
        "id": sale.id,
        "isbn": sale.isbn,
        "kind": "sale" if sale.units > 0 else "refund",
        "amount_cents": sale.cents,
        "occurred_at": to_json(sale.at),
        "description": sale.shop,
        "shop": sale.shop,
        "units": sale.units,
    }


def _file(title: Title, kind: str, content: bytes, now: datetime) -> File:
    version = 1 + max((each.version for each in title.files), default=0)
    digest = hashlib.sha256(content).hexdigest()
    broken = kind == "epub" and not content.startswith(b"PK")
    problem = "The EPUB file is no ZIP archive" if broken else None
    name = f"f-{title.isbn}-{version}"
    return File(name, kind, version, digest, len(content), now, problem)


def _answer(catalogue: Catalogue, case: Case, file: File, now: datetime) -> None:
    if file.problem:
        case.status = "waiting_seller"
        catalogue.say(case, f"O arquivo não foi aceito: {file.problem}", now)
    else:
        case.status, case.updated = "waiting_customer", now


def _day(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise bad_parameter(name) from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _title(world: World, shop: Shop, request: Request) -> Title:
    title = of(world, shop).titles.get(request.path_params["isbn"])
    if title is None:
        raise not_found("Title")
    return title


def _place(title: Title) -> str:
    return place_of(title.updated, title.isbn)
