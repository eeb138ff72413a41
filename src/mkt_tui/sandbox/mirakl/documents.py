"""Documents of the contract: OR72, OR73, OR74 and OR76."""

from io import BytesIO
from itertools import count
from pathlib import PurePath
from zipfile import ZipFile

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms, parameters
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import bad_field, bad_parameter, not_found
from mkt_tui.sandbox.instants import to_json
from mkt_tui.sandbox.mirakl.orders import order_of
from mkt_tui.sandbox.records import Attachment, Document, Order
from mkt_tui.sandbox.world import Shop, World

TYPES = ("CUSTOMER_INVOICE", "DELIVERY_NOTE", "OTHER")
KINDS = "csv, doc, xls, xlsx, ppt, pdf, odt, ods, odp, txt, rtf, png, jpg, gif, zpl, mov, mp4"
MOST = 50
# Above those of invented invoices; none is given twice, for one may be deleted meanwhile.
_NUMBERS = count(2_000_000)


async def list_documents(_world: World, shop: Shop, request: Request) -> Response:
    """OR72: the documents of the orders that are named."""
    wanted = parameters.listing(request.query_params, "order_ids")
    if not wanted:
        raise bad_parameter("order_ids")
    found = [shop.orders[each] for each in wanted if each in shop.orders]
    told = [
        {
            "id": each.id,
            "order_id": order.id,
            "file_name": each.name,
            "file_size": len(each.content),
            "type": each.type,
            "date_uploaded": to_json(each.at),
        }
        for order in found
        for each in order.documents
    ]
    return json_answer({"order_documents": told, "total_count": len(told)})


async def download(_world: World, shop: Shop, request: Request) -> Response:
    """OR73: one document as it is, several in a ZIP with a folder for each order."""
    wanted = parameters.listing(request.query_params, "document_ids") or ()
    orders = parameters.listing(request.query_params, "order_ids") or ()
    if not wanted and not orders:
        raise bad_parameter("document_ids")
    found = [
        (order, each)
        for order in shop.orders.values()
        for each in order.documents
        if str(each.id) in wanted or order.id in orders
    ]
    if not found:
        raise not_found("Document")
    content = found[0][1].content if len(wanted) == 1 else _zipped(found)
    return Response(content, media_type="application/octet-stream")


def _zipped(found: list[tuple[Order, Document]]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for order, each in found:
            archive.writestr(f"{order.id}/{each.name}", each.content)
    return target.getvalue()


async def delete(world: World, shop: Shop, request: Request) -> Response:
    """OR76: take a document away."""
    for order in shop.orders.values():
        for each in order.documents:
            if str(each.id) == request.path_params["document_id"]:
                order.documents.remove(each)
                order.updated = world.clock()
                return Response(status_code=204)
    raise not_found("Document")


async def upload(world: World, shop: Shop, request: Request) -> Response:
    """OR74: take the good documents and tell what is wrong with the others."""
    order = order_of(shop, request)
    content, files = await forms.read_multipart(request, "order_documents")
    told = content.get("order_documents")
    if not isinstance(told, list) or len(told) != len(files) or not files:
        raise bad_field("order_documents", "Every file needs its entry, once")
    refused = []
    for entry, file in zip(told, files, strict=True):
        if wrong := _wrong(order, entry, file):
            field, message = wrong
            error = {"code": "valid_order_document", "field": field, "message": message}
            refused.append({"errors": [error], "input": entry})
        else:
            number = next(_NUMBERS)
            document = Document(number, file.name, entry["type_code"], file.content, world.clock())
            order.documents.append(document)
            order.updated = document.at
    return json_answer({"errors_count": len(refused), "order_documents": refused})


def _wrong(order: Order, entry: forms.Json, file: Attachment) -> tuple[str, str] | None:
    if entry.get("file_name") != file.name or not file.name.isascii():
        return "file_name", "The name must be that of the file, in US-ASCII"
    if PurePath(file.name).suffix.lower()[1:] not in KINDS.split(", "):
        return "file_name", "Files of this type are not supported"
    if any(each.name == file.name for each in order.documents):
        return "file_name", "Document filenames must be distinct"
    if entry.get("type_code") not in TYPES:
        return "type_code", "Unable to retrieve document's type from the given code"
    if len(order.documents) >= MOST:
        return "order_documents", f"An order can have a maximum of {MOST} documents"
    return None
