"""What an agent does about a return: which one, which step, and what the step must say."""

from string import ascii_lowercase, digits
from typing import Final

from textual.app import App

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.returns import ReturnRecord
from mkt_tui.desk import formats, return_words, returning
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.order_operations import Finding, HandleReturn
from mkt_tui.domain.returns import ReturnStep, steps
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _
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
    known = [Entry(_LETTERS[each], return_words.step(each), each) for each in steps(which.state)]
    return await app.push_screen_wait(LetterMenu(title, known))


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
    question = _("{item}: what is wrong with it (Enter alone: nothing more to say)")
    answer = await app.push_screen_wait(AskLine(question.format(item=title), "", _LONGEST_NOTE))
    return None if answer is None else clean_line(answer, _LONGEST_NOTE)
