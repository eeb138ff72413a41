"""Returns: listed with RT11; accepted or refused (RT21), received (RT25), judged (RT26), closed (RT27).

What may be sent back is looked up with RT12.

Source: the official OpenAPI file of the seller API. It has no messages of returns and no way to
fetch their documents; which step a state allows it does not say.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

import orjson

from mkt_tui.adapters.answers import server_words
from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread, code, instant, line, part, parts, truth, whole
from mkt_tui.adapters.mirakl.seeking import Listed, Seeking
from mkt_tui.domain.errors import NotAllowed, Refused
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import HandleReturn
from mkt_tui.domain.returns import Returnable, ReturnLine, ReturnSnapshot, ReturnState, ReturnStep
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_

_RETURNS: Final = "/api/returns"
_LONGEST_WORDS: Final = 2_000
_STATES: Final = {
    "WAITING_ACCEPTANCE": ReturnState.WAITING,
    "IN_PROGRESS": ReturnState.COMING,
    "RECEIVED": ReturnState.RECEIVED,
    "NO_RECEPTION": ReturnState.MISSING,
    "REFUSED": ReturnState.REFUSED,
    "CLOSED": ReturnState.CLOSED,
    "CANCELED": ReturnState.CANCELLED,
}
_PATHS: Final = {
    ReturnStep.ACCEPT: "accept",
    ReturnStep.REFUSE: "accept",
    ReturnStep.RECEIVE: "receive",
    ReturnStep.JUDGE: "compliance",
    ReturnStep.CLOSE: "close",
}
_AFTER: Final = {
    ReturnStep.ACCEPT: (
        *(ReturnState.COMING, ReturnState.RECEIVED, ReturnState.MISSING, ReturnState.CLOSED),
    ),
    ReturnStep.REFUSE: (ReturnState.REFUSED,),
    ReturnStep.RECEIVE: (ReturnState.RECEIVED, ReturnState.CLOSED),
    ReturnStep.CLOSE: (ReturnState.CLOSED,),
}


class Returns(Seeking):
    """Reads and handles returns."""

    # The lists of RT21 and RT26.
    RETURN_REASONS: ClassVar[Mapping[ReturnStep, tuple[str, ...]]] = {
        ReturnStep.REFUSE: (
            "RETURN_REJECTION_NOT_ELIGIBLE",
            "RETURN_REJECTION_NOT_NEEDED",
            "RETURN_REJECTION_WINDOW_CLOSED",
        ),
        ReturnStep.JUDGE: (
            "RETURN_NON_COMPLIANT_MISSING_ITEM",
            "RETURN_NON_COMPLIANT_WRONG_PRODUCT",
            "RETURN_NON_COMPLIANT_DAMAGED_PRODUCT",
            "RETURN_NON_COMPLIANT_WINDOW_CLOSED",
            "RETURN_NON_COMPLIANT_OTHER",
        ),
    }

    def returns(self, cursor: str | None) -> AsyncIterator[Page[ReturnSnapshot]]:
        """Yield the returns that changed (RT11)."""
        # "After the given date", in whole seconds: those of the same second come again.
        back = timedelta(seconds=1)
        listed = Listed(_RETURNS, {}, "return_last_updated_from", read_return, back)
        return self._seek(listed, cursor)

    async def returnable(self, lines: Sequence[str]) -> tuple[Returnable, ...]:
        """Return what may be sent back of these lines (RT12)."""
        path = f"{_RETURNS}/items_to_return"
        found = await self._every_row(path, {"order_line_id": list(lines), **self._shop})
        try:
            told = [_returnable(each) for each in found]
        except Misread as error:
            raise self._misread(error) from error
        return tuple(each for each in told if each.line in lines)

    async def handle_return(self, wanted: HandleReturn) -> Delivery:
        """Take one step about a return (RT21, RT25, RT26, RT27)."""
        path = f"{_RETURNS}/{_PATHS[wanted.step]}"
        answer = await self._put(path, {"returns": [_told(wanted)]})
        if words := server_words(orjson.dumps({"errors": answer.get("return_errors")})):
            raise Refused(channel=self._channel.name, status=200, detail=words)
        return self._confirmed(answer, "return_success", "id")

    async def _find_handled(self, wanted: HandleReturn) -> Delivery | None:
        """Look at the return (RT11) for what the step would have changed."""
        answer = await self._http.get(_RETURNS, {"return_id": wanted.return_code, **self._shop})
        found = self._read_all(self._rows(answer, "data"), read_return, "id")
        told = next((each for each in found if each.code == wanted.return_code), None)
        if told is None:
            raise NotAllowed(
                what=N_("The marketplace does not tell of this return any more"),
                remedy=N_("Look in the marketplace's own portal."),
            )
        return Delivery(told.code) if _is_done(wanted, told) else None


def read_return(row: Json) -> ReturnSnapshot:
    """Return the return that `row` is.

    Raises:
        Misread: A field without which it is none, or of a wrong kind.
    """
    state, tracking = line(row, "state") or "", part(row, "tracking")
    created, updated = instant(row, "date_created"), instant(row, "last_updated")
    if (known := updated or created) is None:
        raise Misread("last_updated")
    return ReturnSnapshot(
        code=code(row, "id"),
        order_number=code(row, "order_id"),
        state=_STATES.get(state, ReturnState.OTHER),
        marketplace_state=state,
        created_at=created or known,
        updated_at=known,
        rma=line(row, "rma"),
        reason=line(row, "reason_code"),
        refusal=line(row, "rejection_reason_code"),
        method=line(row, "method_code"),
        description=line(row, "description", _LONGEST_WORDS),
        lines=tuple(map(_line, parts(row, "return_lines"))),
        # The document's example writes carrierName for what its schema calls carrier_name.
        carrier=line(tracking, "carrier_name") or line(tracking, "carrierName"),
        tracking=line(tracking, "tracking_number"),
        tracking_url=line(tracking, "tracking_url"),
        label_url=line(row, "label_url"),
    )


def _returnable(row: Json) -> Returnable:
    return Returnable(
        line=code(row, "order_line_id"),
        quantity=whole(row, "returnable_quantity") or 0,
        window=whole(row, "return_window"),
        methods=_words(row, "available_return_methods"),
        reasons=_words(row, "available_return_reasons"),
    )


def _words(row: Json, key: str) -> tuple[str, ...]:
    told = row.get(key)
    if told is None:
        return ()
    if not isinstance(told, list):
        raise Misread(key)
    return tuple(clean_line(each) for each in told if isinstance(each, str))


def _line(row: Json) -> ReturnLine:
    # A list of one by its examples; what is wrong with a piece is wrong with the line.
    told = parts(row, "compliance")
    verdicts = [truth(each, "compliant") for each in told]
    wrong: Json = next((each for each in told if each.get("compliant") is False), {})
    return ReturnLine(
        line=code(row, "order_line_id"),
        quantity=whole(row, "quantity") or 0,
        reason=line(row, "reason_code"),
        compliant=None if None in verdicts or not verdicts else all(verdicts),
        finding=line(wrong, "non_compliance_reason_code"),
        note=line(wrong, "non_compliance_additional_info", _LONGEST_WORDS),
    )


def _told(wanted: HandleReturn) -> dict[str, Any]:
    told: dict[str, Any] = {"id": wanted.return_code}
    if wanted.step in (ReturnStep.ACCEPT, ReturnStep.REFUSE):
        told["accepted"] = wanted.step is ReturnStep.ACCEPT
        if wanted.reason and wanted.step is ReturnStep.REFUSE:
            told["rejection_reason_code"] = wanted.reason
    if wanted.step is ReturnStep.JUDGE:
        told["return_lines"] = [
            {"order_line_id": each.line, "compliant": each.compliant}
            | ({"non_compliance_reason_code": each.reason} if each.reason else {})
            | ({"non_compliance_additional_info": each.note} if each.note else {})
            for each in wanted.findings
        ]
    return told


def _is_done(wanted: HandleReturn, told: ReturnSnapshot) -> bool:
    if wanted.step is not ReturnStep.JUDGE:
        return told.state in _AFTER[wanted.step]
    held = {each.line: (each.compliant, each.finding) for each in told.lines}
    return all(
        held.get(each.line) == (each.compliant, None if each.compliant else each.reason)
        for each in wanted.findings
    )
