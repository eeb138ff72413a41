"""Returns in words: where they stand, why, what was found; a code nobody knows stands for itself."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mkt_tui.cache.returns import ReturnRecord, Taken
from mkt_tui.desk.sheet_history import state_word
from mkt_tui.domain.returns import ReturnState, ReturnStep
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _

_STATES: Final = {
    ReturnState.WAITING: N_("to be accepted or refused"),
    ReturnState.COMING: N_("accepted, on its way back"),
    ReturnState.RECEIVED: N_("received"),
    ReturnState.MISSING: N_("did not arrive"),
    ReturnState.REFUSED: N_("refused by the shop"),
    ReturnState.CLOSED: N_("return closed"),
    ReturnState.CANCELLED: N_("return called off"),
}
_STEPS: Final = {
    ReturnStep.ACCEPT: N_("Accept the return"),
    ReturnStep.REFUSE: N_("Refuse the return"),
    ReturnStep.RECEIVE: N_("The items have come back"),
    ReturnStep.JUDGE: N_("Say how the items were found"),
    ReturnStep.CLOSE: N_("Close the return"),
}
_SIGNS: Final = {"sent": "✓", "failed": "x", "unknown": "?"}
# The lists of Mirakl's RT11, RT21 and RT26.
_CODES: Final = {
    "RETURN_BROKEN_ITEM": N_("broken"),
    "RETURN_CHANGED_MIND": N_("changed mind"),
    "RETURN_COUNTERFEIT_ITEM": N_("counterfeit"),
    "RETURN_DAMAGED_PACKAGING": N_("damaged packaging"),
    "RETURN_DEFECTIVE_ITEM": N_("defective"),
    "RETURN_DELIVERED_PRODUCT_DIFFERENT": N_("another product came"),
    "RETURN_MISSING_ITEM": N_("an item is missing"),
    "RETURN_OTHER": N_("another reason"),
    "RETURN_CM_DONT_WANT": N_("not wanted any more"),
    "RETURN_CM_DONT_LIKE": N_("not liked"),
    "RETURN_CM_QUALITY": N_("quality"),
    "RETURN_DPD_WRONG_SIZE": N_("wrong size came"),
    "RETURN_DPD_WRONG_COLOR": N_("wrong colour came"),
    "RETURN_DEFECTIVE_ON_ARRIVAL": N_("defective on arrival"),
    "RETURN_PRODUCT_DOES_NOT_FIT": N_("does not fit"),
    "RETURN_PDNT_TOO_BIG": N_("too big"),
    "RETURN_PDNT_TOO_SMALL": N_("too small"),
    "RETURN_INACCURATE_ITEM_DESCRIPTION": N_("not as described"),
    "RETURN_WARRANTY": N_("warranty"),
    "RETURN_REJECTION_NOT_ELIGIBLE": N_("cannot be returned"),
    "RETURN_REJECTION_NOT_NEEDED": N_("need not be sent back"),
    "RETURN_REJECTION_WINDOW_CLOSED": N_("too late"),
    "RETURN_NON_COMPLIANT_MISSING_ITEM": N_("something is missing"),
    "RETURN_NON_COMPLIANT_WRONG_PRODUCT": N_("wrong product"),
    "RETURN_NON_COMPLIANT_DAMAGED_PRODUCT": N_("damaged"),
    "RETURN_NON_COMPLIANT_WINDOW_CLOSED": N_("too late"),
    "RETURN_NON_COMPLIANT_OTHER": N_("something else"),
    "RETURN_METHOD_BY_MAIL": N_("by mail"),
    "RETURN_METHOD_DROP_OFF_POINT": N_("at a drop-off point"),
    "RETURN_METHOD_HOME_PICKUP": N_("picked up at home"),
    "RETURN_METHOD_IN_STORE": N_("in a store"),
    "RETURN_METHOD_RETURNLESS": N_("nothing is sent back"),
}


def state(record: ReturnRecord) -> str:
    """Return where a return stands, the marketplace's own word where we have none."""
    known = {str(each): words for each, words in _STATES.items()}.get(record.state)
    return _(known) if known else clean_line(record.marketplace_state) or _("Unknown")


def standing(record: ReturnRecord, taken: Taken | None) -> str:
    """Return where a return stands, with the step that was taken since the marketplace told it."""
    if taken is None:
        return state(record)
    words = _("{step}: {state}")
    return words.format(step=step(ReturnStep(taken.step)), state=state_word(taken.state))


def brief(record: ReturnRecord, taken: Taken | None) -> str:
    """Return `standing` for a narrow column: how a step went as a sign before it."""
    if taken is None:
        return state(record)
    return f"{_SIGNS.get(taken.state, '→')} {step(ReturnStep(taken.step))}"


def step(each: ReturnStep) -> str:
    """Return what a step does."""
    return _(_STEPS[each])


def code(value: object) -> str:
    """Return a reason, a finding or a method in words."""
    text = clean_line(str(value or ""))
    return _(_CODES[text]) if text in _CODES else text


def reason(record: ReturnRecord) -> str:
    """Return why it comes back: the return's own reason, else those of its lines."""
    lines = record.details.get("lines") or ()
    told = [record.details.get("reason"), *(each.get("reason") for each in lines)]
    return ", ".join(dict.fromkeys(code(each) for each in told if each))


def item(line: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return a line of a return: its pieces, and how they were found."""
    name = titles.get(str(line["line"]), clean_line(str(line["line"])))
    told = [f"{line['quantity']} × {name}"]
    if line.get("compliant") is True:
        told.append(_("found in order"))
    if line.get("compliant") is False:
        found = [code(line.get("finding")), clean_line(str(line.get("note") or ""))]
        told.append(_("not in order: {what}").format(what=", ".join(filter(None, found)) or "-"))
    return " · ".join(told)


def lines(
    record: ReturnRecord, titles: Mapping[str, str], taken: Taken | None = None
) -> Iterator[tuple[str, str]]:
    """Yield label and words of what is known of a return; its state comes first."""
    details = record.details
    yield clean_line(record.name), " · ".join(filter(None, (state(record), reason(record))))
    if taken:
        yield "", f"    → {standing(record, taken)}"
    for each in details.get("lines") or ():
        yield "", "    " + item(each, titles)
    told = (
        (_("The customer's words"), details.get("description")),
        (_("Refused because"), code(details.get("refusal"))),
        (_("How it comes back"), code(details.get("method"))),
        (_("Parcel"), " ".join(filter(None, (details.get("carrier"), details.get("tracking"))))),
        (_("Parcel's page"), details.get("tracking_url")),
        (_("Label"), details.get("label_url")),
    )
    for label, words in told:
        if words:
            yield "", f"    {label}: {clean_line(str(words))}"
