"""What an agent does about returns: which ones, which step, and what the step must say."""

import asyncio
from collections.abc import Sequence
from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.returns import ReturnRecord
from mkt_tui.desk import formats, return_words, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.order_operations import Finding, HandleReturn
from mkt_tui.domain.returns import ReturnStep, steps
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, ngettext
from mkt_tui.widgets.ask_line import AskLine
from mkt_tui.widgets.letter_menu import Entry, LetterMenu

_LETTERS: Final = {
    ReturnStep.ACCEPT: "a",
    ReturnStep.REFUSE: "f",
    ReturnStep.RECEIVE: "r",
    ReturnStep.JUDGE: "j",
    ReturnStep.CLOSE: "c",
}
_PLACES: Final = digits[1:] + ascii_lowercase
_IN_ORDER: Final = "o"
_LONGEST_NOTE: Final = 2_000
_SHOWN: Final = 8


async def act_on(app: App[None], desk: Desk, chosen: Sequence[ReturnRecord]) -> bool:
    """Let the agent take a step about one return, or the same about several; call from a worker.

    Returns:
        Whether anything was put into the outbox.

    Raises:
        NotFound: The order of the only one has not come.
        NotAllowed: Nothing can be done about it, or about all of them.
    """
    from mkt_tui.screens.order_acts import take

    if len(chosen) > 1:
        return await _act_on_all(app, desk, chosen)
    [which] = chosen
    if not steps(which.state):
        raise NotAllowed(
            what=_("The return is not in a state for that: {state}").format(
                state=return_words.state(which)
            ),
            remedy=_("Look at it in the marketplace's portal."),
        )
    record = returning.order_of(desk, which)
    return await take(app, desk, record, lambda: fill(app, desk, record, which))


async def _act_on_all(app: App[None], desk: Desk, chosen: Sequence[ReturnRecord]) -> bool:
    from mkt_tui.desk import returning_many  # brings the adapters along
    from mkt_tui.screens.results import ResultsScreen

    step = await _common_step(app, returning_many.common_steps(chosen), _many(chosen))
    if step is None:
        return False
    reason = None
    if step is ReturnStep.REFUSE:
        record = returning.order_of(desk, chosen[0])
        reason = await _reason(app, desk, record, step, return_words.step(step))
        if reason is None:
            return False
    if not await _confirmed(app, desk, chosen, _question(chosen, step, reason)):
        return False
    results = await asyncio.to_thread(returning_many.handle_all, desk, chosen, step, reason)
    if all(each.done for each in results):
        app.notify(_("Queued: it leaves with the next look of the sync."), markup=False)
    else:
        app.push_screen(ResultsScreen(results))
    return any(each.done for each in results)


async def _common_step(
    app: App[None], known: Sequence[ReturnStep], title: str
) -> ReturnStep | None:
    if not known:
        raise NotAllowed(
            what=_("No step fits all of the marked returns"),
            remedy=_("Mark returns that stand alike; items are judged one return at a time."),
        )
    return await app.push_screen_wait(LetterMenu(title, _entries(known)))


async def _confirmed(
    app: App[None], desk: Desk, chosen: Sequence[ReturnRecord], question: Sequence[str]
) -> bool:
    """Ask once; once more where somebody has acted on one of the orders before (C17)."""
    from mkt_tui.desk.order_questions import touch
    from mkt_tui.screens.act_dialogs import AskScreen

    if not await app.push_screen_wait(AskScreen(question)):
        return False
    acted_on = [each.order_number for each in chosen if touch(desk, returning.order_of(desk, each))]
    if not acted_on:
        return True
    told = _("Somebody has acted on these orders before: {numbers}.")
    numbers = ", ".join(map(clean_line, dict.fromkeys(acted_on)))
    again = [told.format(numbers=numbers), _("Act on them once more?")]
    answer: bool = await app.push_screen_wait(AskScreen(again))
    return answer


def _many(chosen: Sequence[ReturnRecord]) -> str:
    return ngettext("{count} return", "{count} returns", len(chosen)).format(count=len(chosen))


def _question(chosen: Sequence[ReturnRecord], step: ReturnStep, reason: str | None) -> list[str]:
    words = return_words.step(step) + (f" ({return_words.code(reason)})" if reason else "")
    shown = [f"  {clean_line(each.name)}  {clean_line(each.order_number)}" for each in chosen]
    if len(shown) > _SHOWN:
        shown = [*shown[:_SHOWN], "  " + _("and {count} more").format(count=len(shown) - _SHOWN)]
    return [
        f"{words}: {_many(chosen)}.",
        *shown,
        _("It changes the order at the marketplace only, and the customer may be told."),
        _("It does not change the order in your own system: do that there as well."),
    ]


def _entries(known: Sequence[ReturnStep]) -> list[Entry[ReturnStep]]:
    return [Entry(_LETTERS[each], return_words.step(each), each) for each in known]


async def fill(
    app: App[None], desk: Desk, record: OrderRecord, which: ReturnRecord | None = None
) -> HandleReturn | None:
    """Ask for all that a step needs; None = nothing is to be done. Call from a worker.

    Args:
        which: The return that is meant; None = asked for where the order has several.

    Raises:
        NotAllowed: The return's state does not allow the step any more.
    """
    which = which or await _which(app, desk, record)
    step = which and await _step(app, which)
    if which is None or step is None:
        return None
    if step is ReturnStep.JUDGE:
        found = await _findings(app, desk, record, which)
        return returning.handle(desk, record, which, step, findings=found) if found else None
    if step is ReturnStep.REFUSE:
        title = return_words.step(step)
        reason = await _reason(app, desk, record, step, title)
        return returning.handle(desk, record, which, step, reason=reason) if reason else None
    return returning.handle(desk, record, which, step)


async def _which(app: App[None], desk: Desk, record: OrderRecord) -> ReturnRecord | None:
    found = returning.open_of(desk, record)
    if len(found) < 2:
        return found[0] if found else None
    title = _("Returns of order {number}").format(number=clean_line(record.number))
    entries = [
        Entry(_PLACES[place : place + 1], _words(desk, each), each)
        for place, each in enumerate(found)
    ]
    return await app.push_screen_wait(LetterMenu(title, entries))


def _words(desk: Desk, which: ReturnRecord) -> str:
    at = formats.instant(from_cache(which.created_at), desk.settings.zone)
    return f"{clean_line(which.name)}  {return_words.state(which)}  {at}"


async def _step(app: App[None], which: ReturnRecord) -> ReturnStep | None:
    title = f"{clean_line(which.name)}: {return_words.state(which)}"
    return await app.push_screen_wait(LetterMenu(title, _entries(steps(which.state))))


async def _reason(
    app: App[None], desk: Desk, record: OrderRecord, step: ReturnStep, title: str
) -> str | None:
    codes = returning.reasons(desk, record, step)
    known = [
        Entry(_PLACES[place], return_words.code(each), each) for place, each in enumerate(codes)
    ]
    return await app.push_screen_wait(LetterMenu(title, known))


async def _findings(
    app: App[None], desk: Desk, record: OrderRecord, which: ReturnRecord
) -> list[Finding] | None:
    """Ask of every item whether it is as it must be, and where not, what is wrong."""
    titles, found = returning.titles(record), []
    codes = returning.reasons(desk, record, ReturnStep.JUDGE)
    for line in which.details.get("lines") or ():
        known = [Entry(_IN_ORDER, _("found in order"), "")] + [
            Entry(_PLACES[place], return_words.code(each), each) for place, each in enumerate(codes)
        ]
        title = return_words.item({**line, "compliant": None}, titles)
        reason = await app.push_screen_wait(LetterMenu(title, known))
        if reason is None:
            return None
        note = await _note(app, title) if reason else ""
        if note is None:
            return None
        key = str(line["line"])
        found.append(Finding(key, compliant=not reason, reason=reason or None, note=note or None))
    return found


async def _note(app: App[None], title: str) -> str | None:
    question = _("What is wrong (Enter alone: nothing more to say): {item}")
    answer = await app.push_screen_wait(AskLine(question.format(item=title), "", _LONGEST_NOTE))
    return None if answer is None else clean_line(answer, _LONGEST_NOTE)
