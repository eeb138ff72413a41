"""Orders of a portal: its own list or export, a line for each item, or keyed in by hand (T31)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from mkt_tui.cache import order_records, order_upserts
from mkt_tui.cache.audit import Act
from mkt_tui.config import rule_book
from mkt_tui.desk import portals, tabular
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.entries import Setting
from mkt_tui.desk.import_columns import Columns, no_column
from mkt_tui.desk.importing import Report, Wrong
from mkt_tui.desk.order_entries import HEADS, number_of, snapshot
from mkt_tui.desk.tabular import Table
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.orders import OrderSnapshot

COLUMNS: Final = Columns("import_order_columns", HEADS)


def run(
    desk: Desk,
    channel: Channel,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    dry: bool = False,
) -> Report:
    """Import the orders in a file; a known one gets what is new about it.

    Orders with an error are left out and told of by their line; the others are written in one
    transaction. What a file does not tell stays as it is known.

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
    columns = COLUMNS.of(channel, table, mapping or {})
    if "order" not in columns:
        raise no_column("order", table)
    orders, wrong = _orders(table, columns, portals.setting(desk, channel))
    known = {each.number for each in orders if _is_known(desk, channel, each)}
    if not dry:
        with desk.database.transaction():
            _write(desk, channel, orders)
            COLUMNS.remember(desk, channel, mapping or {})
            desk.record(Act("orders.imported", channel.name, detail=f"orders={len(orders)}"))
    new = len(orders) - len(known)
    return Report(table.told, columns, new, len(known), 0, tuple(wrong))


class Entered(NamedTuple):
    """An order that was entered by hand; `known` = it was there before."""

    order: OrderSnapshot
    known: bool


def enter(desk: Desk, channel: Channel, lines: Sequence[Mapping[str, str]]) -> Entered:
    """Enter one order by hand; a known one gets what is new about it, so twice is once.

    Args:
        lines: Values by the names of HEADS, a line for each item; the first tells of the order.

    Raises:
        NotAllowed: The channel is no portal, or a value cannot be meant so.
    """
    portals.check(channel)
    number_of(lines[0])
    order = snapshot(lines, portals.setting(desk, channel))
    with desk.database.transaction():
        known = _is_known(desk, channel, order)
        _write(desk, channel, [order])
        if known and any((each.get("opened") or "").strip() for each in lines):
            order_upserts.correct_date(desk.database, channel.id, order.number, order.created_at)
        desk.record(Act("order.entered", channel.name, order_number=order.number))
    return Entered(order, known)


def _write(desk: Desk, channel: Channel, orders: Sequence[OrderSnapshot]) -> None:
    clocks = Clocks(rule_book(desk.settings), channel)
    order_upserts.enter_orders(desk.database, channel.id, orders, clocks)


def _is_known(desk: Desk, channel: Channel, order: OrderSnapshot) -> bool:
    found = order_records.orders(desk.database, order.number, channel.id)
    return any(each.number == order.number for each in found)


def _orders(
    table: Table, columns: Mapping[str, str], setting: Setting
) -> tuple[list[OrderSnapshot], list[Wrong]]:
    places = {field: table.heads.index(head) for field, head in columns.items()}
    lines: dict[str, list[Mapping[str, str]]] = {}
    first: dict[str, int] = {}
    wrong: list[Wrong] = []
    for line, row in table.lines:
        told = {field: row[at] for field, at in places.items() if at < len(row)}
        try:
            number = number_of(told)
        except UserError as error:
            wrong.append(Wrong(line, str(error)))
            continue
        lines.setdefault(number, []).append(told)
        first.setdefault(number, line)
    orders = []
    for number, rows in lines.items():
        try:
            orders.append(snapshot(rows, setting))
        except UserError as error:
            wrong.append(Wrong(first[number], str(error)))
    return orders, sorted(wrong, key=lambda each: each.line)
