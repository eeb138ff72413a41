"""Documents of an order: sent with OR74, listed with OR72, fetched with OR73, deleted with OR76."""

import unicodedata
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

import orjson

from mkt_tui.adapters.answers import server_words
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, whole
from mkt_tui.adapters.mirakl.connected import ORDERS, Connected, order_path
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import DeleteDocument, UploadDocument
from mkt_tui.domain.orders import OrderDocument
from mkt_tui.i18n import N_, _

_KINDS: Final = (
    "csv, doc, xls, xlsx, ppt, pdf, odt, ods, odp, txt, rtf, png, jpg, gif, zpl, mov, mp4"
)


class Documents(Connected):
    """Sends documents to orders, and hands out those that are there."""

    async def upload_document(self, wanted: UploadDocument) -> Delivery:
        """Put a document to the order (OR74); its name is what it is known by there.

        Raises:
            NotAllowed: A kind of file that Mirakl does not take.
        """
        name = _ascii(wanted.name)
        told = {"order_documents": [{"file_name": name, "type_code": wanted.type}]}
        answer = await self._http.post(
            order_path(wanted.order_number, "documents"),
            self._shop,
            [
                ("files", (name, wanted.data, "application/octet-stream")),
                ("order_documents", (None, orjson.dumps(told), "application/json")),
            ],
        )
        # "In the API output we include only documents with errors" (OR74).
        if answer.get("errors_count") or answer.get("order_documents"):
            raise Refused(channel=self._channel.name, status=200, detail=_reasons(answer))
        return Delivery(name)

    async def delete_document(self, wanted: DeleteDocument) -> Delivery:
        """Take a document away from the order (OR76)."""
        path = f"{ORDERS}/documents/{quote(wanted.document, safe='')}"
        await self._http.send("DELETE", path, query=self._shop)
        return Delivery("")

    async def documents(self, number: str) -> tuple[OrderDocument, ...]:
        """Return the documents of an order (OR72)."""
        try:
            return tuple(
                OrderDocument(
                    code=code(each, "id"),
                    name=line(each, "file_name") or "",
                    kind=line(each, "type") or "",
                    size=whole(each, "file_size"),
                    at=instant(each, "date_uploaded"),
                )
                for each in await self._documents_of(number)
            )
        except Misread as error:
            raise self._misread(error) from error

    async def document(self, code: str) -> bytes:
        """Return a document; one that is asked for alone is not wrapped into a ZIP (OR73)."""
        query = {"document_ids": code, **self._shop}
        return await self._http.download(f"{ORDERS}/documents/download", query)

    async def _documents_of(self, number: str) -> list[Json]:
        query = {"order_ids": number, **self._shop}
        answer = await self._http.get(f"{ORDERS}/documents", query)
        found = self._parts(answer.data, "order_documents")
        return [each for each in found if each.get("order_id") == number]

    async def _find_deleted(self, wanted: DeleteDocument) -> Delivery | None:
        """Tell by the list that the document is gone; numbers are never given twice."""
        try:
            held = {code(each, "id") for each in await self._documents_of(wanted.order_number)}
        except Misread as error:
            raise self._misread(error) from error
        return None if wanted.document in held else Delivery("")

    async def _find_document(self, wanted: UploadDocument) -> Delivery | None:
        name = _ascii(wanted.name)
        same = {"file_name": name, "type": wanted.type, "file_size": len(wanted.data)}
        for each in await self._documents_of(wanted.order_number):
            if same.items() <= each.items():
                return Delivery(name)
        return None


def _reasons(answer: Json) -> str:
    told = answer.get("order_documents")
    words = (server_words(orjson.dumps(each)) for each in told) if isinstance(told, list) else ()
    return "; ".join(each for each in words if each) or "errors_count"


def _ascii(name: str) -> str:
    """Return the name as OR74 takes it: US-ASCII only, with a known ending."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(each if each.isprintable() and each not in '"/\\' else "_" for each in plain)
    path = PurePath(plain)
    if path.suffix.lower().removeprefix(".") not in _KINDS.split(", "):
        raise NotAllowed(
            what=_("The document's name must end in one of: {kinds}").format(kinds=_KINDS),
            remedy=N_("Choose another file."),
        )
    return plain
