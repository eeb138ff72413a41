"""Protocols of a portal out of a file: looked at line by line, written at once, never twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mkt_tui.cache import entered
from mkt_tui.cache import titles as cached_titles
from mkt_tui.cache.audit import Act
from mkt_tui.desk import portals, tabular
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.entries import FIELDS, Setting, safe, snapshot
from mkt_tui.desk.import_columns import Columns, has, no_column
from mkt_tui.desk.tabular import Table
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.publishing import TitleSnapshot, isbn13
from mkt_tui.domain.text import clean_line
from mkt_tui.domain.tickets import TicketSnapshot
from mkt_tui.i18n import _

_AT_ONCE: Final = 500
_OF_TITLES: Final = ("isbn", "shop", "title", "author")
COLUMNS: Final = Columns("import_columns", {
    "code": ("code", "ticket", "protocol", "protocolo", "protocollo", "cod. ticket", "n protocolo",
             "numero do protocolo", "codigo", "instancia", "id"),
    "order": ("order", "pedido", "pedido mktplace", "ordine", "n pedido", "numero do pedido",
              "n da entrega", "entrega", "delivery", "consegna"),
    "customer": ("customer", "cliente", "nome", "name", "nome do cliente"),
    "subject": ("subject", "assunto", "oggetto", "titulo"),
    "message": ("message", "mensagem", "messaggio", "descricao", "description", "descrizione"),
    "opened": ("opened", "data", "date", "aberto em", "data de abertura", "abertura",
               "data da integracao", "aperto il"),
    "due": ("due", "prazo", "scadenza", "deadline", "vencimento"),
    "reason": ("reason", "motivo", "motivo do chamado"),
    "kind": ("kind", "tipo", "fila", "type", "queue"),
    "party": ("party", "aberto por", "origem", "lado", "parte", "from", "aperto da"),
    "protocol": ("protocolo da instancia", "protocol", "protocolo do pedido", "protocolo de origem"),
    "amount": ("amount", "valor", "valor do reembolso", "importo", "valore", "refund"),
    "state": ("state", "status", "situacao", "stato", "estado"),
    "isbn": ("isbn", "isbn 13", "isbn13", "e isbn", "eisbn", "ean"),
    "shop": ("shop", "loja", "negozio", "retailer", "parceiro"),
    "title": ("title", "titulo", "titolo", "livro", "libro", "book"),
    "author": ("author", "autor", "autora", "autore"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that was left out: its number in the file, what is wrong and what to do."""

    line: int
    told: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do.

    Attributes:
        told: What the file was found to be.
        columns: Which head was read as which field.
    """

    told: str
    columns: Mapping[str, str]
    new: int
    changed: int
    same: int
    wrong: tuple[Wrong, ...]


def run(
    desk: Desk,
    channel: Channel,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    dry: bool = False,
) -> Report:
    """Import the protocols in a file; a protocol that is known gets what is new about it.

    Lines with an error are left out and told of; the others are written in one transaction, and
    importing the file again changes nothing.

    Args:
        mapping: Field to head, over what the channel remembers and what heads usually mean; it
            is remembered.
        dry: Only say what would be done.

    Raises:
        NotAllowed: The channel is no portal, or the columns are not there.
        SettingsWrong: The file cannot be read.
    """
    portals.check(channel)
    table = tabular.read(path)
    columns = _columns(channel, table, mapping or {})
    setting = portals.setting(desk, channel)
    entries, wrong = _entries(table, columns, setting)
    titles = _titles(table, columns, entries)
    with desk.database.transaction():
        new, changed = _compared(desk, channel, entries, setting)
        if not dry:
            _write(desk, channel, [*new, *changed], mapping or {})
            cached_titles.enter_titles(desk.database, channel.id, titles)
    same = len(entries) - len(new) - len(changed)
    return Report(table.told, columns, len(new), len(changed), same, tuple(wrong))


def enter(desk: Desk, channel: Channel, told: Mapping[str, str]) -> TicketSnapshot:
    """Enter one protocol by hand, and return it; a known one gets what is new about it.

    Args:
        told: Values by the names of FIELDS.

    Raises:
        NotAllowed: The channel is no portal, or a value cannot be meant so.
    """
    portals.check(channel)
    setting = portals.setting(desk, channel)
    entry = snapshot(told, setting)
    with desk.database.transaction():
        new, changed = _compared(desk, channel, [entry], setting)
        portals.write(desk, channel, [*new, *changed])
        desk.record(Act("ticket.entered", channel.name, entry.code, entry.order_number))
    return entry


def _write(
    desk: Desk, channel: Channel, entries: Sequence[TicketSnapshot], mapping: Mapping[str, str]
) -> None:
    for start in range(0, len(entries), _AT_ONCE):
        portals.write(desk, channel, entries[start : start + _AT_ONCE])
    COLUMNS.remember(desk, channel, mapping)
    desk.record(Act("tickets.imported", channel.name, detail=f"tickets={len(entries)}"))


def _columns(channel: Channel, table: Table, mapping: Mapping[str, str]) -> dict[str, str]:
    # Beside an ISBN, "titulo" is a book's and no subject.
    publishes = has(table, COLUMNS.usual["isbn"])
    fields = (*_OF_TITLES, *FIELDS) if publishes else FIELDS[: -len(_OF_TITLES)]
    found = COLUMNS.of(channel, table, mapping, dict.fromkeys(fields))
    if not {"code", "isbn"} & found.keys():
        raise no_column("code", table)
    return found


def _entries(
    table: Table, columns: Mapping[str, str], setting: Setting
) -> tuple[list[TicketSnapshot], list[Wrong]]:
    places = {field: table.heads.index(head) for field, head in columns.items()}
    found: dict[str, TicketSnapshot] = {}
    wrong: list[Wrong] = []
    for line, row in table.lines:
        told = {field: row[at] for field, at in places.items() if at < len(row)}
        try:
            entry = snapshot(told, setting)
        except UserError as error:
            wrong.append(Wrong(line, str(error)))
            continue
        if entry.code in found and found[entry.code] != entry:
            wrong.append(Wrong(line, _repeated(entry.code)))
        else:
            found[entry.code] = entry
    return list(found.values()), wrong


def _titles(
    table: Table, columns: Mapping[str, str], entries: Sequence[TicketSnapshot]
) -> list[TitleSnapshot]:
    """Return the titles that the file names, each with the newest of its dates."""
    if not {"isbn", "title"} <= columns.keys():
        return []
    places = {name: table.heads.index(columns[name]) for name in _OF_TITLES if name in columns}
    told = {
        isbn13(row[places["isbn"]]): row for _line, row in table.lines if len(row) > places["isbn"]
    }
    found: dict[str, TitleSnapshot] = {}
    for each in entries:
        row = told.get(each.complaint.isbn) if each.complaint else None
        if each.complaint and row:
            name, author = (
                clean_line(safe(row[places[field]]), 300)
                if field in places and places[field] < len(row)
                else ""
                for field in ("title", "author")
            )
            isbn = each.complaint.isbn
            found[isbn] = TitleSnapshot(isbn, name or isbn, each.updated_at, author or None)
    return list(found.values())


def _repeated(code: str) -> str:
    told = _("protocol {code} is in the file already, with other words")
    return told.format(code=code) + ". " + _("Only its first line was taken.")


def _compared(
    desk: Desk, channel: Channel, entries: Sequence[TicketSnapshot], setting: Setting
) -> tuple[list[TicketSnapshot], list[TicketSnapshot]]:
    new, changed = [], []
    for part in _parts(entries):
        known = entered.known(desk.database, channel.id, [each.code for each in part])
        for each in part:
            if each.code not in known:
                new.append(each)
                continue
            settled = known[each.code].settled(each, setting.now)
            if known[each.code].is_changed_by(settled):
                changed.append(settled)
    return new, changed


def _parts(entries: Sequence[TicketSnapshot]) -> Iterator[Sequence[TicketSnapshot]]:
    for start in range(0, len(entries), _AT_ONCE):
        yield entries[start : start + _AT_ONCE]
