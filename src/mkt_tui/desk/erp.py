"""The seller's own system beside the marketplace: reading its export, comparing, linking again."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mkt_tui.cache import erp, monitor, order_records
from mkt_tui.cache.audit import Act
from mkt_tui.cache.erp import ErpOrder
from mkt_tui.cache.instants import from_cache, maybe_from_cache
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.erp import stage_of
from mkt_tui.domain.errors import NotAllowed, SettingsWrong
from mkt_tui.domain.monitor import ErpCopy, Milestones, Stage, differs, stage
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

# Magento's names of the columns, after our own.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "erp_id": ("erp_id", "increment_id", "entity_id", "ID"),
    "order": ("order", "ext_order_id", "marketplace_order"),
    "status": ("status", "Status", "state"),
}
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Comparison:
    """An order in both systems, as far as each is known (M10).

    Attributes:
        contradicting: Those copies of the ERP that say something else than the marketplace.
        diverged: Whether an act of ours changed the marketplace only.
    """

    channel: Channel
    number: str
    at_marketplace: Stage | None
    copies: tuple[ErpOrder, ...]
    contradicting: tuple[ErpOrder, ...]
    diverged: bool


def read_export(desk: Desk, channel: Channel, system: str, lines: Iterable[str]) -> int:
    """Take in an export of the ERP (CSV with heads), in the place of the last one.

    Args:
        system: What it is; duplicates are reported of `magento` only (M8).
        lines: Columns erp_id, order and status, or Magento's names for them.

    Returns:
        How many orders it holds.

    Raises:
        SettingsWrong: A column lacks, or a line does not hold what it should; nothing is changed.
    """
    orders = list(_orders(lines))
    doubled = len(orders) - len({each.erp_id for each in orders})
    if doubled:
        raise _wrong(_("{count} lines repeat an ERP number").format(count=doubled))
    name = clean_line(system, _LONGEST).casefold()
    with desk.database.transaction():
        erp.replace(desk.database, channel.id, name, orders, desk.agent, desk.clock())
        desk.record(Act("erp.read", channel=channel.name, detail=f"orders={len(orders)}"))
    return len(orders)


def compare(desk: Desk, channel: Channel, number: str) -> Comparison:
    """Put the two systems side by side."""
    copies = tuple(erp.copies(desk.database, channel.id, number))
    known = _milestones(desk, channel, number)
    reads = {each.channel_id: each.read_at for each in monitor.erp_reads(desk.database)}
    at = from_cache(reads[channel.id]) if channel.id in reads else desk.clock()
    there = stage(known, at) if known else None
    return Comparison(
        channel=channel,
        number=number,
        at_marketplace=there,
        copies=copies,
        contradicting=tuple(
            each
            for each in copies
            if there and differs(ErpCopy(each.erp_id, Stage(each.stage)), there)
        ),
        diverged=erp.is_diverged(desk.database, (channel.id, number)),
    )


def relink(desk: Desk, compared: Comparison) -> None:
    """Take the two as they stand for belonging together, until one of them changes again.

    Raises:
        NotAllowed: There is nothing to link, or several copies contradict the marketplace.
    """
    if len(compared.contradicting) > 1:
        raise NotAllowed(
            what=_("The ERP holds order {number} more than once").format(number=compared.number),
            remedy=_("Remove what is too much there, then read its export again."),
        )
    if not compared.contradicting and not compared.diverged:
        raise NotAllowed(
            what=_("Order {number} is not desynchronised").format(number=compared.number),
            remedy=_("There is nothing to link."),
        )
    place = compared.channel.id, compared.number
    copy = next(iter(compared.contradicting), None)
    with desk.database.transaction():
        erp.link(desk.database, place, copy, compared.at_marketplace, desk.agent, desk.clock())
        desk.record(
            Act(
                "order.relinked",
                channel=compared.channel.name,
                order_number=compared.number,
                detail=f"erp={copy.stage if copy else '-'} marketplace={compared.at_marketplace}",
            )
        )


def warning(desk: Desk, channel: Channel, number: str) -> str | None:
    """Return why an update of the order may go wrong (M10), None when nothing speaks against it."""
    compared = compare(desk, channel, number)
    if not compared.contradicting and not compared.diverged:
        return None
    return _("Order {number} is desynchronised: look at the monitor before you change it.").format(
        number=number
    )


def _milestones(desk: Desk, channel: Channel, number: str) -> Milestones | None:
    row = order_records.milestones(desk.database, channel.id, number)
    if row is None:
        return None
    status, *instants = row
    approved, ship_by, shipped, promised, delivered = map(maybe_from_cache, instants)
    gone = status in (OrderStatus.CANCELLED, OrderStatus.REFUSED)
    return Milestones(approved, ship_by, shipped, (), promised, delivered, gone)


def _orders(lines: Iterable[str]) -> Iterator[ErpOrder]:
    reader = csv.DictReader(lines)
    try:
        names = {key: _column(key, reader.fieldnames or ()) for key in _COLUMNS}
        for row in reader:
            yield _order(reader.line_num, {key: row[name] for key, name in names.items()})
    except (csv.Error, UnicodeDecodeError) as error:
        raise _wrong(
            _("line {line}: {detail}").format(line=reader.line_num, detail=error)
        ) from error


def _column(wanted: str, heads: Sequence[str]) -> str:
    known = {each.strip().lstrip("\ufeff"): each for each in heads}
    for name in _COLUMNS[wanted]:
        if name in known:
            return known[name]
    raise _wrong(_("it has no column {name}").format(name=" / ".join(_COLUMNS[wanted])))


def _order(line: int, row: Mapping[str, str | None]) -> ErpOrder:
    values = {key: clean_line(value or "") for key, value in row.items()}
    if not values["erp_id"] or not values["order"]:
        raise _wrong(_("line {line} has no ERP number or no order").format(line=line))
    if max(map(len, values.values())) > _LONGEST:
        raise _wrong(_("line {line} is too long").format(line=line))
    word = values["status"]
    return ErpOrder(values["erp_id"], values["order"], word, stage_of(word))


def _wrong(detail: str) -> SettingsWrong:
    return SettingsWrong(
        what=_("The ERP export cannot be read ({detail})").format(detail=detail),
        remedy=_("Nothing was changed. Export erp_id, order and status as CSV with heads."),
    )
