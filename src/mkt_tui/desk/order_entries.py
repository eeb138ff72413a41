"""An order as a portal's list or its export tells it, line by line, made an order (T31-T33).

A line is an order, or one of its items: lines of one number belong together, and what the first
of them tells of the order counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from mkt_tui.desk.entries import Setting, read_amount, read_instant, safe
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.orders import (
    Address,
    Billing,
    Finance,
    OrderItem,
    OrderSnapshot,
    OrderStatus,
    Payment,
    Personal,
    Tracking,
    Transport,
)
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.words import fold
from mkt_tui.i18n import N_, _

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "order": ("order", "pedido", "n pedido", "n do pedido", "numero do pedido", "cliente n do pedido", "ordine",
              "pedido mktplace", "n da entrega"),
    "opened": ("opened", "data da integracao", "data", "date", "data do pedido", "data ordine"),
    "customer": ("customer", "cliente", "nome", "nome do cliente", "name"),
    "document": ("document", "cpf", "cnpj", "cpf/cnpj", "documento"),
    "phone": ("phone", "telefone", "telefono"),
    "status": ("status", "stato", "estado"),
    "situation": ("situation", "situacao", "situazione"),
    "erp": ("erp", "integrado ao erp", "no erp"),
    "total": ("total", "valor", "valor total", "totale"),
    "shipping": ("shipping", "frete", "valor do frete", "spedizione"),
    "discount": ("discount", "desconto", "sconto"),
    "payment": ("payment", "pagamento", "forma de pagamento", "metodo di pagamento"),
    "instalments": ("instalments", "parcelas", "n de parcelas", "rate"),
    "sku": ("sku", "codigo sku", "codigo do sku", "codigo do produto"),
    "title": ("title", "produto", "descricao", "descricao do produto", "prodotto", "titolo"),
    "quantity": ("quantity", "quantidade", "qtd", "itens", "quantita", "items"),
    "price": ("price", "preco", "preco unitario", "valor unitario", "prezzo"),
    "carrier": ("carrier", "transportadora", "corriere"),
    "tracking": ("tracking", "rastreio", "codigo de rastreio", "rastreamento"),
    "street": ("street", "endereco", "indirizzo"),
    "zip": ("zip", "cep", "cap"),
    "city": ("city", "cidade", "citta"),
    "state": ("state", "uf", "provincia"),
}  # fmt: skip
"""The fields of a line, each with the heads that usually stand for it; only `order` must be there."""

TITLES: Final = {
    "order": N_("Order"),
    "opened": N_("Date"),
    "customer": N_("Customer"),
    "status": N_("Status"),
    "situation": N_("Situation there"),
    "erp": N_("ERP"),
    "total": N_("Total"),
    "shipping": N_("Shipping"),
    "discount": N_("Discount"),
    "payment": N_("Payment"),
    "instalments": N_("Instalments"),
    "document": N_("CPF or CNPJ"),
    "phone": N_("Telephone"),
    "street": N_("Street, number"),
    "zip": N_("Postcode"),
    "city": N_("City"),
    "state": N_("State (UF)"),
    "carrier": N_("Carrier"),
    "tracking": N_("Tracking no."),
}
"""What those fields are called that people fill in."""

ITEM_TITLES: Final = {
    "quantity": N_("pieces"),
    "sku": N_("SKU"),
    "title": N_("description"),
    "price": N_("price of one"),
}
"""And those of an item, in the order of its line."""

_STATUSES: Final[Mapping[OrderStatus, tuple[str, ...]]] = {
    OrderStatus.WAITING: ("novo", "new", "aguardando pagamento", "pendente", "in attesa"),
    OrderStatus.TO_SHIP: ("aprovado", "approved", "pago", "em preparacao", "faturado", "a enviar"),
    OrderStatus.SHIPPED: ("enviado", "shipped", "em transporte", "despachado", "spedito"),
    OrderStatus.DELIVERED: ("entregue", "delivered", "consegnato"),
    OrderStatus.CANCELLED: ("cancelado", "cancelled", "canceled", "annullato"),
}
_YES: Final = frozenset(["yes", "sim", "si", "s", "y"])
_NO: Final = frozenset(["no", "nao", "n"])
# What portals call it, by the field: with a "not" before it, it is not (T31).
_DONE: Final[Mapping[str, tuple[str, ...]]] = {
    "situation": ("atualizado", "atualizada", "up to date", "updated", "aggiornato", "aggiornata"),
    "erp": ("integrado", "integrada", "integrated", "integrato", "integrata"),
}
_NOT: Final = ("nao ", "not ", "non ")
_LONGEST: Final = 500


def snapshot(lines: Sequence[Mapping[str, str]], setting: Setting) -> OrderSnapshot:
    """Return the order that these lines tell of, as of now.

    Args:
        lines: Values by the names of HEADS; what is left out or empty is unknown.

    Raises:
        NotAllowed: A value cannot be meant so; says which and what to do.
    """
    rows = [_clean(each) for each in lines]
    first = {name: next((row[name] for row in rows if row[name]), "") for name in HEADS}
    created = read_instant(_title("opened"), first["opened"], setting) or setting.now
    if created > setting.now:
        created = _not_ahead(created, first["opened"], setting)
    items = tuple(
        _item(row, place, setting)
        for place, row in enumerate(rows, 1)
        if any(row[name] for name in ("sku", "title", "quantity", "price"))
    )
    return OrderSnapshot(
        number=first["order"],
        site_number=None,
        status=_status(first["status"]),
        marketplace_status=first["status"],
        customer=first["customer"] or None,
        currency=setting.currency,
        created_at=created,
        updated_at=setting.now,
        tracking=Tracking(
            carrier=first["carrier"] or None,
            number=first["tracking"] or None,
            up_to_date=_done("situation", first["situation"]),
            in_erp=_done("erp", first["erp"]),
        ),
        billing=Billing(payment_method=first["payment"] or None),
        personal=Personal(
            name=first["customer"] or None,
            document=first["document"] or None,
            address=_address(first),
        ),
        items=items,
        finance=_finance(first, items, setting),
        transport=Transport(),
    )


def number_of(line: Mapping[str, str]) -> str:
    """Return the order that a line is of; a pasted number may have blanks around it (T47).

    Raises:
        NotAllowed: There is none, or it is a formula.
    """
    found = _clean(line)["order"]
    if not found or found.startswith("'"):
        what = _("order is a formula") if found else _("the order has no number")
        raise NotAllowed(what=what, remedy=_("Write it as the portal shows it."))
    return found


def _clean(line: Mapping[str, str]) -> dict[str, str]:
    return {name: clean_line(safe((line.get(name) or "").strip()), _LONGEST) for name in HEADS}


def _not_ahead(created: datetime, text: str, setting: Setting) -> datetime:
    # A day without a time is its midnight, which may be of tomorrow where the portal is.
    if (created - setting.now).days < 1:
        return setting.now
    raise NotAllowed(
        what=_("it was opened in the future: {value}").format(value=text),
        remedy=_("Dates are day/month/year."),
    )


def _status(text: str) -> OrderStatus:
    folded = fold(text)
    for status, words in _STATUSES.items():
        if folded in words:
            return status
    return OrderStatus.OTHER


def _title(name: str) -> str:
    return _({**TITLES, **ITEM_TITLES}[name])


def _done(name: str, text: str) -> bool | None:
    folded = " ".join(fold(text).split())
    if not folded:
        return None
    if folded in _YES | {*_DONE[name]}:
        return True
    if folded in _NO or (folded.startswith(_NOT) and folded[4:] in _DONE[name]):
        return False
    raise NotAllowed(
        what=_("{field} is neither yes nor no: {value}").format(field=_title(name), value=text),
        remedy=_("Write one of them, or leave it out."),
    )


def _item(row: Mapping[str, str], place: int, setting: Setting) -> OrderItem:
    quantity = _whole("quantity", row["quantity"]) if row["quantity"] else 1
    price = read_amount(row["price"], setting.currency, _title("price")) if row["price"] else None
    return OrderItem(
        line=str(place),
        sku=row["sku"] or None,
        title=row["title"] or row["sku"] or "—",
        quantity=quantity,
        unit_price=price,
        price=None if price is None else price * quantity,
        shipping=None,
        status=None,
    )


def _finance(first: Mapping[str, str], items: Sequence[OrderItem], setting: Setting) -> Finance:
    total, shipping, discount = (
        read_amount(first[name], setting.currency, _title(name)) if first[name] else None
        for name in ("total", "shipping", "discount")
    )
    prices = [each.price for each in items if each.price is not None]
    count = _whole("instalments", first["instalments"]) if first["instalments"] else None
    paid = Payment(first["payment"], count, total)
    return Finance(
        items=sum(prices) if prices and len(prices) == len(items) else None,
        payments=(paid,) if first["payment"] or count else (),
        shipping=shipping,
        total=total,
        discount=discount,
    )


def _whole(name: str, text: str) -> int:
    digits = text.lower().rstrip("x ")
    if digits.isascii() and digits.isdigit() and 0 < int(digits) < 100_000:
        return int(digits)
    raise NotAllowed(
        what=_("{field} is no number: {value}").format(field=_title(name), value=text),
        remedy=_("Write digits only, such as 3."),
    )


def _address(first: Mapping[str, str]) -> Address | None:
    told = {name: first[name] or None for name in ("street", "city", "state", "phone")}
    found = Address(name=first["customer"] or None, zip_code=first["zip"] or None, **told)
    return found if found != replace(Address(), name=found.name) else None
