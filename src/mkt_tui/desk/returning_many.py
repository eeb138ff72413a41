"""One step about several returns: each is an act of its own, what is refused stops no other."""

from collections.abc import Sequence

from mkt_tui.cache import returns
from mkt_tui.cache.returns import ReturnRecord
from mkt_tui.desk import order_acts, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sharing import Result
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.returns import ReturnStep, steps
from mkt_tui.i18n import _


def common_steps(chosen: Sequence[ReturnRecord]) -> list[ReturnStep]:
    """Return what can be done about all of them; items are judged one return at a time."""
    every = [set(steps(each.state)) for each in chosen]
    return [
        each
        for each in ReturnStep
        if each is not ReturnStep.JUDGE and all(each in known for known in every)
    ]


def handle_all(
    desk: Desk, chosen: Sequence[ReturnRecord], step: ReturnStep, reason: str | None = None
) -> list[Result]:
    """Queue the step for each return as it stands now; says of each how it went."""
    results = []
    for each in chosen:
        try:
            _handle(desk, each, step, reason)
            told, done = _("queued"), True
        except UserError as error:
            told, done = str(error).strip(), False
        results.append(Result(each.id, each.name, done, told))
    return results


def _handle(desk: Desk, which: ReturnRecord, step: ReturnStep, reason: str | None) -> None:
    now = returns.by_id(desk.database, [which.id]).get(which.id)
    if now is None:
        raise NotAllowed(what=_("The return is gone"), remedy="")
    record = returning.order_of(desk, now)
    act = returning.handle(desk, record, now, step, reason=reason)
    order_acts.perform(desk, record, act, again=True)
