"""Returns of an order: which there are, what can be done about each, and the act that does it."""

from collections.abc import Sequence

from mkt_tui.cache import order_records, returns
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.returns import ReturnRecord
from mkt_tui.desk import acting, return_words
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import instant
from mkt_tui.domain.errors import NotAllowed, NotFound
from mkt_tui.domain.order_operations import Finding, HandleReturn
from mkt_tui.domain.returns import ReturnStep, steps
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _


def of_order(desk: Desk, record: OrderRecord) -> list[ReturnRecord]:
    """Return the order's returns, the oldest first."""
    return returns.of_order(desk.database, record.channel_id, record.number)


def open_of(desk: Desk, record: OrderRecord) -> list[ReturnRecord]:
    """Return the order's returns about which something can still be done."""
    return [each for each in of_order(desk, record) if steps(each.state)]


def order_of(desk: Desk, which: ReturnRecord) -> OrderRecord:
    """Return the order of a return.

    Raises:
        NotFound: It has not come yet, or is gone.
    """
    number = which.order_number
    for each in order_records.orders(desk.database, number, which.channel_id):
        if each.number == number:
            return each
    remedy = _("Check the number, or fetch news first: mkt-tui sync --once")
    raise NotFound(kind=_("order"), name=number, remedy=remedy)


def chosen(desk: Desk, record: OrderRecord, name: str | None) -> ReturnRecord:
    """Return the return that is meant: by its number, or the only one that is open.

    Raises:
        NotFound: The order has none such.
        NotAllowed: It has several, and none was named.
    """
    found = of_order(desk, record)
    if name is not None:
        found = [each for each in found if name in (each.name, each.code)]
    elif len(found) > 1:
        found = [each for each in found if steps(each.state)] or found
    names = ", ".join(each.name for each in of_order(desk, record)) or "-"
    if not found:
        raise NotFound(
            kind=_("return"),
            name=name or record.number,
            remedy=_("There are: {names}.").format(names=names),
        )
    if len(found) > 1:
        raise NotAllowed(
            what=_("The order has several returns: {names}").format(names=names),
            remedy=_("Name one of them."),
        )
    return found[0]


def reasons(desk: Desk, record: OrderRecord, step: ReturnStep) -> tuple[str, ...]:
    """Return the marketplace's codes that a step may name."""
    from mkt_tui.adapters import registry  # brings HTTP along

    channel = desk.channels().get(record.channel_id)
    known = getattr(registry.load(channel.adapter), "RETURN_REASONS", {}) if channel else {}
    return tuple(known.get(step, ()))


def handle(
    desk: Desk,
    record: OrderRecord,
    which: ReturnRecord,
    step: ReturnStep,
    *,
    reason: str | None = None,
    findings: Sequence[Finding] = (),
) -> HandleReturn:
    """Return the act that takes a step about a return.

    Raises:
        NotAllowed: The return's state does not allow it, a reason is none of the marketplace's, or
            not every item is judged.
    """
    if step not in steps(which.state):
        raise NotAllowed(
            what=_("The return is not in a state for that: {state}").format(
                state=return_words.state(which)
            ),
            remedy=_("Look at it in the marketplace's portal."),
        )
    given = [each for each in (reason, *(found.reason for found in findings)) if each]
    known = reasons(desk, record, step)
    if wrong := [each for each in given if each not in known]:
        raise NotAllowed(
            what=_("{code} is no reason of the marketplace's").format(code=wrong[0]),
            remedy=_("There are: {names}.").format(names=", ".join(known) or "-"),
        )
    if step is ReturnStep.JUDGE and {each.line for each in findings} != set(_lines(which)):
        raise NotAllowed(
            what=_("Every item of the return must be judged"), remedy=_("Say it of all of them.")
        )
    id_, now = acting.new_id(), desk.clock()
    return HandleReturn(id_, record.number, which.code, step, now, reason, tuple(findings))


def findings(which: ReturnRecord, wrong: Sequence[str]) -> tuple[Finding, ...]:
    """Return what is said of every item: in order, but for those that `wrong` names.

    Args:
        wrong: "PLACE=CODE" or "PLACE=CODE:words", the place counted from 1.

    Raises:
        NotAllowed: A place is none.
    """
    lines = _lines(which)
    said: dict[str, Finding] = {}
    for each in wrong:
        place, _sign, told = each.partition("=")
        if not (place.isascii() and place.isdigit() and 0 < int(place[:4]) <= len(lines) and told):
            raise NotAllowed(
                what=_("{item} names no item of the return").format(item=clean_line(each)),
                remedy=_("Write it like {example}.").format(example="1=CODE:words"),
            )
        code, _sign, note = told.partition(":")
        line = lines[int(place) - 1]
        said[line] = Finding(line, compliant=False, reason=code, note=clean_line(note) or None)
    return tuple(said.get(line) or Finding(line, compliant=True) for line in lines)


def as_json(desk: Desk, which: ReturnRecord) -> dict[str, object]:
    """Return a return under its public keys; to these keys others may only be added."""
    channel = desk.channels().get(which.channel_id)
    keys = ("rma", "reason", "refusal", "method", "description", "carrier", "tracking")
    return {
        "return": which.code,
        "order": which.order_number,
        "channel": channel.name if channel else None,
        "state": which.state,
        "marketplace_state": which.marketplace_state,
        "created_at": instant(from_cache(which.created_at)),
        "updated_at": instant(from_cache(which.updated_at)),
        **{key: which.details.get(key) for key in keys},
        "tracking_url": which.details.get("tracking_url"),
        "label_url": which.details.get("label_url"),
        "lines": [
            {
                key: each.get(key)
                for key in ("line", "quantity", "reason", "compliant", "finding", "note")
            }
            for each in which.details.get("lines") or ()
        ],
    }


def titles(record: OrderRecord) -> dict[str, str]:
    """Return what the order's lines are called."""
    return {str(each["line"]): clean_line(str(each["title"])) for each in record.items}


def _lines(which: ReturnRecord) -> list[str]:
    return [str(each["line"]) for each in which.details.get("lines") or ()]
