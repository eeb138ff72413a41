"""What the customer of an order may send back now, asked of its marketplace when somebody wants to know."""

import asyncio

from mkt_tui.adapters.base import TellsReturnable
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import asking, return_words, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.returns import Returnable
from mkt_tui.i18n import _, ngettext


def is_told(desk: Desk, record: OrderRecord) -> bool:
    """Tell whether the order's channel can be asked for it."""
    return asking.is_offered(desk, record, TellsReturnable)


def listed(desk: Desk, record: OrderRecord) -> tuple[Returnable, ...]:
    """Return it line by line, in the order's own order; asks the marketplace, so for a thread.

    Raises:
        NotAllowed: The channel does not tell it.
        ChannelError: Why it cannot be had now.
    """
    lines = [str(each["line"]) for each in record.items]
    refusal = _("{channel} does not tell from here what may be sent back")
    found = asyncio.run(
        asking.asked(desk, record, TellsReturnable, lambda each: each.returnable(lines), refusal)
    )
    told = {each.line: each for each in found}
    return tuple(told.get(each) or Returnable(each, 0) for each in lines)


def in_words(record: OrderRecord, each: Returnable) -> list[str]:
    """Return a line of the order with what may be sent back of it, and how."""
    name = returning.titles(record).get(each.line, each.line)
    if not each.quantity:
        return [_("{item}: nothing can be sent back").format(item=name)]
    told = [ngettext("{count} piece", "{count} pieces", each.quantity).format(count=each.quantity)]
    if each.window is not None:
        told.append(
            ngettext("within {count} day", "within {count} days", each.window).format(
                count=each.window
            )
        )
    lines = [f"{name}: {', '.join(told)}"]
    for label, codes in (
        (_("How it comes back"), each.methods),
        (_("Possible reasons"), each.reasons),
    ):
        if codes:
            lines.append(f"    {label}: {', '.join(map(return_words.code, codes))}")
    return lines


def as_json(each: Returnable) -> dict[str, object]:
    """Return it under its public keys; to these keys others may only be added."""
    return {
        "line": each.line,
        "quantity": each.quantity,
        "within_days": each.window,
        "methods": list(each.methods),
        "reasons": list(each.reasons),
    }
