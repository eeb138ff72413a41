"""Titles, their files, deliveries and sales in our words."""

from collections.abc import Iterable
from typing import Final

from mkt_tui.adapters.bookwire.tickets import read_manager
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, parts, whole
from mkt_tui.domain.publishing import (
    FileProblem,
    Sale,
    ShopDelivery,
    ShopState,
    TitleFile,
    TitleSnapshot,
    isbn13,
)

_STATES: Final = {
    "queued": ShopState.QUEUED,
    "sent": ShopState.SENT,
    "live": ShopState.ACCEPTED,
    "rejected": ShopState.FAILED,
    "withdrawn": ShopState.WITHDRAWN,
}
_MOST_PROBLEMS: Final = 500


def read_title(
    row: Json, files: Iterable[Json] | None, deliveries: Iterable[Json] | None
) -> TitleSnapshot:
    """Return a title in our words; files and deliveries None = they were not asked for.

    Raises:
        Misread: A field without which it is no title, or of a wrong kind.
    """
    told = code(row, "isbn")
    changed = instant(row, "updated_at")
    if changed is None:
        raise Misread("updated_at")
    return TitleSnapshot(
        isbn=isbn13(told) or told,
        name=line(row, "title") or told,
        updated_at=changed,
        author=line(row, "author"),
        imprint=line(row, "imprint") or line(row, "publisher"),
        state=line(row, "state", 100),
        on_sale_at=instant(row, "on_sale_at"),
        manager=read_manager(row),
        files=None if files is None else tuple(map(read_file, files)),
        deliveries=None if deliveries is None else tuple(map(_delivery, deliveries)),
    )


def read_file(row: Json) -> TitleFile:
    """Return a file with what the portal's check said of it."""
    check = row.get("check") or {}
    if not isinstance(check, dict):
        raise Misread("check")
    return TitleFile(
        code=code(row, "id"),
        kind=line(row, "kind", 50) or "",
        version=whole(row, "version") or 0,
        sha256=(line(row, "sha256", 64) or "").lower(),
        size=whole(row, "size_bytes") or 0,
        received_at=instant(row, "received_at"),
        checked=line(check, "state", 50),
        problems=tuple(map(_problem, parts(check, "messages")[:_MOST_PROBLEMS])),
    )


def read_sale(row: Json, currency: str) -> Sale:
    """Return a line of sales; its amount is told in cents."""
    at, amount = instant(row, "occurred_at"), whole(row, "amount_cents")
    if at is None or amount is None:
        raise Misread("occurred_at" if at is None else "amount_cents")
    isbn = line(row, "isbn", 100)
    return Sale(
        code=code(row, "id"),
        isbn=isbn and (isbn13(isbn) or isbn),
        shop=line(row, "shop", 200),
        kind=line(row, "kind", 50) or "",
        units=whole(row, "units"),
        amount=amount,
        currency=line(row, "currency", 3) or currency,
        at=at,
    )


def _problem(row: Json) -> FileProblem:
    return FileProblem(
        code=line(row, "id", 50) or "",
        severity=line(row, "severity", 20) or "",
        message=line(row, "message") or "",
        path=line(row, "path"),
        line=whole(row, "line"),
    )


def _delivery(row: Json) -> ShopDelivery:
    changed = instant(row, "updated_at")
    if changed is None:
        raise Misread("deliveries.updated_at")
    # A state that is new to us is shown as on its way, with the portal's word for it.
    word = line(row, "state", 50) or ""
    state = _STATES.get(word, ShopState.SENT)
    message = line(row, "message") or (None if word in _STATES else word or None)
    return ShopDelivery(code(row, "shop"), state, message, changed)
